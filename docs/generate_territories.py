"""Write docs/territories.md: every country's buffer, measured by its certificate.

Run ``python docs/generate_territories.py`` (some minutes). The times are those of the machine that
ran it; everything else is the same everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from rangemap.catalogue import read_countries
from rangemap.geodesy import buffer, buffers, certify

PAGE = Path(__file__).with_name("territories.md")
RADII_KM = (500, 5_500)
REPEATS = 3
TEXT = """\
# Buffers of all countries, measured

Written by `python docs/generate_territories.py`. Each country of Natural Earth 5.1.1 at 1:50m, as
`read_countries` returns it, with its buffer at {radii} km and a tolerance of 100 m, as
`rangemap.geodesy.buffer` makes it, and what `rangemap.geodesy.certify` measures on it: bounds on
D - r over the whole boundary, drawn straight in longitude and latitude and straight in Web
Mercator, in metres, where D is the exact distance from the country and r the radius. Every one
of the {count} buffers is valid, covers its country, and holds nothing farther than the radius
and the tolerance. Milliseconds are the processor's time of the fastest of {repeats} runs of
`buffer` on a small shared machine, on which one `Geod.fwd` of pyproj takes {fwd} ns: trust the
ratios. "At once" is `buffers` for all countries together, likewise.

| radius, km | buffers | ms, sum | ms, at once | vertices | least D - r, m | greatest D - r, m |
| --- | --- | --- | --- | --- | --- | --- |
{sums}

## Each country

| country | radius, km | ms | vertices | least D - r, m | greatest D - r, m | samples |
| --- | --- | --- | --- | --- | --- | --- |
{rows}
"""


def measured(shape: BaseGeometry, radius_km: int) -> tuple[float, int, float, float, int]:
    """Return milliseconds, vertices, least and greatest D - r and samples, or raise."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        area = buffer(shape, radius_km)
        spent.append(time.process_time() - start)
    found = certify(shape, area, radius_km)
    if not found.holds:
        raise SystemExit(f"not certified: {found}")
    vertices = int(shapely.get_num_coordinates(area))
    return min(spent) * 1000, vertices, found.least_m, found.greatest_m, found.samples


def at_once_ms(shapes: Iterable[BaseGeometry], radius_km: int) -> float:
    """Return milliseconds of all buffers at once."""
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        buffers(shapes, radius_km)
        spent.append(time.process_time() - start)
    return min(spent) * 1000


def fwd_ns() -> int:
    """Return nanoseconds of one direct geodesic in bulk, to compare machines by."""
    some = np.linspace(1.0, 80.0, 200_000)
    geod = Geod(ellps="WGS84")
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        geod.fwd(some, some, some, some * 1e5)
        spent.append(time.process_time() - start)
    return round(min(spent) / len(some) * 1e9)


def main() -> None:
    """Measure all countries and write the page."""
    countries = read_countries().sort_values(["name", "iso_a3"])
    rows, sums = [], []
    for radius_km in RADII_KM:
        found = [measured(shape, radius_km) for shape in countries.geometry]
        for name, row in zip(countries["name"], found, strict=True):
            ms, vertices, least, greatest, samples = row
            rows.append(
                f"| {name} | {radius_km:,} | {ms:.1f} | {vertices:,} "
                f"| {least:.1f} | {greatest:.1f} | {samples:,} |"
            )
        ms, vertices, least, greatest, _ = zip(*found, strict=True)
        sums.append(
            f"| {radius_km:,} | {len(found)} | {sum(ms):,.0f} "
            f"| {at_once_ms(countries.geometry, radius_km):,.0f} | {sum(vertices):,} "
            f"| {min(least):.1f} | {max(greatest):.1f} |"
        )
    text = TEXT.format(
        radii=" and ".join(f"{km:,}" for km in RADII_KM),
        count=len(rows),
        repeats=REPEATS,
        fwd=fwd_ns(),
        sums="\n".join(sums),
        rows="\n".join(sorted(rows, key=lambda row: row.split("|")[1])),
    )
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
