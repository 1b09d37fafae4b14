"""What a pack holds, as a list of steps; a new output is one line of it."""

from __future__ import annotations

from typing import Final

from rangemap.pack.figures import write_pictures
from rangemap.pack.job import Job, Step
from rangemap.pack.reading import MANIFEST
from rangemap.pack.record import json_text, manifest
from rangemap.views.export import bands_geojson
from rangemap.views.table import to_csv

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
            "One row for each place: which side has it in the banned band.",
        )  # fmt: skip
    else:
        job.leave_out("comparison.csv", "the scenario compares no two sides")
    job.write(
        "summary.json", json_text(analysis.summary), "tables", "Summary for programs",
        "Findings in words, counts, lists of places, populations and areas.",
    )  # fmt: skip


def _bands(job: Job) -> None:
    job.write(
        "bands.geojson", bands_geojson(job.analysis.bands), "gis", "Bands, GeoJSON",
        "Every range band as a polygon in EPSG:4326 with its columns, sources and caveats.",
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
    Step("tables", _tables),
    Step("bands.geojson", _bands),
    Step("map.html", _map),
    Step("pictures", write_pictures),
    Step("index.html", _index),  # after all that it links
    Step(MANIFEST, _manifest),  # after all that it has the hash of
)
"""In this order."""
