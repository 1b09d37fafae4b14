"""A fresh case for each run of the tests of GIS files: hostile names, awkward places."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import numpy as np

import rangemap as rm
from rangemap.analysis import Analysis, analyse

SEED = int(os.environ.get("RANGEMAP_SEED") or secrets.randbits(32))
HOSTILE = (
    "</kml>]]><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE bands; --",
    "\u202eevil \U0001f680 \u4e2d\u5c0f\u6751 \u043b\u0443\u0433\u0430",
    "N" * 300,
    'quote " ampersand & back\\slash $[name] {{7*7}} %s',
    "plain",
    "tab\tand \u0085 control",
)
AWKWARD = (
    (0.0, 90.0), (180.0, -89.9999), (-179.9999999, 60.0), (180.0, 0.0), (12.0, 0.0),
)  # fmt: skip
RANGES = (
    (0, 0.02), (0, 300), (500, 5500), (1000, 1000.01), (0, 9000), (9000, 19950), (19000, 19950),
)  # fmt: skip


def awkward_analysis(folder: Path, seed: int = SEED) -> Analysis:
    """Return an analysis of sites at poles and on the date line, thin bands, tiny radii."""
    rng = np.random.default_rng(seed)
    spots = [*AWKWARD, *zip(rng.uniform(-180, 180, 3), rng.uniform(-90, 90, 3), strict=True)]
    lines = [
        "format = 1",
        f"title = {_toml(HOSTILE[0] + HOSTILE[3])}",
        f"notes = [{_toml(HOSTILE[5])}]",
        "[view]\nlead = 'systems'",
    ]
    for number, color in enumerate(("#1f5fa8", "#b3261e")):
        name = HOSTILE[number]
        lines.append(f"[[coalitions]]\nid = 'side{number}'\nname = {_toml(name)}")
        lines.append(f"color = '{color}'\nmembers = ['{('FRA', 'JPN')[number]}']")
    for number, (lon, lat) in enumerate(spots):
        name = HOSTILE[number]
        lines.append(f"[[sites]]\nid = 's{number}'\nname = {_toml(name)}")
        lines.append(f"lon = {float(lon)!r}\nlat = {float(lat)!r}\nnote = {_toml(name)}")
        chosen = rng.choice(len(RANGES), 3, replace=False)
        ranges = ", ".join(
            f"{{ label = {_toml(HOSTILE[k])}, min_km = {RANGES[k][0]}, max_km = {RANGES[k][1]} }}"
            for k in sorted(chosen)
        )
        lines.append(f"[[launches]]\ncoalition = 'side{number % 2}'\nsites = ['s{number}']")
        lines.append(f"systems = 'none'\ntreaty_band = {str(number % 3 == 0).lower()}")
        lines.append(f"ranges = [{ranges}]")
    path = folder / "awkward.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return analyse(rm.read_scenario(str(path)))


def _toml(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) in (0x7F, 0x85, 0x202E) else c
        for c in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
