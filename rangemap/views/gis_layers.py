"""The layers that GIS files hold: bands, footprints, overlaps, sites, places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis, overlap_table
from rangemap.analysis.bands import CRS
from rangemap.catalogue import Site, SiteKind
from rangemap.errors import ArgumentError, near_name
from rangemap.geodesy import area_km2, footprint
from rangemap.views.columns import DECIMALS

__all__ = ["KIND_WORDS", "LAYERS", "Layer", "gis_layer", "gis_layers"]

KIND_WORDS: Final = {
    "treaty": "banned range (INF Treaty)",
    "system": "published ranges of systems",
    "own": "ranges of the scenario",
}
"""Kinds of bands in words."""

_SLIVER_DEG2: Final = 1e-12  # a square of 10 cm, near the equator


@dataclass(frozen=True)
class Layer:
    """One layer of a GIS file.

    Attributes
    ----------
    name : str
        One of `LAYERS`; also the name of its table in a GeoPackage.
    title, description : str
        For readers.
    frame : geopandas.GeoDataFrame
        EPSG:4326; polygons are cut at the antimeridian and enclose poles along +-90.
    shape : {"MultiPolygon", "Point"}
        What its geometries are; of a MultiPolygon layer some may be single polygons.
    """

    name: str
    title: str
    description: str
    frame: geopandas.GeoDataFrame
    shape: Literal["MultiPolygon", "Point"]


def gis_layer(analysis: Analysis, name: str) -> Layer:
    """Return one layer of an analysis.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    name : str
        One of `LAYERS`: "bands", "footprints", "overlap", "sites", "places".

    Raises
    ------
    ArgumentError
        If there is no layer of that name.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> layer = gis_layer(analyse("europe"), "footprints")
    >>> layer.frame["footprint_id"].tolist()[:2]
    ['nato-us:treaty', 'nato-us:system']
    """
    if name not in _LAYERS:
        known = ", ".join(LAYERS)
        hint = near_name(name, LAYERS)
        raise ArgumentError(f"unknown layer {name[:60]!r}: it must be one of {known}{hint}")
    title, description, shape, make = _LAYERS[name]
    frame = make(analysis)
    for column in frame.columns.intersection(list(DECIMALS)):
        frame[column] = frame[column].round(DECIMALS[column])
    return Layer(name, title, description, frame, shape)


def gis_layers(analysis: Analysis, names: Iterable[str] | None = None) -> list[Layer]:
    """Return several layers, by default all, in the order from the ground up."""
    wanted = LAYERS if names is None else tuple(dict.fromkeys(names))
    return [gis_layer(analysis, name) for name in wanted]


def _bands(analysis: Analysis) -> geopandas.GeoDataFrame:
    return analysis.bands.copy()


def _footprints(analysis: Analysis) -> geopandas.GeoDataFrame:
    names = {c.id: c.name for c in analysis.scenario.coalitions}
    rows: list[dict[str, Any]] = []
    groups = analysis.bands.groupby(["coalition", "band_kind"], sort=False)
    for (coalition, kind), bands in groups:
        cover = _without_slivers(footprint(bands))
        contested = bands[bands["disputed"].astype(bool)]
        rows.append(
            {
                "footprint_id": f"{coalition}:{kind}",
                "coalition": coalition,
                "coalition_name": names[coalition],
                "band_kind": kind,
                "label": f"{names[coalition]}: {KIND_WORDS[kind]}",
                "bands": len(bands),
                "sites": bands["site_id"].nunique(),
                "disputed_bands": len(contested),
                "alleged_bands": int(bands["alleged"].sum()),
                "assumed_bands": int(bands["assumed"].sum()),
                "disputed_positions": "; ".join(_distinct(contested["label"])),
                "min_km": bands["min_km"].min(),
                "max_km": bands["max_km"].max(),
                "area_km2": area_km2(cover),
                "band_ids": ";".join(bands["band_id"]),
                "source_keys": ";".join(_keys(bands["source_keys"])),
                "geometry": cover,
            }
        )
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def _without_slivers(geometry: BaseGeometry) -> BaseGeometry:
    """Drop holes that are floating-point noise of a union; the least range is 20 m."""
    if shapely.get_num_interior_rings(shapely.get_parts(geometry)).sum() == 0:
        return geometry
    parts = [
        Polygon(part.exterior, [h for h in part.interiors if Polygon(h).area > _SLIVER_DEG2])
        for part in shapely.get_parts(geometry)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _overlap(analysis: Analysis) -> geopandas.GeoDataFrame:
    """Return the faces of each kind of band apart: a system's range is no treaty's range."""
    parts = []
    for kind, bands in analysis.bands.groupby("band_kind", sort=False):
        faces = overlap_table(bands)
        faces.insert(0, "band_kind", kind)
        faces.attrs = {}
        parts.append(faces)
    return geopandas.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=CRS)


def _sites(analysis: Analysis) -> geopandas.GeoDataFrame:
    scenario, bands = analysis.scenario, analysis.bands
    names = {c.id: c.name for c in scenario.coalitions}
    records = {(launch.coalition, launch.site.id): launch.site for launch in scenario.launches}
    rows = []
    for (coalition, site_id), mine in bands.groupby(["coalition", "site_id"], sort=False):
        row = _site(records[(coalition, site_id)], mine)
        rows.append({**row, "coalition": coalition, "coalition_name": names[coalition]})
    frame = pd.DataFrame(rows)
    points = geopandas.points_from_xy(frame["site_lon"], frame["site_lat"])
    return geopandas.GeoDataFrame(frame, geometry=points, crs=CRS)


def _site(site: Site, bands: geopandas.GeoDataFrame) -> dict[str, Any]:
    return {
        "site_id": site.id,
        "site": site.name,
        "country": site.country,
        "site_lon": site.lon,
        "site_lat": site.lat,
        "site_precision_km": site.precision_km,
        "site_kind": site.kind.value,
        "site_kind_label": SiteKind(site.kind).label,
        "site_note": site.note,
        "operator": site.operator,
        "bands": len(bands),
        "ranges": "; ".join(_distinct(bands["label"])),
        "system_ids": ";".join(key for key in _distinct(bands["system_id"]) if key),
        "min_km": bands["min_km"].min(),
        "max_km": bands["max_km"].max(),
        "confidence": site.confidence.value,
        "site_evidence": site.evidence.value,
        "source_keys": ";".join(site.source_keys),
    }


def _places(analysis: Analysis) -> geopandas.GeoDataFrame:
    rows = analysis.place_rows
    points = geopandas.points_from_xy(rows["place_lon"], rows["place_lat"])
    return geopandas.GeoDataFrame(rows.copy(), geometry=points, crs=CRS)


def _keys(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for text in texts for key in text.split(";") if key))


def _distinct(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(map(str, values)))


_Maker = Callable[[Analysis], geopandas.GeoDataFrame]
_LAYERS: Final[dict[str, tuple[str, str, Literal["MultiPolygon", "Point"], _Maker]]] = {
    "bands": (
        "Range bands",
        "One range round one launch site, within 100 m of the true geodesic ring. A disputed "
        "range has one row for each who says it.",
        "MultiPolygon",
        _bands,
    ),
    "footprints": (
        "Footprints",
        "The union of the bands of one coalition and one kind, disputed positions included.",
        "MultiPolygon",
        _footprints,
    ),
    "overlap": (
        "Overlap of bands",
        "Faces by how many bands of one kind cover them. A count of bands, not of missiles.",
        "MultiPolygon",
        _overlap,
    ),
    "sites": (
        "Launch sites",
        "Launch sites by published town or base, one row for each coalition that launches there.",
        "Point",
        _sites,
    ),
    "places": (
        "Places and verdicts",
        "One row for each place and launching coalition; verdicts from geodesic distances.",
        "Point",
        _places,
    ),
}
LAYERS: Final = tuple(_LAYERS)
"""Names of the layers."""
