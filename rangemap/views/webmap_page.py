"""One self-contained page: libraries inlined, unknown addresses refused, scripts sealed by CSP."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from branca.element import Element, Figure
from folium.map import Icon
from folium.raster_layers import ImageOverlay, TileLayer, VideoOverlay, WmsTileLayer

from rangemap.errors import ArgumentError, DataError, RangemapError
from rangemap.views import basemap

ASSETS: Final = Path(__file__).with_name("assets")
BUILT: Final = ASSETS / "built"

# folium's and our own addresses of libraries, and the vendored files that stand in for them.
KNOWN_SCRIPTS: Final = {
    "rangemap:leaflet": ("leaflet", "leaflet.js"),
}
KNOWN_STYLES: Final = {"rangemap:leaflet": ("leaflet", "leaflet.css")}

_TILES: Final = re.compile(
    r"https://(?P<host>(?:\{s\}\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)(?P<path>/[^\s\"'<>;,]*)",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"[0-9a-f]{32}")
_SCRIPT: Final = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_LINK: Final = re.compile(r"<link\b[^>]*\bhref=\"(?P<url>[^\"]*)\"[^>]*/?>")
_SOURCE_MAP: Final = re.compile(r"\n?//# sourceMappingURL=\S*\s*$")
_CSP_MARK: Final = "rangemap-csp"
_TITLE_MARK: Final = "rangemap-title"
_SLOT: Final = re.compile(r"@@rangemap:([a-z0-9-]+)@@")


class WebPage(Figure):
    """A branca figure whose rendering asks nothing of any server, and is the same every time.

    Parameters
    ----------
    title : str
        Of the page.
    fill : callable
        Returns the text of each slot ``@@rangemap:name@@`` by name. branca takes what a macro
        renders for a template once more, so that a name with ``{{ }}`` in it would be run as
        one; slots are filled when all templates are done.
    """

    def __init__(
        self, title: str, fill: Callable[[], dict[str, str]], online: Tiles | None = None
    ) -> None:
        super().__init__()
        self.page_title = escape(title, quote=True)
        self._online = online
        self._fill = fill
        self._template = _PAGE

    def render(self, **kwargs: Any) -> str:
        """Return the whole page."""
        _refuse_online_layers(self)
        page = inlined(with_plain_ids(super().render(**kwargs), self))
        texts = self._fill()
        # One way to end a line, as an HTML parser reads it and as the policy's hashes count it.
        page = page.replace("\r\n", "\n")
        filled = _SLOT.sub(lambda match: texts.get(match[1], match[0]), page)
        images = self._online.origin if self._online else ""
        return sealed(filled.replace(_TITLE_MARK, self.page_title, 1), images)


_PAGE: Final = Element(
    "<!DOCTYPE html>\n"
    '<html lang="en">\n<head>\n'
    '<meta charset="utf-8">\n'
    f'<meta http-equiv="Content-Security-Policy" content="{_CSP_MARK}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="referrer" content="no-referrer">\n'
    f"<title>{_TITLE_MARK}</title>\n"
    "{{this.header.render(**kwargs)}}\n</head>\n<body>\n"
    "{{this.html.render(**kwargs)}}\n"
    "<script>\n{{this.script.render(**kwargs)}}\n</script>\n</body>\n</html>\n"
)._template


@cache
def vendored(package: str, name: str) -> bytes:
    """Return a vendored file, checked against ``assets.toml``.

    Raises
    ------
    DataError
        If it is not the file that was vendored.
    """
    listed = tomllib.loads((ASSETS / "assets.toml").read_text(encoding="utf-8"))
    content = (ASSETS / package / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != listed[package]["files"][name]:
        raise DataError(f"assets/{package}/{name}: sha256 {found} is not that of assets.toml")
    return content


@cache
def built(name: str) -> str:
    """Return a file that ``assets/build.mjs`` made, checked against its manifest.

    Raises
    ------
    DataError
        If it is not the file that was built.
    """
    content = (BUILT / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != _manifest()["files"][name]:
        raise DataError(f"assets/built/{name}: sha256 {found} is not that of its manifest")
    return content.decode("utf-8")


@cache
def _manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return content


def page_script() -> str:
    """Return the page's own script, with the licences of the libraries in it before it."""
    notes = [
        f"{one['name']} {one['version']} ({one['licence']})\n\n{one['text']}"
        for one in _manifest()["libraries"]
    ]
    joined = "\n\n".join(notes).replace("*/", "* /")
    return f"/*\nThis script holds code of these libraries:\n\n{joined}\n*/\n{built('page.js')}"


def page_style() -> str:
    """Return the page's own style sheet."""
    return built("page.css")


@cache
def world_text(scale: basemap.Scale) -> str:
    """Return the packed world as base64 text, which no HTML parser takes for markup."""
    return base64.b64encode(basemap.world_pack(scale)).decode("ascii")


@dataclass(frozen=True)
class Tiles:
    """Map tiles of a server, for a page that may go online."""

    url: str
    attribution: str
    origin: str
    """What the policy of the page lets it ask, such as ``https://*.example.org``."""

    def as_json(self) -> dict[str, str]:
        """Return it for the page."""
        host = self.origin.removeprefix("https://")
        return {"url": self.url, "attribution": self.attribution, "host": host}


def tiles_of(url: str | None, attribution: str | None) -> Tiles | None:
    """Return the tiles that the user asked for.

    Raises
    ------
    ArgumentError
        If the address is not https with {z}, {x} and {y}, or nobody is credited.

    Examples
    --------
    >>> tiles_of("https://{s}.tile.example.org/{z}/{x}/{y}.png", "Example").origin
    'https://*.tile.example.org'
    """
    if url is None:
        if attribution is not None:
            raise ArgumentError("attribution has no meaning without tiles")
        return None
    match = _TILES.fullmatch(url)
    if match is None or not all(part in match["path"] for part in ("{z}", "{x}", "{y}")):
        raise ArgumentError(
            f"tiles {url[:200]!r}: needs an address such as https://host/{{z}}/{{x}}/{{y}}.png"
        )
    if not (attribution or "").strip():
        raise ArgumentError("tiles need an attribution: whom their licence asks to credit")
    host = match["host"].replace("{s}.", "*.")
    return Tiles(url, " ".join(str(attribution).split()), f"https://{host}")


def as_json_block(data: Any) -> str:
    r"""Return JSON that no HTML parser can mistake for markup.

    Examples
    --------
    >>> as_json_block({"name": "</script>&"})
    '{"name":"\\u003c/script\\u003e\\u0026"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # A lone surrogate cannot be written as UTF-8; JSON may hold it as an escape.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def script_safe(code: str) -> str:
    """Keep code from closing its own script element, or opening a comment in it."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def with_plain_ids(page: str, root: Element) -> str:
    """Replace folium's random ids by numbers in the order in which they appear."""
    known: set[str] = set()
    stack: list[Any] = [root]
    while stack:
        element = stack.pop()
        known.add(element._id)
        stack.extend(element._children.values())
        stack.extend(
            value
            for value in vars(element).values()
            if isinstance(value, Element) and value._id not in known
        )
    order: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        if match[0] not in known:
            return match[0]
        return order.setdefault(match[0], f"{len(order) + 1}")

    return _ID.sub(plain, page)


def inlined(page: str) -> str:
    """Replace references to known libraries by their text, and refuse all others.

    Raises
    ------
    RangemapError
        If the page would fetch anything else; the message names the address.
    """

    def script(match: re.Match[str]) -> str:
        source = re.search(r"\bsrc=\"([^\"]*)\"", match["attributes"])
        if source is None:
            return match[0]
        package, name = _known(source[1], KNOWN_SCRIPTS)
        code = _SOURCE_MAP.sub("", vendored(package, name).decode("utf-8"))
        # Whoever passes the page on passes the licence on, as it asks.
        licence = vendored(package, "LICENSE").decode("utf-8").replace("*/", "* /")
        return f"<script>/*\n{script_safe(licence)}*/\n{script_safe(code)}</script>"

    def link(match: re.Match[str]) -> str:
        package, name = _known(match["url"], KNOWN_STYLES)
        return f"<style>{_with_images(package, vendored(package, name).decode('utf-8'))}</style>"

    whole = _LINK.sub(link, _SCRIPT.sub(script, page))
    checker = _Fetches()
    checker.feed(whole)
    if checker.found:
        raise _unknown(checker.found[0])
    return whole


def sealed(page: str, images: str = "") -> str:
    """Fill in the policy: only the scripts of this page run, and nothing is fetched.

    ``images`` is the one origin that tiles may come from, if the user asked for any.
    """
    digests = {
        base64.b64encode(hashlib.sha256(match["code"].encode("utf-8")).digest()).decode("ascii")
        for match in _SCRIPT.finditer(page)
        if not any(kind in match["attributes"] for kind in ("application/json", "text/plain"))
    }
    scripts = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
        f"img-src data:{' ' if images else ''}{images}; base-uri 'none'; form-action 'none'"
    )
    return page.replace(_CSP_MARK, policy, 1)


def _known(url: str, known: dict[str, tuple[str, str]]) -> tuple[str, str]:
    if url not in known:
        raise _unknown(url)
    return known[url]


def _unknown(url: str) -> RangemapError:
    return RangemapError(
        f"the map would fetch {url[:200]!r}: a self-contained page may not; "
        "leave out the layer that brings it"
    )


def _refuse_online_layers(root: Element) -> None:
    """Refuse folium layers that fetch without a script or link of their own."""
    stack: list[Any] = [root]
    while stack:
        element = stack.pop()
        stack.extend(element._children.values())
        if isinstance(element, Icon):
            raise RangemapError(
                "folium.Icon draws with fonts from the network: a self-contained page may not; "
                "use folium.DivIcon or the default marker"
            )
        url = ""
        if isinstance(element, TileLayer | WmsTileLayer):
            url = str(getattr(element, "tiles", None) or getattr(element, "url", ""))
        elif isinstance(element, ImageOverlay | VideoOverlay):
            url = str(getattr(element, "url", ""))
        if url and not url.startswith("data:"):
            raise _unknown(url)


def _with_images(package: str, css: str) -> str:
    """Put the images of a style sheet into it; rules for browsers long gone are dropped."""

    def data(match: re.Match[str]) -> str:
        name = Path(match[1]).name
        return f"url({data_uri(package, name)})" if name.endswith(".png") else "none"

    return re.sub(r"url\(([^)]*)\)", data, css)


def data_uri(package: str, name: str) -> str:
    """Return a vendored PNG as a data URI."""
    return "data:image/png;base64," + base64.b64encode(vendored(package, name)).decode("ascii")


class _Fetches(HTMLParser):
    """Collects addresses that the page would fetch by itself; links to click are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetches = (name in ("src", "srcset", "poster", "data", "background")) or (
                name == "href" and tag != "a"
            )
            if fetches and value and not value.startswith("data:"):
                self.found.append(value)
