"""Figures against kept images, with a tolerance.

To add a case: 1. write ``figures/NAME.toml``, a scenario with sites of its own; 2. run
``RANGEMAP_UPDATE_GOLDEN=1 pytest tests/golden/test_figures.py``; 3. look at
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
from rangemap.views.picture import draw_picture, picture_bytes

FOLDER = Path(__file__).parent / "figures"
CASES = sorted(path.stem for path in FOLDER.glob("*.toml"))
DPI = 60  # 800 x 450 pixels
FAR = 40  # of 255: a pixel that differs by more counts as wrong
WRONG_SHARE = 0.003


def draw(name: str, folder: Path) -> Path:
    path = folder / f"{name}-actual.png"
    picture = draw_picture(rm.analyse(FOLDER / f"{name}.toml"))
    path.write_bytes(picture_bytes(picture, "png", dpi=DPI))
    return path


def test_there_are_cases():
    assert len(CASES) >= 3


@pytest.mark.parametrize("name", CASES)
def test_figure_looks_as_kept(name, tmp_path):
    expected, actual = FOLDER / f"{name}.png", draw(name, tmp_path)
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
