"""Counts and rows of a pack beside those of today."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.errors import DataError
from rangemap.pack.reading import read_inside
from rangemap.views.table import to_csv

__all__ = ["RowChange", "changed_counts", "changed_rows"]

_LARGEST: Final = 300_000_000
_NOTICED_KM: Final = 0.0015
"""Distances are written to the metre; less than that is rounding."""


@dataclass(frozen=True)
class RowChange:
    """One place and band then and now; texts are empty and distances None where there is no row."""

    place: str
    country: str
    band_id: str
    verdict: tuple[str, str]
    distance_km: tuple[float | None, float | None]

    def record(self) -> dict[str, Any]:
        """Return it, ready for JSON."""
        return {
            "place": self.place,
            "country": self.country,
            "band_id": self.band_id,
            "verdict": {"then": self.verdict[0], "now": self.verdict[1]},
            "distance_km": {"then": self.distance_km[0], "now": self.distance_km[1]},
        }


def changed_counts(
    folder: Path, analysis: Analysis, whole: set[str]
) -> tuple[tuple[str, float | None, float | None], ...]:
    """Return the counts of summary.json that differ today, by their keys."""
    if "summary.json" not in whole:
        return ()
    try:
        then = json.loads(read_inside(folder, "summary.json", _LARGEST))
    except (DataError, ValueError, RecursionError):
        return ()
    before, now = dict(_counts(then)), dict(_counts(analysis.summary))
    return tuple(
        (key, before.get(key), now.get(key))
        for key in dict.fromkeys([*before, *now])
        if before.get(key) != now.get(key)
    )


def _counts(value: Any, path: str = "") -> Iterator[tuple[str, int]]:
    """Yield whole numbers with their keys; of lists, only those whose members have an id."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _counts(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for child in value:
            if isinstance(child, dict):
                name = child.get("id") or f"{child.get('system_id', '')} {child.get('label', '')}"
                yield from _counts(child, f"{path}[{str(name).strip()}]")
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


def changed_rows(folder: Path, analysis: Analysis, whole: set[str]) -> tuple[RowChange, ...]:
    """Return the rows of coverage.csv that differ today in verdict or distance."""
    if "coverage.csv" not in whole:
        return ()
    try:
        text = read_inside(folder, "coverage.csv", _LARGEST).decode("utf-8")
        then = _rows(text)
    except (DataError, ValueError, KeyError, csv.Error):
        return ()
    now = _rows(to_csv(analysis.coverage))
    result = []
    for key in dict.fromkeys([*then, *now]):
        a, b = then.get(key), now.get(key)
        if a is not None and b is not None and a.same_as(b):
            continue
        shown = now[key] if key in now else then[key]
        result.append(
            RowChange(
                place=shown.place,
                country=shown.country,
                band_id=key[1],
                verdict=(a.verdict if a else "", b.verdict if b else ""),
                distance_km=(a.distance_km if a else None, b.distance_km if b else None),
            )
        )
    return tuple(result)


@dataclass(frozen=True)
class _Row:
    place: str
    country: str
    verdict: str
    distance_km: float

    def same_as(self, other: _Row) -> bool:
        near = abs(self.distance_km - other.distance_km) < _NOTICED_KM
        return self.verdict == other.verdict and near


def _rows(text: str) -> dict[tuple[str, str], _Row]:
    return {
        (row["place_id"], row["band_id"]): _Row(
            row["place"], row["country"], row["verdict"], float(row["distance_km"])
        )
        for row in csv.DictReader(io.StringIO(text, newline=""))
    }
