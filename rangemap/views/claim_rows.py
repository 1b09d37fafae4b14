"""The rows of numbers of a recomputed statement, as texts for a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rangemap.analysis.claim_result import OPEN, ClaimResult, CountFinding, ReachFinding
from rangemap.analysis.claim_shares import USUAL_PERCENT
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue.statements import Claim, ClaimKind, Unit

MOST_ROWS: Final = 40  # over which the farthest come first


def number_rows(result: ClaimResult) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a statement's numbers, as texts."""
    reach = [f for f in result.findings if isinstance(f, ReachFinding)]
    if reach:
        return _reach_rows(reach)
    counts = [f for f in result.findings if isinstance(f, CountFinding)]
    if result.claim.kind is ClaimKind.SHARE:
        return _share_rows(result.claim, counts)
    header = ["country", "item", result.claim.basis[0] if result.claim.basis else "count",
              "data set", "as of", "read at source", "sources"]  # fmt: skip
    return header, [
        [f.country, f.item, f"{f.value:,.0f}" + (" or more" if f.lower_bound_only else ""),
         f.dataset, f.as_of, f.evidence.verified, ", ".join(f.source_keys)]
        for f in counts
    ]  # fmt: skip


def _reach_rows(findings: Sequence[ReachFinding]) -> tuple[list[str], list[list[str]]]:
    grouped_: dict[tuple[str, ...], list[ReachFinding]] = {}
    for finding in findings:
        key = (finding.launch, finding.target, finding.reading, f"{finding.distance_km:,.1f}")
        grouped_.setdefault(key, []).append(finding)
    items = list(grouped_.items())
    if len(items) > MOST_ROWS:
        items.sort(key=lambda item: -item[1][0].distance_km)
    if findings[0].range_km is None:
        header = ["from", "to", "km", "printed km", "tolerance", "verdict"]
        return header, [
            [f.launch, f.target, f"{f.distance_km:,.1f}",
             "" if f.printed_km is None else f"{f.printed_km:,.1f}", f"{f.margin_km:,.1f}",
             f.verdict]
            for f in findings
        ]  # fmt: skip
    header = ["from", "to", "of it", "km", "margin", "inside at", "marginal at", "outside at"]
    rows = []
    for (launch, target, reading, km), some in items:
        name = f"{target} (the exception)" if some[0].excepted else target
        cells = [
            _ranges([f for f in some if f.verdict in verdicts])
            for verdicts in ((INSIDE,), (MARGINAL, OPEN), (OUTSIDE,))
        ]
        rows.append([launch, name, reading, km, f"{some[0].margin_km:,.1f}", *cells])
    return _without_empty(header, rows)


def _ranges(findings: Sequence[ReachFinding]) -> str:
    """Return ranges as text; one that decides nothing stands in brackets."""
    settled = {f.range_km for f in findings if f.decides}
    texts = []
    for f in findings:
        text = f"{'over ' if f.range_is_lower_bound else ''}{f.range_km:,.0f}"
        if f.decides:
            texts.append(text)
        elif f.range_km not in settled:
            texts.append(f"[{text}]")
    return ", ".join(dict.fromkeys(texts))


def _without_empty(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    kept = [i for i in range(len(header)) if any(row[i] for row in rows)]
    return [header[i] for i in kept], [[row[i] for i in kept] for row in rows]


def _share_rows(
    claim: Claim, findings: Sequence[CountFinding]
) -> tuple[list[str], list[list[str]]]:
    """Return a row for each edition, basis and bound, with a column for each definition."""
    percent = claim.unit is Unit.PERCENT
    names = list(dict.fromkeys(f.definition.split(",")[0] for f in findings if f.definition))
    table: dict[tuple[str, str, str], dict[str, CountFinding]] = {}
    for f in findings:
        if f.definition:
            key = (f.edition or f.dataset, f.basis, f.bound)
            table.setdefault(key, {})[f.definition.split(",")[0]] = f
    rows = []
    for (edition, basis, bound), cells in table.items():
        low = table[edition, basis, "low"]
        if bound.endswith("mix") and all(
            abs(f.value - low[name].value) < 1e-9 for name, f in cells.items()
        ):
            continue
        one = next(iter(cells.values()))
        needed = one.mixed_share_needed_percent
        plus = "+" if one.lower_bound_only and not percent else ""
        rows.append([
            f"{edition} *" if any(f.decides for f in cells.values()) else edition, basis, bound,
            *(f"{cells[name].value:,.{1 if percent else 0}f}{plus}" if name in cells else ""
              for name in names),
            "" if needed is None or not percent else f"{needed:.1f}",
            one.evidence.verified,
        ])  # fmt: skip
    header = ["edition", "basis", "counts", *names]
    header += [f"% of SRBMs for {claim.value or USUAL_PERCENT:g}%", "counts read at source"]
    rows += [
        [f.dataset, f.basis, f"{f.value:,.0f}" + ("+" if f.lower_bound_only else ""),
         *("" for _ in names), "", f.evidence.verified]
        for f in findings if not f.definition
    ]  # fmt: skip
    return _without_empty(header, rows)
