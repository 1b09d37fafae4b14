"""Statements about reach and distance, recomputed from geodesics on the ellipsoid.

A range that the statement itself gives is compared with a margin of 25 km, the precision of
the launch site, 2 percent of the range or the error of the map, whichever is greatest. A
published range of the catalogue is compared as everywhere else in rangemap: with the
precision of the site alone, and the error of the map where a territory is the target.
"""

from __future__ import annotations

from typing import Final

from rangemap.analysis.claim_places import (
    Measured,
    Target,
    distances,
    farthest_by_nearest,
    launches_of,
    readings_of,
    targets_of,
)
from rangemap.analysis.claim_ranges import RangeBasis, range_bases
from rangemap.analysis.claim_result import (
    BEYOND,
    OPEN,
    WITHIN,
    ClaimResult,
    Condition,
    ReachFinding,
    Truth,
    all_of,
    any_of,
    negation,
    outcome_of,
    together,
)
from rangemap.analysis.claim_words import reach_answer, reach_caveats
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import load_catalogue
from rangemap.catalogue.spots import Spot
from rangemap.catalogue.statements import Claim, Reading, Says, Together
from rangemap.errors import CatalogueError

LEAST_MARGIN_KM: Final = 25.0
MARGIN_OF_RANGE: Final = 0.02
TOLERANCE_OF_DISTANCE: Final = 0.03

_SHOWN_PAIRS: Final = 12  # of launch site and target

Shot = tuple[Spot, str]


def reach_verdict(slack_km: float, margin_km: float) -> str:
    """Return the verdict on a range that exceeds a distance by ``slack_km``.

    Examples
    --------
    >>> [reach_verdict(slack, 25) for slack in (30, 25, -25, -26)]
    ['inside', 'marginal', 'marginal', 'outside']
    """
    if margin_km == 0:
        return INSIDE if slack_km >= 0 else OUTSIDE
    if abs(slack_km) <= margin_km:
        return MARGINAL
    return INSIDE if slack_km > 0 else OUTSIDE


def recompute_reach(claim: Claim) -> ClaimResult:
    """Recompute a statement that something is, or is not, in range.

    Parameters
    ----------
    claim : Claim
        Of the kind "reach".

    Returns
    -------
    ClaimResult
        A condition for each reading of the target, each range that decides and, where
        launch sites are taken one by one, each of these.
    """
    shots = launches_of(claim)
    bases = range_bases(claim)
    every = [(reading, targets_of(claim, reading)) for reading in readings_of(claim)]
    readings = [(reading, targets) for reading, targets in every if targets]
    if not readings:
        raise CatalogueError(
            f"{claim.row}: the target has no territory or capital on the bundled map"
        )
    how = claim.launch_together or _launch_default(claim, shots)
    groups = _by_spot(shots) if how is Together.EACH else [shots]
    findings: list[ReachFinding] = []
    conditions: list[Condition] = []
    for group in groups:
        where = f"from {group[0][0].name}" if len(groups) > 1 else ""
        for reading, targets in readings:
            tried = {target: _tried(group, how, target, bases) for target in targets}
            rows = {target: [_decisive(some, how) for some in tried[target]] for target in targets}
            few = len(targets) * len(group) <= _SHOWN_PAIRS
            findings += [
                row
                for target in targets
                for some, one in zip(tried[target], rows[target], strict=True)
                for row in (some if few else [one])
            ]
            conditions += _conditions(claim, rows, bases, where, reading)
    outcome, verdict = outcome_of(conditions)
    return ClaimResult(
        claim=claim,
        outcome=outcome,
        verdict=verdict,
        answer=reach_answer(findings, conditions),
        conditions=tuple(conditions),
        findings=tuple(findings),
        caveats=tuple(reach_caveats(claim, [spot for spot, _ in shots], findings)),
    )


def _by_spot(shots: list[Shot]) -> list[list[Shot]]:
    groups: dict[tuple[str, str], list[Shot]] = {}
    for shot in shots:
        groups.setdefault((shot[0].id, shot[0].name), []).append(shot)
    return list(groups.values())


def _launch_default(claim: Claim, shots: list[Shot]) -> Together:
    if len(_by_spot(shots)) == 1 or claim.says is Says.OUT:
        return Together.ANY
    return Together.EACH


def _target_default(claim: Claim) -> tuple[Together, ...]:
    return ({Says.IN: Together.ALL, Says.OUT: Together.ANY}.get(claim.says, Together.EACH),)


def _conditions(
    claim: Claim,
    rows: dict[Target, list[ReachFinding]],
    bases: list[RangeBasis],
    where: str,
    reading: Reading,
) -> list[Condition]:
    """Return what becomes of a statement under each range that decides."""
    found = []
    what = reading.denied if claim.says is Says.OUT else reading.label
    kind = "places" if reading is Reading.POINT else "countries"
    count = sum(not target.excepted for target in rows)
    for how in claim.target_together or _target_default(claim):
        if how is Together.EACH or len(rows) == 1:
            for target, some in rows.items():
                to = f"to {target.name}" if len(rows) > 1 else ""
                found += _by_range(claim, {target: some}, bases, [where, what, to], Together.ALL)
        else:
            counted = _COUNTED[claim.says is Says.OUT and not what, how]
            of = f"{what} of {counted}" if what else counted
            found += _by_range(claim, rows, bases, [where, f"{of} {count} {kind}"], how)
    return found


_COUNTED: Final = {
    (False, Together.ANY): "at least one of",
    (False, Together.ALL): "each of",
    (True, Together.ANY): "none of",
    (True, Together.ALL): "not each of",
}


def _by_range(
    claim: Claim,
    rows: dict[Target, list[ReachFinding]],
    bases: list[RangeBasis],
    words: list[str],
    how: Together,
) -> list[Condition]:
    setting = ", ".join(word for word in words if word)
    found = []
    for index, basis in enumerate(bases):
        if not basis.decides:
            continue
        verdict = together([rows[t][index].verdict for t in rows if not t.excepted], how)
        spared = [negation(rows[t][index].verdict) for t in rows if t.excepted]
        if spared:
            verdict = all_of([verdict, *spared])
        found.append(Condition(setting, basis.label, verdict, _truth(claim.says, verdict)))
    return found


def _truth(says: Says, verdict: str) -> Truth | None:
    if says is Says.NONE:
        return None
    if verdict in (MARGINAL, OPEN):
        return Truth.MARGINAL if verdict == MARGINAL else Truth.OPEN
    return Truth.HOLDS if (verdict == INSIDE) == (says is Says.IN) else Truth.FAILS


def _tried(
    group: list[Shot], how: Together, target: Target, bases: list[RangeBasis]
) -> list[list[ReachFinding]]:
    """Return for each range a row for each launch site; one row where the sites act together."""
    spots = [spot for spot, _ in group]
    several = len({spot.id or spot.name for spot in spots}) > 1 or spots[0].is_area
    if target.reading.whole and how is Together.ANY and several:
        measured = [farthest_by_nearest(spots, target)]
    else:
        measured = distances(spots, target)
    return [[_judged(group[m.launch], target, basis, m) for m in measured] for basis in bases]


def _decisive(tried: list[ReachFinding], how: Together) -> ReachFinding:
    """Return the row that the verdict hangs on; of several systems at a site one suffices."""
    if how is not Together.ALL:
        return _best(tried)
    sites: dict[tuple[str, str], list[ReachFinding]] = {}
    for row in tried:
        sites.setdefault((row.launch_id, row.launch), []).append(row)
    rows = [_best(some) for some in sites.values()]
    verdict = all_of([row.verdict for row in rows])
    return max((r for r in rows if r.verdict == verdict), key=lambda row: row.distance_km)


def _best(rows: list[ReachFinding]) -> ReachFinding:
    verdict = any_of([row.verdict for row in rows])
    return min((r for r in rows if r.verdict == verdict), key=lambda row: row.distance_km)


def _judged(shot: Shot, target: Target, basis: RangeBasis, measured: Measured) -> ReachFinding:
    spot, system_id = shot
    range_km = basis.km_of(system_id)
    slack = range_km - measured.km
    precision = spot.precision_km
    if basis.fixed:
        margin = max(LEAST_MARGIN_KM, precision, MARGIN_OF_RANGE * range_km, measured.error_km)
    else:
        margin = precision + measured.error_km
    verdict, notes = reach_verdict(slack, margin), [basis.note, spot.note]
    least = 0.0 if basis.fixed else load_catalogue().system(system_id).min_km or 0.0
    if target.lon is not None and not spot.is_area and measured.km < least + margin:
        near = reach_verdict(measured.km - least, margin)
        notes.append(f"the minimum range is {least:,.0f} km")
        verdict = all_of([verdict, near])
    ceiling = reach_verdict(basis.ceiling_km - measured.km, margin)
    if verdict == OUTSIDE and slack < 0 and ceiling != OUTSIDE:
        verdict = OPEN
        notes.append("the range is a lower bound, so the target may be in range")
    if not spot.launches:
        notes.append("the site is a reference point or support site: nothing is launched from it")
    return ReachFinding(
        launch_id=spot.id,
        launch=spot.name,
        launch_lon=spot.lon,
        launch_lat=spot.lat,
        target=target.name,
        target_lon=target.lon,
        target_lat=target.lat,
        reading=target.reading.label,
        excepted=target.excepted,
        system_id=system_id,
        said_by=basis.said_by,
        range_km=range_km,
        range_is_lower_bound=basis.lower_bound,
        printed_km=None,
        distance_km=measured.km,
        error_km=measured.error_km,
        slack_km=slack,
        margin_km=margin,
        verdict=verdict,
        decides=basis.decides,
        evidence=basis.evidence,
        source_keys=basis.source_keys,
        note="; ".join(dict.fromkeys(note for note in notes if note)),
    )


def recompute_distance(claim: Claim) -> ClaimResult:
    """Recompute a printed distance; 3 percent, or the precision of the site, is tolerated.

    Parameters
    ----------
    claim : Claim
        Of the kind "distance".

    Returns
    -------
    ClaimResult
    """
    spot, system_id = launches_of(claim)[0]
    target = targets_of(claim, Reading.POINT)[0]
    measured = distances([spot], target)[0]
    printed = claim.value
    margin = max(TOLERANCE_OF_DISTANCE * (printed or measured.km), spot.precision_km)
    slack = (printed or measured.km) - measured.km
    verdict = WITHIN if abs(slack) <= margin else BEYOND
    truth = None if printed is None else Truth.HOLDS if verdict == WITHIN else Truth.FAILS
    finding = ReachFinding(
        launch_id=spot.id, launch=spot.name, launch_lon=spot.lon, launch_lat=spot.lat,
        target=target.name, target_lon=target.lon, target_lat=target.lat, reading="",
        excepted=False, system_id=system_id, said_by="", range_km=None,
        range_is_lower_bound=False, printed_km=printed,
        distance_km=measured.km, error_km=0.0, slack_km=slack, margin_km=margin, verdict=verdict,
        decides=True, evidence=claim.evidence, source_keys=claim.source_keys, note=spot.note,
    )  # fmt: skip
    conditions = (
        Condition("", f"within {margin:,.1f} km of the printed distance", verdict, truth),
    )
    outcome, one = outcome_of(conditions)
    return ClaimResult(
        claim=claim,
        outcome=outcome,
        verdict=one if printed is not None else "",
        answer=reach_answer([finding], conditions),
        conditions=conditions,
        findings=(finding,),
        caveats=tuple(reach_caveats(claim, [spot], [finding])),
    )
