"""The pages that are compared: rangemap's, and folium's own way with the same rings and places."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import folium
import numpy as np

import rangemap as rm

MODULES = Path(__file__).parent / "node_modules"
SIDES = {"west": "#1f5fa8", "east": "#b3372f"}
RANGE_KM = 2_500
LAND = {"color": "#999999", "weight": 0.8, "fillColor": "#f3eee4", "fillOpacity": 1}
# Where npm has what folium's pages fetch, by folium's own names for it.
PACKED = {
    "leaflet": "leaflet/dist/leaflet.js",
    "leaflet_css": "leaflet/dist/leaflet.css",
    "jquery": "jquery/dist/jquery.min.js",
    "bootstrap": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap_css": "bootstrap/dist/css/bootstrap.min.css",
    "awesome_markers": "drmonty-leaflet-awesome-markers/js/leaflet.awesome-markers.js",
    "awesome_markers_css": "drmonty-leaflet-awesome-markers/css/leaflet.awesome-markers.css",
    "awesome_markers_font_css": "@fortawesome/fontawesome-free/css/all.min.css",
}
TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".woff2": "font/woff2"}


def scenario_file(folder: Path, sites: int) -> Path:
    """Write a scenario of made-up sites, half of them on each side, each with two ranges.

    They lie anywhere between 10 W and 140 E, 20 and 65 N, so that rings enclose the pole, cross
    +-180 and lie over each other, as those of the built-in scenarios do.
    """
    rng = np.random.default_rng(20260214)
    lon = rng.uniform(-10, 140, sites)
    lat = np.degrees(np.arcsin(rng.uniform(*np.sin(np.radians([20, 65])), sites)))
    west = np.argsort(np.argsort(lon)) < sites // 2
    lines = ["format = 1", 'title = "Made-up sites"', "notes = []"]
    for side, color in SIDES.items():
        lines += ["[[coalitions]]", f'id = "{side}"', f'name = "{side.title()}"']
        lines += [f'color = "{color}"', "members = []"]
    for i in range(sites):
        lines += ["[[sites]]", f'id = "site-{i}"', f'name = "Site {i + 1}"']
        lines += [f"lon = {lon[i]:.4f}", f"lat = {lat[i]:.4f}"]
    for side in SIDES:
        named = [f"site-{i}" for i in range(sites) if west[i] == (side == "west")]
        lines += ["[[launches]]", f'coalition = "{side}"', f"sites = {json.dumps(named)}"]
        lines += ['systems = "none"', f"ranges = [{{ max_km = {RANGE_KM} }}]"]
    path = folder / "made-up.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass
class Page:
    """A page to be opened: its text as saved, as served, and how to tell that it is there.

    Attributes
    ----------
    name : str
        As the tables show it.
    path : str
        Where the server has it, with what stands behind ``#``.
    saved, served : str
        The file that a user would have, and the same with the addresses of its downloads replaced.
    ready : str
        JavaScript that is true once all rings and places are in the page.
    map_name : str
        JavaScript for its Leaflet map.
    settled : str
        JavaScript that is true once nothing is left to come; by default the same as `ready`.
    downloads : dict
        Bytes of what it fetched, by path; `downloads_gzip` is the sum of them compressed.
    """

    name: str
    path: str
    saved: str
    served: str
    ready: str = "true"
    map_name: str = ""
    settled: str = ""
    downloads: dict[str, int] = field(default_factory=dict)
    downloads_gzip: int = 0

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.saved.encode())

    @property
    def size_gzip(self) -> int:
        """Bytes of the file, compressed."""
        return len(gzip.compress(self.saved.encode(), mtime=0))


def ours(scenario: Path, places: int, bands: int, *, every_ring: bool = False) -> Page:
    """Return rangemap's page as it opens, or with the address at which it draws every ring."""
    text = rm.explore(scenario).to_html()
    name, path = "rangemap", "/rangemap.html"
    ready = "document.documentElement.dataset.rangemap === 'ready'"
    ready += f" && document.querySelectorAll('.rm-marker').length >= {places}"
    if every_ring:
        name += ", every ring"
        path += f"#on=0-{bands - 1}&d=rings&ed={_edition(text)}"
        ready += f" && rangemap.scene().lines.length >= {bands}"
    settled = "document.documentElement.dataset.rangemapWorld === 'fine'"
    return Page(name, path, text, text, ready, "rangemap.map", settled)


def _edition(text: str) -> str:
    block = re.search(r'id="rangemap-data">(.*?)</script>', text, re.DOTALL)
    return str(json.loads(block[1]).get("edition", "")) if block else ""


def stock(scenario: Path, *, pins: bool = False, land: bool = False) -> Page:
    """Return what folium makes of the same rings and places, as its documentation shows.

    `pins` has its default markers in place of circles, `land` the countries under the rings.
    """
    bands = rm.range_bands(str(scenario))
    capitals = rm.read_capitals()
    page = folium.Map(location=[45, 65], zoom_start=3, tiles=None)
    countries = rm.read_countries() if land else ()
    if land:
        shapes = countries.geometry.__geo_interface__
        folium.GeoJson(shapes, name="Countries", style_function=lambda _: LAND).add_to(page)
    for band in bands.itertuples():
        look = {"color": SIDES[band.coalition], "weight": 1.5, "fillOpacity": 0.05}
        folium.GeoJson(
            band.geometry.__geo_interface__,
            name=f"{band.label}, {band.site}",
            style_function=lambda _feature, look=look: look,
        ).add_to(page)
    for place in capitals.itertuples():
        said = f"{place.place}, {place.country}"
        at = [place.lat, place.lon]
        if pins:
            folium.Marker(at, popup=said, tooltip=said).add_to(page)
        else:
            folium.CircleMarker(at, radius=5, popup=said, tooltip=said, fill=True).add_to(page)
    folium.LayerControl().add_to(page)
    text = page.get_root().render()
    served, _ = localised(text)
    paths = "document.querySelectorAll('path.leaflet-interactive').length"
    images = "document.querySelectorAll('img.leaflet-marker-icon').length"
    if pins:
        ready = f"{paths} >= {len(bands)} && {images} >= {len(capitals)}"
    else:
        ready = f"{paths} >= {len(bands) + len(capitals) + len(countries)}"
    control = "document.querySelector('.leaflet-control-layers-overlays label')"
    name, path = ("folium, Marker", "/pins") if pins else ("folium, CircleMarker", "/circles")
    if land:
        name, path = f"{name}, with land", f"{path}-land"
    return Page(name, f"{path}.html", text, served, f"{ready} && {control}", page.get_name())


def empty() -> Page:
    """Return a page of nothing: the floor."""
    text = "<!doctype html><title>nothing</title><body>"
    return Page("floor: an empty page", "/empty.html", text, text)


def localised(text: str) -> tuple[str, list[str]]:
    """Return the page with its downloads from this machine, and the names of those left out."""
    left_out = []
    for name, address in [*folium.Map.default_js, *folium.Map.default_css]:
        packed = PACKED.get(name)
        if packed:
            text = text.replace(address, f"/npm/{packed}")
        else:
            left_out.append(address.rsplit("/", 1)[1])
            text = re.sub(rf"<(script|link)[^>]*{re.escape(address)}[^>]*>(</script>)?", "", text)
    return text, left_out


def why_no_stock() -> str:
    """Return why folium's pages cannot be opened, or nothing."""
    missing = [path for path in PACKED.values() if not (MODULES / path).exists()]
    if not missing:
        return ""
    return f"{', '.join(missing)} not installed (npm was not on PATH, or failed)"


class Handler(BaseHTTPRequestHandler):
    """Serves the pages from memory, and files of npm packages."""

    protocol_version = "HTTP/1.1"
    pages: dict[str, bytes]
    sent: list[tuple[str, bytes]]

    def do_GET(self) -> None:
        """Answer, and note what was sent."""
        path = self.path.split("?")[0]
        body = self.pages.get(path)
        if body is None and path.startswith("/npm/"):
            file = (MODULES / path.removeprefix("/npm/")).resolve()
            if file.is_relative_to(MODULES) and file.is_file():
                body = file.read_bytes()
        self.send_response(404 if body is None else 200)
        kind = TYPES.get(Path(path).suffix, "text/html; charset=utf-8")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")
        self.sent.append((path, body or b""))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@dataclass
class Site:
    """The server while it runs."""

    root: str
    sent: list[tuple[str, bytes]]

    def note_downloads(self, page: Page) -> None:
        """Keep what a page has fetched since the last call, besides itself."""
        fetched = {path: body for path, body in self.sent if path.startswith("/npm/")}
        page.downloads = {path: len(body) for path, body in fetched.items()}
        page.downloads_gzip = sum(_packed_size(path, body) for path, body in fetched.items())
        self.sent.clear()


def _packed_size(path: str, body: bytes) -> int:
    # Pictures and fonts are compressed already.
    return len(gzip.compress(body, mtime=0)) if path.endswith((".js", ".css")) else len(body)


@contextmanager
def served(pages: list[Page]) -> Iterator[Site]:
    """Serve the pages on this machine only."""
    texts = {page.path.split("#")[0]: page.served.encode() for page in pages}
    sent: list[tuple[str, bytes]] = []
    handler = type("PageHandler", (Handler,), {"pages": texts, "sent": sent})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", sent)
    finally:
        server.shutdown()
        server.server_close()
