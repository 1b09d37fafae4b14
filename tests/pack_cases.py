"""Packs for tests: a small scenario, and pictures that take no second to draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError
from rangemap.pack import Step, building
from rangemap.views.figure_sheet import Look
from rangemap.views.picture import LAYOUTS, Picture
from rangemap.views.style import provenance
from rangemap.views.theme import theme_of
from rangemap.views.units import units_of

SMALL = """
format = 1
title = "One site <b>& two</b>"
[[sites]]
id = "spot"
name = "Spot"
lon = 179.5
lat = 70
[[coalitions]]
id = "side"
name = "Side"
color = "#123456"
[[launches]]
coalition = "side"
sites = ["spot"]
ranges = [{ label = "9,000 km", max_km = 9000 }]
[targets]
countries = ["FJI", "NZL", "ISL"]
"""

QUICK = ("tables", "map.html", "maps", "charts", "index.html", "manifest.json")
FIGURES = (
    "theatre-slide.png", "theatre-slide.svg", "theatre-slide.pdf", "theatre-slide-dark.png",
    "theatre-print.pdf", "theatre-page.pdf", "theatre-square.png",
)  # fmt: skip
"""What every pack has of its first kind of picture."""


def quick_picture(
    analysis: Analysis,
    kind: str = "theatre",
    *,
    layout: str = "slide",
    theme: str = "light",
    units: Any = "km",
    plain: bool = False,
    size: tuple[float, float] | None = None,
    **_options: Any,
) -> Picture:
    """Return a picture with all its words and nothing drawn; of "theatre" alone, unless plain."""
    if kind != "theatre" and not plain:
        raise ArgumentError(f"the scenario has nothing for {kind!r}")
    look = Look(theme_of(theme), units_of(units))
    wide, high = size or LAYOUTS[layout]
    figure = Figure(figsize=(wide / 720, high / 720), facecolor=look.theme.paper)
    FigureCanvasAgg(figure)
    title, finding = analysis.scenario.title, "All that there is to find."
    about = {
        "title": title, "alt": f"Map: {finding}", "about": "Caveats.",
        "made": provenance(analysis.scenario),
    }  # fmt: skip
    return Picture(
        kind, layout, look.theme.name, look.units.name, figure, title, finding, f"Map: {finding}",
        {"places_named": ["Suva"], "insets": []}, about,
    )  # fmt: skip


def quick_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps of a pack without those that take seconds and have tests of their own."""
    return tuple(step for step in steps if step.text in QUICK)


def quick_packs(patch: pytest.MonkeyPatch) -> None:
    """Build packs of few steps with pictures that show nothing, until the patch is undone."""
    patch.setattr("rangemap.views.picture.draw_picture", quick_picture)
    patch.setattr(building, "STEPS", quick_steps(building.STEPS))
    patch.setattr("rangemap.pack.parallel.cores", lambda: 1)  # other processes are not patched


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
