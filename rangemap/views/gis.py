"""GIS files of an analysis: GeoJSON, GeoPackage, KML and KMZ, GeoParquet, Shapefile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError, OutputError, near_name
from rangemap.views.gis_about import about_of
from rangemap.views.gis_layers import LAYERS, gis_layer, gis_layers
from rangemap.writing import write_whole

__all__ = [
    "FORMS",
    "LAYERS",
    "PACK_FILES",
    "default_layers",
    "form_of",
    "gis_bytes",
    "pack_files",
    "write_gis",
]

FORMS: Final = {
    "geojson": ("geojson", "json"),
    "gpkg": ("gpkg",),
    "kml": ("kml",),
    "kmz": ("kmz",),
    "parquet": ("parquet", "geoparquet"),
    "shp": ("shp",),
}
"""Formats and the endings of their files."""

SEVERAL_LAYERS: Final = ("gpkg", "kml", "kmz")
"""The formats that hold more than one layer."""

MOST_OVERLAPPING: Final = 150
"""Faces grow with the square of the bands: with more of one kind, a file has them on request."""

PACK_FILES: Final = ("bands.geojson", "rangemap.gpkg", "bands.kmz", "bands.parquet")
"""The files of a briefing pack."""


def form_of(path: Path, form: str | None = None) -> str:
    """Return the format of a file: as asked, else by its ending.

    Raises
    ------
    ArgumentError
        If the format is unknown, or the ending says nothing.

    Examples
    --------
    >>> form_of(Path("a.GPKG")), form_of(Path("a.out"), "kml")
    ('gpkg', 'kml')
    """
    if form is not None:
        if form not in FORMS:
            known = ", ".join(FORMS)
            raise ArgumentError(
                f"unknown format {form[:40]!r}: it must be one of {known}{near_name(form, FORMS)}"
            )
        return form
    ending = path.suffix[1:].lower()
    for name, endings in FORMS.items():
        if ending in endings:
            return name
    known = ", ".join(f".{endings[0]}" for endings in FORMS.values())
    raise ArgumentError(f"{str(path)!r} must end in {known}, or a format must be given")


def default_layers(analysis: Analysis, form: str) -> tuple[str, ...]:
    """Return the layers that a format holds if none is asked for.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> default_layers(analyse("guam"), "gpkg")
    ('bands', 'footprints', 'overlap', 'sites', 'places')
    """
    if form in ("kml", "kmz"):
        from rangemap.views import kml

        return kml.LAYERS
    if form != "gpkg":
        return ("bands",)
    many = analysis.bands["band_kind"].value_counts().max() > MOST_OVERLAPPING
    return tuple(name for name in LAYERS if name != "overlap" or not many)


def write_gis(
    analysis: Analysis,
    path: Path,
    form: str | None = None,
    *,
    layers: Iterable[str] | None = None,
) -> list[Path]:
    """Write an analysis as a GIS file.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    path : pathlib.Path
        Where to; its ending says the format unless ``form`` does.
    form : {"geojson", "gpkg", "kml", "kmz", "parquet", "shp"}, optional
        The format.
    layers : iterable of str, optional
        Of `LAYERS`. GeoPackage, KML and KMZ hold several, the others one; by default
        `default_layers`.

    Returns
    -------
    list of pathlib.Path
        The files written: of a Shapefile several, otherwise one. The same analysis gives the
        same bytes.

    Raises
    ------
    ArgumentError
        If the format or a layer is unknown, or the format cannot hold the layers.
    OutputError
        If a file cannot be written; none is left half written.
    """
    form = form_of(path, form)
    files = gis_bytes(analysis, form, layers=layers)
    written = [_beside(path, ending) for ending in files]
    _keep_notes(written)
    for target, content in zip(written, files.values(), strict=True):
        write_whole(target, content)
    return written


def gis_bytes(
    analysis: Analysis, form: str, *, layers: Iterable[str] | None = None
) -> dict[str, bytes]:
    """Return the files of a GIS format by their ending; "" is the ending of the path itself.

    Parameters and errors are those of `write_gis`.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> sorted(gis_bytes(analyse("europe"), "geojson", layers=["sites"]))
    ['']
    """
    names = default_layers(analysis, form) if layers is None else tuple(dict.fromkeys(layers))
    if form in SEVERAL_LAYERS:
        return {"": _several(analysis, form, names)}
    if len(names) != 1:
        raise ArgumentError(f"{form} holds one layer and not {len(names)}: {', '.join(names)}")
    layer, about = gis_layer(analysis, names[0]), about_of(analysis)
    if form == "geojson":
        from rangemap.views.export import layer_geojson

        return {"": layer_geojson(layer, about).encode("utf-8", "replace")}
    if form == "parquet":
        from rangemap.views.geoparquet import layer_parquet

        return {"": layer_parquet(layer, about)}
    from rangemap.views.shapefile import layer_shapefile

    return layer_shapefile(layer, about)


def pack_files(analysis: Analysis, folder: Path) -> list[Path]:
    """Write the GIS files of a briefing pack, `PACK_FILES`, into a folder."""
    return [path for name in PACK_FILES for path in write_gis(analysis, folder / name)]


def _beside(path: Path, ending: str) -> Path:
    """Return the path of one of several files that belong together."""
    if not ending:
        return path
    own = path.suffix.lower() in (".shp", ending)
    return path.with_suffix(ending) if own else path.with_name(path.name + ending)


def _keep_notes(written: list[Path]) -> None:
    """Refuse to replace a text file that somebody else wrote."""
    from rangemap.views.shapefile import LIMITS

    for path in written:
        mine = path.suffix != ".txt" or not path.is_file()
        if not mine and LIMITS not in path.read_text(encoding="utf-8", errors="replace"):
            raise OutputError(f"cannot write {path}: it is there already and is not rangemap's")


def _several(analysis: Analysis, form: str, names: tuple[str, ...]) -> bytes:
    if form == "gpkg":
        from rangemap.views.gpkg import layers_gpkg

        return layers_gpkg(gis_layers(analysis, names), analysis)
    from rangemap.views import kml

    for name in names:
        if name not in kml.LAYERS and name in LAYERS:
            raise ArgumentError(
                f"layer {name!r} is not written as {form}: use geojson, gpkg, parquet or shp"
            )
    chosen = gis_layers(analysis, names)
    return kml.layers_kmz(chosen, analysis) if form == "kmz" else kml.layers_kml(chosen, analysis)
