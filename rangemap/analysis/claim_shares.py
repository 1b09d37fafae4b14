"""Statements about shares, recomputed from published counts.

Each edition of a family of data sets is taken, missiles and launchers, and each definition of
what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from rangemap.analysis.claim_counts import check_rows, compare, compared, count_result, settled
from rangemap.analysis.claim_result import ClaimResult, Condition, CountFinding, combined_evidence
from rangemap.catalogue.inventory import (
    BASES,
    InventoryItem,
    ShareDefinition,
    edition_of,
    read_inventory,
    read_share_definitions,
)
from rangemap.catalogue.statements import Claim, Unit
from rangemap.errors import CatalogueError

LOW, HIGH, WORST, BEST = "low", "high", "worst mix", "best mix"
USUAL_PERCENT: Final = 90.0


@dataclass(frozen=True)
class Share:
    """A share of one edition, by one basis, bound and definition; percent.

    ``mixed_needed`` is the share of the mixed class (the SRBMs) that would have to count for
    the threshold to be met, with all other classes below ICBM.
    """

    dataset: str
    as_of: str
    basis: str
    bound: str
    definition: str
    counted: float
    total: float
    percent: float
    mixed_needed: float | None
    lower_bound_only: bool
    rows: tuple[InventoryItem, ...]


def shares_of(
    items: Sequence[InventoryItem],
    basis: str,
    definition: ShareDefinition,
    threshold: float = USUAL_PERCENT,
) -> list[Share]:
    """Return the shares of one edition: at all low counts, at all high ones, and at both extremes.

    Parameters
    ----------
    items : sequence of InventoryItem
        Of one data set.
    basis : {"missiles", "launchers"}
        What is counted.
    definition : ShareDefinition
        What counts, and of what it is a share.
    threshold : float, default 90
        Percent, for ``mixed_needed``.

    Returns
    -------
    list of Share
        ``bound`` is "low", "high" (left out where no high count is printed, one is missing, or
        all are as the low ones), "worst mix" and "best mix" (the least and the greatest share
        that counts within their intervals allow).

    Examples
    --------
    >>> items = [i for i in read_inventory() if i.dataset == "DOD_CHINA_2018"]
    >>> found = shares_of(items, "missiles", read_share_definitions()["A"])
    >>> [(share.bound, round(share.percent, 1)) for share in found]
    [('low', 95.0), ('high', 94.8), ('worst mix', 93.4), ('best mix', 96.1)]
    """
    rows = [item for item in items if item.item in definition.total]
    weights = dict(definition.counted)
    spans = [item.counts(basis) for item in rows]
    if not rows or any(low is None for low, _ in spans):
        return []
    lows = [low or 0 for low, _ in spans]
    highs = [low if high is None else high for low, (_, high) in zip(lows, spans, strict=True)]
    open_ = any(high is None for _, high in spans)

    def share(bound: str, counts: Sequence[int]) -> Share:
        counted = sum(n * weights.get(r.item, 0.0) for n, r in zip(counts, rows, strict=True))
        total = sum(counts)
        mixed = [n for n, r in zip(counts, rows, strict=True) if r.mixed]
        return Share(
            rows[0].dataset, rows[0].as_of, basis, bound, definition.id, counted, total,
            100 * counted / total if total else 0.0,
            _mixed_needed(items, basis, bound, threshold) if mixed else None,
            open_, tuple(rows),
        )  # fmt: skip

    mixes = [share("", counts) for counts in product(*zip(lows, highs, strict=True))]
    worst, best = (pick(mixes, key=lambda s: s.percent) for pick in (min, max))
    found = [share(LOW, lows)]
    if highs != lows and not open_:
        found.append(share(HIGH, highs))
    return [*found, replace(worst, bound=WORST), replace(best, bound=BEST)]


def _mixed_needed(
    items: Sequence[InventoryItem], basis: str, bound: str, threshold: float
) -> float | None:
    """Return the percentage of the mixed class that must count; over 100 if none is enough."""
    if bound not in (LOW, HIGH):
        return None
    end = 1 if bound == HIGH else 0
    count = {item.item: item.counts(basis)[end] or 0 for item in items}
    mixed = sum(count[item.item] for item in items if item.mixed)
    others = sum(
        count[i.item] for i in items if not i.mixed and not i.inf_class.startswith("not covered")
    )
    if not mixed:
        return None
    return 100 * (threshold / 100 * sum(count.values()) - others) / mixed


def recompute_share(claim: Claim) -> ClaimResult:
    """Recompute a share by every edition, basis, bound and definition.

    Parameters
    ----------
    claim : Claim
        Of the kind "share". The editions that it names decide; the others of their family are
        shown.

    Returns
    -------
    ClaimResult
    """
    definitions = read_share_definitions()
    family = {edition_of(name)[0] for name in claim.datasets}
    editions: dict[str, list[InventoryItem]] = {}
    for item in read_inventory():
        if edition_of(item.dataset)[0] in family or item.dataset in claim.datasets:
            editions.setdefault(item.dataset, []).append(item)
    percent = claim.value if claim.unit is Unit.PERCENT and claim.value else USUAL_PERCENT
    wanted_basis, wanted = claim.basis or BASES, claim.definitions or tuple(definitions)
    findings = [
        _share_finding(claim, share, definitions,
                       decides=dataset in claim.datasets and share.basis in wanted_basis
                       and share.definition in wanted and share.bound in (LOW, HIGH))
        for dataset, items in editions.items()
        for basis in BASES
        for definition in definitions.values()
        for share in shares_of(items, basis, definition, percent)
    ]  # fmt: skip
    if not any(f.decides for f in findings):
        raise CatalogueError(
            f"{claim.row}: {', '.join(claim.datasets)} has no count for a definition"
        )
    conditions = _share_conditions(claim, findings)
    findings += check_rows(claim)
    return count_result(claim, findings, conditions, _share_answer(claim, findings))


def _share_finding(
    claim: Claim, share: Share, definitions: dict[str, ShareDefinition], *, decides: bool
) -> CountFinding:
    value = share.percent if claim.unit is Unit.PERCENT else share.counted
    lower = share.lower_bound_only and claim.unit is Unit.COUNT
    return CountFinding(
        dataset=share.dataset,
        edition=edition_of(share.dataset)[1],
        as_of=share.as_of,
        country=share.rows[0].country,
        item="",
        basis=share.basis,
        bound=share.bound,
        definition=definitions[share.definition].label,
        counted=share.counted,
        total=share.total,
        value=value,
        unit=claim.unit.value,
        compared=compared(claim),
        verdict=compare(value, claim, lower_bound=lower),
        decides=decides,
        mixed_share_needed_percent=share.mixed_needed,
        lower_bound_only=share.lower_bound_only,
        evidence=combined_evidence(row.evidence for row in share.rows),
        source_keys=tuple(dict.fromkeys(k for row in share.rows for k in row.source_keys)),
        note=definitions[share.definition].meaning,
    )


def _share_conditions(claim: Claim, findings: Sequence[CountFinding]) -> list[Condition]:
    """Return a condition for each edition, basis and definition.

    The low and the high counts decide; what counts between them would give is told.
    """
    grouped: dict[tuple[str, str, str], list[CountFinding]] = {}
    for finding in findings:
        key = (finding.definition, finding.edition or finding.dataset, finding.basis)
        grouped.setdefault(key, []).append(finding)
    conditions = []
    for (definition, edition, basis), rows in grouped.items():
        ends = [row for row in rows if row.decides]
        if not ends:
            continue
        told = {_number(claim, row.value): None for row in ends}
        said = " and ".join(told)
        said += (
            "%" if claim.unit is Unit.PERCENT else " or more" if ends[0].lower_bound_only else ""
        )
        low, high = (_number(claim, pick(row.value for row in rows)) for pick in (min, max))
        if {low, high} - set(told):
            said += f" ({low} to {high} by counts between them)"
        detail = f"edition {edition}, {basis}: {said}"
        conditions.append(settled(definition, detail, [row.verdict for row in ends]))
    return conditions


def _number(claim: Claim, value: float) -> str:
    return f"{value:,.1f}" if claim.unit is Unit.PERCENT else f"{value:,.0f}"


def _share_answer(claim: Claim, findings: Sequence[CountFinding]) -> str:
    parts = []
    for definition in dict.fromkeys(f.definition for f in findings if f.decides):
        rows = [f for f in findings if f.decides and f.definition == definition]
        for basis in dict.fromkeys(f.basis for f in rows):
            values = [f.value for f in rows if f.basis == basis]
            low, high = _number(claim, min(values)), _number(claim, max(values))
            span = low if low == high else f"{low} to {high}"
            parts.append(f"{definition.split(',')[0]} {basis} {span}")
    unit = " (percent)" if claim.unit is Unit.PERCENT else ""
    return f"By definition{unit}: {'; '.join(parts)}."
