"""What totals and shares have in common: comparing with a printed number, rows of counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rangemap.analysis.claim_result import (
    OPEN,
    ClaimResult,
    Condition,
    CountFinding,
    Truth,
    outcome_of,
)
from rangemap.analysis.claim_words import count_caveats
from rangemap.catalogue.inventory import InventoryItem, edition_of, read_inventory
from rangemap.catalogue.statements import Claim, ClaimKind, Comparator, Unit

YES: Final = Truth.HOLDS.value
NO: Final = Truth.FAILS.value


def compare(value: float, claim: Claim, *, lower_bound: bool = False) -> str:
    """Return whether a value is as a statement says: "holds", "fails", or "open" if it may be."""
    printed = claim.value
    if printed is None:
        return ""
    tolerance = claim.tolerance or 1e-9
    how = claim.comparator
    if how is Comparator.OVER:
        met = value > printed or (lower_bound and value == printed)
    elif how is Comparator.AT_LEAST:
        met = value >= printed
    elif how in (Comparator.UNDER, Comparator.AT_MOST):
        met = value < printed if how is Comparator.UNDER else value <= printed
        return NO if not met else OPEN if lower_bound else YES
    else:
        met = abs(value - printed) <= tolerance
        if lower_bound:
            return OPEN if value <= printed + tolerance else NO
    return YES if met else OPEN if lower_bound else NO


def compared(claim: Claim) -> str:
    """Return in words what a value is compared with."""
    if claim.value is None:
        return ""
    unit = " percent" if claim.kind is ClaimKind.SHARE and claim.unit is Unit.PERCENT else ""
    about = f" (within {claim.tolerance:g})" if claim.comparator is Comparator.ABOUT else ""
    return f"{claim.comparator.label} {claim.value:,.10g}{unit}{about}"


def settled(setting: str, detail: str, verdicts: Iterable[str]) -> Condition:
    """Return a condition from the verdicts on all its bounds."""
    found = set(verdicts)
    if found == {""}:
        return Condition(setting, detail, "", None)
    if len(found) > 1:
        return Condition(
            setting, detail, "by the bound", Truth.OPEN if OPEN in found else Truth.MARGINAL
        )
    verdict = found.pop()
    truth = {YES: Truth.HOLDS, NO: Truth.FAILS}.get(verdict, Truth.OPEN)
    return Condition(setting, detail, verdict, truth)


def count_row(item: InventoryItem, basis: str) -> CountFinding:
    """Return a published count as a finding."""
    low, high = item.counts(basis)
    return CountFinding(
        dataset=item.dataset, edition=edition_of(item.dataset)[1], as_of=item.as_of,
        country=item.country, item=item.item, basis=basis, bound="", definition="",
        counted=float(low or 0), total=None, value=float(low or 0), unit=Unit.COUNT.value,
        compared="", verdict="", decides=False, mixed_share_needed_percent=None,
        lower_bound_only=high is None, evidence=item.evidence, source_keys=item.source_keys,
        note=item.note,
    )  # fmt: skip


def check_rows(
    claim: Claim, countries: Sequence[str] = (), basis: str = "missiles"
) -> list[CountFinding]:
    """Return the totals that another data set gives for the same countries."""
    if not claim.check_dataset:
        return []
    rows = [item for item in read_inventory() if item.dataset == claim.check_dataset]
    if countries:
        both = [item for item in rows if item.country == "both"]
        alone = [item for item in rows if item.country in countries]
        rows = both if len(countries) > 1 and both else alone
    return [count_row(item, basis) for item in rows]


def count_result(
    claim: Claim,
    findings: Sequence[CountFinding],
    conditions: Sequence[Condition],
    answer: str,
) -> ClaimResult:
    """Return the result of a statement about counts."""
    outcome, verdict = outcome_of(conditions)
    words = {YES: "as stated", NO: "not as stated", "": ""}
    return ClaimResult(
        claim=claim,
        outcome=outcome,
        verdict=words.get(verdict, verdict),
        answer=answer,
        conditions=tuple(conditions),
        findings=tuple(findings),
        caveats=tuple(count_caveats(claim, findings)),
    )
