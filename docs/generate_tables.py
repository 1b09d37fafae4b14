"""Write docs/tables.md and the JSON Schemas of data/schema/tables/ from the schema of tables."""

import json
from pathlib import Path

from rangemap.views.table_schema import TABLES, Column, Table, json_schema, sentence

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tables.md"
SCHEMAS = ROOT / "data" / "schema" / "tables"

_FORMATS = (
    (
        "table",
        "`rangemap coverage europe --by country`",
        "aligned text for a terminal, in `--units` of your choice",
    ),
    (
        "CSV",
        "`-o FILE.csv`",
        "UTF-8, commas, `true` and `false`, empty for unknown; every row and column",
    ),
    (
        "JSON",
        "`-o FILE.json`",
        "a list of objects, numbers as numbers, `null` for unknown; valid by its JSON Schema",
    ),
    ("Markdown", "`-o FILE.md`", "tables for readers, with title, provenance and caveats"),
    (
        "XLSX",
        "`-o FILE.xlsx`",
        "a workbook with typed cells, a note on every column, sources and caveats",
    ),
    ("GeoJSON", "`-o FILE.geojson`", "points or faces (`coverage`, `overlap`)"),
)

_HEAD = """\
# The tables

<!-- Made by docs/generate_tables.py from data/schema/columns.csv: change that, then run it. -->

The same descriptions stand in the notes of a workbook, in the JSON Schemas of
`data/schema/tables/` and in `tables-metadata.json`.

## Formats

"""

_MORE = """

- `rangemap table europe -o europe.xlsx` writes all tables of a scenario as one workbook, `-o
  europe.md` all tables for readers.
- Machine formats stay in km, km² and degrees (EPSG:4326), whatever `--units` says: the names of
  columns say so.
- A text that a spreadsheet would take for a formula is preceded by an apostrophe in CSV; in a
  workbook it is a text, and nothing in it is a formula or a link.
- Same input, same bytes, also of a workbook.

## Places of your own

`rangemap coverage europe --places FILE` takes CSV, GeoJSON or GeoPackage, as `targets.places` of
a scenario file does. Which column is what is guessed, and told on standard error:

```text
places.csv: name from 'Ville', longitude from 'x', latitude from 'y'; decimal commas; 12 rows
```

With `--by country` or `--by coalition` your places stand for the listed cities: they are joined
to countries by `iso_a3`, never by where they lie. Points of another coordinate system are
transformed to EPSG:4326. Of a file with several layers the first layer of points is taken, or
`--layer NAME`.

## A population raster of your own

`rangemap coverage europe --population FILE.tif` needs `pip install 'rangemap[raster]'`. The
raster has one band with the number of people in each cell: **counts, not a density**. A file does
not say which it holds, so the sum of all cells is told: if it is not the population that you
expect, the cells are no counts. A cell that the boundary of a footprint crosses counts by the
share of its area, in the raster's own grid. Footprints are those of the bands as drawn, at the
plotted range: there is no marginal here, and no verdict. People in cells outside every country as
drawn (1:50 million), such as on a coast, stand apart. Each row names the file and its SHA-256.

## Listed cities

The 34,006 cities and towns of GeoNames' list of 15,000 inhabitants and more. A verdict on a city
is exact, from geodesics, as that on a capital: *inside* under every range estimate, from anywhere
within the precision of a site, and by every side of a dispute; *outside* under none; else
*marginal*. The population of listed cities is not that of an area: it leaves out the countryside
and small towns. A city belongs to the country of its ISO code; ten codes have no shape of their
own at 1:50 million (such as French Guiana, drawn as a part of France), so their rows have cities
and no area.

"""


def render() -> str:
    """Return the page."""
    rows = "".join(f"| {' | '.join(row)} |\n" for row in _FORMATS)
    formats = f"| format | command | what it is |\n| --- | --- | --- |\n{rows}"
    return _HEAD + formats + _MORE + "\n".join(_section(table) for table in TABLES.values())


def _section(table: Table) -> str:
    key = f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    rows = "".join(_row(column) for column in table.columns)
    return (
        f"## {table.name}\n\n{table.title}. One row is {table.row}. From {table.made_by}.{key}\n\n"
        f"| column | type | unit | empty | meaning |\n| --- | --- | --- | --- | --- |\n{rows}"
    )


def _row(column: Column) -> str:
    values = (
        f" Values: {', '.join(f'`{one}`' for one in column.allowed)}." if column.allowed else ""
    )
    meaning = sentence(column.description).replace("|", r"\|").replace("<", "&lt;") + values
    empty = "may be" if column.may_be_empty else ""
    return f"| `{column.name}` | {column.type} | {column.unit} | {empty} | {meaning} |\n"


def schemas() -> dict[Path, str]:
    """Return the JSON Schemas by the paths of their files."""
    return {
        SCHEMAS / f"{name}.schema.json": json.dumps(
            json_schema(table), ensure_ascii=False, indent=1
        )
        + "\n"
        for name, table in TABLES.items()
    }


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    SCHEMAS.mkdir(exist_ok=True)
    for path, text in schemas().items():
        path.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE} and {len(schemas())} schemas")
