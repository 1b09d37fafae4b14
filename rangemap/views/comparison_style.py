"""How the page of a comparison looks: on a screen, light and dark, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rangemap.views.theme import DARK, LIGHT, Theme

__all__ = ["CLASSES", "page_style"]

CLASSES: Final = {
    "both": "both", "a-only": "a", "b-only": "b", "neither": "neither", "own-side": "own",
}  # fmt: skip
"""The class of each category's colour."""

_RULES: Final = """
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 "Noto Sans", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: break-word;
}
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
h1 { font-size: clamp(1.7rem, 4.2vw, 2.6rem); line-height: 1.15; margin: .2rem 0 .6rem;
  letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3.2rem 0 .8rem; padding-top: .9rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1.1rem; line-height: 1.3; margin: 1.6rem 0 .4rem; }
p, ul, ol, dl { margin: .6rem 0; }
.kicker { color: var(--muted); font-size: .95rem; margin: 0; }
.lead { font-size: clamp(1.15rem, 2.4vw, 1.4rem); line-height: 1.4; max-width: 54rem;
  margin: 0 0 1rem; }
.read { max-width: 46rem; }
.small { font-size: .875rem; color: var(--muted); }
ul.findings { max-width: 54rem; padding-left: 1.2rem; }
ul.findings li { margin: .35rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0; }
nav a { display: inline-block; padding: .25rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; background: var(--paper); padding: .5rem 1rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 2; }
figure { margin: 1rem 0; }
figure img { display: block; width: 100%; height: auto; border: 1px solid var(--rule); }
figcaption { font-size: .875rem; color: var(--muted); margin-top: .4rem; }
.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem;
  margin: 1rem 0; }
.card { border: 1px solid var(--rule); border-top: 6px solid var(--line, var(--ink));
  padding: .8rem 1.1rem 1rem; }
.card h3 { margin: 0; }
.card .count { font-size: 2.3rem; font-weight: 700; line-height: 1.15; margin: .1rem 0 .2rem; }
.card .names { font-size: .925rem; line-height: 1.6; }
.card.wide { grid-column: 1 / -1; }
.card.a { --line: var(--a); } .card.b { --line: var(--b); } .card.both { --line: var(--both); }
.card.neither { --line: var(--neither); } .card.own { --line: var(--ink); }
.card.own { border-top-style: double; }
i.mark { font-style: normal; white-space: nowrap; }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; }
table.full { width: 100%; }
caption span { display: block; max-width: min(54rem, calc(100vw - 2.2rem)); }
caption { text-align: left; font-size: .875rem; color: var(--muted); padding: 0 0 .5rem; }
th, td { padding: .32rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
th.n, td.n { text-align: right; } td.n { white-space: nowrap; }
tbody th { font-weight: 400; }
tr.total th, tr.total td { border-top: 2px solid var(--ink); font-weight: 700; }
th.group { border-left: 1px solid var(--rule); text-align: left; }
td.first, th.first { border-left: 1px solid var(--rule); }
.bars { display: grid; gap: 1.1rem; margin: 1.2rem 0; }
.bars h3 { margin: 0 0 .3rem; font-size: 1rem; }
.bars svg { display: block; width: 100%; height: 2rem; }
.bars ul { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; list-style: none; padding: 0;
  margin: .35rem 0 0; font-size: .9rem; }
.key { display: inline-block; width: .85em; height: .85em; margin-right: .4em;
  vertical-align: -.05em; border: 1px solid var(--ink); }
.key.a { background: var(--a); } .key.b { background: var(--b); }
.key.both { background: var(--both); } .key.neither { background: var(--neither-fill); }
.key.own { background: var(--paper); }
rect.a { fill: var(--a); } rect.b { fill: var(--b); } rect.both { fill: var(--both); }
rect.neither { fill: var(--neither-fill); } rect.own { fill: var(--paper); stroke: var(--ink);
  stroke-width: 1; vector-effect: non-scaling-stroke; }
dl.pairs { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; }
dl.pairs dt { color: var(--muted); } dl.pairs dd { margin: 0; }
details { margin: .8rem 0; }
summary { cursor: pointer; padding: .4rem 0; font-weight: 600; }
footer { border-top: 2px solid var(--ink); margin-top: 3rem; padding-top: 1rem;
  padding-bottom: 3rem; }
ol.sources { font-size: .875rem; line-height: 1.45; padding-left: 2rem; }
ol.sources li { margin: .3rem 0; overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  body { font-size: 16px; }
  header, main, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.4rem; }
  .grid { grid-template-columns: minmax(0, 1fr); }
  th, td { padding: .3rem .45rem; }
  dl.pairs { grid-template-columns: 1fr; gap: 0; } dl.pairs dd { margin-bottom: .5rem; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  body { font-size: 9.5pt; line-height: 1.4; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  nav, .skip, details { display: none; }
  h1 { font-size: 21pt; } h2 { font-size: 14pt; margin-top: 9mm; } h3 { font-size: 11pt; }
  h2, h3, caption { break-after: avoid; }
  section:has(> #continents), section:has(> #distances), section:has(> #areas) {
    break-inside: avoid; }
  .lead { font-size: 12.5pt; }
  .card, .bars > div, figure, tr, ul.findings li, ol.sources li { break-inside: avoid; }
  .card .count { font-size: 19pt; } .card .names { font-size: 8.5pt; line-height: 1.45; }
  .grid { gap: 4mm; } .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding: .8mm 1.6mm; }
  thead { display: table-header-group; }
  .small, figcaption, caption, ol.sources { font-size: 8pt; }
  .bars svg { height: 6mm; } caption span { max-width: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}
"""


def page_style(light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """Return the page's style sheet.

    Parameters
    ----------
    light, dark : mapping of str to str
        The colours of "a", "b" and "both" on either ground, "#rrggbb".

    Examples
    --------
    >>> colors = {"a": "#1f5fa8", "b": "#c26a00", "both": "#6a1b9a"}
    >>> "--a: #1f5fa8" in page_style(colors, colors)
    True
    """
    bright, dim = _variables(LIGHT, light), _variables(DARK, dark)
    return (
        f":root {{ color-scheme: light dark; {bright} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dim} }} }}\n"
        f"@media print {{ :root {{ color-scheme: light; }} }}{_RULES}"
    )


def _variables(theme: Theme, colors: Mapping[str, str]) -> str:
    values = {
        "paper": theme.paper,
        "ink": theme.ink,
        "muted": theme.muted,
        "rule": theme.rule,
        "link": "#0b57a4" if not theme.dark else "#8ec5ff",
        "neither": theme.muted,
        "neither-fill": theme.rule,
        **colors,
    }
    return " ".join(f"--{name}: {value};" for name, value in values.items())
