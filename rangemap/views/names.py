"""Short names that stay apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rangemap.views.labels import ELLIPSIS, clean_text

__all__ = ["listed", "told_apart", "with_value"]


def told_apart(names: Sequence[str], limit: int) -> list[str]:
    """Return names of at most so many characters; those that would be equal lose their middle.

    Names that are equal even then, or were from the start, get a number.

    Examples
    --------
    >>> told_apart(["Friends of the river A", "Friends of the river B", "Others"], 16)
    ['Friends of…ver A', 'Friends of…ver B', 'Others']
    >>> told_apart(["North", "North"], 16)
    ['North', 'North (2)']
    """
    short = [clean_text(name, limit) for name in names]
    twice = Counter(short)
    whole = [clean_text(name, 4000) for name in names]
    short = [
        _without_middle(full, limit) if twice[one] > 1 and len(full) > limit else one
        for one, full in zip(short, whole, strict=True)
    ]
    seen: Counter[str] = Counter()
    found = []
    for one in short:
        seen[one] += 1
        number = f" ({seen[one]})" if seen[one] > 1 else ""
        room = limit - len(number)
        found.append((one if len(one) <= room else _without_middle(one, room)) + number)
    return found


def _without_middle(text: str, limit: int) -> str:
    end = limit // 3
    return f"{text[: limit - end - 1].rstrip()}{ELLIPSIS}{text[-end:].lstrip()}"


def with_value(name: str, value: str) -> str:
    """Return a name and a number of its own, which no digit of the name may run into.

    Examples
    --------
    >>> with_value("NATO/US", "24 of 165"), with_value("Coalition 24", "25")
    ('NATO/US 24 of 165', 'Coalition 24: 25')
    """
    return f"{name}{':' if name[-1:].isalnum() and not name[-1:].isalpha() else ''} {value}"


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["Rome"]), listed(["Rome", "Oslo", "Bern"])
    ('Rome', 'Rome, Oslo and Bern')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
