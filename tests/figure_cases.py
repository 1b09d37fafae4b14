"""What the tests of pictures share: texts that stand apart, names that belong to their symbols."""

from __future__ import annotations

import numpy as np
import shapely
from matplotlib.text import Text
from shapely import affinity

import rangemap as rm
from rangemap.views.labels import text_size


def words_of(picture) -> list[str]:
    """Return all lines of text on a picture."""
    return [line for text in texts_of(picture) for line in text.get_text().split("\n")]


def texts_of(picture) -> list[Text]:
    """Return the texts of a picture, those of maps too."""
    found = []
    for axes in picture.figure.axes:
        for part in (axes, *axes.child_axes):
            found += [text for text in part.texts if text.get_text().strip()]
    return found


def ground_of(text: Text) -> shapely.Polygon:
    """Return what a text covers, in points of the page: the letters, without their air."""
    rows, size = text.get_text().split("\n"), text.get_fontsize()
    bold = text.get_fontweight() in ("bold", 700)
    wide = max(text_size(row, size, bold=bold)[0] for row in rows)
    x, y = text.get_transform().transform(text.get_position()) * 72 / text.figure.dpi
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_ha()] * wide
    if text.get_va() == "baseline":
        low, high = y - 0.17 * size, y + 0.68 * size
    else:
        high = y + 0.6 * size * len(rows)
        low = 2 * y - high
    box = shapely.box(left + 0.2, low, left + wide - 0.2, high)
    return affinity.rotate(box, text.get_rotation(), origin=(x, y))


def assert_legible(picture) -> None:
    """No text stands on another or leaves the page, and none is too small to read."""
    found = texts_of(picture)
    shapes = np.array([ground_of(text) for text in found])
    wide, high = picture.figure.get_size_inches() * 72
    page = shapely.box(-0.5, -0.5, wide + 0.5, high + 0.5)
    for text, shape in zip(found, shapes, strict=True):
        assert page.contains(shape), f"{text.get_text()!r} leaves the page"
        assert text.get_fontsize() >= 5.9, f"{text.get_text()!r}: {text.get_fontsize()} pt"
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(first, second, strict=True):
        if a < b:
            shared = shapely.intersection(shapes[a], shapes[b]).area
            names = f"{found[a].get_text()!r} on {found[b].get_text()!r}"
            assert shared < 0.6, f"{names}: {shared:.1f} pt²"


def quoted(text: str) -> str:
    """Return a string as TOML writes it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def case(tmp_path, coalitions, *, treaty=True, title="A case", extra=""):
    """Return the analysis of coalitions: name, members, sites (lon, lat, name), ranges."""
    parts = [f"format = 1\ntitle = {quoted(title)}\n"]
    launches = []
    number = 0
    for index, (name, members, sites, ranges) in enumerate(coalitions):
        codes = ", ".join(quoted(code) for code in members)
        color = ("#1f5fa8", "#b3261e", "#c26a00", "#00796b", "#4a148c")[index % 5]
        parts.append(
            f'[[coalitions]]\nid = "c{index}"\nname = {quoted(name)}\nshort = {quoted(name[:20])}\n'
            f'color = "{color}"\nmembers = [{codes}]\n'
        )
        ids = []
        for lon, lat, label in sites:
            ids.append(f'"s{number}"')
            parts.append(
                f'[[sites]]\nid = "s{number}"\nname = {quoted(label)}\nlon = {lon}\nlat = {lat}\n'
            )
            number += 1
        text = "".join(
            f"[[launches.ranges]]\nlabel = {quoted(label)}\nmin_km = {low}\nmax_km = {high}\n"
            for label, low, high in ranges
        )
        launches.append(
            f'[[launches]]\ncoalition = "c{index}"\nsites = [{", ".join(ids)}]\n'
            f'systems = "none"\ntreaty_band = {str(treaty).lower()}\n{text}'
        )
    path = tmp_path / "case.toml"
    path.write_text("\n".join([*parts, *launches, extra]), encoding="utf-8")
    return rm.analyse(path)
