"""What the recomputation of a statement finds: outcome, conditions, rows of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.statements import Claim, Together

OPEN: Final = "open"
"""Not settled by the number: it is a lower bound, and too low to decide."""
WITHIN: Final = "within tolerance"
BEYOND: Final = "outside tolerance"
_FOR_JSON: Final = 3  # decimals


class Outcome(StrEnum):
    """What becomes of a statement."""

    HOLDS = "holds"
    FAILS = "fails"
    DEPENDS = "depends"
    COMPUTED = "computed"


class Truth(StrEnum):
    """What becomes of it under one condition."""

    HOLDS = "holds"
    FAILS = "fails"
    MARGINAL = "marginal"
    OPEN = "open"


@dataclass(frozen=True)
class Condition:
    """One set of definitions under which a statement was recomputed.

    ``setting`` tells from where, to what and by which definition, ``detail`` by which range or
    edition; ``verdict`` is what was computed; ``truth`` what that makes of the statement, None
    where it claims nothing.
    """

    setting: str
    detail: str
    verdict: str
    truth: Truth | None

    @property
    def label(self) -> str:
        """Wording for readers."""
        return ": ".join(part for part in (self.setting, self.detail) if part)

    @property
    def word(self) -> str:
        """What becomes of the statement or, where it claims nothing, the verdict."""
        return self.truth.value if self.truth else self.verdict


@dataclass(frozen=True)
class ReachFinding:
    """One distance and, where it is about reach, one range. Kilometres, degrees."""

    launch_id: str
    launch: str
    launch_lon: float | None
    launch_lat: float | None
    target: str
    target_lon: float | None
    target_lat: float | None
    reading: str
    excepted: bool
    system_id: str
    said_by: str
    range_km: float | None
    range_is_lower_bound: bool
    printed_km: float | None
    distance_km: float
    error_km: float
    slack_km: float
    margin_km: float
    verdict: str
    decides: bool
    evidence: Evidence
    source_keys: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class CountFinding:
    """One count or share of one edition, by one definition."""

    dataset: str
    edition: str
    as_of: str
    country: str
    item: str
    basis: str
    bound: str
    definition: str
    counted: float
    total: float | None
    value: float
    unit: str
    compared: str
    verdict: str
    decides: bool
    mixed_share_needed_percent: float | None
    lower_bound_only: bool
    evidence: Evidence
    source_keys: tuple[str, ...]
    note: str


Finding = ReachFinding | CountFinding


@dataclass(frozen=True)
class ClaimResult:
    """A statement, recomputed."""

    claim: Claim
    outcome: Outcome
    verdict: str
    answer: str
    conditions: tuple[Condition, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[str, ...]

    def under(self, *kinds: str) -> tuple[str, ...]:
        """Return the conditions of a truth ("holds", say) or, without a side, of a verdict."""
        return tuple(c.label for c in self.conditions if c.word in kinds)

    def source_keys(self, *, deciding: bool = False) -> tuple[str, ...]:
        """Return the keys of all sources, or of those that decide; the statement's come first."""
        rows = [f for f in self.findings if f.decides or not (deciding and self._decided)]
        found = [*self.claim.source_keys, *(k for f in rows for k in f.source_keys)]
        return tuple(dict.fromkeys(found))

    @property
    def _decided(self) -> bool:
        return any(finding.decides for finding in self.findings)


def any_of(verdicts: Iterable[str]) -> str:
    """Return the verdict on "at least one is inside".

    Examples
    --------
    >>> any_of(["outside", "marginal"]), any_of(["inside", "open"]), any_of([])
    ('marginal', 'inside', 'outside')
    """
    return _first(verdicts, (INSIDE, OPEN, MARGINAL), OUTSIDE)


def all_of(verdicts: Iterable[str]) -> str:
    """Return the verdict on "all are inside".

    Examples
    --------
    >>> all_of(["inside", "open"]), all_of(["inside", "outside", "marginal"])
    ('open', 'outside')
    """
    return _first(verdicts, (OUTSIDE, OPEN, MARGINAL), INSIDE)


def together(verdicts: Iterable[str], how: Together) -> str:
    """Return the verdict on one or on all of several."""
    return any_of(verdicts) if how is Together.ANY else all_of(verdicts)


def negation(verdict: str) -> str:
    """Return the verdict on the contrary."""
    return {INSIDE: OUTSIDE, OUTSIDE: INSIDE}.get(verdict, verdict)


def _first(verdicts: Iterable[str], order: tuple[str, ...], otherwise: str) -> str:
    found = set(verdicts)
    return next((verdict for verdict in order if verdict in found), otherwise)


def outcome_of(conditions: Iterable[Condition]) -> tuple[Outcome, str]:
    """Return the outcome and, for a statement without a side, the one verdict or "depends"."""
    listed = list(conditions)
    verdicts = {condition.verdict for condition in listed}
    one = verdicts.pop() if len(verdicts) == 1 else "depends"
    truths = {condition.truth for condition in listed}
    if truths == {None}:
        return Outcome.COMPUTED, one
    if truths == {Truth.HOLDS}:
        return Outcome.HOLDS, one
    return (Outcome.FAILS if truths == {Truth.FAILS} else Outcome.DEPENDS), one


def combined_evidence(given: Iterable[Evidence]) -> Evidence:
    """Return the evidence of something that rests on several facts.

    Examples
    --------
    >>> combined_evidence([Evidence.SEEN, Evidence.RECALLED]).value
    'seen+recalled'
    """
    kinds = set(given)
    return kinds.pop() if len(kinds) == 1 else Evidence.MIXED


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding for JSON: without what does not apply, rounded to a metre."""
    record = {
        key: round(value, _FOR_JSON) if isinstance(value, float) else value
        for key, value in asdict(finding).items()
        if value not in (None, "", ())
    }
    record["evidence"] = finding.evidence.value
    record["verified"] = finding.evidence.verified
    record["source_keys"] = list(finding.source_keys)
    return record
