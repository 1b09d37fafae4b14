"""What the treaty classifier answers: an outcome, the possible classes and the reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from rangemap.catalogue.model import Evidence
from rangemap.catalogue.treaty_missile import RangeValue


class Outcome(StrEnum):
    """How a regime reads a missile."""

    COVERED = "covered"
    NOT_COVERED = "not-covered"
    COVERED_IF_PARTY = "covered-if-party"
    DEPENDS = "depends-on-source"
    UNCLEAR = "definition-unclear"
    NO_VERDICT = "no-verdict"

    @property
    def label(self) -> str:
        """Wording for readers."""
        return self.value.replace("-", " ").replace("if party", "if its owner were a Party")


class Certainty(StrEnum):
    """How sure an answer is, on the sources of the catalogue."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class ClassFound:
    """One possible class of a missile, and the ranges that give it."""

    id: str
    short: str
    term: str
    covered: bool
    article: str
    values: tuple[RangeValue, ...]


@dataclass(frozen=True)
class Held:
    """What one side holds in a dispute; ``class_id`` is empty where it gives no range."""

    said_by: str
    says: str
    class_id: str
    evidence: Evidence
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class Classification:
    """How one regime reads one missile, with its reasons.

    ``meets_definition`` tells whether the terms of the regime take in every possible class of
    the missile (None: they take in some, or it is open), whoever owns it; ``covered`` asks for
    a Party as well. ``class_by_treaty`` is set only where the treaty's own measure settles it;
    ``class_by_published_range`` is what published ranges alone say.
    """

    regime: str
    regime_name: str
    system_id: str
    name: str
    launch_mode: str
    type: str
    country: str
    outcome: Outcome
    meets_definition: bool | None
    range_class: str
    classes: tuple[ClassFound, ...]
    class_by_published_range: str
    class_by_treaty: str
    article: str
    basis: str
    headline: str
    reasons: tuple[str, ...]
    certainty: Certainty
    certainty_why: str
    is_party: bool | None
    if_party: str
    positions: tuple[Held, ...]
    on: date | None
    in_force: bool | None
    status_on: str
    unverified: tuple[str, ...]
    source_keys: tuple[str, ...]

    @property
    def covered(self) -> bool | None:
        """Whether it is covered: by the definitions, and because its owner is a Party."""
        if self.is_party is False:
            return False
        return self.meets_definition

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: texts, numbers, lists, true, false and null.

        Examples
        --------
        >>> from rangemap.catalogue.treaty import classify
        >>> classify("ss-23").to_dict()["outcome"]
        'covered'
        """
        record = {key: _plain(value) for key, value in asdict(self).items()}
        at = list(record).index("meets_definition")
        items = list(record.items())
        return dict([*items[:at], ("covered", self.covered), *items[at:]])


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
