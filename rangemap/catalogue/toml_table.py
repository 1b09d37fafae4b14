"""Reading TOML tables with one clear message for each mistake: file, key, value, rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from rangemap.errors import CatalogueError, near_name

E = TypeVar("E", bound=StrEnum)


class Table:
    """One table of a TOML file, which knows where it stands and which keys were asked for."""

    def __init__(self, file: str, path: str, values: Any) -> None:
        self.file = file
        self.path = path
        if not isinstance(values, Mapping):
            raise CatalogueError(f"{file}, {path} {_shown(values)}: must be a table")
        self._values: Mapping[str, Any] = values
        self._asked: list[str] = []

    def fail(self, key: str, rule: str) -> CatalogueError:
        """Return an error to raise that names the file, the key, the value and the rule."""
        value = f" {_shown(self._values[key])}" if key in self._values else ""
        return CatalogueError(f"{self.file}, {self.path}.{key}{value}: {rule}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty; without a default the key must be there."""
        value = self._get(key, default)
        if not isinstance(value, str) or (key in self._values and not value.strip()):
            raise self.fail(key, "must be a text that is not empty")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def optional_km(self, key: str) -> float | None:
        """Return a range in kilometres, or None if the key is missing."""
        value = self._get(key, ...)
        if value is ...:
            return None
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not math.isfinite(value) or not 0 <= value <= 20_003:
            raise self.fail(key, "must be a number of kilometres in [0, 20,003]")
        return float(value)

    def optional_date(self, key: str) -> date | None:
        """Return a date, or None if the key is missing."""
        value = self._get(key, ...)
        if value is ...:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(key, "must be a date like 1987-12-08, without quotes")
        return value

    def choice(self, key: str, kind: type[E]) -> E:
        """Return a member of an enum."""
        text = self.text(key)
        names = [member.value for member in kind]
        if text not in names:
            raise self.fail(key, f"must be one of {', '.join(names)}{near_name(text, names)}")
        return kind(text)

    def texts(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, each of them known; empty if the key is missing."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.fail(key, "must be a list of texts")
        if known is not None:
            for one in value:
                if one not in known:
                    raise self.fail(key, f"{_shown(one)} is not known{near_name(one, known)}")
        return tuple(value)

    def tables(self, key: str) -> list[Table]:
        """Return the tables of a list; empty if the key is missing."""
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, f"must be a list of tables, [[{self.path}.{key}]]")
        return [Table(self.file, f"{self.path}.{key}[{n}]", one) for n, one in enumerate(value)]

    def done(self) -> None:
        """Refuse a key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise CatalogueError(
                    f"{self.file}, {self.path}: unknown key {_shown(key)}"
                    f"{near_name(key, self._asked)}"
                )

    def _get(self, key: str, default: Any) -> Any:
        self._asked.append(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            raise CatalogueError(f"{self.file}, {self.path}: key {key!r} is missing")
        return default


def _shown(value: Any) -> str:
    text = str(value) if isinstance(value, date) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
