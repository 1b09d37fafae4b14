"""The files of a comparison: its page with pictures, its tables, its record for programs."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Final

from rangemap.analysis import as_analysis
from rangemap.analysis.comparison import Comparison
from rangemap.catalogue import load_catalogue
from rangemap.views import style
from rangemap.views.comparison_page import comparison_html, disputed_changes
from rangemap.views.picture import draw_picture, picture_bytes
from rangemap.views.table import to_csv, to_json
from rangemap.views.units import Units, units_of
from rangemap.writing import write_whole

__all__ = ["comparison_files", "comparison_json", "comparison_outputs", "page_pictures"]

_SIZE: Final = (1000.0, 470.0)  # points, of a picture on the page
_DPI: Final = 110


def comparison_outputs(
    comparison: Comparison, *, units: str | Units = "km", page: str = "index.html"
) -> dict[str, str]:
    """Return the files of a comparison by name.

    Parameters
    ----------
    comparison : Comparison
        As `compare` makes it, or of an analysis.
    units : {"km", "mi", "nmi"} or Units
        Of distances in the pictures; page and tables stay in km.
    page : str, default "index.html"
        What the page is called.

    Returns
    -------
    dict of str to str
        The page; ``comparison.csv`` (a row for each place), ``countries.csv`` (a row for each
        country), ``comparison.json`` (all of it, as ``rangemap compare --json`` prints it).
    """
    pictures, alts = page_pictures(comparison, units=units)
    return {
        page: comparison_html(comparison, pictures, alts=alts),
        "comparison.csv": to_csv(comparison.table),
        "countries.csv": to_csv(comparison.countries),
        "comparison.json": comparison_json(comparison),
    }


def comparison_files(
    comparison: Comparison, folder: str | Path, *, units: str | Units = "km"
) -> list[Path]:
    """Write the files of a comparison into a folder, each whole, and return their paths.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    base = Path(folder)
    base.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in comparison_outputs(comparison, units=units).items():
        write_whole(base / name, content)
        paths.append(base / name)
    return paths


def comparison_json(comparison: Comparison) -> str:
    """Return a comparison as JSON: summary, continents, cities, and both tables."""
    scenario, release = as_analysis(comparison).scenario, load_catalogue().release
    content = {
        **comparison.record(),
        "countries": json.loads(to_json(comparison.countries)),
        "table": json.loads(to_json(comparison.table)),
        "provenance": style.provenance(scenario),
        "hash": scenario.hash,
        "data_date": release.date.isoformat(),
        "caveats": style.caveats(scenario),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def page_pictures(
    comparison: Comparison, *, units: str | Units = "km"
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the page's pictures as data URIs, each with a dark twin, and what they say.

    "sides"; "change" if a range is disputed, of the system that the page tells of first.
    """
    analysis, unit = as_analysis(comparison), units_of(units)
    pictures: dict[str, str] = {}
    alts: dict[str, str] = {}
    wanted: dict[str, dict[str, str]] = {"sides": {}}
    changes = disputed_changes(comparison)
    if changes:
        wanted["change"] = {"system": changes[0].system_id}
    for kind, options in wanted.items():
        drawn = {
            name: draw_picture(
                analysis, kind, theme=theme, units=unit, plain=True, size=_SIZE, **options
            )
            for name, theme in ((kind, "light"), (f"{kind}-dark", "dark"))
        }
        for name, picture in drawn.items():
            code = base64.b64encode(picture_bytes(picture, "png", dpi=_DPI)).decode("ascii")
            pictures[name] = f"data:image/png;base64,{code}"
        alts[kind] = drawn[kind].alt
    return pictures, alts
