"""The facts: systems, sites, range estimates, sources, capitals, countries."""

from rangemap.catalogue.frames import (
    read_countries,
    read_range_estimates,
    read_sites,
    read_sources,
    read_systems,
)
from rangemap.catalogue.model import (
    Coalition,
    Confidence,
    DisputedBand,
    Evidence,
    Place,
    RangeEstimate,
    Release,
    Site,
    SiteKind,
    Source,
    System,
)
from rangemap.catalogue.overlay import Overlay
from rangemap.catalogue.places import places_frame, read_capitals, read_cities, read_places
from rangemap.catalogue.reader import (
    Catalogue,
    catalogue_folder,
    load_catalogue,
    set_catalogue,
    use_catalogue,
)
from rangemap.catalogue.treaty import classify, classify_type
from rangemap.catalogue.treaty_answer import Certainty, Classification, Outcome

__all__ = [
    "Catalogue",
    "Certainty",
    "Classification",
    "Coalition",
    "Confidence",
    "DisputedBand",
    "Evidence",
    "Outcome",
    "Overlay",
    "Place",
    "RangeEstimate",
    "Release",
    "Site",
    "SiteKind",
    "Source",
    "System",
    "catalogue_folder",
    "classify",
    "classify_type",
    "load_catalogue",
    "places_frame",
    "read_capitals",
    "read_cities",
    "read_countries",
    "read_places",
    "read_range_estimates",
    "read_sites",
    "read_sources",
    "read_systems",
    "set_catalogue",
    "use_catalogue",
]
