"""The ranges of a briefing: who says what, from where, and what each covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rangemap.views.story_parts import Grid, Row
from rangemap.views.story_words import clean, count_of, reference_marks, shortened
from rangemap.views.style import starred
from rangemap.views.units import Units

__all__ = ["range_note", "ranges_grid"]

_SITES = 1
"""Launch sites of a range that are named in the table."""


def ranges_grid(
    entries: Sequence[Mapping[str, Any]], numbers: Mapping[str, int], units: Units, noun: str
) -> Grid:
    """Return the ranges of coalitions' systems; a disputed one has a row for each who says it.

    Parameters
    ----------
    entries : sequence of dict
        Coalitions of `Analysis.summary` that have systems.
    numbers : dict
        Number of each source by its key.
    units : Units
        Of the published spans; labels stay as the catalogue has them.
    noun : str
        What the places are called.
    """
    rows: list[Row] = []
    for entry in entries:
        if len(entries) > 1:
            rows.append(Row((shortened(entry["name"]),), heading=True))
        rows += _rows(entry, numbers, units)
    ranges = [row for row in rows if not row.heading]
    disputed = sum(system["disputed"] for entry in entries for system in entry["systems"])
    alt = f"{count_of(len(ranges), 'ranges')}, {disputed} disputed. " + " ".join(
        f"{row.cells[0]}, said by {row.cells[1]}: {row.cells[4]} {noun} inside."
        for row in ranges[:8]
    )
    header = ("Range", "Said by", f"Published, {units.name}", "Launched from", "Inside",
              "Marginal", "Sources")  # fmt: skip
    widths = (0.21, 0.19, 0.13, 0.20, 0.07, 0.09, 0.11)
    star = any("*" in row.cells[0] for row in ranges)
    note = "* Not, or only in part, read again at a source." if star else ""
    return Grid(header, tuple(rows), frozenset({4, 5}), widths, alt, note)


def _rows(entry: Mapping[str, Any], numbers: Mapping[str, int], units: Units) -> Iterable[Row]:
    for system in entry["systems"]:
        state = " (alleged)" if system["alleged"] else " (disputed)" if system["disputed"] else ""
        sites = system["sites"]
        more = f" and {len(sites) - _SITES} more" if len(sites) > _SITES else ""
        yield Row(
            (
                starred(shortened(system["label"]), system["evidence"]) + state,
                clean(system["said_by"], 90) or "given here",
                _span(system, units),
                ", ".join(map(shortened, sites[:_SITES])) + more,
                f"{system['capitals']:,}",
                f"{system['marginal']:,}",
                reference_marks(system["source_keys"], numbers) or "–",
            )
        )


def _span(system: Mapping[str, Any], units: Units) -> str:
    low, used, high = (units.of(system[key]) for key in ("max_low_km", "max_km", "max_high_km"))
    if low == high:
        return _number(used)
    return f"{_number(low)}–{_number(high)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:,.2g}"


def range_note(system: Mapping[str, Any]) -> str:
    """Return one range with all its sites and the places that it covers, for the speaker."""
    inside, marginal = (
        ", ".join(map(shortened, system[key])) or "none"
        for key in ("capital_list", "marginal_list")
    )
    who = clean(system["said_by"], 200) or "the user"
    return (
        f"{shortened(system['label'])}, said by {who}: from "
        f"{', '.join(map(shortened, system['sites']))}. Inside ({system['capitals']}): {inside}. "
        f"Marginal ({system['marginal']}): {marginal}."
    )
