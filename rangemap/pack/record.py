"""The manifest: what made the files of a pack, from what, and a hash of each."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any, Final

from rangemap._version import __version__
from rangemap.catalogue import load_catalogue
from rangemap.pack.inputs import (
    data_files,
    overlay_record,
    own_files,
    scenario_record,
    sha256_of,
)
from rangemap.pack.job import Job
from rangemap.pack.reading import MANIFEST
from rangemap.views.style import CREDITS, caveats, provenance

__all__ = ["FORMAT", "MEDIA_TYPES", "json_text", "manifest", "seal_of"]

FORMAT: Final = 2
"""Of the manifest; the packs of version 0.1 had none."""

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".kmz": "application/vnd.google-earth.kmz",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".qml": "application/xml",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def manifest(job: Job) -> dict[str, Any]:
    """Return the manifest of all files that a job has written so far.

    Nothing in it depends on the clock, the machine or the versions of libraries: what
    decides the result is the version of rangemap, the data and the scenario.

    Parameters
    ----------
    job : Job
        With its files in their folder.

    Returns
    -------
    dict
        As ``data/schema/manifest.schema.json`` describes it.
    """
    scenario, release = job.analysis.scenario, load_catalogue().release
    content = {
        "format": FORMAT,
        "made_by": "rangemap",
        "version": __version__,
        "provenance": provenance(scenario),
        "units": job.options.units,
        "scenario": scenario_record(job.analysis),
        "headline": list(job.analysis.summary["headline"]),
        "data": {
            "date": release.date.isoformat(),
            "catalogue": release.catalogue,
            "boundaries": release.boundaries,
            "capitals": release.capitals,
            "country_population": release.country_population,
            "overlay": overlay_record(),
            "files": data_files(job.analysis),
        },
        "own_files": own_files(job.analysis),
        "credits": CREDITS,
        "caveats": caveats(scenario),
        "sources": [
            {
                "key": source.key,
                "title": source.title,
                "publisher": source.publisher,
                "date": source.date,
                "url": source.url,
                "evidence": source.evidence.value,
                "verified": source.evidence.verified,
            }
            for source in job.analysis.sources()
        ],
        "pictures": job.pictures,
        "left_out": job.left_out,
        "files": {
            name: {
                "sha256": sha256_of(path),
                "bytes": path.stat().st_size,
                "media_type": MEDIA_TYPES.get(
                    PurePosixPath(name).suffix, "application/octet-stream"
                ),
                "part": output.part,
                "title": output.title,
                "description": output.description,
            }
            for name, path, output in job.files()
            if name != MANIFEST
        },
    }
    return content | {"seal": seal_of(content)}


def seal_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its seal, however its text is laid out.

    It shows a slip of an editor. It proves nothing against somebody who makes a new one.

    Examples
    --------
    >>> seal_of({"a": 1, "seal": "x"}) == seal_of({"a": 1})
    True
    """
    kept = {key: value for key, value in content.items() if key != "seal"}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def json_text(content: dict[str, Any]) -> str:
    """Return a table of an output as JSON text."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
