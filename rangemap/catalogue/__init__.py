"""The facts: systems, sites, range estimates, sources, capitals, countries."""

from rangemap.catalogue.frames import (
    read_countries,
    read_range_estimates,
    read_sites,
    read_sources,
    read_systems,
)
from rangemap.catalogue.inventory import (
    InventoryItem,
    ShareDefinition,
    read_inventory,
    read_share_definitions,
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
from rangemap.catalogue.regions import Region, read_regions
from rangemap.catalogue.statements import Claim, find_claim, read_claims
from rangemap.catalogue.treaty import classify, classify_type
from rangemap.catalogue.treaty_answer import Certainty, Classification, Outcome

__all__ = [
    "Catalogue",
    "Certainty",
    "Claim",
    "Classification",
    "Coalition",
    "Confidence",
    "DisputedBand",
    "Evidence",
    "InventoryItem",
    "Outcome",
    "Overlay",
    "Place",
    "RangeEstimate",
    "Region",
    "Release",
    "ShareDefinition",
    "Site",
    "SiteKind",
    "Source",
    "System",
    "catalogue_folder",
    "classify",
    "classify_type",
    "find_claim",
    "load_catalogue",
    "places_frame",
    "read_capitals",
    "read_cities",
    "read_claims",
    "read_countries",
    "read_inventory",
    "read_places",
    "read_range_estimates",
    "read_regions",
    "read_share_definitions",
    "read_sites",
    "read_sources",
    "read_systems",
    "set_catalogue",
    "use_catalogue",
]
