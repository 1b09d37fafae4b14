"""The wheel, installed elsewhere, works with its data inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(root)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    wheel = next(folder.glob("rangemap-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_data_and_assets(installed: Path, root: Path) -> None:
    data = installed / "rangemap" / "data"
    bundled = {path.relative_to(root / "data") for path in (root / "data").rglob("*.*")}
    wanted = {path for path in bundled if path.parts[0] != "build" and path.suffix != ".pyc"}
    assert {path.relative_to(data) for path in data.rglob("*.*")} == wanted
    assert (installed / "rangemap" / "views" / "assets" / "leaflet" / "LICENSE").is_file()


def test_the_wheel_works_from_another_folder(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    script = "import rangemap, sys; print(rangemap.__file__); " \
        "from rangemap.cli import main; sys.exit(main(['check']))"  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert str(installed) in run.stdout
    assert "no problem found" in run.stdout
