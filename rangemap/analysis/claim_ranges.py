"""The ranges by which a statement about reach is judged: as it gives it, or by who says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rangemap.catalogue import Evidence, RangeEstimate, load_catalogue
from rangemap.catalogue.statements import Claim, Ranges

_SAYERS = 3  # in a label


@dataclass(frozen=True)
class RangeBasis:
    """One range for each system, and who says so.

    ``fixed`` is a range that the statement itself gives; ``lower_bound`` one that may be
    greater, up to ``ceiling_km``, the highest range in use (0 where it is none); ``decides``
    tells whether it counts for the outcome or is shown only.
    """

    km: tuple[tuple[str, float], ...]
    said_by: str
    fixed: bool
    lower_bound: bool
    decides: bool
    evidence: Evidence
    source_keys: tuple[str, ...]
    note: str
    ceiling_km: float = 0.0

    def km_of(self, system_id: str) -> float:
        """Return the range of a system."""
        return dict(self.km)[system_id]

    @property
    def label(self) -> str:
        """Wording for readers."""
        values = sorted({km for _, km in self.km})
        span = " to ".join(f"{km:,.4g}" if km < 1000 else f"{km:,.0f}" for km in
                           dict.fromkeys((values[0], values[-1])))  # fmt: skip
        over = "over " if self.lower_bound else ""
        return f"at {over}{span} km" + (f" [{self.said_by}]" if self.said_by else "")


def range_bases(claim: Claim) -> list[RangeBasis]:
    """Return the ranges of a statement, the smallest first.

    One that it gives stands alone. Else each published range of its system counts that the
    catalogue uses; where the range is disputed, what each side says as well; the others are
    shown only, unless the statement asks for all. Several systems are taken together at their
    lowest and at their highest.
    """
    if claim.range_km is not None:
        km = tuple((name, claim.range_km) for name in claim.system_ids or ("",))
        return [RangeBasis(km, "", True, False, True, claim.evidence, claim.source_keys, "")]
    if len(claim.system_ids) > 1:
        return _of_several(claim.system_ids)
    return _of_one(claim.system_ids[0], every=claim.ranges is Ranges.ALL)


def _of_several(system_ids: tuple[str, ...]) -> list[RangeBasis]:
    each = {name: [b for b in _of_one(name, every=False) if b.decides] for name in system_ids}
    bases = []
    for word, pick in (("lowest", 0), ("highest", -1)):
        chosen = {name: found[pick] for name, found in each.items()}
        bases.append(
            RangeBasis(
                tuple((name, basis.km_of(name)) for name, basis in chosen.items()),
                f"each system at its {word}",
                fixed=False,
                lower_bound=all(basis.lower_bound for basis in chosen.values()),
                decides=True,
                evidence=_best(basis.evidence for basis in chosen.values()),
                source_keys=tuple(dict.fromkeys(k for b in chosen.values() for k in b.source_keys)),
                note="",
            )
        )
    return bases


def _of_one(system_id: str, *, every: bool) -> list[RangeBasis]:
    catalogue = load_catalogue()
    ranges = [e for e in catalogue.estimates_of(system_id) if e.quantity == "max_range"]
    grouped: dict[tuple[float, bool, bool], list[RangeEstimate]] = {}
    for estimate in ranges:
        decides = estimate.counts or every
        key = (estimate.value_km, estimate.bound == "greater-than", decides)
        grouped.setdefault(key, []).append(estimate)
    bases = [_published(system_id, key, group) for key, group in grouped.items()]
    settled = {km for km, lower, decides in grouped if decides and not lower}
    for band in catalogue.disputed_bands_of(system_id):
        for km in dict.fromkeys((band.max_low_km, band.max_km, band.max_high_km)):
            if km not in settled:
                settled.add(km)
                bases.append(
                    RangeBasis(((system_id, km),), band.said_by, False, False, True,
                               band.evidence, band.source_keys, band.note)
                )  # fmt: skip
    if not any(basis.decides for basis in bases):
        bases += _of_row(system_id)
    ceiling = max(basis.km[0][1] for basis in bases if basis.decides)
    bases = [replace(b, ceiling_km=ceiling) if b.lower_bound else b for b in bases]
    return sorted(bases, key=lambda basis: (basis.km[0][1], not basis.decides))


def _of_row(system_id: str) -> list[RangeBasis]:
    """Return the low, plotted and high range of a system without an estimate in use."""
    system = load_catalogue().system(system_id)
    values = (system.max_low_km, system.plot_km, system.max_high_km)
    return [
        RangeBasis(((system_id, km),), "the catalogue's row", False, False, True,
                   system.evidence, system.source_keys, system.range_note)
        for km in dict.fromkeys(value for value in values if value is not None)
    ]  # fmt: skip


def _published(
    system_id: str, key: tuple[float, bool, bool], group: list[RangeEstimate]
) -> RangeBasis:
    km, lower, decides = key
    sayers = list(dict.fromkeys(f"{e.said_by}, {e.date}" for e in group))
    rest = len(sayers) - _SAYERS
    said = "; ".join(sayers[:_SAYERS]) + (f" and {rest} more" if rest > 0 else "")
    uses = {e.use for e in group} - {"yes"}
    notes = [f"{', '.join(sorted(uses))}: not in use in the catalogue"] if uses else []
    notes += dict.fromkeys(e.note for e in group if e.note)
    return RangeBasis(
        ((system_id, km),),
        said,
        fixed=False,
        lower_bound=lower,
        decides=decides,
        evidence=_best(e.evidence for e in group),
        source_keys=tuple(dict.fromkeys(e.source_key for e in group)),
        note="; ".join(notes),
    )


def _best(given: object) -> Evidence:
    """Return the evidence of a number that any one of several sources gives."""
    kinds = set(given)  # type: ignore[call-overload]
    order = (Evidence.SEEN, Evidence.MIXED, Evidence.RECALLED)
    return next(kind for kind in order if kind in kinds)
