"""Draw the figures of docs/method.md: `python docs/draw_method_figures.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from pyproj import Geod

from rangemap import read_countries
from rangemap.geodesy import ring_outline, ring_polygon, territory_distance_km
from rangemap.geodesy._discs import sources_of
from rangemap.geodesy._growth import Growth
from rangemap.geodesy._inspection import SPACING
from rangemap.geodesy._outline import Outlines, read_outline
from rangemap.geodesy._series import fit

IMAGES = Path(__file__).resolve().parent / "img"
GEOD = Geod(ellps="WGS84")
BLUE, ORANGE, GREY, LAND = "#0b5394", "#c8500a", "#666666", "#e6e3dc"
MOSCOW = (37.62, 55.75)


def series() -> Figure:
    """Show how fast the coefficients of a ring fall."""
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    styles = ((500, ":"), (5_500, "-"), (12_000, "--"), (19_950, "-."))
    for km, style in styles:
        made = fit(np.array([35.0]), np.array([km * 1000.0]))
        y = np.zeros(len(made.x_cosines))
        y[1:-1] = made.y_sines[:, 0]
        size = np.abs([made.x_cosines[:, 0], y, made.z_cosines[:, 0]]).max(axis=0)
        axes.semilogy(size, style, color=BLUE, marker="o", markersize=3, label=f"{km:,} km")
    axes.axhline(1e-7, color=ORANGE, linewidth=1)
    axes.text(0.1, 1.6e-7, "0.1 micrometre", color=ORANGE, fontsize=8)
    axes.set(
        xlabel="order of the coefficient", ylabel="largest coefficient, metres", xticks=range(11)
    )
    axes.legend(title="radius", frameon=False, fontsize=8, title_fontsize=8)
    return figure


def edges() -> Figure:
    """Show a coarse ring with its vertices, and how far each edge of a fine one strays."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.4), width_ratios=(1, 1.35))
    _map(left, ring_polygon(*MOSCOW, 5_500, tolerance_m=10_000), BLUE)
    xy = shapely.get_coordinates(ring_outline(*MOSCOW, 5_500, tolerance_m=10_000))
    left.plot(*xy.T, ".", color=BLUE, markersize=4)
    left.plot(*MOSCOW, "+", color=ORANGE)
    left.set_title("tolerance 10 km: 45 vertices".replace("45", str(len(xy))), fontsize=9)
    xy = shapely.get_coordinates(ring_outline(*MOSCOW, 5_500))
    share = np.linspace(0, 1, 15)
    for mercator, colour, label in (
        (False, BLUE, "in longitude and latitude"),
        (True, ORANGE, "in Web Mercator"),
    ):
        y = np.arcsinh(np.tan(np.radians(xy[:, 1]))) if mercator else xy[:, 1]
        lon = xy[:-1, :1] + np.diff(xy[:, :1], axis=0) * share
        lat = y[:-1, None] + np.diff(y)[:, None] * share
        if mercator:
            lat = np.degrees(np.arctan(np.sinh(lat)))
        size = lon.size
        _, _, metres = GEOD.inv(
            np.full(size, MOSCOW[0]), np.full(size, MOSCOW[1]), lon.ravel(), lat.ravel()
        )
        off = np.abs(metres - 5.5e6).reshape(lon.shape)
        off[np.abs(lat) > 85.0511] = 0 if mercator else off[np.abs(lat) > 85.0511]
        middle = lon.shape[1] // 2
        towards, _, _ = GEOD.inv(
            np.full(len(lon), MOSCOW[0]),
            np.full(len(lon), MOSCOW[1]),
            lon[:, middle],
            lat[:, middle],
        )
        order = np.argsort(towards % 360)
        right.plot((towards % 360)[order], off.max(axis=1)[order], color=colour, label=label)
    right.axhline(100, color=GREY, linewidth=1)
    right.set(
        xlabel="azimuth from the site, degrees",
        ylabel="largest distance from the true ring, metres",
        ylim=(0, 112),
        xlim=(0, 360),
        xticks=range(0, 361, 90),
    )
    right.set_title(f"tolerance 100 m: {len(xy)} vertices", fontsize=9)
    right.legend(
        frameon=True,
        edgecolor="none",
        framealpha=0.9,
        fontsize=8,
        loc="lower left",
        title="edges drawn straight",
        title_fontsize=8,
    )
    return figure


def kinds() -> Figure:
    """Show the five kinds of rings on the map."""
    cases = (
        ("no pole inside", (-60, -10, 3_500)),
        ("no pole inside, cut by the seam", (165, 10, 4_000)),
        ("one pole inside", (37.62, 55.75, 5_500)),
        ("both poles inside", (150, 20, 15_500)),
        ("both poles inside, cut by the seam", (-5, -25, 14_500)),
    )
    figure, axes = plt.subplots(2, 3, figsize=(9.6, 3.7))
    axes.ravel()[-1].axis("off")
    for panel, (title, (lon, lat, km)) in zip(axes.ravel(), cases, strict=False):
        _map(panel, ring_polygon(lon, lat, km, tolerance_m=1_000), BLUE)
        for line in shapely.get_parts(ring_outline(lon, lat, km, tolerance_m=1_000)):
            panel.plot(*shapely.get_coordinates(line).T, color=BLUE, linewidth=1)
        panel.plot(lon, lat, "+", color=ORANGE)
        panel.set_title(f"{title}: {km:,} km", fontsize=8)
    return figure


def buffers() -> Figure:
    """Show how the buffer of a country is put together, and how far off its boundary is."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9), width_ratios=(1, 1.35))
    countries = read_countries()
    italy = countries.geometry[countries["iso_a3"] == "ITA"].item()
    outlines = Outlines.of(read_outline(italy))
    sources = sources_of(outlines, 2_000_000, SPACING * 100)
    growth = Growth(outlines, sources, 2_000_000, 100.0)
    growth._start()
    coarse = growth.areas[0]
    area = Growth(outlines, sources, 2_000_000, 100.0)
    grown = area.run()[0]
    loops = area._tracer._loops
    countries.plot(ax=left, color=LAND, linewidth=0)
    left.fill(*shapely.get_coordinates(max(italy.geoms, key=lambda part: part.area)).T, color=GREY)
    left.plot(*shapely.get_coordinates(coarse.exterior).T, color=GREY, linewidth=0.8)
    left.plot(*shapely.get_coordinates(grown).T, color=BLUE, linewidth=1.2)
    kinks = np.flatnonzero(loops.kink & (loops.source >= 0))
    left.plot(*loops.coordinates[kinks].T, ".", color=ORANGE, markersize=3)
    for kink in kinks[::3]:
        source = loops.source[kink]
        ends = np.array([[sources.lon[source], sources.lat[source]], loops.coordinates[kink]])
        left.plot(*ends.T, color=ORANGE, linewidth=0.4, alpha=0.7)
    west, south, east, north = grown.bounds
    left.set(xlim=(west - 1, east + 1), ylim=(south - 1, north + 1), xlabel="", ylabel="")
    left.set_aspect(1 / np.cos(np.radians((south + north) / 2)))
    left.set_title(f"{len(sources.lon):,} sources, {len(kinks)} kinks", fontsize=9)
    xy = shapely.get_coordinates(grown)
    along = np.concatenate([[0], np.cumsum(GEOD.inv(*xy[:-1].T, *xy[1:].T)[2])]) / 1000
    share = np.linspace(0, 1, 9)
    middle = (along[:-1] + along[1:]) / 2
    for mercator, colour, label in (
        (False, BLUE, "in longitude and latitude"),
        (True, ORANGE, "in Web Mercator"),
    ):
        y = np.arcsinh(np.tan(np.radians(xy[:, 1]))) if mercator else xy[:, 1]
        lon = (xy[:-1, :1] + np.diff(xy[:, :1], axis=0) * share).ravel()
        lat = (y[:-1, None] + np.diff(y)[:, None] * share).ravel()
        lat = np.degrees(np.arctan(np.sinh(lat))) if mercator else lat
        off = territory_distance_km(italy, lon, lat) * 1000 - 2_000_000
        off = off.reshape(-1, len(share))
        right.plot(middle, off.min(axis=1), color=colour, linewidth=0.9, label=label)
        right.plot(middle, off.max(axis=1), color=colour, linewidth=0.9)
    for limit in (-100, 100):
        right.axhline(limit, color=GREY, linewidth=1)
    right.set(
        xlabel="along the boundary, km",
        ylabel="least and greatest D - r of each edge, metres",
        ylim=(-115, 115),
        xlim=(0, along[-1]),
    )
    right.set_title(f"tolerance 100 m: {len(xy) - 1} vertices", fontsize=9)
    right.legend(
        frameon=False,
        fontsize=8,
        title="edges drawn straight",
        title_fontsize=8,
        loc=(0.6, 0.62),
    )
    return figure


def _map(axes: Any, polygon: shapely.Geometry, colour: str) -> None:
    read_countries().plot(ax=axes, color=LAND, linewidth=0)
    for part in shapely.get_parts(polygon):
        path = mpl.path.Path.make_compound_path(
            *(
                mpl.path.Path(shapely.get_coordinates(ring))
                for ring in (part.exterior, *part.interiors)
            )
        )
        axes.add_patch(mpl.patches.PathPatch(path, facecolor=colour, alpha=0.3, linewidth=0))
    axes.set(
        xlim=(-180, 180), ylim=(-90, 90), xticks=(-180, 0, 180), yticks=(-90, 0, 90), aspect="equal"
    )
    axes.set(xlabel="", ylabel="")
    axes.tick_params(labelsize=7)


def main() -> None:
    """Write each figure as PNG."""
    mpl.use("agg")
    mpl.rcParams.update({"font.size": 9})
    for draw in (series, edges, kinds, buffers):
        figure = draw()
        figure.tight_layout()
        figure.savefig(IMAGES / f"method-{draw.__name__}.png", dpi=110, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
