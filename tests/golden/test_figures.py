"""Pictures against kept images, with a tolerance.

To add a case: 1. write ``figures/NAME.toml``, a scenario with sites of its own, or a line of
``OTHERS``; 2. run ``RANGEMAP_UPDATE_GOLDEN=1 pytest tests/golden/test_figures.py``; 3. look at
``figures/NAME.png`` and commit both. A failure leaves ``NAME-actual.png`` and
``NAME-diff.png`` in pytest's folder for temporary files, which the message names.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import rangemap as rm
from rangemap.views.picture import KINDS, LAYOUTS, draw_picture, picture_bytes
from rangemap.views.theme import THEMES

FOLDER = Path(__file__).parent / "figures"
CASES = sorted(path.stem for path in FOLDER.glob("*.toml"))
OTHERS = (
    ("marginal", "theatre", "page", "print"),
    ("marginal", "ladder", "page", "light"),
    ("pole", "rose", "square", "print"),
    ("two-sides", "theatre", "square", "dark"),
    ("two-sides", "bars", "page-landscape", "dark"),
    ("two-sides", "panels", "slide", "light"),
    ("two-sides", "overlap", "slide", "print"),
    ("two-sides", "sides", "page", "light"),
    ("disputed", "change", "slide", "dark"),
)
"""Scenario, kind, layout and theme of pictures that are not the theatre as a light slide."""
DPI = 60  # 800 x 450 pixels
FAR = 40  # of 255: a pixel that differs by more counts as wrong
WRONG_SHARE = 0.003


def test_there_are_cases_of_all_kinds_layouts_and_themes():
    assert len(CASES) >= 3
    _, kinds, layouts, themes = zip(*OTHERS, strict=True)
    assert (set(kinds), {*layouts}, {*themes}) == ({*KINDS}, {*LAYOUTS}, {*THEMES})


@pytest.mark.parametrize("name", CASES)
def test_figure_looks_as_kept(name, tmp_path):
    compare(name, tmp_path, name)


@pytest.mark.parametrize("case", OTHERS, ids="-".join)
def test_picture_looks_as_kept(case, tmp_path):
    compare("-".join(case), tmp_path, *case)


def compare(name, tmp_path, scenario, kind="theatre", layout="slide", theme="light"):
    """Draw a picture and hold it against the kept one."""
    expected, actual = FOLDER / f"{name}.png", tmp_path / f"{name}-actual.png"
    picture = draw_picture(
        rm.analyse(FOLDER / f"{scenario}.toml"), kind, layout=layout, theme=theme
    )
    actual.write_bytes(picture_bytes(picture, "png", dpi=DPI))
    if os.environ.get("RANGEMAP_UPDATE_GOLDEN"):
        Image.open(actual).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
            expected, optimize=True
        )
    kept, made = (
        np.asarray(Image.open(path).convert("RGB"), dtype=int) for path in (expected, actual)
    )
    assert kept.shape == made.shape
    off = np.abs(kept - made).max(axis=2)
    wrong = float((off > FAR).mean())
    if wrong > WRONG_SHARE:
        diff = tmp_path / f"{name}-diff.png"
        Image.fromarray((255 - np.minimum(off * 3, 255)).astype(np.uint8)).save(diff)
        pytest.fail(f"{wrong:.1%} of pixels differ: {expected}, {actual}, {diff}")
