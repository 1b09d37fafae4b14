"""Colours, symbols, wording and caveats, shared by all views so that they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import geopandas

from rangemap._version import __version__
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN
from rangemap.analysis.coverage import ZONE_BAND, ZONE_FAR, ZONE_NEAR
from rangemap.analysis.scenario import Scenario
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import Evidence, SiteKind, load_catalogue

Shape = Literal["circle", "square", "diamond", "triangle", "ring", "cross", "half"]


@dataclass(frozen=True)
class Symbol:
    """A colour and a shape: never colour alone."""

    color: str
    shape: Shape
    label: str
    short: str


ZONE_SYMBOLS: Final[dict[str, Symbol]] = {
    ZONE_NEAR: Symbol(
        "#4a148c", "square", "within 500 km of a site (missiles the treaty allowed)", "≤ 500 km"
    ),
    ZONE_BAND: Symbol(
        "#c2185b", "circle", "in the banned band only, 500 to 5,500 km", "banned band only"
    ),
    ZONE_FAR: Symbol("#5f6b76", "ring", "beyond 5,500 km of every site", "beyond 5,500 km"),
    OWN: Symbol("#1b1b1b", "cross", "the coalition's own (not counted)", "own"),
}

VERDICT_SYMBOLS: Final[dict[str, Symbol]] = {
    INSIDE: Symbol(
        "#c2185b", "circle", "inside a range under every estimate", "inside"
    ),
    MARGINAL: Symbol(
        "#9a5b00", "half", "marginal: hangs on the estimate, the site's place or who says it",
        "marginal",
    ),
    OUTSIDE: Symbol("#5f6b76", "ring", "outside every range", "outside"),
    OWN: ZONE_SYMBOLS[OWN],
}  # fmt: skip

MARGINAL_NOTE: Final = "of these marginal: hangs on where within its precision a site is"

ALSO_MARGINAL_NOTE: Final = "of these: marginally in range of another side as well"

CATEGORY_SYMBOLS: Final[dict[str, Symbol]] = {
    A_ONLY: Symbol("#1f5fa8", "square", "{a} only", "A only"),
    B_ONLY: Symbol("#c26a00", "diamond", "{b} only", "B only"),
    BOTH: Symbol("#6a1b9a", "circle", "both", "both"),
    NEITHER: Symbol("#5f6b76", "ring", "neither", "neither"),
    OWN: Symbol("#1b1b1b", "cross", "a member's own (not counted)", "own"),
}

LAND: Final = "#f4efe6"
SEA: Final = "#e3edf5"
COAST: Final = "#8a98a5"
BORDER: Final = "#a9a298"
INK: Final = "#20262c"
MUTED: Final = "#5b6670"

CAVEATS_SHORT: Final = (
    "Ranges are geodesic distances on the WGS 84 ellipsoid; the Earth's rotation, payload and "
    "flight path are not modelled.",
    "In range does not mean targeted, hit or undefended.",
    "The INF Treaty (1987) covered ground-launched missiles of the United States and the Soviet "
    "Union and its successors; it ended on 2 August 2019. China was never a Party.",
    "Launch sites are placed by published town or base; mobile launchers may be elsewhere.",
)

UNVERIFIED_NOTE: Final = "* Not, or only in part, read again at a source: unverified."

BORDERS_NOTE: Final = (
    "Depiction of boundaries implies no endorsement: Natural Earth 5.1.1, Crimea shown in "
    "Ukraine after UN General Assembly resolution 68/262, disputed lines dashed."
)

CREDITS: Final = (
    "Boundaries: Natural Earth 5.1.1 (public domain). Capitals: GeoNames (CC BY 4.0). "
    "Distances: WGS 84 geodesics."
)


def starred(text: str, evidence: str) -> str:
    """Return a text with a star if its fact was not fully read at a source.

    Examples
    --------
    >>> starred("Luga", "seen+recalled"), starred("Shuya", "seen")
    ('Luga*', 'Shuya')
    """
    return text if evidence in ("", Evidence.SEEN) else f"{text}*"


def has_unverified(bands: geopandas.GeoDataFrame) -> bool:
    """Tell whether some site or range of the catalogue was not fully read at a source."""
    sourced = bands["site_kind"] != SiteKind.AD_HOC.value
    doubts = ~bands["range_evidence"].isin(["", Evidence.SEEN.value])
    return bool(((bands["site_evidence"] != Evidence.SEEN.value) & sourced).any() or doubts.any())


def caveats(scenario: Scenario) -> list[str]:
    """Return all caveats of a scenario: the general ones, its own notes, the borders."""
    estimate = {
        "low": "Where sources differ, the lowest published range is used.",
        "plot": "Where sources differ, one plotted value is used; low and high stand beside it.",
        "high": "Where sources differ, the highest published range is used.",
    }[scenario.range_estimate]
    return [*CAVEATS_SHORT, estimate, *scenario.notes, BORDERS_NOTE]


def provenance(scenario: Scenario) -> str:
    """Return one line that says what made an output and from which data.

    Examples
    --------
    >>> from rangemap.analysis import read_scenario
    >>> provenance(read_scenario("europe")).startswith("rangemap ")
    True
    """
    catalogue = load_catalogue()
    text = f"rangemap {__version__}, scenario {scenario.name} ({scenario.hash[:12]}), "
    text += f"data of {catalogue.release.date.isoformat()}"
    if catalogue.overlay is not None:
        over = catalogue.overlay
        text += f" with {' '.join(over.folder.split())[:40]} ({over.sha256[:12]})"
    return text


def km(value: float) -> str:
    """Return a distance for readers.

    Examples
    --------
    >>> km(5500.0)
    '5,500 km'
    >>> km(0.5), km(1234.5)
    ('0.5 km', '1,234.5 km')
    """
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{text} km"
