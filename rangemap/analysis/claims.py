"""Published statements recomputed from the catalogue: holds, fails, depends, or computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rangemap.analysis.claim_reach import recompute_distance, recompute_reach
from rangemap.analysis.claim_result import ClaimResult, Outcome
from rangemap.analysis.claim_shares import recompute_share
from rangemap.analysis.claim_totals import recompute_total
from rangemap.catalogue.statements import Claim, ClaimKind, find_claim, read_claims

__all__ = ["ClaimResult", "Outcome", "check_claim", "check_claims"]

_BY_KIND: Final = {
    ClaimKind.REACH: recompute_reach,
    ClaimKind.DISTANCE: recompute_distance,
    ClaimKind.TOTAL: recompute_total,
    ClaimKind.SHARE: recompute_share,
}


def check_claim(claim: Claim | str) -> ClaimResult:
    """Recompute one published statement from the catalogue in use.

    Parameters
    ----------
    claim : Claim or str
        A statement, or the id of one in ``claims.csv``.

    Returns
    -------
    ClaimResult
        ``outcome`` is "holds", "fails", "depends" (on ``conditions``, each with its own
        truth) or, for a statement that claims nothing, "computed"; ``findings`` are the rows
        of numbers, each with its sources.

    Raises
    ------
    UnknownNameError
        If no statement has that id.

    Examples
    --------
    >>> check_claim("C001").outcome.value, check_claim("C001").answer[:44]
    ('holds', 'Waldheide (Heilbronn / Neckarsulm) to Moscow')
    >>> check_claim("harris-2018-90-percent").outcome.value
    'depends'
    """
    one = find_claim(claim) if isinstance(claim, str) else claim
    return _BY_KIND[one.kind](one)


def check_claims(claims: Iterable[Claim] | None = None) -> tuple[ClaimResult, ...]:
    """Recompute all published statements, or those given.

    Examples
    --------
    >>> found = check_claims(c for c in read_claims().values() if c.kind == "total")
    >>> [result.outcome.value for result in found]
    ['holds', 'holds', 'holds', 'holds', 'holds']
    """
    return tuple(check_claim(claim) for claim in (claims or read_claims().values()))
