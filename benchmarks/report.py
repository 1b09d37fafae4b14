"""The table, for people as text or Markdown and for programs as JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table, and the same as bare numbers."""

    cells: list[str]
    data: dict[str, Any]
    missed: bool = False


@dataclass(frozen=True)
class Section:
    """One race."""

    title: str
    columns: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        """Return the section for a terminal; a goal that is missed has a star."""
        table = [self.columns, *(_starred(row) for row in self.rows)]
        widths = [max(len(line[i]) for line in table) for i in range(len(self.columns))]
        lines = ["  ".join(_padded(line, widths)).rstrip() for line in table]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.title, "", *lines, *("  " + note for note in self.notes), ""])

    def as_markdown(self) -> str:
        """Return the section for a page."""
        lines = [f"### {self.title}", "", "| " + " | ".join(self.columns) + " |"]
        lines.append("| --- " + "| ---: " * (len(self.columns) - 1) + "|")
        lines += ["| " + " | ".join(_starred(row)) + " |" for row in self.rows]
        return "\n".join([*lines, "", *self.notes, ""])

    def as_json(self) -> dict[str, Any]:
        """Return the section as plain values."""
        rows = [
            {"name": row.cells[0], "goal_missed": row.missed, **_finite(row.data)}
            for row in self.rows
        ]
        return {"title": self.title, "rows": rows, "notes": self.notes}


def _starred(row: Row) -> list[str]:
    return [
        cell + " *" if row.missed and cell.startswith((">=", "<=", "<")) else cell
        for cell in row.cells
    ]


def _padded(line: list[str], widths: list[int]) -> list[str]:
    first, *rest = (
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(line, widths, strict=True))
    )
    return [first, *rest]


def _finite(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in data.items()
    }


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def ratio(times: float) -> str:
    """Return how many times, to two or three digits."""
    return f"{times:.2f}" if times < 10 else f"{times:,.0f}"


def metres(value: float) -> str:
    """Return a length in m, or km from ten of them on."""
    if not math.isfinite(value):
        return "no place"
    if value >= 10_000:
        return f"{value / 1000:,.0f} km"
    return f"{value:,.0f} m" if value >= 1 or value < 0.001 else f"{value:.3f} m"
