"""The interactive map: a folium map in one file that asks nothing of any server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import folium
import geopandas
from folium.template import Template

from rangemap.analysis import Analysis, Comparison, Scenario, as_analysis
from rangemap.views import basemap
from rangemap.views.webmap_data import payload
from rangemap.views.webmap_page import (
    OWN_SCRIPTS,
    WebPage,
    as_json_block,
    data_uri,
    own,
    script_safe,
)
from rangemap.writing import write_whole

__all__ = ["RangeMap", "explore"]


def explore(
    what: Analysis | Comparison | Scenario | geopandas.GeoDataFrame | str | Path,
) -> RangeMap:
    """Draw an interactive map of range bands and of the capitals in them.

    Parameters
    ----------
    what : str, pathlib.Path, Scenario, Analysis, Comparison or geopandas.GeoDataFrame
        A scenario (a built-in name, or the path of a TOML file), or what `read_scenario`,
        `analyse`, `compare` or `range_bands` return.

    Returns
    -------
    RangeMap
        A `folium.Map`. It shows itself in a notebook; ``save(path)`` writes one HTML file
        (about 1.3 MB) that works offline and asks nothing of any server.

    Raises
    ------
    UnknownNameError, ScenarioError
        If the scenario is not known, or breaks a rule.

    Notes
    -----
    Rings keep continuous longitudes and are drawn on endless copies of the world, so there is
    no seam at +-180 and none at a pole. They are drawn within 150 m; verdicts come from
    geodesic distances and not from the drawing.

    Examples
    --------
    >>> page = explore("europe").to_html()
    >>> page.count("<title>Europe: capitals within the ranges that the INF Treaty banned</title>")
    1
    """
    return RangeMap(as_analysis(what))


class RangeMap(folium.Map):
    """A folium map of an analysis, to which folium layers may be added before it is saved.

    Parameters
    ----------
    analysis : Analysis
        As `rangemap.analyse` returns it.
    """

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(location=(0.0, 0.0), zoom_start=2, tiles=None, zoom_control=False)
        self._name = "RangeMap"
        # Lists of our own: folium's are shared by every map of the process.
        self.default_js = [("leaflet", "rangemap:leaflet"), ("topojson", "rangemap:topojson")]
        self.default_css = [("leaflet_css", "rangemap:leaflet")]
        self._template = _MAP
        self._analysis = analysis
        WebPage(analysis.scenario.title, self._texts).add_child(self)

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

    def _texts(self) -> dict[str, str]:
        """Return what fills the slots of the template: data, worlds, scripts, style."""
        icons = {"iconUrl": "marker-icon", "iconRetinaUrl": "marker-icon-2x"}
        icons["shadowUrl"] = "marker-shadow"
        return {
            "style": own("rangemap.css"),
            "data": as_json_block(payload(self._analysis)),
            "icons": as_json_block({k: data_uri("leaflet", f"{n}.png") for k, n in icons.items()}),
            "world-110m": as_json_block(json.loads(basemap.topojson("110m"))),
            "world-50m": as_json_block(json.loads(basemap.topojson("50m"))),
            "scripts": script_safe("\n".join(own(name) for name in OWN_SCRIPTS)),
        }


_MAP: Final = Template(
    """
    {% macro header(this, kwargs) %}<style>@@rangemap:style@@</style>{% endmacro %}
    {% macro html(this, kwargs) %}
<aside id="rm-panel" aria-label="Legend, switches and notes"></aside>
<main id="rm-map-holder"><div class="folium-map" id="{{ this.get_name() }}"></div></main>
<noscript>This map is drawn by the scripts in this file: allow JavaScript to see it.</noscript>
<script type="application/json" id="rangemap-data">@@rangemap:data@@</script>
<script type="application/json" id="rangemap-icons">@@rangemap:icons@@</script>
<script type="application/json" id="rangemap-world-110m">@@rangemap:world-110m@@</script>
<script type="application/json" id="rangemap-world-50m">@@rangemap:world-50m@@</script>
<script>
@@rangemap:scripts@@</script>
    {% endmacro %}
    {% macro script(this, kwargs) %}
var {{ this.get_name() }} = rangemap.start("{{ this.get_name() }}");
    {% endmacro %}
    """
)
