"""The interactive map: a folium map in one file that asks nothing of any server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import folium
import geopandas
from folium.template import Template

from rangemap.analysis import Analysis, Comparison, Scenario, as_analysis
from rangemap.views.webmap_areas import area_payload, is_bands
from rangemap.views.webmap_data import payload
from rangemap.views.webmap_page import (
    Tiles,
    WebPage,
    as_json_block,
    data_uri,
    page_script,
    page_style,
    script_safe,
    tiles_of,
    world_text,
)
from rangemap.writing import write_whole

__all__ = ["RangeMap", "explore"]


def explore(
    what: Analysis | Comparison | Scenario | geopandas.GeoDataFrame | str | Path,
    *,
    tiles: str | None = None,
    attribution: str | None = None,
) -> RangeMap:
    """Draw an interactive map of range bands and of the capitals in them.

    Parameters
    ----------
    what : str, pathlib.Path, Scenario, Analysis, Comparison or geopandas.GeoDataFrame
        A scenario (a built-in name, or the path of a TOML file), what `read_scenario`,
        `analyse`, `compare` or `range_bands` return, or any GeoDataFrame of polygons in a
        coordinate system that it names: its polygons are drawn with the capitals, and a
        click shows its columns.
    tiles : str, optional
        The address of map tiles, ``https://…/{z}/{x}/{y}.png``, to lie under the ranges.
        The page then goes online, and says so. By default the bundled world is drawn and the
        page asks nothing of any server.
    attribution : str, optional
        Whom the tiles are to be credited to; needed with ``tiles``.

    Returns
    -------
    RangeMap
        A `folium.Map`. It shows itself in a notebook; ``save(path)`` writes one HTML file
        (about 0.8 MB) that works offline and asks nothing of any server.

    Raises
    ------
    UnknownNameError, ScenarioError
        If the scenario is not known, or breaks a rule.
    ArgumentError
        If polygons have no coordinate system, or are none, or tiles have no credit.

    Notes
    -----
    The page computes rings, distances and verdicts itself, with WGS 84 geodesics and by the
    rules of `coverage_table`, so that they follow its switches, its year and what a reader
    changes. Rings keep continuous longitudes and are drawn on endless copies of the world, so
    there is no seam at +-180 and none at a pole. They are drawn within a twentieth of a pixel,
    and within 100 m when seen closely; verdicts come from geodesic distances and not from the
    drawing.

    Examples
    --------
    >>> page = explore("europe").to_html()
    >>> page.count("<title>Europe: capitals within the ranges that the INF Treaty banned</title>")
    1
    """
    online = tiles_of(tiles, attribution)
    if isinstance(what, geopandas.GeoDataFrame) and not is_bands(what):
        content = area_payload(what)
        return RangeMap(content["title"], content, online)
    analysis = as_analysis(what)
    return RangeMap(analysis.scenario.title, payload(analysis), online)


@dataclass(frozen=True)
class _Slots:
    """What fills the slots of the template: data, worlds, scripts, style."""

    content: dict[str, Any]
    online: Tiles | None

    def texts(self) -> dict[str, str]:
        """Return the text of each slot by name."""
        icons = {"iconUrl": "marker-icon", "iconRetinaUrl": "marker-icon-2x"}
        icons["shadowUrl"] = "marker-shadow"
        online = self.online
        return {
            "style": page_style(),
            "data": as_json_block(self.content),
            "icons": as_json_block({k: data_uri("leaflet", f"{n}.png") for k, n in icons.items()}),
            "online": as_json_block(online.as_json() if online else None),
            "world-110m": world_text("110m"),
            "world-50m": world_text("50m"),
            "scripts": script_safe(page_script()),
        }


class RangeMap(folium.Map):
    """A folium map of an analysis, to which folium layers may be added before it is saved.

    Parameters
    ----------
    title : str
        Of the page.
    content : dict
        The facts of the page, as `webmap_data.payload` makes them.
    online : Tiles, optional
        Tiles of a server, if the page may go online.
    """

    def __init__(self, title: str, content: dict[str, Any], online: Tiles | None = None) -> None:
        super().__init__(location=(0.0, 0.0), zoom_start=2, tiles=None, zoom_control=False)
        self._name = "RangeMap"
        # Lists of our own: folium's are shared by every map of the process.
        self.default_js = [("leaflet", "rangemap:leaflet")]
        self.default_css = [("leaflet_css", "rangemap:leaflet")]
        self._template = _MAP
        WebPage(title, _Slots(content, online).texts, online).add_child(self)

    def to_html(self) -> str:
        """Return the whole page as text.

        Raises
        ------
        RangemapError
            If a layer added to the map would fetch something from the network.
        """
        text: str = self.get_root().render()
        return text

    def save(self, outfile: Any, close_file: bool = True, **_kwargs: Any) -> None:
        """Write the page to a file.

        Parameters
        ----------
        outfile : str, pathlib.Path or binary file
            Where to.
        close_file : bool, default True
            Whether to close it, as in folium.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        content = self.to_html().encode("utf-8", "replace")
        if not isinstance(outfile, str | Path):
            outfile.write(content)
            if close_file:
                outfile.close()
            return
        write_whole(Path(outfile), content)


_MAP: Final = Template(
    """
    {% macro header(this, kwargs) %}<style>@@rangemap:style@@</style>{% endmacro %}
    {% macro html(this, kwargs) %}
<aside id="rm-panel" aria-label="Legend, table, what-if and notes"></aside>
<main id="rm-map-holder">
<div id="rm-stage"><div class="folium-map" id="{{ this.get_name() }}"></div></div>
</main>
<noscript>This map is drawn by the scripts in this file: allow JavaScript to see it.</noscript>
<script type="application/json" id="rangemap-data">@@rangemap:data@@</script>
<script type="application/json" id="rangemap-icons">@@rangemap:icons@@</script>
<script type="application/json" id="rangemap-online">@@rangemap:online@@</script>
<script type="text/plain" id="rangemap-world-110m">@@rangemap:world-110m@@</script>
<script type="text/plain" id="rangemap-world-50m">@@rangemap:world-50m@@</script>
<script>
@@rangemap:scripts@@</script>
    {% endmacro %}
    {% macro script(this, kwargs) %}
var {{ this.get_name() }} = rangemap.start("{{ this.get_name() }}");
    {% endmacro %}
    """
)
