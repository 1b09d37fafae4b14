"""Tables as an Excel workbook: typed cells, notes on every column, where all of it comes from.

Nothing in it is a formula or a link, whatever names hold; same input, same bytes.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rangemap.analysis import Analysis, Scenario
from rangemap.analysis.people import people_of
from rangemap.catalogue import Source, load_catalogue
from rangemap.errors import OutputError
from rangemap.views.columns import DECIMALS, plain_value
from rangemap.views.style import BORDERS_NOTE, CREDITS, caveats, provenance
from rangemap.views.table_schema import Column, Table, sentence, table_of

__all__ = ["MOST_ROWS", "table_xlsx", "tables_xlsx"]

MOST_ROWS: Final = 50_000
"""Of a sheet; a table with more is left out, and the workbook says so."""

_OF_COVERAGE: Final = [
    "place_id", "place", "country", "coalition", "own_side", "band_id", "site", "band_kind",
    "label", "min_km", "max_km", "max_low_km", "max_high_km", "distance_km", "margin_km",
    "in_drawn_band", "verdict", "hangs_on",
]  # fmt: skip
_LONGEST: Final = 32_767  # characters of a cell, a limit of the format
_WIDEST: Final = 44
_ROWS_MEASURED: Final = 500
_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False,
                 "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip


@dataclass(frozen=True)
class _Sheet:
    name: str
    table: Table
    frame: pd.DataFrame


def tables_xlsx(analysis: Analysis) -> bytes:
    """Return all tables of an analysis as one workbook.

    Parameters
    ----------
    analysis : Analysis
        What is told.

    Returns
    -------
    bytes
        An XLSX file with the sheets About, Summary, Places, Countries, People, Bands,
        Coverage, Comparison (if two sides are compared) and Columns. Distances are in km,
        areas in km², whatever the units of other outputs. Coverage leaves out what Bands says
        of each band. A table of more than `MOST_ROWS` rows is left out, and About says so.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> tables_xlsx(analyse("euromissiles-1987"))[:2]
    b'PK'
    """
    countries = analysis.countries
    frames = [
        ("Places", "places", analysis.place_rows),
        ("Countries", "countries", countries),
        ("People", "people", people_of(countries)),
        ("Bands", "bands", pd.DataFrame(analysis.bands.drop(columns="geometry"))),
        ("Coverage", "coverage", analysis.coverage[_OF_COVERAGE]),
    ]
    if analysis.comparison is not None:
        frames.append(("Comparison", "comparison", analysis.comparison.table))
    sheets = [_Sheet(sheet, table_of(name), frame) for sheet, name, frame in frames]
    findings = [str(text) for text in analysis.summary["headline"]]
    return _Book(analysis.scenario, analysis.sources()).written(sheets, findings)


def table_xlsx(name: str, frame: pd.DataFrame, scenario: Scenario) -> bytes:
    """Return one table as a workbook with the sheets About, the table, and Columns.

    Parameters
    ----------
    name : str
        Of the table, as in `rangemap.views.table_schema.TABLES`.
    frame : pandas.DataFrame
        Its rows.
    scenario : Scenario
        What it was made from.

    Raises
    ------
    OutputError
        If the table has more rows than `MOST_ROWS`.
    """
    if len(frame) > MOST_ROWS:
        raise OutputError(
            f"{len(frame):,} rows are too many for a workbook (at most {MOST_ROWS:,}); write .csv"
        )
    table = table_of(name)
    return _Book(scenario, []).written([_Sheet(table.title[:31], table, frame)], [])


class _Book:
    """A workbook in the making."""

    def __init__(self, scenario: Scenario, sources: Sequence[Source]) -> None:
        self._scenario = scenario
        self._sources = sources
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True, **_PLAIN})
        day = load_catalogue().release.date
        made = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
        self._book.set_properties(
            {
                "title": xml_text(scenario.title),
                "subject": xml_text(scenario.subtitle),
                "author": "rangemap",
                "comments": xml_text(f"{provenance(scenario)}. {CREDITS}"),
                "keywords": f"scenario {scenario.hash}",
                "created": made.replace(tzinfo=None),
            }
        )
        self._title = self._format(bold=True, font_size=14)
        self._strong = self._format(bold=True, valign="top")
        self._wrapped = self._format(text_wrap=True, valign="top")
        self._head = self._format(bold=True, text_wrap=True, valign="top", bottom=1,
                                  bg_color="#e8ecf0")  # fmt: skip
        self._formats: dict[str, Format] = {}

    def _format(self, **properties: Any) -> Format:
        return self._book.add_format(properties)

    def written(self, sheets: Sequence[_Sheet], findings: Sequence[str]) -> bytes:
        """Return the whole file."""
        fits = [sheet for sheet in sheets if len(sheet.frame) <= MOST_ROWS]
        self._about(sheets)
        if findings:
            self._lines("Summary", "Findings", [("", text) for text in findings])
        for sheet in fits:
            self._table(sheet)
        self._columns(fits)
        self._book.close()
        return self._stream.getvalue()

    def _about(self, sheets: Iterable[_Sheet]) -> None:
        scenario = self._scenario
        rows = [
            ("Title", scenario.title),
            ("", scenario.subtitle),
            ("Made by", provenance(scenario)),
            ("Scenario", f"{scenario.name}, SHA-256 {scenario.hash}"),
            ("Units", "Distances in km, areas in km², coordinates in degrees (EPSG:4326), shares "
             "as ratios shown in per cent; the sheet Columns tells what each column means."),
        ]  # fmt: skip
        for sheet in sheets:
            n = len(sheet.frame)
            left = "" if n <= MOST_ROWS else "; left out here, for it is too long: see the CSV file"
            rows.append((sheet.name, f"{sheet.table.title}: one row is {sheet.table.row}; "
                         f"{n:,} {'row' if n == 1 else 'rows'}{left}"))  # fmt: skip
        notes = dict.fromkeys([*caveats(scenario), BORDERS_NOTE])
        rows += [("Caveat", text) for text in notes]
        rows += [("Credits", CREDITS)]
        rows += [("Source", f"{one.cite()} {one.url} [{one.key}]") for one in self._sources]
        self._lines("About", "About this workbook", rows)

    def _lines(self, name: str, title: str, rows: Iterable[tuple[str, str]]) -> None:
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 110)
        self._text(sheet, 0, 0, title, self._title)
        for number, (kind, text) in enumerate(((k, t) for k, t in rows if t), start=2):
            self._text(sheet, number, 0, kind, self._strong)
            self._text(sheet, number, 1, text, self._wrapped)
            sheet.set_row(number, _height([(text, 110)]))
        _printed(sheet, landscape=False)

    def _table(self, what: _Sheet) -> None:
        sheet = self._book.add_worksheet(what.name)
        columns = {column.name: column for column in what.table.columns}
        names = [str(name) for name in what.frame.columns]
        for number, name in enumerate(names):
            self._text(sheet, 0, number, name, self._head)
            sheet.write_comment(0, number, xml_text(_note(columns[name])), _COMMENT)
            values = [plain_value(name, value) for value in what.frame[name].tolist()]
            sheet.set_column(number, number, _width(name, values), self._of(columns[name]))
            self._cells(sheet, number, values)
        sheet.freeze_panes(1, 2 if len(names) > 8 else 1)
        sheet.autofilter(0, 0, max(len(what.frame), 1), len(names) - 1)
        sheet.repeat_rows(0)
        _printed(sheet, landscape=True)

    def _cells(self, sheet: Worksheet, column: int, values: Iterable[Any]) -> None:
        for row, value in enumerate(values, start=1):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value)
            else:
                self._text(sheet, row, column, str(value))

    def _text(
        self, sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None
    ) -> None:
        sheet.write_string(row, column, xml_text(text), look)

    def _of(self, column: Column) -> Format:
        code = _number_format(column)
        if code not in self._formats:
            self._formats[code] = self._format(num_format=code, valign="top")
        return self._formats[code]

    def _columns(self, sheets: Iterable[_Sheet]) -> None:
        sheet = self._book.add_worksheet("Columns")
        header = ("sheet", "column", "type", "unit", "values", "meaning")
        widths = (14, 26, 10, 10, 30, 90)
        for number, (name, width) in enumerate(zip(header, widths, strict=True)):
            self._text(sheet, 0, number, name, self._head)
            sheet.set_column(number, number, width)
        rows = [
            (what.name, one.name, one.type, one.unit, ", ".join(one.allowed),
             sentence(one.description))
            for what in sheets
            for one in what.table.columns
            if one.name in what.frame.columns
        ]  # fmt: skip
        for row, texts in enumerate(rows, start=1):
            for number, text in enumerate(texts):
                self._text(sheet, row, number, text, self._wrapped)
            sheet.set_row(row, _height(zip(texts, widths, strict=True)))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
        _printed(sheet, landscape=True)


_COMMENT: Final = {"author": "rangemap", "x_scale": 2.2, "y_scale": 1.4}


def _note(column: Column) -> str:
    unit = f"Unit: {column.unit}. " if column.unit else ""
    return f"{unit}{sentence(column.description)}"


def _number_format(column: Column) -> str:
    """Return how numbers are shown; a cell holds all decimals that other formats have."""
    if column.type == "integer":
        return "#,##0"
    if column.type != "number":
        return "General"
    if column.unit == "ratio":
        return "0.0%" if column.name != "share_error" else "0.00%"
    if column.unit == "degrees":
        return "0.0000"
    return "#,##0" if column.unit in ("km²", "persons") else _kilometres(column.name)


def _kilometres(name: str) -> str:
    return "#,##0.0" if name in DECIMALS else "#,##0.###"


def _width(name: str, values: Sequence[Any]) -> float:
    longest = max((len(_shown(value)) for value in values[:_ROWS_MEASURED]), default=0)
    return min(max(longest, len(name)) + 4.0, _WIDEST)  # the button of the filter needs room


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """Return how high a row must be, in points, for wrapped texts in columns of some widths."""
    return 15.0 * max(math.ceil(1.05 * len(text) / width) or 1 for text, width in texts)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.1f}" if number else str(value)


def _printed(sheet: Worksheet, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")


_FORBIDDEN: Final = re.compile("[^ -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=100_000)
def xml_text(text: str) -> str:
    r"""Return a text that XML 1.0 and a cell can hold: one line without control characters.

    Examples
    --------
    >>> xml_text("a\x0bb\ud800\uffff"), len(xml_text("x" * 40_000))
    ('ab', 32767)
    """
    kept = _FORBIDDEN.sub("", re.sub(r"[\t\r\n]+", " ", str(text)))
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"
