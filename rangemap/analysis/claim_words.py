"""The sentences that go with a recomputed statement: the answer, and what a reader must know."""

from __future__ import annotations

from collections.abc import Sequence

from rangemap.analysis.claim_result import Condition, CountFinding, ReachFinding
from rangemap.catalogue import Evidence
from rangemap.catalogue.spots import Spot
from rangemap.catalogue.statements import Claim, Unit

IN_RANGE = (
    "In range does not mean targeted; distances are WGS 84 geodesics, and the Earth's rotation is "
    "left out."
)
GENERAL_MAP = (
    "Territories are those of the bundled 1:50 million map: outlines may be off by 5 km, and very "
    "small islands are missing."
)


def reach_answer(findings: Sequence[ReachFinding], conditions: Sequence[Condition]) -> str:
    """Return in a sentence what was found about a reach or a distance."""
    if len(findings) == 1:
        return _one(findings[0])
    deciding = [f for f in findings if f.decides]
    km = _span([f.distance_km for f in deciding])
    ranges = _span([f.range_km for f in deciding if f.range_km is not None])
    counts: dict[str, int] = {}
    for condition in conditions:
        counts[condition.word] = counts.get(condition.word, 0) + 1
    told = ", ".join(f"{word} under {n}" for word, n in counts.items())
    plural = "s" if len(conditions) > 1 else ""
    return f"Distances {km} km, ranges {ranges} km: of {len(conditions)} condition{plural}, {told}."


def _one(finding: ReachFinding) -> str:
    way = f"{finding.launch} to {finding.target}: {finding.distance_km:,.1f} km"
    if finding.range_km is None:
        if finding.printed_km is None:
            return f"{way}."
        return (
            f"{way}; printed {finding.printed_km:,.1f} km, off by {abs(finding.slack_km):,.1f} km "
            f"(tolerance {finding.margin_km:,.1f} km)."
        )
    side = "to spare" if finding.slack_km >= 0 else "short"
    return (
        f"{way}; range {finding.range_km:,.0f} km: {finding.verdict}, {abs(finding.slack_km):,.1f} "
        f"km {side} (margin {finding.margin_km:,.1f} km)."
    )


def _span(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    if f"{low:,.0f}" == f"{high:,.0f}":
        return f"{low:,.0f}"
    return f"{low:,.0f} to {high:,.0f}"


def reach_caveats(
    claim: Claim, spots: Sequence[Spot], findings: Sequence[ReachFinding]
) -> list[str]:
    """Return what a reader must know about a recomputed reach."""
    lines = [IN_RANGE] if any(f.range_km is not None for f in findings) else []
    if any(f.error_km for f in findings):
        lines.append(GENERAL_MAP)
    lines += dict.fromkeys(spot.note for spot in spots if spot.note.startswith("the catalogue has"))
    if any(f.evidence is Evidence.RECALLED and f.decides and f.said_by for f in findings):
        lines.append("Some of the deciding ranges are recalled and unverified.")
    elif any(f.evidence is Evidence.RECALLED for f in findings):
        lines.append("Some of the ranges that are shown only are recalled and unverified.")
    if any(not f.decides for f in findings):
        lines.append("Outliers and other ranges not in use are shown and decide nothing.")
    if claim.evidence is not Evidence.SEEN:
        lines.append(f"The statement itself is {claim.evidence.verified}.")
    return lines


def count_caveats(claim: Claim, findings: Sequence[CountFinding]) -> list[str]:
    """Return what a reader must know about a recomputed count or share."""
    lines = []
    if claim.unit is Unit.PERCENT and any(f.definition for f in findings):
        lines.append(
            "The INF classes are counted by published range; China was never a Party, so nothing "
            "of China's could violate the treaty."
        )
    if any(f.lower_bound_only for f in findings):
        lines.append("Some editions print lower bounds only (plus signs).")
    if any(f.evidence is not Evidence.SEEN for f in findings if f.decides):
        lines.append("Some of the deciding counts are recalled and unverified.")
    if claim.evidence is not Evidence.SEEN:
        lines.append(f"The statement itself is {claim.evidence.verified}.")
    return lines
