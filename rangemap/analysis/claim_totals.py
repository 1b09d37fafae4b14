"""Statements about totals, recomputed by adding the items of a data set."""

from __future__ import annotations

from collections.abc import Sequence

from rangemap.analysis.claim_counts import (
    NO,
    check_rows,
    compare,
    compared,
    count_result,
    count_row,
    settled,
)
from rangemap.analysis.claim_result import (
    ClaimResult,
    Condition,
    CountFinding,
    Truth,
    combined_evidence,
)
from rangemap.catalogue.inventory import BASES, InventoryItem, edition_of, read_inventory
from rangemap.catalogue.statements import Claim, Unit
from rangemap.errors import CatalogueError


def recompute_total(claim: Claim) -> ClaimResult:
    """Recompute a total from the items of its data sets.

    Parameters
    ----------
    claim : Claim
        Of the kind "total".

    Returns
    -------
    ClaimResult
        The sum decides; a total that another data set gives is compared with it.
    """
    basis = (claim.basis or BASES)[0]
    items = [
        item
        for item in read_inventory()
        if item.dataset in claim.datasets
        and (not claim.country or item.country in claim.country)
        and (not claim.items or item.item in claim.items)
    ]
    counted = [item for item in items if item.counts(basis)[0] is not None]
    if not counted:
        raise CatalogueError(f"{claim.row}: no {basis} are counted in {', '.join(claim.datasets)}")
    lows = [item.counts(basis)[0] or 0 for item in counted]
    highs = [item.counts(basis)[1] for item in counted]
    open_ = any(high is None for high in highs)
    top = sum(lows if open_ else [high or 0 for high in highs])
    rows = [count_row(item, basis) for item in counted]
    countries = tuple(dict.fromkeys(item.country for item in counted))
    for country in countries if len(countries) > 1 else ():
        part = [n for n, item in zip(lows, counted, strict=True) if item.country == country]
        rows.append(_sum_row(claim, counted, basis, f"sum of {country}", sum(part), country))
    bounds = [sum(lows)] if top == sum(lows) else [sum(lows), top]
    sums = [
        _sum_row(claim, counted, basis, "sum", value, " and ".join(countries), decides=True,
                 lower_bound=open_)
        for value in bounds
    ]  # fmt: skip
    checks = check_rows(claim, countries, basis)
    conditions = [settled("", f"sum of {len(counted)} items", [row.verdict for row in sums])]
    span = " to ".join(f"{value:,}" for value in bounds) + (" or more" if open_ else "")
    answer = f"{len(counted)} items add up to {span}"
    wrong = [c for c in checks if not any(c.value == value for value in bounds)]
    if checks:
        answer += ", and so says" if not wrong else f", but {wrong[0].value:,.0f} is"
        answer += f" the sourced total ({claim.check_dataset})"
    if wrong:
        conditions.append(Condition("", "the sourced total differs from the sum", NO, Truth.FAILS))
    return count_result(claim, [*rows, *sums, *checks], conditions, answer + ".")


def _sum_row(
    claim: Claim, items: Sequence[InventoryItem], basis: str, name: str, value: int, country: str,
    *, decides: bool = False, lower_bound: bool = False,
) -> CountFinding:  # fmt: skip
    rows = [item for item in items if item.country in country.split(" and ")]
    return CountFinding(
        dataset=items[0].dataset, edition=edition_of(items[0].dataset)[1], as_of=items[0].as_of,
        country=country, item=name, basis=basis, bound="", definition="", counted=float(value),
        total=float(value), value=float(value), unit=Unit.COUNT.value,
        compared=compared(claim) if decides else "",
        verdict=compare(value, claim, lower_bound=lower_bound) if decides else "",
        decides=decides, mixed_share_needed_percent=None, lower_bound_only=lower_bound,
        evidence=combined_evidence(item.evidence for item in rows),
        source_keys=tuple(dict.fromkeys(k for item in rows for k in item.source_keys)), note="",
    )  # fmt: skip
