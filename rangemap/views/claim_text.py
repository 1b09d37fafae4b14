"""Recomputed statements as records for JSON, as a table and as readable cards."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rangemap.analysis.claim_result import (
    OPEN,
    ClaimResult,
    Condition,
    CountFinding,
    ReachFinding,
    Truth,
    finding_record,
)
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import load_catalogue
from rangemap.catalogue.statements import Claim, ClaimKind, Unit
from rangemap.views.claim_rows import MOST_ROWS, number_rows
from rangemap.views.table import plain, to_terminal

TABLE_HEADER: Final = ("id", "who", "when", "statement", "outcome", "found")
_PARAMETERS: Final = (
    "says", "value", "comparator", "tolerance", "unit", "launch", "launch_lon", "launch_lat",
    "launch_precision_km", "launch_together", "system_ids", "range_km", "ranges", "as_of",
    "target", "target_lon", "target_lat", "target_readings", "target_together",
    "target_except", "datasets", "country", "items", "basis", "definitions", "check_dataset",
)  # fmt: skip


def claim_record(result: ClaimResult) -> dict[str, Any]:
    """Return a recomputed statement for JSON, with every number and every source.

    Examples
    --------
    >>> from rangemap.analysis.claims import check_claim
    >>> record = claim_record(check_claim("inf-eliminated-total"))
    >>> record["outcome"], record["value"], record["findings"][-1]["value"]
    ('holds', 2692.0, 2692.0)
    """
    claim = result.claim
    return {
        "id": claim.id,
        "main": claim.main,
        "who": claim.who,
        "said_on": claim.said_on,
        "statement": claim.statement,
        "quote": claim.quote,
        "qualifier": claim.qualifier,
        "kind": claim.kind.value,
        "value": claim.value,
        "outcome": result.outcome.value,
        "verdict": result.verdict,
        "answer": result.answer,
        **{f"{word}_under": list(labels) for word, labels in _under(result).items()},
        "statement_verified": claim.evidence.verified,
        "parameters": _parameters(claim),
        "findings": [finding_record(finding) for finding in result.findings],
        "caveats": list(result.caveats),
        "note": claim.note,
        "sources": [_source(key) for key in result.source_keys()],
        "from": claim.row,
    }


def _under(result: ClaimResult) -> dict[str, tuple[str, ...]]:
    if result.claim.has_side:
        return {
            "holds": result.under(Truth.HOLDS.value),
            "fails": result.under(Truth.FAILS.value),
            "undecided": result.under(Truth.MARGINAL.value, Truth.OPEN.value),
        }
    words = dict.fromkeys(c.word for c in result.conditions)
    return {word.replace(" ", "_") or "computed": result.under(word) for word in words}


def _parameters(claim: Claim) -> dict[str, Any]:
    found = {}
    for name in _PARAMETERS:
        value = getattr(claim, name)
        if value not in (None, (), ""):
            found[name] = list(value) if isinstance(value, tuple) else value
    if claim.kind in (ClaimKind.REACH, ClaimKind.DISTANCE):
        for name in ("comparator", "tolerance", "unit"):
            del found[name]
    else:
        for name in ("says", "ranges"):
            del found[name]
    return found


def _source(key: str) -> dict[str, Any]:
    source = load_catalogue().source(key)
    return {
        "key": source.key,
        "publisher": source.publisher,
        "title": source.title,
        "date": source.date,
        "url": source.url,
        "verified": source.evidence.verified,
    }


def outcome_text(result: ClaimResult) -> str:
    """Return the outcome in a word or two; with the verdict where nothing is claimed.

    Examples
    --------
    >>> from rangemap.analysis.claims import check_claim
    >>> outcome_text(check_claim("C033")), outcome_text(check_claim("C011"))
    ('fails', 'computed: outside')
    """
    if result.claim.has_side or not result.verdict:
        return result.outcome.value
    return f"{result.outcome.value}: {result.verdict}"


def claims_table(results: Iterable[ClaimResult]) -> str:
    """Return a table for a terminal, one line for each statement."""
    rows = [
        [r.claim.id, _short(r.claim.who, 22), r.claim.said_on, _short(r.claim.statement, 58),
         outcome_text(r), _short(found_text(r), 48)]
        for r in results
    ]  # fmt: skip
    return to_terminal(TABLE_HEADER, rows, widest=64)


def found_text(result: ClaimResult) -> str:
    """Return in a few words what was found.

    Examples
    --------
    >>> from rangemap.analysis.claims import check_claim
    >>> found_text(check_claim("C033")), found_text(check_claim("inf-eliminated-us"))
    ('995.6 km, range 900', 'sum 846')
    """
    first = result.findings[0]
    if isinstance(first, ReachFinding):
        if len(result.findings) > 1:
            count = len(result.conditions)
            return ", ".join(
                f"{word} under {sum(map(len, settings.values()))} of {count}"
                for word, settings in grouped(result.conditions).items()
            )
        km = f"{first.distance_km:,.1f} km"
        if first.range_km is not None:
            return f"{km}, range {first.range_km:,.0f}"
        return km if first.printed_km is None else f"{km}, printed {first.printed_km:,.0f}"
    counts = [f for f in result.findings if isinstance(f, CountFinding) and f.decides]
    if result.claim.kind is ClaimKind.TOTAL:
        return "sum " + " to ".join(f"{f.value:,.0f}" for f in counts)
    basis = counts[0].basis
    low = [f for f in counts if f.bound == "low" and f.basis == basis]
    digits = 1 if result.claim.unit is Unit.PERCENT else 0
    values = ", ".join(f"{f.definition.split(',')[0]} {f.value:,.{digits}f}" for f in low)
    return f"{basis}: {values}" + (" %" if digits else "")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def grouped(conditions: Sequence[Condition]) -> dict[str, dict[str, list[Condition]]]:
    """Return conditions by what becomes of the statement, then by their setting."""
    found: dict[str, dict[str, list[Condition]]] = {}
    order = [*(truth.value for truth in Truth), INSIDE, MARGINAL, OPEN, OUTSIDE]
    for condition in sorted(
        conditions,
        key=lambda c: (order.index(c.word), c.word) if c.word in order else (len(order), c.word),
    ):
        found.setdefault(condition.word, {}).setdefault(condition.setting, []).append(condition)
    return found


def condition_lines(result: ClaimResult) -> dict[str, list[str]]:
    """Return under which conditions a statement holds, fails or is undecided, in words."""
    size: dict[str, int] = {}
    for condition in result.conditions:
        size[condition.setting] = size.get(condition.setting, 0) + 1
    lines: dict[str, list[str]] = {}
    for word, settings in grouped(result.conditions).items():
        for setting, some in settings.items():
            details = [c.detail for c in some if c.detail]
            every = len(some) == size[setting] > 1 and details[0].startswith("at ")
            said = f"at every range ({_ends(details)})" if every else "; ".join(details)
            lines.setdefault(word, []).append(": ".join(part for part in (setting, said) if part))
    return lines


def _ends(details: Sequence[str]) -> str:
    if len(details) == 2 and "each system" in details[0]:
        return "every system at its lowest and at its highest"
    first, last = (
        detail.split(" [")[0].removeprefix("at ") for detail in (details[0], details[-1])
    )
    return first if first == last else f"{first.removesuffix(' km')} to {last}"


_HEADS: Final = {
    Truth.HOLDS.value: "holds",
    Truth.FAILS.value: "fails",
    Truth.MARGINAL.value: "undecided, marginal",
    Truth.OPEN.value: "undecided, by a lower bound only",
}


def claim_card(result: ClaimResult) -> str:
    """Return a recomputed statement as text for a terminal."""
    claim = result.claim
    lines = [plain(f"{claim.id}: {outcome_text(result)}"), ""]
    lines += _wrapped(claim.statement)
    lines += _wrapped(f"{claim.who}, {claim.said_on} (statement {claim.evidence.verified})")
    for name, text in (("quote", f'"{claim.quote}"' if claim.quote else ""),
                       ("qualifier", claim.qualifier), ("note", claim.note)):  # fmt: skip
        if text:
            lines += _wrapped(f"{name}: {text}")
    lines += ["", *_wrapped(f"found: {result.answer}")]
    if len(result.conditions) > 1 or result.claim.kind is ClaimKind.SHARE:
        for word, listed in condition_lines(result).items():
            lines += ["", f"{_HEADS.get(word, word) or 'computed'}:"]
            lines += [line for text in listed for line in _wrapped(text, "  - ")]
    lines += ["", "numbers:", *numbers_table(result)]
    if result.caveats:
        lines += ["", *(line for text in result.caveats for line in _wrapped(text, "  * "))]
    lines += ["", "sources:"]
    keys = result.source_keys(deciding=True)
    for key in keys:
        lines += _wrapped(source_text(key), "  - ")
    more = len(result.source_keys()) - len(keys)
    if more:
        lines.append(f"  and {more} more of what is shown beside and decides nothing (--json)")
    if not claim.source_keys:
        lines.append("  none is given for the statement itself")
    return "\n".join(lines) + "\n"


def source_text(key: str) -> str:
    """Return a source in one line, with its address."""
    source = load_catalogue().source(key)
    return (
        f"[{key}] {source.publisher}: {source.title} ({source.date}, {source.evidence.verified}) "
        f"{source.url}"
    )


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        plain(text), 96, initial_indent=first, subsequent_indent="    ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def numbers_table(result: ClaimResult) -> list[str]:
    """Return the rows of numbers as lines of a table, the farthest first where there are many."""
    header, rows = number_rows(result)
    lines = to_terminal(header, rows[:MOST_ROWS], widest=50).splitlines()
    if len(rows) > MOST_ROWS:
        lines.append(f"and {len(rows) - MOST_ROWS} more, which --json prints")
    return lines
