"""Records of the catalogue: frozen, each with its sources and how far it was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

LAUNCH_MODES: Final = ("ground", "sea", "air")
SYSTEM_TYPES: Final = (
    "ballistic", "cruise", "HGV", "interceptor", "SAM with surface-strike mode", "launcher",
)  # fmt: skip
DISPUTED_BASES: Final = ("declared", "assessed", "alleged")
QUANTITIES: Final = ("max_range", "min_range", "flown")
BOUNDS: Final = ("max", "approx", "min", "greater-than")
ESTIMATE_KINDS: Final = ("declared", "tested", "claimed", "assessed", "press")
USES: Final = ("yes", "outlier", "context")


class Evidence(StrEnum):
    """Whether a fact was read in a copy of its source."""

    SEEN = "seen"
    RECALLED = "recalled"
    MIXED = "seen+recalled"

    @property
    def verified(self) -> str:
        """Wording for readers: a recalled fact is never shown as settled."""
        return {"seen": "verified", "recalled": "unverified"}.get(self.value, "partly verified")


class Confidence(StrEnum):
    """How sure the catalogue is of a record."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SiteKind(StrEnum):
    """What stands behind a site: a report, an accusation, a proposal or history."""

    REPORTED = "reported"
    PLARF = "plarf"
    EXERCISE = "exercise"
    ACCUSED = "accused"
    HYPOTHETICAL = "hypothetical"
    REFERENCE = "reference"
    HISTORICAL_BASE = "historical-base"
    HISTORICAL_SUPPORT = "historical-support"
    AD_HOC = "ad-hoc"

    @property
    def label(self) -> str:
        """Wording for readers."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    SiteKind.REPORTED: "current deployment reported",
    SiteKind.PLARF: "PLA Rocket Force unit reported",
    SiteKind.EXERCISE: "exercise deployment",
    SiteKind.ACCUSED: "missile-defence site, accused",
    SiteKind.HYPOTHETICAL: "hypothetical basing",
    SiteKind.REFERENCE: "reference point",
    SiteKind.HISTORICAL_BASE: "historical INF base",
    SiteKind.HISTORICAL_SUPPORT: "historical INF support site",
    SiteKind.AD_HOC: "given in the scenario, not sourced",
}


@dataclass(frozen=True)
class Source:
    """A publication."""

    key: str
    title: str
    publisher: str
    date: str
    url: str
    evidence: Evidence

    def cite(self) -> str:
        """Return publisher, title and date in one line."""
        return f"{self.publisher}: {self.title} ({self.date})"


@dataclass(frozen=True)
class RangeEstimate:
    """One published range of one system.

    ``use`` is "yes" where it counts for the low and high of the system, "outlier" or
    "context" where it is shown only. ``bound`` tells how the value is meant ("max",
    "approx", "min" for the lower end of a quoted span, "greater-than").
    """

    system_id: str
    value_km: float
    quantity: str
    bound: str
    kind: str
    said_by: str
    date: str
    source_key: str
    evidence: Evidence
    note: str
    use: str

    @property
    def counts(self) -> bool:
        """Whether it counts for the low and high of its system; flown distances do not."""
        return self.use == "yes" and self.quantity == "max_range"


@dataclass(frozen=True)
class System:
    """A missile system. Ranges are kilometres; None where no source gives one."""

    id: str
    name: str
    designation: str
    country: str
    launch_mode: str
    type: str
    min_km: float | None
    max_low_km: float | None
    max_high_km: float | None
    plot_km: float | None
    treaty_declared_band_km: str
    range_note: str
    payload: str
    status: str
    status_evidence: str
    year_from: int | None
    year_to: int | None
    inf_class: str
    inf_basis: str
    confidence: Confidence
    evidence: Evidence
    recalled_fields: tuple[str, ...]
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class DisputedBand:
    """One side's range for a system whose range or role is disputed.

    A system with such rows gets one band for each, labelled by who says it, and none
    from its own range columns.
    """

    id: str
    system_id: str
    said_by: str
    label: str
    max_km: float
    max_low_km: float
    max_high_km: float
    basis: str
    evidence: Evidence
    note: str
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """A launch site or operating area. ``precision_km`` is how far the true place may be."""

    id: str
    name: str
    country: str
    lon: float
    lat: float
    precision_km: float
    coord_basis: str
    theatre: str
    coalition: str
    launches: bool
    kind: SiteKind
    kind_note: str
    operator: str
    system_ids: tuple[str, ...]
    year_from: int | None
    year_to: int | None
    note: str
    confidence: Confidence
    evidence: Evidence
    source_keys: tuple[str, ...]


def years_text(first: int | None, last: int | None) -> str:
    """Return a span of years for readers; a blank year is unknown and shown as such.

    Examples
    --------
    >>> years_text(1983, 1991), years_text(2017, None), years_text(None, None)
    ('1983 to 1991', '2017 to unknown', 'unknown')
    """
    if first is None and last is None:
        return "unknown"
    return f"{first or 'unknown'} to {last or 'unknown'}"


@dataclass(frozen=True)
class Coalition:
    """States that launch together; the capitals of ``members`` (ISO alpha-3) are their own."""

    id: str
    name: str
    short: str
    color: str
    members: frozenset[str]
    note: str
    source_keys: tuple[str, ...]
    evidence: Evidence
    joined: tuple[tuple[str, int], ...] = ()  # of members that came later, with the year
    year_from: int | None = None
    year_to: int | None = None

    def members_in(self, year: int | None) -> frozenset[str]:
        """Return the members of a year; None is today."""
        late = {code for code, first in self.joined if year is not None and first > year}
        return self.members - late


@dataclass(frozen=True)
class Place:
    """A target place: a capital, or a row of a user's own file."""

    place_id: str
    place: str
    country: str
    iso_a3: str
    lon: float
    lat: float
    population: int | None
    country_population: int | None
    note: str


@dataclass(frozen=True)
class Release:
    """What this edition of the data is, and the treaty's range limits."""

    date: date
    catalogue: str
    boundaries: str
    capitals: str
    country_population: str
    treaty_min_km: float
    treaty_max_km: float
    treaty_name: str
    treaty_source_keys: tuple[str, ...]
