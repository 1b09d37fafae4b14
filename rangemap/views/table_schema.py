"""What every column of every table means: type, unit, values, description; read by all views.

From `data/schema/columns.csv` come the documentation, the notes in workbooks, JSON Schemas and
CSV on the Web metadata, so that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.analysis.change_places import CHANGE_COLUMNS
from rangemap.analysis.comparison_countries import COUNTRY_COLUMNS
from rangemap.analysis.countries import COUNTRY_TABLE_COLUMNS
from rangemap.analysis.coverage import COVERAGE_COLUMNS, PLACE_COLUMNS
from rangemap.analysis.overlap import COUNTRY_SHARE_COLUMNS, OVERLAP_COLUMNS
from rangemap.analysis.people import PEOPLE_COLUMNS
from rangemap.analysis.raster import RASTER_COLUMNS, RASTER_COUNTRY_COLUMNS
from rangemap.catalogue.files import data_path
from rangemap.catalogue.rows import read_rows
from rangemap.errors import CatalogueError, UnknownNameError
from rangemap.views.style import BORDERS_NOTE, CREDITS, caveats, provenance

__all__ = ["TABLES", "Column", "Table", "json_schema", "table_of", "tables_metadata"]

_TYPES: Final = ("text", "list", "integer", "number", "boolean")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        As in the header.
    type : {"text", "list", "integer", "number", "boolean"}
        A list is a text of parts separated by semicolons.
    unit : str
        Such as "km", "km²", "degrees", "persons", "count", "ratio"; empty if there is none.
    may_be_empty : bool
        Whether a cell may be unknown or not applicable.
    allowed : tuple of str
        All values that a text may have; empty if any.
    description : str
        What it says, for readers.
    """

    name: str
    type: str
    unit: str
    may_be_empty: bool
    allowed: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class Table:
    """A table that some command or function makes.

    Attributes
    ----------
    name : str
        Also of its file: ``places`` stands in ``places.csv``.
    title, row, made_by : str
        For readers: what it is, what one row is, where it comes from.
    key : tuple of str
        Columns that together tell rows apart; none for faces, of which several may be alike.
    columns : tuple of Column
    """

    name: str
    title: str
    row: str
    made_by: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


_COMPARED: Final = (
    "place_id", "place", "country", "iso_a3", "lon", "lat", "population", "country_population",
    "a_reaches", "a_own", "a_nearest_site_id", "a_nearest_site", "a_nearest_km", "b_reaches",
    "b_own", "b_nearest_site_id", "b_nearest_site", "b_nearest_km", "category", "marginal",
    "continent", "a_verdict", "b_verdict",
)  # fmt: skip
_COMPARED_CITIES: Final = (
    "place_id", "place", "country", "iso_a3", "lon", "lat", "population", "continent",
    "a_verdict", "b_verdict", "category", "marginal",
)  # fmt: skip
_BANDS: Final = (
    "band_id", "band_kind", "site_id", "site", "coalition", "system_id", "system", "label",
    "said_by", "min_km", "max_km", "max_low_km", "max_high_km", "disputed", "alleged", "assumed",
    "site_lon", "site_lat", "site_precision_km", "site_kind", "site_note", "range_note", "years",
    "confidence", "evidence", "site_evidence", "range_evidence", "source_keys",
    "range_source_keys",
)  # fmt: skip
_CHANGED_COUNTRIES: Final = (
    "iso_a3", "country", "continent", "own_side", "area_km2", "shorter_km2", "longer_km2",
    "gained_km2", "gained_share", "share_error", "cities_gained", "city_population_gained",
    "cities_marginal", "city_population_marginal",
)  # fmt: skip
_BY_KIND: Final = ("coalition", "band_kind")

_TABLES: Final[tuple[tuple[str, str, str, str, tuple[str, ...], Iterable[str]], ...]] = (
    ("places", "Places by zone", "a place and a coalition", "`rangemap table`",
     ("place_id", "coalition"), PLACE_COLUMNS),
    ("coverage", "Every place and band", "a place and a band", "`rangemap coverage`",
     ("place_id", "band_id"), COVERAGE_COLUMNS),
    ("countries", "Countries in range", "a country, a coalition and a kind of band",
     "`rangemap coverage --by country`", ("iso_a3", *_BY_KIND), COUNTRY_TABLE_COLUMNS),
    ("people", "Listed cities in range, in sums", "a coalition and a kind of band",
     "`rangemap coverage --by coalition`", _BY_KIND, PEOPLE_COLUMNS),
    ("population", "People of a raster of one's own, in sums", "a coalition and a kind of band",
     "`rangemap coverage --population FILE`", _BY_KIND, RASTER_COLUMNS),
    ("population-by-country", "People of a raster of one's own, by country",
     "a country, a coalition and a kind of band",
     "`rangemap coverage --population FILE --by country`", ("iso_a3", *_BY_KIND),
     RASTER_COUNTRY_COLUMNS),
    ("bands", "The bands", "a band: one range round one site for one coalition",
     "`range_bands`, `bands.geojson`", ("band_id",), _BANDS),
    ("overlap", "Overlaps of bands", "a face: an area that the same bands cover",
     "`rangemap overlap`", (), [n for n in OVERLAP_COLUMNS if n != "geometry"]),
    ("country-shares", "Shares of countries", "a country, a coalition and a kind of band",
     "`country_share_table`", (*_BY_KIND, "iso_a3"), COUNTRY_SHARE_COLUMNS),
    ("comparison", "Two sides compared, by place", "a place", "`rangemap compare`",
     ("place_id",), _COMPARED),
    ("comparison-countries", "Two sides compared, by country", "a country",
     "`Comparison.countries`", ("iso_a3",), COUNTRY_COLUMNS),
    ("comparison-cities", "Two sides compared, by listed city", "a listed city",
     "`Comparison.cities`", ("place_id",), _COMPARED_CITIES),
    ("change", "What a longer range adds, by place", "a place", "`rangemap change`",
     ("place_id",), CHANGE_COLUMNS),
    ("change-countries", "What a longer range adds, by country", "a country that it touches",
     "`RangeChange.countries`", ("iso_a3",), _CHANGED_COUNTRIES),
)  # fmt: skip


@cache
def _described() -> dict[tuple[str, str], Column]:
    """Return all columns by table and name; the table is empty where it holds of all."""
    path = data_path("schema", "columns.csv")
    needed = ("table", "column", "type", "unit", "empty", "allowed", "description")
    found = {}
    for row in read_rows(path, needed, error=CatalogueError):
        column = Column(
            name=row.text("column", required=True),
            type=row.one_of("type", _TYPES),
            unit=row.text("unit"),
            may_be_empty=row.text("empty") == "yes",
            allowed=row.keys_of("allowed"),
            description=row.text("description", required=True),
        )
        key = (row.text("table"), column.name)
        if key in found:
            raise row.fail("column", "is there twice")
        found[key] = column
    return found


def _column(table: str, name: str) -> Column:
    described = _described()
    column = described.get((table, name)) or described.get(("", name))
    if column is None:
        raise CatalogueError(f"columns.csv: the column {name!r} of {table!r} is not described")
    return column


def _tables() -> dict[str, Table]:
    return {
        name: Table(name, title, row, made_by, key, tuple(_column(name, one) for one in columns))
        for name, title, row, made_by, key, columns in _TABLES
    }


TABLES: Final = MappingProxyType(_tables())
"""All tables by name."""


def table_of(name: str) -> Table:
    """Return a table by its name or by that of its file.

    Raises
    ------
    UnknownNameError
        If there is no such table; suggests a near name.

    Examples
    --------
    >>> table_of("places.csv").key
    ('place_id', 'coalition')
    """
    stem = PurePosixPath(name).stem
    if stem not in TABLES:
        raise UnknownNameError("table", stem, TABLES)
    return TABLES[stem]


def json_schema(table: Table) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a table as `rangemap.views.table.to_json` has it.

    Examples
    --------
    >>> json_schema(table_of("places"))["items"]["properties"]["nearest_km"]["type"]
    'number'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:rangemap:table:{table.name}",
        "title": table.title,
        "description": f"A list of objects, each {table.row}.",
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [column.name for column in table.columns],
            "properties": {column.name: _property(column) for column in table.columns},
        },
    }


def _property(column: Column) -> dict[str, Any]:
    unit = f" Unit: {column.unit}." if column.unit else ""
    found: dict[str, Any] = {"description": f"{sentence(column.description)}{unit}"}
    text = column.type in ("text", "list")
    name = "string" if text else column.type
    found["type"] = [name, "null"] if column.may_be_empty and not text else name
    if column.allowed:
        found["enum"] = [*column.allowed, *([""] if column.may_be_empty else [])]
    elif text and not column.may_be_empty:
        found["minLength"] = 1
    if column.unit == "ratio":
        found |= {"minimum": 0, "maximum": 1}
    elif column.unit in ("count", "persons", "km²"):
        found["minimum"] = 0
    elif column.unit == "degrees":
        most = 90 if column.name.endswith("lat") else 180
        found |= {"minimum": -most, "maximum": most}
    return found


def sentence(description: str) -> str:
    """Return a description as a sentence.

    Examples
    --------
    >>> sentence("name of the place")
    'Name of the place.'
    """
    first = description.split(maxsplit=1)[0]
    fixed = "_" in first or first.endswith(":")  # a column or a value, such as within-500
    return f"{description if fixed else description[:1].upper() + description[1:]}."


def tables_metadata(analysis: Analysis, names: Iterable[str]) -> dict[str, Any]:
    """Return CSV on the Web metadata of CSV files of an analysis.

    Parameters
    ----------
    analysis : Analysis
        What the tables come from.
    names : iterable of str
        Names of tables or of their files, such as "places.csv"; a file in a folder keeps
        its path.

    Returns
    -------
    dict
        To be written as ``tables-metadata.json`` beside the files; provenance, caveats and
        sources as Dublin Core terms.

    Raises
    ------
    UnknownNameError
        If a name is that of no table.

    References
    ----------
    W3C, Metadata Vocabulary for Tabular Data, Recommendation of 17 December 2015.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> found = tables_metadata(analyse("europe"), ["places.csv"])
    >>> found["tables"][0]["tableSchema"]["primaryKey"]
    ['place_id', 'coalition']
    """
    scenario = analysis.scenario
    sources = [
        {"dc:identifier": one.key, "dc:title": one.title, "dc:publisher": one.publisher,
         "dc:date": one.date, "schema:url": one.url}
        for one in analysis.sources()
    ]  # fmt: skip
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": scenario.title,
        "dc:description": list(dict.fromkeys([*caveats(scenario), BORDERS_NOTE])),
        "dc:provenance": provenance(scenario),
        "dc:identifier": scenario.hash,
        "dc:rights": CREDITS,
        "dc:source": sources,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tables": [_table_metadata(table_of(name), name) for name in names],
    }


def _table_metadata(table: Table, name: str) -> dict[str, Any]:
    key = {"primaryKey": list(table.key)} if table.key else {}
    return {
        "url": name if name.endswith(".csv") else f"{name}.csv",
        "dc:title": table.title,
        "dc:description": f"One row is {table.row}.",
        "tableSchema": {"columns": [_column_metadata(one) for one in table.columns]} | key,
    }


_BASES: Final = {"text": "string", "list": "string", "integer": "integer", "number": "number",
                 "boolean": "boolean"}  # fmt: skip
_UNIT_CODES: Final = {"km": "KMT", "km²": "KMK", "degrees": "DD"}  # UN/CEFACT Rec. 20


def _column_metadata(column: Column) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": _BASES[column.type]}
    if column.allowed:
        datatype["format"] = "|".join(one.replace("+", r"\+") for one in column.allowed)
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": sentence(column.description),
        "datatype": datatype,
        "required": not column.may_be_empty,
    }
    if column.type == "list":
        found["separator"] = ";"
    if column.unit:
        found["schema:unitText"] = column.unit
    if column.unit in _UNIT_CODES:
        found["schema:unitCode"] = _UNIT_CODES[column.unit]
    return found
