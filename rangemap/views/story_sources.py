"""The sources of a briefing: numbered, and referred to by their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rangemap.analysis import Analysis
from rangemap.catalogue import Source, load_catalogue
from rangemap.views.story_words import reference_marks

__all__ = ["all_sources", "cited", "numbered"]

_CITED: Final = re.compile(r"\[([A-Z0-9][A-Z0-9_]*(?:; [A-Z0-9][A-Z0-9_]*)*)\]")


def all_sources(analysis: Analysis) -> tuple[Source, ...]:
    """Return the sources of sites, ranges and coalitions, and those that the notes cite, by key.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> analysis = analyse("oreshnik")
    >>> len(all_sources(analysis)) > len(analysis.sources())
    True
    """
    known = load_catalogue().sources
    found = {source.key: source for source in analysis.sources()}
    for note in analysis.scenario.notes:
        for match in _CITED.finditer(note):
            found |= {key: known[key] for key in match[1].split("; ") if key in known}
    return tuple(found[key] for key in sorted(found))


def numbered(sources: Sequence[Source]) -> dict[str, int]:
    """Return the number of each source by its key, from 1."""
    return {source.key: number for number, source in enumerate(sources, 1)}


def cited(text: str, numbers: Mapping[str, int]) -> str:
    """Return a text that cites keys with numbers instead.

    Examples
    --------
    >>> cited("Two flights [A_1; B]. Moscow lies within [B; ELSE].", {"A_1": 4, "B": 5})
    'Two flights [4, 5]. Moscow lies within [5, ELSE].'
    >>> cited("[NOT_KNOWN]", {})
    '[NOT_KNOWN]'
    """

    def numbers_of(match: re.Match[str]) -> str:
        keys = match[1].split("; ")
        rest = [key for key in keys if key not in numbers]
        marks = reference_marks(keys, numbers)
        return f"[{', '.join([*([marks] if marks else []), *rest])}]"

    return _CITED.sub(numbers_of, text)
