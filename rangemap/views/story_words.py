"""Words and numbers of a briefing: untrusted names made safe, lists, titles that say something."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rangemap.views.labels import ELLIPSIS, shorten

__all__ = [
    "LONGEST", "aloud", "clean", "count_of", "in_words", "listed", "millions", "reference_marks",
    "shortened", "square_text",
]  # fmt: skip

LONGEST: Final = 60
"""Characters of a name in a table or title."""

_ENDING: Final = 20
_JOINER: Final = "\u200d"  # joins emoji; the only invisible character that is kept


def clean(text: object, limit: int = 2000) -> str:
    r"""Return an untrusted text as one line that any file can hold.

    Control characters and line breaks become spaces; marks that turn the direction of writing,
    characters that XML forbids and those that no character set defines are dropped.

    Examples
    --------
    >>> clean("Al\x00pha\nBase \u202egnol\u202c 北京 😀")
    'Al pha Base gnol 北京 😀'
    """
    safe = "".join(_safe(character) for character in str(text)[: limit * 4])
    return shorten(" ".join(safe.split()), limit)


def _safe(character: str) -> str:
    category = unicodedata.category(character)
    if character == _JOINER or category[0] not in "CZ":
        return character
    return " " if category in ("Cc", "Zs", "Zl", "Zp") else ""


def shortened(text: object) -> str:
    """Return a name for a table or a title; a long one keeps its end, which may tell it apart.

    Examples
    --------
    >>> shortened("The very long " + "name " * 60 + "of the first")
    'The very long name name name name name…me name of the first'
    """
    name = clean(text)
    if len(name) <= LONGEST:
        return name
    start = LONGEST - _ENDING - len(ELLIPSIS)
    return f"{name[:start].rstrip()}{ELLIPSIS}{name[-_ENDING:].lstrip()}"


def aloud(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence of the analysis with its long names made short.

    Examples
    --------
    >>> aloud("Very long name: 3 capitals.", {"Very long name": "Very…"})
    'Very…: 3 capitals.'
    """
    for name in sorted(names, key=lambda one: (-len(one), one)):
        sentence = sentence.replace(name, names[name])
    return clean(sentence)


def listed(names: Iterable[object]) -> str:
    """Return names in alphabetical order, separated by commas; "none" if there are none.

    Examples
    --------
    >>> listed(["Oslo", "Ålesund", "Bonn"]), listed([])
    ('Ålesund, Bonn, Oslo', 'none')
    """
    texts = [shortened(name) for name in names]
    return ", ".join(sorted(texts, key=_alphabetical)) or "none"


def _alphabetical(name: str) -> tuple[str, str]:
    bare = unicodedata.normalize("NFD", name).casefold()
    return "".join(c for c in bare if not unicodedata.combining(c)), name


def millions(persons: float | None) -> str:
    """Return a number of people in millions.

    Examples
    --------
    >>> millions(218_569_375), millions(1_460_000), millions(38_000), millions(0), millions(None)
    ('219', '1.5', '0.04', '0', '')
    """
    if persons is None:
        return ""
    value = persons / 1e6
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.1 else f"{value:.1g}"


def square_text(area: float, square: str) -> str:
    """Return an area in words; the unit is as written.

    Examples
    --------
    >>> square_text(95_828_339, "km²"), square_text(12_345, "km²")
    ('95.8 million km²', '12,345 km²')
    """
    return f"{area / 1e6:,.1f} million {square}" if area >= 1e6 else f"{area:,.0f} {square}"


def count_of(number: int, noun: str) -> str:
    """Return a count and its noun, which is given in the plural.

    Examples
    --------
    >>> count_of(1, "capitals"), count_of(3, "sites"), count_of(1, "countries")
    ('1 capital', '3 sites', '1 country')
    """
    one = f"{noun[:-3]}y" if noun.endswith("ies") else noun[:-1]
    return f"{number:,} {one if number == 1 else noun}"


def in_words(parts: Sequence[str]) -> str:
    """Return parts of a sentence joined.

    Examples
    --------
    >>> in_words(["a", "b", "c"]), in_words(["a"])
    ('a, b and c', 'a')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def reference_marks(keys: Iterable[str], numbers: Mapping[str, int]) -> str:
    """Return the numbers of sources, runs of them joined.

    Examples
    --------
    >>> reference_marks(["A", "B", "C", "E"], {"A": 3, "B": 4, "C": 5, "E": 9})
    '3–5, 9'
    """
    found = sorted({numbers[key] for key in keys if key in numbers})
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}–{run[-1]}"
    return ", ".join(str(number) for number in run)


def names_of(analysis: Any) -> dict[str, str]:
    """Return the long names that an analysis's sentences hold, each with a short form.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> names_of(analyse("europe"))
    {}
    """
    summary = analysis.summary
    long = [entry["name"] for entry in summary["coalitions"]]
    long += [system["label"] for entry in summary["coalitions"] for system in entry["systems"]]
    long += analysis.place_rows["place"].tolist()
    if analysis.comparison:
        long += [analysis.comparison.a.name, analysis.comparison.b.name]
    return {name: shortened(name) for name in map(str, long) if len(name) > LONGEST}
