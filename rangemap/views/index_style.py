"""How the pages that show packs look: light, dark, on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

__all__ = ["POLICY", "STYLE"]

STYLE: Final = """
:root { color-scheme: light dark; --ink: #20262c; --muted: #55606a; --paper: #ffffff;
  --card: #f6f8fa; --rule: #c9d1d8; --link: #0b57a4; --focus: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef2f5; --muted: #a7b3bd;
  --paper: #12171d; --card: #1a2129; --rule: #3b4752; --link: #8ec5ff; --focus: #ffb4ab; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: clamp(1.25rem, 3vw, 1.6rem); line-height: 1.25; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 0 0 .35rem; }
p { margin: 0 0 .75rem; max-width: 46rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
.muted, footer, .sub { color: var(--muted); }
nav ul { list-style: none; margin: 1rem 0 0; padding: 0; display: flex; flex-wrap: wrap;
  gap: .25rem 1.5rem; }
nav a { display: inline-block; padding: .25rem 0; }
.pack { border-top: 1px solid var(--rule); margin: 2rem 0 0; padding-top: 1.75rem; }
.hero { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem;
  margin: 1rem 0; align-items: start; }
.hero.alone { grid-template-columns: minmax(0, 1fr); }
.hero figure, .strip figure { margin: 0; }
img { display: block; width: 100%; height: auto; border: 1px solid var(--rule);
  border-radius: 4px; background: var(--card); }
.lead { font-size: 1.15rem; line-height: 1.4; font-weight: 600; }
.findings { margin: 0; padding-left: 1.1rem; } .findings li { margin-bottom: .5rem; }
.open { display: inline-block; margin: .9rem 0 0; padding: .5rem .9rem; border-radius: 4px;
  background: var(--link); color: var(--paper); text-decoration: none; font-weight: 600; }
.strip { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: .9rem;
  grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); align-items: start; }
.strip a { display: block; font-size: .85rem; line-height: 1.3; }
.strip span { display: block; padding-top: .3rem; }
.parts { display: grid; gap: 1.25rem 2rem; margin: 1.25rem 0;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.parts ul { list-style: none; margin: 0; padding: 0; } .parts li { padding: .2rem 0; }
.parts li > span { display: block; font-size: .95rem; }
.parts li > small { display: block; color: var(--muted); font-size: .82rem; line-height: 1.35; }
.parts a { display: inline-block; min-height: 1.6rem; margin-right: .9rem; font-size: .92rem; }
details { margin: .5rem 0; } summary { cursor: pointer; padding: .25rem 0; font-weight: 600; }
details ul { margin: .25rem 0 0; padding-left: 1.1rem; font-size: .92rem; }
.made { font-size: .85rem; color: var(--muted); }
footer { border-top: 1px solid var(--rule); margin-top: 2.5rem; padding-top: 1.25rem;
  padding-bottom: 2.5rem; font-size: .9rem; } footer ul { padding-left: 1.1rem; }
@media (max-width: 46rem) { .hero { grid-template-columns: minmax(0, 1fr); gap: .9rem; }
  header, main, footer { padding-left: 1rem; padding-right: 1rem; } }
@media print { :root { color-scheme: light; --ink: #000; --muted: #333; --paper: #fff;
  --card: #fff; --rule: #999; --link: #000; } body { font-size: 10pt; }
  nav, .skip { display: none; }
  .open { background: none; color: #000; padding: 0; text-decoration: underline; }
  .pack + .pack { break-before: page; } .strip li, .parts section, figure { break-inside: avoid; }
  .strip { grid-template-columns: repeat(4, 1fr); } }
"""
"""One sheet for the gallery of all packs and for the page of one."""

_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")

POLICY: Final = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'"
)
"""The pages ask nothing of anybody, run nothing and take no other style than theirs."""
