"""Reading CSV rows with one clear message for each mistake: file, row, key, value, rule."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from rangemap.errors import DataError, near_name

E = TypeVar("E", bound=StrEnum)
R = TypeVar("R")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ID_RULE: Final = (
    "an id has small letters a to z, digits and hyphens only, at most 64, and no hyphen first"
)


def is_id(text: str) -> bool:
    """Tell whether a text can be the id of a record.

    Examples
    --------
    >>> is_id("df-26"), is_id("DF-26")
    (True, False)
    """
    return bool(_ID.fullmatch(text))


def control_rule(text: str) -> str:
    r"""Return the rule that a text breaks by a control or direction character, or nothing.

    Examples
    --------
    >>> control_rule("abc"), control_rule("abc\u202e")
    ('', 'holds the control character U+202E')
    """
    found = _CONTROL.search(text)
    return f"holds the control character U+{ord(found[0]):04X}" if found else ""


class Row:
    """One row of a CSV file, which knows where it stands."""

    def __init__(
        self, file: str, number: int, values: Mapping[str, str], error: type[DataError]
    ) -> None:
        self.file = file
        self.number = number
        self.values = values
        self._error = error

    def fail(self, key: str, rule: str) -> DataError:
        """Return an error to raise that names the file, the row, the value and the rule."""
        value = " ".join(str(self.values.get(key, "")).split())
        shown = value if len(value) <= 60 else value[:57] + "..."
        return self._error(f"{self.file}, row {self.number}, {key} {shown!r}: {rule}")

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text, stripped."""
        value = (self.values.get(key) or "").strip()
        if required and not value:
            raise self.fail(key, "must not be empty")
        return value

    def identifier(self, key: str) -> str:
        """Return the id of a record."""
        text = self.text(key, required=True)
        if not is_id(text):
            raise self.fail(key, ID_RULE)
        return text

    def check_characters(self) -> None:
        """Refuse control and direction characters, which could make a reader see other words."""
        for key in self.values:
            rule = control_rule(self.text(key))
            if rule:
                raise self.fail(key, rule)

    def number_of(self, key: str, low: float, high: float) -> float:
        """Return a finite number in [low, high]."""
        value = self.optional_number(key, low, high)
        if value is None:
            raise self.fail(key, "must not be empty")
        return value

    def optional_number(self, key: str, low: float, high: float) -> float | None:
        """Return a finite number in [low, high], or None if the cell is empty."""
        text = self.text(key)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.fail(key, "must be a number")
        value = float(text)
        if not math.isfinite(value) or not low <= value <= high:
            raise self.fail(key, f"must lie in [{low:,g}, {high:,g}]")
        return value

    def optional_int(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number in [low, high], or None if the cell is empty."""
        value = self.optional_number(key, low, high)
        if value is None:
            return None
        if value != int(value):
            raise self.fail(key, "must be a whole number")
        return int(value)

    def one_of(self, key: str, names: Iterable[str]) -> str:
        """Return one of some words."""
        text, known = self.text(key), list(names)
        if text not in known:
            raise self.fail(key, f"must be one of {', '.join(known)}{near_name(text, known)}")
        return text

    def choice(self, key: str, kind: type[E]) -> E:
        """Return a member of an enum."""
        text = self.text(key)
        try:
            return kind(text)
        except ValueError:
            names = [member.value for member in kind]
            rule = f"must be one of {', '.join(names)}{near_name(text, names)}"
            raise self.fail(key, rule) from None

    def keys_of(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return names separated by semicolons, each of them known."""
        names = tuple(name.strip() for name in self.text(key).split(";") if name.strip())
        if known is not None:
            for name in names:
                if name not in known:
                    raise self.fail(key, f"{name!r} is not known{near_name(name, known)}")
        return names


def read_rows(
    path: Path,
    required: Iterable[str],
    *,
    error: type[DataError],
    shown_as: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a CSV file, after checking its header.

    Rows are counted as a spreadsheet does: the header is row 1.
    """
    shown = shown_as or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"{shown}: not UTF-8 text (byte {problem.start})") from None
    except OSError as problem:
        raise error(f"{shown}: cannot be read: {problem.strerror}") from None
    if "\0" in text:
        raise error(f"{shown}: not a CSV file (it holds a NUL byte)")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames
        if not header:
            raise error(f"{shown}: the file is empty")
        twice = [name for name in header if header.count(name) > 1]
        if twice:
            raise error(f"{shown}, row 1: column {twice[0]!r} is there twice")
        missing = [name for name in required if name not in header]
        if missing:
            hint = near_name(missing[0], header)
            raise error(f"{shown}, row 1: column {missing[0]!r} is missing{hint}")
        for number, values in enumerate(reader, start=2):
            if None in values or None in values.values():
                raise error(f"{shown}, row {number}: has not as many cells as the header")
            yield Row(shown, number, values, error)
    except csv.Error as problem:
        raise error(f"{shown}, line {reader.line_num}: not valid CSV: {problem}") from None


def keyed(records: Iterable[tuple[Row, R]]) -> dict[str, R]:
    """Return records by their ``id`` or ``key``; one that is there twice fails with its row."""
    found: dict[str, R] = {}
    for row, record in records:
        name = "id" if hasattr(record, "id") else "key"
        key: str = getattr(record, name)
        if key in found:
            raise row.fail(name, "is there twice")
        found[key] = record
    return found
