"""Published statements, each with what it claims and the parameters to recompute it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.overlay import Layers
from rangemap.catalogue.reader import catalogue_folder, catalogue_state
from rangemap.errors import UnknownNameError, near_name


class ClaimKind(StrEnum):
    """How a statement is recomputed."""

    REACH = "reach"
    DISTANCE = "distance"
    TOTAL = "total"
    SHARE = "share"


class Says(StrEnum):
    """What a statement about reach claims; with "none" the facts are computed only."""

    IN = "in"
    OUT = "out"
    NONE = "none"


class Reading(StrEnum):
    """What of a target must be in range."""

    POINT = "point"
    CAPITAL = "capital"
    ANY = "any"
    ALL = "all"
    MAINLAND_ANY = "mainland-any"
    MAINLAND_ALL = "mainland-all"

    @property
    def label(self) -> str:
        """Wording for readers."""
        return _READINGS[self]

    @property
    def denied(self) -> str:
        """Wording for readers of a statement that this is not in range."""
        return (
            self.label.replace("some of", "none of")
            .replace("all of", "not all of")
            .replace("the capital", "not the capital")
        )

    @property
    def whole(self) -> bool:
        """Whether all of an area must be in range."""
        return self in (Reading.ALL, Reading.MAINLAND_ALL)

    @property
    def mainland(self) -> bool:
        """Whether only the largest part of a country counts."""
        return self in (Reading.MAINLAND_ANY, Reading.MAINLAND_ALL)


_READINGS = {
    Reading.POINT: "",
    Reading.CAPITAL: "the capital",
    Reading.ANY: "some of the territory",
    Reading.ALL: "all of the territory",
    Reading.MAINLAND_ANY: "some of the mainland",
    Reading.MAINLAND_ALL: "all of the mainland",
}


class Together(StrEnum):
    """How several launch sites or targets are taken: one suffices, all must, or one by one."""

    ANY = "any"
    ALL = "all"
    EACH = "each"


class Comparator(StrEnum):
    """How a printed number is meant."""

    EQUAL = "equal"
    OVER = "over"
    AT_LEAST = "at-least"
    UNDER = "under"
    AT_MOST = "at-most"
    ABOUT = "about"

    @property
    def label(self) -> str:
        """Wording for readers."""
        return self.value.replace("-", " ")


class Ranges(StrEnum):
    """Which published ranges decide where a statement gives none."""

    IN_USE = "in-use"
    ALL = "all"


class Unit(StrEnum):
    """What a share is printed in."""

    PERCENT = "percent"
    COUNT = "count"


@dataclass(frozen=True)
class Claim:
    """One published statement.

    Which parameters a row needs depends on its ``kind``; ``docs/claims.md`` and
    ``data/README.md`` tell. Longitude and latitude are degrees in EPSG:4326, ranges
    kilometres; None where the row gives none.
    """

    id: str
    main: bool
    who: str
    said_on: str
    statement: str
    quote: str
    qualifier: str
    kind: ClaimKind
    says: Says
    value: float | None
    comparator: Comparator
    tolerance: float
    unit: Unit
    launch: tuple[str, ...]
    launch_lon: float | None
    launch_lat: float | None
    launch_precision_km: float | None
    launch_together: Together | None
    system_ids: tuple[str, ...]
    range_km: float | None
    ranges: Ranges
    as_of: int | None
    target: tuple[str, ...]
    target_lon: float | None
    target_lat: float | None
    target_readings: tuple[Reading, ...]
    target_together: tuple[Together, ...]
    target_except: tuple[str, ...]
    datasets: tuple[str, ...]
    country: tuple[str, ...]
    items: tuple[str, ...]
    basis: tuple[str, ...]
    definitions: tuple[str, ...]
    check_dataset: str
    source_keys: tuple[str, ...]
    evidence: Evidence
    note: str
    row: str

    @property
    def has_side(self) -> bool:
        """Whether it claims something that can hold or fail."""
        return (
            self.says is not Says.NONE if self.kind is ClaimKind.REACH else self.value is not None
        )


def read_claims(folder: Path | None = None) -> dict[str, Claim]:
    """Return the published statements, by id, in the order of their rows.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Of the data; by default the bundled one. The ``claims.csv`` of the catalogue folder in
        use (see `use_catalogue`) is laid over it.

    Returns
    -------
    dict of str to Claim

    Raises
    ------
    CatalogueError
        If a row breaks a rule: the message names the file, the row, the value, the rule.

    Examples
    --------
    >>> read_claims()["pershing-2-moscow"].system_ids
    ('pershing-2',)
    """
    return dict(
        _claims(folder or data_path("claims.csv").parent, catalogue_folder(), catalogue_state())
    )


def find_claim(claim_id: str, claims: dict[str, Claim] | None = None) -> Claim:
    """Return a statement by its id, in upper or lower case.

    Raises
    ------
    UnknownNameError
        If there is none; suggests a near one.

    Examples
    --------
    >>> find_claim("c001").id
    'C001'
    """
    known = claims if claims is not None else read_claims()
    by_folded = {name.casefold(): claim for name, claim in known.items()}
    try:
        return by_folded[claim_id.strip().casefold()]
    except KeyError:
        raise UnknownNameError("claim", claim_id, known, _containing(claim_id, known)) from None


def _containing(text: str, known: dict[str, Claim]) -> str:
    """Return a hint at ids that a text is a part of, where it is not near any one of them."""
    part = text.strip().casefold()
    found = [name for name in known if len(part) > 2 and part in name.casefold()]
    if not found or near_name(text, known):
        return ""
    return f"; ids with it are {', '.join(found[:5])}"


@cache
def _claims(folder: Path, over: Path | None, state: str) -> tuple[tuple[str, Claim], ...]:
    from rangemap.catalogue.statement_rows import claim_of

    del state  # part of the key of the cache
    if over is not None and not (over / "claims.csv").is_file():
        over = None
    found: dict[str, Claim] = {}
    taken: dict[str, str] = {}
    for row in Layers(folder, over).rows("claims.csv", "id,statement,kind"):
        claim = claim_of(row)
        if claim.id.casefold() in taken:
            raise row.fail("id", "is there twice (upper and lower case are the same)")
        taken[claim.id.casefold()] = claim.id
        found[claim.id] = claim
    return tuple(found.items())
