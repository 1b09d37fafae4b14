"""What a person sees: map, figure, tables, files. Siblings; none imports another."""
