"""Tables as CSV, JSON and terminal text; safe to open whatever their names hold."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import pandas as pd

from rangemap.views.columns import plain_value


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return a table as CSV: UTF-8, comma, ``\n``; true/false; empty for unknown.

    A text that a spreadsheet would take for a formula (it starts with ``=``, ``+``, ``-`` or
    ``@``) is preceded by an apostrophe; control characters and line breaks become spaces.

    Examples
    --------
    >>> to_csv(pd.DataFrame({"place": ["=cmd()"], "distance_km": [1.23456]}))
    "place,distance_km\n'=cmd(),1.235\n"
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    for record in _records(frame):
        writer.writerow([_csv_cell(value) for value in record])
    return stream.getvalue()


def to_json(frame: pd.DataFrame) -> str:
    """Return a table as JSON: a list of objects, numbers as numbers, null for unknown.

    Examples
    --------
    >>> print(to_json(pd.DataFrame({"place": ["Oslo"], "nearest_km": [1.0]})), end="")
    [
    {"place": "Oslo", "nearest_km": 1.0}
    ]
    """
    names = [str(name) for name in frame.columns]
    lines = [
        json.dumps(dict(zip(names, record, strict=True)), ensure_ascii=False, allow_nan=False)
        for record in _records(frame)
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def to_terminal(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widest: int = 44,
    right: Collection[str] = (),
) -> str:
    """Return an aligned table; numbers to the right, control characters removed.

    Columns whose names are in ``right`` are set to the right though they hold texts.

    Examples
    --------
    >>> print(to_terminal(["place", "km"], [["Oslo", 12], ["Rome", 1234]]), end="")
    place     km
    -----  -----
    Oslo      12
    Rome   1,234
    """
    table = [[_terminal_cell(value, widest) for value in row] for row in rows]
    numbers = [all(cell.right for cell in column) for column in zip(*table, strict=True)]
    numeric = [
        number or name in right
        for number, name in zip(numbers or [False] * len(header), header, strict=True)
    ]
    texts = [list(header), *([cell.text for cell in row] for row in table)]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    lines = [_line(texts[0], widths, numeric), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths, numeric) for row in texts[1:]]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def plain(text: str) -> str:
    r"""Return a text that cannot steer a terminal: no control or direction characters.

    Examples
    --------
    >>> plain("red\x1b[31m")
    'red[31m'
    """
    return "".join(
        " " if char in "\n\r\t" else char
        for char in text
        if char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )


def _records(frame: pd.DataFrame) -> Iterable[list[Any]]:
    columns = [
        [plain_value(name, value) for value in frame[name].tolist()]
        for name in map(str, frame.columns)
    ]
    return [list(record) for record in zip(*columns, strict=True)]


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in value)
        return f"'{text}" if text.lstrip()[:1] in _FORMULA and text.strip() else text
    return value


_FORMULA: Final = ("=", "+", "-", "@")


class _Cell:
    """A cell's text and whether it is set to the right."""

    def __init__(self, text: str, *, right: bool) -> None:
        self.text = text
        self.right = right


def _terminal_cell(value: Any, widest: int) -> _Cell:
    if value is None or value is pd.NA:
        return _Cell("", right=True)
    if isinstance(value, bool):
        return _Cell("yes" if value else "", right=False)
    if isinstance(value, int | float):
        return _Cell(f"{value:,.0f}", right=True)
    text = plain(str(value))
    return _Cell(text if len(text) <= widest else text[: widest - 1] + "…", right=False)


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    return "  ".join(
        " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
