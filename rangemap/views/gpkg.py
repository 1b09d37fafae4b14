"""GeoPackage: all layers in one file, with styles that QGIS picks up, and provenance."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from rangemap.analysis import Analysis
from rangemap.views.gis_about import LICENCE, About, about_of, xml_text
from rangemap.views.gis_layers import Layer
from rangemap.views.gpkg_styles import layer_qml

__all__ = ["PROVENANCE_URI", "layers_gpkg"]

PROVENANCE_URI: Final = "urn:rangemap:provenance"
"""``md_standard_uri`` of the metadata record that holds `About.record` as JSON."""

_QGIS_URI: Final = "http://mrcc.com/qgis.dtd"
_GEOMETRY: Final = "geom"
# As QGIS makes it itself when a style is saved; it looks for an empty schema, not for none.
_STYLES: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)
"""


def layers_gpkg(layers: list[Layer], analysis: Analysis) -> bytes:
    """Return a GeoPackage 1.3 with several layers.

    Parameters
    ----------
    layers : list of Layer
        Of the analysis; each becomes a table of its name with the geometry column ``geom``.
    analysis : Analysis
        What they were made from: styles and provenance come from it.

    Returns
    -------
    bytes
        An SQLite file. Besides the layers it holds ``layer_styles`` (the default style of each
        layer for QGIS) and ``gpkg_metadata``: provenance, caveats and sources as JSON for the
        whole file, and for each layer as QGIS shows it under Properties, Information. All its
        dates are the date of the data.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_layers import gis_layers
    >>> analysis = analyse("europe")
    >>> layers_gpkg(gis_layers(analysis, ["sites"]), analysis)[:15]
    b'SQLite format 3'
    """
    about = about_of(analysis)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rangemap.gpkg"
        for layer in layers:
            _write_layer(path, layer)
        with contextlib.closing(sqlite3.connect(path)) as database:
            with database:
                _add_styles(database, layers, analysis, about)
                _add_metadata(database, layers, about)
                database.execute("UPDATE gpkg_contents SET last_change = ?", (about.moment,))
            database.execute("VACUUM")
        return path.read_bytes()


def _write_layer(path: Path, layer: Layer) -> None:
    frame = layer.frame.copy()
    frame.attrs = {}
    frame.to_file(
        path,
        engine="pyogrio",
        mode="a" if path.exists() else "w",
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.shape,
        promote_to_multi=layer.shape == "MultiPolygon",
        dataset_options={"VERSION": "1.3", "ADD_GPKG_OGR_CONTENTS": "NO"},
        layer_options={
            "GEOMETRY_NAME": _GEOMETRY,
            "IDENTIFIER": layer.name,
            "DESCRIPTION": f"{layer.title}. {layer.description}",
            "SPATIAL_INDEX": "YES",
        },
    )


def _add_styles(
    database: sqlite3.Connection, layers: list[Layer], analysis: Analysis, about: About
) -> None:
    database.execute(_STYLES)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS', ?)",
        (about.moment,),
    )
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
        [
            (layer.name, _GEOMETRY, layer.name, layer_qml(layer, analysis),
             _storable(f"{layer.title}: {about.title}"), about.moment)
            for layer in layers
        ],
    )  # fmt: skip


def _add_metadata(database: sqlite3.Connection, layers: list[Layer], about: About) -> None:
    """Add provenance for the whole file as JSON, and for each layer as QGIS reads it."""
    for statement in _METADATA:
        database.execute(statement)
    record = _storable(json.dumps(about.record(), ensure_ascii=False, indent=1))
    rows: list[tuple[str, str, str, str, str | None]]
    rows = [(PROVENANCE_URI, "application/json", record, "geopackage", None)]
    rows += [
        (_QGIS_URI, "text/xml", _qgis_metadata(layer, about), "table", layer.name)
        for layer in layers
    ]
    for number, (uri, mime, text, scope, table) in enumerate(rows, start=1):
        database.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, ?, ?)", (number, uri, mime, text)
        )
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, NULL)",
            (scope, table, about.moment, number),
        )


_METADATA: Final = (
    """
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
    md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL,
    mime_type TEXT NOT NULL DEFAULT 'text/xml',
    metadata TEXT NOT NULL DEFAULT ''
)""",
    """
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL,
    table_name TEXT,
    column_name TEXT,
    row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
)""",
    """
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
    ('gpkg_metadata', NULL, 'gpkg_metadata',
     'http://www.geopackage.org/spec120/#extension_metadata', 'read-write'),
    ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
     'http://www.geopackage.org/spec120/#extension_metadata', 'read-write')""",
)


def _qgis_metadata(layer: Layer, about: About) -> str:
    root = ET.Element("qgis", version="3.22.0")

    def add(name: str, text: str, **attributes: str) -> None:
        ET.SubElement(root, name, attributes).text = xml_text(text)

    add("identifier", f"{about.scenario}/{layer.name} {about.scenario_hash}")
    add("language", "ENG")
    add("type", "dataset")
    add("title", f"{layer.title}: {about.title}")
    abstract = [layer.description, "", *about.findings, "", about.provenance, "", "Sources:"]
    abstract += [f"{s.cite()} {s.url} ({s.evidence.verified})" for s in about.sources]
    add("abstract", "\n".join(abstract))
    for text in about.caveats:
        add("constraints", text, type="other")
    add("rights", about.credits)
    add("license", LICENCE)
    add("history", about.provenance)
    return ET.tostring(root, encoding="unicode")


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
