"""KML 2.2 and KMZ: folders that a reader of Google Earth can switch, polygons that it fills."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis
from rangemap.views.columns import plain_value
from rangemap.views.gis_about import About, about_of, xml_text
from rangemap.views.gis_geometry import globe_polygons, outline, rounded
from rangemap.views.gis_layers import KIND_WORDS, Layer
from rangemap.views.kml_styles import PLACE_LABELS, add_styles, icons, place_class, style_id
from rangemap.views.kml_text import about_html, facts_html, snippet

__all__ = ["LAYERS", "layers_kml", "layers_kmz"]

NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
LAYERS: Final = ("footprints", "bands", "sites", "places")
"""The layers that a KML file may hold: faces of overlaps are for a GIS."""

_MOST_FAR_M: Final = 1.6e7
_LEAST_FAR_M: Final = 2e3


def layers_kml(layers: list[Layer], analysis: Analysis, *, with_icons: bool = False) -> bytes:
    """Return a KML 2.2 document.

    Parameters
    ----------
    layers : list of Layer
        Of the analysis; those that are not in `LAYERS` are left out.
    analysis : Analysis
        What they were made from.
    with_icons : bool, default False
        Whether the symbols lie beside the document, as in a KMZ file; a bare KML file has
        Google Earth's pushpins in the right colours.

    Returns
    -------
    bytes
        UTF-8. One folder for each coalition, with footprints (shown), ranges one by one
        (hidden until they are switched on), launch sites and places. Polygons are clamped to
        the ground and cut as `globe_polygons` says; outlines are lines of their own, without
        the cuts.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_layers import gis_layers
    >>> analysis = analyse("europe")
    >>> layers_kml(gis_layers(analysis, ["sites"]), analysis)[:38]
    b'<?xml version="1.0" encoding="UTF-8"?>'
    """
    about, scenario = about_of(analysis), analysis.scenario
    kml = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(kml, "Document", id="rangemap")
    _text(document, "name", about.title)
    _text(document, "open", "1")
    _snippet(document, about.provenance)
    _text(document, "description", about_html(about, analysis))
    _look_at(document, analysis)
    add_styles(document, scenario.coalitions, with_icons=with_icons)
    _data(document, _about_data(about))
    by_name = {layer.name: layer for layer in layers}
    sources = {source.key: source for source in about.sources}
    for number, coalition in enumerate(scenario.coalitions):
        folder = _folder(document, coalition.name, open_it=number == 0)
        for title, shown, kind, row in _entries(by_name, coalition.id, analysis, number):
            inner = _inner(folder, title, shown=shown)
            _placemark(inner, kind, row, number, facts_html(kind, row, sources), shown=shown)
    ET.indent(kml, " ")
    text = ET.tostring(kml, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def layers_kmz(layers: list[Layer], analysis: Analysis) -> bytes:
    """Return the same as KMZ, with the symbols of the other outputs in it; the same bytes again.

    Parameters are those of `layers_kml`.
    """
    about = about_of(analysis)
    year, month, day = (int(part) for part in about.data_date.split("-"))
    files = {"doc.kml": layers_kml(layers, analysis, with_icons=True)}
    files |= icons(analysis.scenario.coalitions)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content, compresslevel=9)
    return stream.getvalue()


_Row = dict[str, Any]
_Entry = tuple[tuple[str, ...], bool, str, _Row]


def _entries(
    layers: dict[str, Layer], coalition: str, analysis: Analysis, number: int
) -> Iterator[_Entry]:
    """Yield folder titles, whether shown, the kind and the row of each placemark."""
    for row in _rows(layers.get("footprints"), coalition):
        yield ("Footprints",), True, "footprints", row
    bands = sorted(
        _rows(layers.get("bands"), coalition), key=lambda r: list(KIND_WORDS).index(r["band_kind"])
    )
    for row in bands:
        words = KIND_WORDS[row["band_kind"]]
        yield ("Ranges one by one", words[0].upper() + words[1:]), False, "bands", row
    for row in _rows(layers.get("sites"), coalition):
        yield ("Launch sites",), True, "sites", row
    places = list(_rows(layers.get("places"), coalition))
    classes = {id(row): place_class(row, analysis.scenario.view.lead) for row in places}
    order = list(PLACE_LABELS)
    for row in sorted(places, key=lambda row: order.index(classes[id(row)])):
        name = classes[id(row)]
        yield ("Places", PLACE_LABELS[name]), number == 0, "places", {**row, "class": name}


def _rows(layer: Layer | None, coalition: str) -> Iterable[_Row]:
    if layer is None:
        return []
    frame = layer.frame
    rows: list[_Row] = frame[frame["coalition"] == coalition].to_dict("records")
    return rows


def _placemark(
    parent: ET.Element, kind: str, row: _Row, side: int, facts: str, *, shown: bool
) -> None:
    mark = ET.SubElement(parent, "Placemark")
    name, short = snippet(kind, row)
    _text(mark, "name", name)
    _text(mark, "visibility", "1" if shown else "0")
    _snippet(mark, short)
    _text(mark, "description", facts)
    _text(mark, "styleUrl", f"#{style_id(kind, row, side)}")
    _data(mark, {k: v for k, v in row.items() if k not in ("geometry", "class")})
    geometry = row["geometry"]
    if geometry.geom_type == "Point":
        _coordinates(ET.SubElement(mark, "Point"), geometry)
        return
    multi = ET.SubElement(mark, "MultiGeometry")
    for part in globe_polygons(geometry):
        _polygon(multi, part)
    for line in outline(geometry):
        node = ET.SubElement(multi, "LineString")
        _text(node, "tessellate", "1")
        _coordinates(node, rounded(line))


def _polygon(parent: ET.Element, polygon: shapely.Polygon) -> None:
    node = ET.SubElement(parent, "Polygon")
    _text(node, "tessellate", "1")
    _text(node, "altitudeMode", "clampToGround")
    shape: Any = rounded(polygon)
    for name, ring in [
        ("outerBoundaryIs", shape.exterior),
        *(("innerBoundaryIs", ring) for ring in shape.interiors),
    ]:
        _coordinates(ET.SubElement(ET.SubElement(node, name), "LinearRing"), ring)


def _coordinates(parent: ET.Element, geometry: BaseGeometry) -> None:
    xy = shapely.get_coordinates(geometry).tolist()
    _text(parent, "coordinates", " ".join(f"{x!r},{y!r}" for x, y in xy))


def _text(parent: ET.Element, name: str, text: object) -> None:
    ET.SubElement(parent, name).text = xml_text(text)


def _snippet(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "Snippet", maxLines="2").text = xml_text(text)


def _folder(parent: ET.Element, name: str, *, open_it: bool = False, shown: bool = True) -> Any:
    folder = ET.SubElement(parent, "Folder")
    _text(folder, "name", name)
    _text(folder, "visibility", "1" if shown else "0")
    _text(folder, "open", "1" if open_it else "0")
    return folder


def _inner(parent: ET.Element, titles: tuple[str, ...], *, shown: bool) -> ET.Element:
    """Return the folder of these titles, made when first asked for."""
    here = parent
    for title in titles:
        # Entries come folder by folder, so that the right one is always the last.
        last = here[-1] if len(here) else None
        same = last is not None and last.tag == "Folder" and last.findtext("name") == title
        here = last if same and last is not None else _folder(here, title, shown=shown)
    return here


def _data(parent: ET.Element, values: dict[str, Any]) -> None:
    extended = ET.SubElement(parent, "ExtendedData")
    for key, value in values.items():
        given = plain_value(key, value)
        shown = "" if given is None else str(given).lower() if isinstance(given, bool) else given
        _text(ET.SubElement(extended, "Data", name=xml_text(key)), "value", shown)


def _about_data(about: About) -> dict[str, Any]:
    record = about.record()
    plain = {key: value for key, value in record.items() if isinstance(value, str)}
    cited = [f"{s.key}: {s.cite()} {s.url}" for s in about.sources]
    return {**plain, "caveats": "\n".join(about.caveats), "sources": "\n".join(cited)}


def _look_at(parent: ET.Element, analysis: Analysis) -> None:
    """Look at the middle of the sites, or where the scenario says, from so far that it fits."""
    bands, center = analysis.bands, analysis.scenario.view.center
    if center is None:
        lon, lat = np.radians([bands["site_lon"], bands["site_lat"]])
        x, y, z = (np.cos(lat) * np.cos(lon)).sum(), (np.cos(lat) * np.sin(lon)).sum(), np.sin(lat)
        center = (
            float(np.degrees(np.arctan2(y, x))),
            float(np.degrees(np.arctan2(z.sum(), np.hypot(x, y)))),
        )
    far = float(np.clip(bands["max_km"].max() * 2_500, _LEAST_FAR_M, _MOST_FAR_M))
    node = ET.SubElement(parent, "LookAt")
    for name, value in (("longitude", center[0]), ("latitude", center[1]), ("altitude", 0.0),
                        ("heading", 0.0), ("tilt", 0.0), ("range", far)):  # fmt: skip
        _text(node, name, round(value, 4))
