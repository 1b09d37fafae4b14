"""The page that shows all packs of an output folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

GENERATOR: Final = '<meta name="generator" content="rangemap">'

_LABELS: Final = {
    "map.html": "Interactive map (opens offline)",
    "figure.png": "Image, 300 dpi",
    "figure.svg": "Image, SVG",
    "figure.pdf": "Image, PDF",
    "places.csv": "Capitals by zone",
    "coverage.csv": "Every capital and band",
    "comparison.csv": "Both sides compared",
    "summary.json": "Summary",
    "bands.geojson": "Bands, GeoJSON",
    "manifest.json": "Manifest: sources, hashes, caveats",
}

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } section { margin: 3rem 0; }
img { width: 100%; height: auto; border: 1px solid #8a98a5; background: #fff; }
ul.files { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
a { color: LinkText; } a:focus-visible { outline: 3px solid; outline-offset: 2px; }
footer { font-size: .85rem; }
"""


@dataclass(frozen=True)
class Pack:
    """What the page shows of one pack."""

    name: str
    title: str
    subtitle: str
    headline: tuple[str, ...]
    files: tuple[str, ...]
    provenance: str


def render_index(packs: Sequence[Pack], caveats: Sequence[str]) -> str:
    """Return the page as HTML text; all that comes from files is escaped.

    Examples
    --------
    >>> "<h1>" in render_index([], [])
    True
    """
    sections = "\n".join(_section(pack) for pack in packs)
    notes = "\n".join(f"<li>{escape(text)}</li>" for text in caveats)
    policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
{GENERATOR}
<title>rangemap: missile ranges and capitals</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>Missile ranges and the capitals within them</h1>
<p>Geodesic bands round launch sites, and which capitals they cover. Every folder has the
same files; its manifest names each source.</p>
</header>
<main>
{sections}
</main>
<footer>
<h2>Read this with the maps</h2>
<ul>
{notes}
</ul>
</footer>
</body>
</html>
"""


def _section(pack: Pack) -> str:
    folder = escape(pack.name, quote=True)
    order = {name: number for number, name in enumerate(_LABELS)}
    links = "\n".join(
        f'<li><a href="{folder}/{escape(name)}">{escape(_LABELS.get(name, name))}</a></li>'
        for name in sorted(pack.files, key=lambda name: (order.get(name, len(order)), name))
    )
    findings = "\n".join(f"<p>{escape(text)}</p>" for text in pack.headline)
    alternative = escape(f"{pack.title}. {' '.join(pack.headline)}", quote=True)
    return f"""<section aria-labelledby="{folder}">
<h2 id="{folder}">{escape(pack.title)}</h2>
<p>{escape(pack.subtitle)}</p>
<a href="{folder}/map.html"><img src="{folder}/figure.png" alt="{alternative}" loading="lazy"></a>
{findings}
<ul class="files">
{links}
</ul>
<p><small>{escape(pack.provenance)}</small></p>
</section>"""
