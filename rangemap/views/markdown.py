"""Tables as Markdown (GitHub's tables), safe whatever their names hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from rangemap.analysis import Analysis, Scenario
from rangemap.analysis.people import people_of
from rangemap.views.reader_tables import (
    ReaderTable,
    comparison_table,
    country_tables,
    notes_once,
    people_tables,
    place_table_of,
)
from rangemap.views.style import BORDERS_NOTE, CREDITS, caveats, provenance
from rangemap.views.table import plain
from rangemap.views.units import Units, units_of

__all__ = ["document", "escaped", "rendered", "tables_markdown", "to_markdown"]

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]#|~!$])")


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is: no markup, no HTML, no link, no new line.

    Examples
    --------
    >>> print(escaped("a|b *c* <script>"))
    a\|b \*c\* &lt;script&gt;
    >>> print(escaped("https://example.org www.example.org"))
    https:&#8203;//example.org www.&#8203;example.org
    """
    flat = " ".join(plain(text).split())
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _SPECIAL.sub(r"\\\1", safe)
    # GitHub makes links of bare addresses; a space without width keeps them text.
    return re.sub(r"(?i)(https?:|ftp:|www\.|@)", r"\1&#8203;", safe)


def to_markdown(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Collection[str] = ()
) -> str:
    r"""Return a Markdown table; numbers to the right.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : iterable of sequences
        Texts, numbers, booleans or None, as many as the header has.
    right : collection of str
        Columns of texts that are set to the right like numbers.

    Examples
    --------
    >>> print(to_markdown(["place", "km"], [["Oslo", 12], ["a|b", 1234]]), end="")
    | place | km |
    | --- | ---: |
    | Oslo | 12 |
    | a\|b | 1,234 |
    """
    table = [list(row) for row in rows]
    numbers = [all(_is_number(cell) for cell in column) for column in zip(*table, strict=True)]
    marks = [
        "---:" if number or name in right else "---"
        for number, name in zip(numbers or [False] * len(header), header, strict=True)
    ]
    lines = [[escaped(name) for name in header], marks]
    lines += [[_cell(value) for value in row] for row in table]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def rendered(tables: Iterable[ReaderTable], level: int = 2) -> str:
    """Return tables for readers with their titles and notes."""
    parts = []
    for one in notes_once(tables):
        title = f"{'#' * level} {escaped(one.title)}\n\n" if one.title else ""
        below = f"\n{escaped(one.note)}\n" if one.note else ""
        parts.append(title + to_markdown(one.header, one.rows, right=one.right) + below)
    return "\n".join(parts)


def document(scenario: Scenario, tables: Iterable[ReaderTable]) -> str:
    """Return tables of a scenario with its title, provenance and caveats."""
    return "\n".join([_head(scenario), rendered(tables), _caveats(scenario)])


def _head(scenario: Scenario) -> str:
    made = f"{escaped(provenance(scenario))}; SHA-256 of the scenario {scenario.hash}"
    return f"# {escaped(scenario.title)}\n\n{made}\n"


def _caveats(scenario: Scenario) -> str:
    notes = dict.fromkeys([*caveats(scenario), BORDERS_NOTE, CREDITS])
    return "## Caveats\n\n" + "".join(f"- {escaped(text)}\n" for text in notes)


def tables_markdown(analysis: Analysis, units: str | Units = "km") -> str:
    """Return all tables of an analysis for readers, with provenance, caveats and sources.

    Parameters
    ----------
    analysis : Analysis
        What is told.
    units : {"km", "mi", "nmi"}, default "km"
        Of distances and areas.

    Raises
    ------
    ArgumentError
        If there is no such unit.
    """
    unit, scenario = units_of(units), analysis.scenario
    names = {coalition.id: coalition.name for coalition in scenario.coalitions}
    countries = analysis.countries
    tables = people_tables(people_of(countries), names, unit)
    if analysis.comparison is not None:
        both = analysis.comparison
        tables.append(comparison_table(both.table, both.a.name, both.b.name, unit))
    tables += country_tables(countries, names, unit)
    places = place_table_of(analysis.place_rows, unit)
    findings = "".join(f"- {escaped(text)}\n" for text in analysis.summary["headline"])
    sources = "".join(
        f"- {escaped(one.cite())}{f': <{_address(one.url)}>' if one.url else ''}\n"
        for one in analysis.sources()
    )
    about = [
        _head(scenario),
        f"## Findings\n\n{findings}",
        rendered(tables),
        f"## {escaped(scenario.noun.capitalize())} by zone and nearest site\n\n"
        + to_markdown(places.header, places.rows, right=places.right),
        _caveats(scenario),
        f"## Sources\n\n{sources}",
    ]
    return "\n".join(about)


def _address(url: str) -> str:
    return re.sub(r"[\s<>]", "", url)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:,.0f}" if isinstance(value, int | float) else escaped(str(value))
