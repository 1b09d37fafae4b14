"""Pack the world of the web map: ``world_50m.pack`` and ``world_110m.pack``.

A pack is a raw deflate stream. Inflated, it is one sequence of variable-length integers (7 bits to
a byte, lowest first, the high bit set where more follow); a signed one is zigzag-coded
(0, -1, 1, -2 are 0, 1, 2, 3)::

    pack      bits polygons(land) polygons(lakes) lines(borders) lines(disputed) names
    polygons  count, then for each: count of rings, rings
    lines     count, then lines
    line      count of points, then for each: signed x, signed y
    ring      as line, without the last point, which is the first
    names     count, then for each: signed lon, signed lat in 0.01 degree, zoom in tenths,
              length in bytes, name in UTF-8

Coordinates are in steps of 360 / 2 ** bits degrees, and each point is given from the point before
it in the pack, the first from 0, 0.

Run ``python data/build/pack_world.py [FOLDER]`` after ``world.py``.
"""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
from fetch import BuildError
from topology import RECIPES, Line, Polygon, Recipe, Shapes, shapes_of
from world import read_natural_earth

MAX_BYTES = {"50m": 185_000, "110m": 25_000}
"""Of each pack; base64 adds a third."""
NAMES_IN = "110m"
"""The pack that holds the names: the one that a page decodes first."""


@dataclass(frozen=True)
class Name:
    """The name of a country on the map."""

    text: str
    lon: float
    """Degrees, to 0.01."""
    lat: float
    """Degrees, to 0.01."""
    zoom: float
    """Zoom level from which it is shown, to 0.1."""


class Writer:
    """Collects integers as the bytes of a pack."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self._point = [0, 0]

    def count(self, number: int) -> None:
        """Add a number that is not negative."""
        while number > 0x7F:
            self.bytes.append(number & 0x7F | 0x80)
            number >>= 7
        self.bytes.append(number)

    def signed(self, number: int) -> None:
        """Add a number of either sign."""
        self.count(number << 1 if number >= 0 else ~number << 1 | 1)

    def line(self, points: Line) -> None:
        """Add a line."""
        self.count(len(points))
        for point in points:
            self.signed(point[0] - self._point[0])
            self.signed(point[1] - self._point[1])
            self._point = point

    def lines(self, lines: list[Line]) -> None:
        """Add several lines."""
        self.count(len(lines))
        for line in lines:
            self.line(line)

    def polygons(self, polygons: list[Polygon]) -> None:
        """Add several polygons."""
        self.count(len(polygons))
        for rings in polygons:
            self.lines([ring[:-1] for ring in rings])

    def names(self, names: list[Name]) -> None:
        """Add the names."""
        self.count(len(names))
        for name in names:
            text = name.text.encode()
            self.signed(round(name.lon * 100))
            self.signed(round(name.lat * 100))
            self.count(round(name.zoom * 10))
            self.count(len(text))
            self.bytes += text


class Reader:
    """Reads what :class:`Writer` wrote."""

    def __init__(self, content: bytes) -> None:
        self.bytes = content
        self.at = 0
        self._point = (0, 0)

    def count(self) -> int:
        """Read a number that is not negative."""
        number, shift = 0, 0
        while True:
            byte = self.bytes[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def signed(self) -> int:
        """Read a number of either sign."""
        number = self.count()
        return ~(number >> 1) if number & 1 else number >> 1

    def line(self) -> Line:
        """Read a line."""
        points = []
        for _ in range(self.count()):
            self._point = self._point[0] + self.signed(), self._point[1] + self.signed()
            points.append(list(self._point))
        return points

    def lines(self) -> list[Line]:
        """Read several lines."""
        return [self.line() for _ in range(self.count())]

    def polygons(self) -> list[Polygon]:
        """Read several polygons."""
        return [[[*ring, ring[0]] for ring in self.lines()] for _ in range(self.count())]

    def names(self) -> list[Name]:
        """Read the names."""
        names = []
        for _ in range(self.count()):
            lon, lat, zoom = self.signed() / 100, self.signed() / 100, self.count() / 10
            start = self.count() + self.at
            text = self.bytes[self.at : start].decode()
            self.at = start
            names.append(Name(text, lon, lat, zoom))
        return names


def encode(bits: int, shapes: Shapes, names: list[Name]) -> bytes:
    """Return the bytes of a pack before they are deflated."""
    writer = Writer()
    writer.count(bits)
    writer.polygons(shapes.land)
    writer.polygons(shapes.lakes)
    writer.lines(shapes.borders)
    writer.lines(shapes.disputed)
    writer.names(names)
    return bytes(writer.bytes)


def decode(content: bytes) -> tuple[int, Shapes, list[Name]]:
    """Return what :func:`encode` was given.

    Raises
    ------
    BuildError
        If bytes are left over.
    """
    reader = Reader(content)
    bits = reader.count()
    shapes = Shapes(reader.polygons(), reader.polygons(), reader.lines(), reader.lines())
    names = reader.names()
    if reader.at != len(content):
        raise BuildError(f"{len(content) - reader.at} bytes of a pack are left over")
    return bits, shapes, names


def deflate(content: bytes) -> bytes:
    """Return a raw deflate stream."""
    packer = zlib.compressobj(level=9, wbits=-15)
    return packer.compress(content) + packer.flush()


def inflate(path: Path) -> bytes:
    """Return the content of a pack: unlike the stream, it does not depend on zlib's version."""
    return zlib.decompress(path.read_bytes(), wbits=-15)


def names_of(countries: gpd.GeoDataFrame) -> list[Name]:
    """Return the names of the country layer at Natural Earth's points, the weightiest first.

    Raises
    ------
    BuildError
        If they are not the names of the layer.
    """
    raw = read_natural_earth("cultural", "ne_50m_admin_0_countries")
    if sorted(raw["NAME_LONG"]) != sorted(countries["name"]):
        raise BuildError("the names for the map are not those of the country layer")
    raw = raw.sort_values(
        ["MIN_LABEL", "LABELRANK", "POP_EST", "NAME_LONG"], ascending=[True, True, False, True]
    )
    columns = raw[["NAME_LONG", "LABEL_X", "LABEL_Y", "MIN_LABEL"]]
    return [
        Name(text, round(lon, 2), round(lat, 2), round(zoom, 1))
        for text, lon, lat, zoom in columns.itertuples(index=False)
    ]


def build_pack(folder: Path, recipe: Recipe) -> Path:
    """Write the pack of one scale beside the layers, check it and return its path.

    A pack that inflates to the same bytes already is left as it is.

    Raises
    ------
    BuildError
        If the pack is too large, or does not decode to what was packed.
    """
    shapes = shapes_of(folder, recipe)
    names = []
    if recipe.scale == NAMES_IN:
        names = names_of(gpd.read_file(folder / "countries_50m.fgb"))
    content = encode(recipe.bits, shapes, names)
    path = folder / f"world_{recipe.scale}.pack"
    if not path.exists() or inflate(path) != content:
        path.write_bytes(deflate(content))
    if decode(inflate(path)) != (recipe.bits, shapes, names):
        raise BuildError(f"{path.name} does not decode to what was packed")
    size = path.stat().st_size
    if size > MAX_BYTES[recipe.scale]:
        raise BuildError(f"{path.name} has {size} bytes; at most {MAX_BYTES[recipe.scale]} fit")
    return path


def build_packs(folder: Path) -> list[Path]:
    """Write both packs and return their paths."""
    return [build_pack(folder, recipe) for recipe in RECIPES]


def main() -> int:
    """Build the packs in the folder given, or in ``data/world``."""
    default = Path(__file__).parents[1] / "world"
    try:
        for path in build_packs(Path(sys.argv[1]) if len(sys.argv) > 1 else default):
            print(f"{path} {path.stat().st_size}")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
