"""What a pack holds, as a list of steps; a new output is one line of it."""

from __future__ import annotations

from typing import Final

from rangemap.analysis.people import people_of
from rangemap.pack.figures import write_charts, write_maps
from rangemap.pack.job import Job, Step
from rangemap.pack.reading import MANIFEST
from rangemap.pack.record import json_text, manifest
from rangemap.views.markdown import tables_markdown
from rangemap.views.table import to_csv
from rangemap.views.table_schema import tables_metadata
from rangemap.views.workbook import tables_xlsx

__all__ = ["STEPS"]


def _tables(job: Job) -> None:
    analysis = job.analysis
    job.write(
        "places.csv", to_csv(analysis.place_rows), "tables", "Places by zone",
        "One row for each place and coalition: zone, nearest site, verdict of the systems' ranges.",
    )  # fmt: skip
    job.write(
        "coverage.csv", to_csv(analysis.coverage), "tables", "Every place and band",
        "One row for each place and band: geodesic distance, margin and verdict.",
    )  # fmt: skip
    if analysis.comparison:
        job.write(
            "comparison.csv", to_csv(analysis.comparison.table), "tables", "Both sides compared",
            "One row for each place: which side reaches it, nearest site and distance.",
        )  # fmt: skip
    else:
        job.leave_out("comparison.csv", "the scenario compares no two sides")
    countries = analysis.countries
    job.write(
        "countries.csv", to_csv(countries), "tables", "Countries",
        "One row for each country, coalition and kind of band: share of its area covered, "
        "population of its listed cities in range.",
    )  # fmt: skip
    job.write(
        "people.csv", to_csv(people_of(countries)), "tables", "People",
        "One row for each coalition and kind of band: countries, area and population of listed "
        "cities in range.",
    )  # fmt: skip
    names = [name for name in job.outputs if name.endswith(".csv")]
    job.write(
        "tables-metadata.json", json_text(tables_metadata(analysis, names)), "tables",
        "What the columns mean",
        "CSV on the Web metadata: type, unit and description of every column, and provenance.",
    )  # fmt: skip
    job.write(
        "tables.xlsx", tables_xlsx(analysis), "tables", "All tables, Excel workbook",
        "Typed cells with notes on every column, and where all of it comes from.",
    )  # fmt: skip
    job.write(
        "tables.md", tables_markdown(analysis, job.options.units), "tables", "Tables to paste",
        "The tables for readers as Markdown.",
    )  # fmt: skip
    job.write(
        "summary.json", json_text(analysis.summary), "tables", "Summary for programs",
        "Findings in words, counts, lists of places, populations and areas.",
    )  # fmt: skip


_GIS: Final = {
    "bands.geojson": (
        "Bands, GeoJSON",
        "Every range band as a polygon in EPSG:4326 with its columns, sources and caveats.",
    ),
    "rangemap.gpkg": (
        "GeoPackage with styles",
        "Bands, footprints, overlap, sites and places as layers; QGIS picks up their styles.",
    ),
    "bands.kmz": ("For Google Earth, KMZ", "Styled folders of bands, footprints, sites, places."),
    "bands.parquet": ("Bands, GeoParquet", "Every range band with its columns, version 1.1."),
}


def _gis(job: Job) -> None:
    from rangemap.views.gis import write_gis

    for name, (title, description) in _GIS.items():
        job.wrote(write_gis(job.analysis, job.folder / name), "gis", title, description)


def _slides(job: Job) -> None:
    from rangemap.views.deck import deck_pptx

    job.write(
        "deck.pptx", deck_pptx(job.analysis, units=job.options.units), "slides",
        "Slides, PowerPoint",
        "Real text, tables and charts with speaker notes: findings, map, tables, method, sources.",
    )  # fmt: skip


def _report(job: Job) -> None:
    from rangemap.views.report import report_pdf

    job.write(
        "report.pdf", report_pdf(job.analysis, units=job.options.units), "slides", "Report, PDF",
        "The same as a document: A4, tagged, with all sources.",
    )  # fmt: skip


def _comparison(job: Job) -> None:
    if job.analysis.comparison is None:
        for name in ("comparison.html", "comparison.json"):
            job.leave_out(name, "the scenario compares no two sides")
        return
    from rangemap.views.comparison_files import comparison_outputs

    page = "comparison.html"
    made = comparison_outputs(job.analysis.comparison, units=job.options.units, page=page)
    job.write(
        page, made[page], "slides", "Both sides compared, on one page",
        "Findings, pictures, capitals, countries, continents, areas, distances, sources.",
    )  # fmt: skip
    job.write(
        "comparison.json", made["comparison.json"], "tables", "Comparison for programs",
        "All that the page shows, as JSON.",
    )  # fmt: skip


def _map(job: Job) -> None:
    from rangemap.views.webmap import explore

    page = explore(job.analysis).to_html()
    job.write(
        "map.html", page.encode("utf-8", "replace"), "map", "Interactive map",
        "One page that works offline: switches, search, years, what-if ranges, sources.",
    )  # fmt: skip


def _index(job: Job) -> None:
    from rangemap.pack.gallery import pack_page

    job.write(
        "index.html", pack_page(job), "provenance", "This pack on one page",
        "Findings, thumbnails and links to all files of this folder.",
    )  # fmt: skip


def _manifest(job: Job) -> None:
    job.write(
        MANIFEST, json_text(manifest(job)), "provenance", "Manifest",
        "What made the files, from which data and sources, their hashes, and what was left out.",
    )  # fmt: skip


STEPS: Final = (
    Step("tables", _tables, "data"),
    Step("GIS files", _gis, "data"),
    Step("map.html", _map, "data"),
    Step("maps", write_maps, "maps"),
    Step("charts", write_charts, "charts"),
    Step("comparison", _comparison, "slides"),
    Step("deck.pptx", _slides, "slides"),
    Step("report.pdf", _report, "slides"),
    Step("index.html", _index, "end"),  # links all that is before it
    Step(MANIFEST, _manifest, "end"),  # has the hash of all that is before it
)
"""In this order, those of one share after one another."""
