"""The bands of a scenario in every year, for a view in which a reader moves through time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rangemap.analysis.bands import Band, band_rows
from rangemap.analysis.launches import Launch
from rangemap.analysis.scenario import FIRST_YEAR, Scenario
from rangemap.catalogue import Coalition, load_catalogue

Span = tuple[int, int]
"""First and last year, both within."""

_BEFORE_ALL: Final = FIRST_YEAR


@dataclass(frozen=True)
class YearlyBands:
    """What launches in which years.

    Attributes
    ----------
    first, last : int
        The years that can be told apart: before the first nothing more is known to begin.
    bands : dict of str to Band
        By ``band_id``, in the order of the years.
    spans : dict of str to list of (int, int)
        The years in which a band is drawn with ``as_of``, by ``band_id``.
    launches : dict of str to Launch
        By site and coalition, ``"site_id:coalition"``.
    coalitions : dict of str to Coalition
        By id, also those of other years than the scenario's own.
    members : dict of str to list of ((int, int), frozenset of str)
        Who belonged to a coalition in which years, as ISO alpha-3 codes.
    """

    first: int
    last: int
    bands: dict[str, Band]
    spans: dict[str, list[Span]]
    launches: dict[str, Launch]
    coalitions: dict[str, Coalition]
    members: dict[str, list[tuple[Span, frozenset[str]]]]


def yearly_bands(scenario: Scenario) -> YearlyBands | None:
    """Return the bands of a scenario in every year.

    Parameters
    ----------
    scenario : Scenario
        As `read_scenario` returns it.

    Returns
    -------
    YearlyBands or None
        None if no file describes the scenario, or nothing in it changes with the years.

    Examples
    --------
    >>> from rangemap.analysis import read_scenario
    >>> years = yearly_bands(read_scenario("europe"))
    >>> years.spans["russia-belarus:shuya:treaty"][-1]
    (2018, 2026)
    >>> "ussr" in years.coalitions
    True
    """
    if not scenario.has_years:
        return None
    last = load_catalogue().release.date.year
    bands: dict[str, Band] = {}
    launches: dict[str, Launch] = {}
    coalitions: dict[str, Coalition] = {}
    present: dict[str, list[int]] = {}
    members: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for year in range(_BEFORE_ALL, last + 1):
        dated = scenario.in_year(year)
        if dated is None:
            continue
        for band in band_rows(dated):
            bands.setdefault(band.band_id, band)
            present.setdefault(band.band_id, [])
            if present[band.band_id][-1:] != [year]:
                present[band.band_id].append(year)
        for launch in dated.launches:
            launches.setdefault(f"{launch.site.id}:{launch.coalition}", launch)
        for coalition in dated.coalitions:
            coalitions.setdefault(coalition.id, coalition)
            members.setdefault(coalition.id, []).append((year, coalition.members))
    spans = {key: _spans(years) for key, years in present.items()}
    begins = [s[0] for many in spans.values() for s in many if s[0] > _BEFORE_ALL]
    ends = [s[1] + 1 for many in spans.values() for s in many if s[1] < last]
    if not (begins or ends):
        return None
    belonged = {
        key: [
            ((years[0][0], years[-1][0]), who)
            for who, group in groupby(rows, key=lambda row: row[1])
            for years in [list(group)]
        ]
        for key, rows in members.items()
    }
    return YearlyBands(min(begins + ends), last, bands, spans, launches, coalitions, belonged)


def _spans(years: list[int]) -> list[Span]:
    """Return runs of years that follow each other.

    Examples
    --------
    >>> _spans([1984, 1985, 1988])
    [(1984, 1985), (1988, 1988)]
    """
    runs: list[Span] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs
