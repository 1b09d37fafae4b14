"""The scripts of the page: fresh bundle, own lint and unit tests, licences, no words elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rangemap.views.webmap_page import ASSETS, built, page_script

SOURCE = ASSETS / "src"
MODULES = ASSETS / "node_modules"
ROOT = Path(__file__).parents[2]

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not MODULES.is_dir(),
    reason="needs node and `npm ci` in rangemap/views/assets (make test does both)",
)


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=ASSETS, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_bundle_is_made_from_these_sources() -> None:
    digest = hashlib.sha256()
    for path in sorted(p for p in SOURCE.iterdir() if p.suffix in (".js", ".css")):
        digest.update(f"{path.name}\0{path.read_text(encoding='utf-8')}\0".encode())
    manifest = json.loads((ASSETS / "built" / "manifest.json").read_text(encoding="utf-8"))
    assert digest.hexdigest() == manifest["sources_sha256"], "run `node build.mjs` in assets/"
    for name in manifest["files"]:
        assert built(name)


@needs_node
def test_the_bundle_is_what_the_build_gives() -> None:
    done = _node("node", "build.mjs", "--check")
    assert done.returncode == 0, done.stderr


@needs_node
def test_the_scripts_pass_their_linter() -> None:
    done = _node("node", "node_modules/eslint/bin/eslint.js", ".")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@needs_node
def test_the_scripts_pass_their_unit_tests() -> None:
    done = _node("node", "--test", "test/")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_library_in_the_page_is_listed_with_its_licence() -> None:
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    manifest = json.loads((ASSETS / "built" / "manifest.json").read_text(encoding="utf-8"))
    lock = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))
    script = page_script()
    for library in manifest["libraries"]:
        name, version = library["name"], library["version"]
        assert re.search(rf"\| {re.escape(name)} \| {re.escape(version)} \|", listed), name
        pinned = lock["packages"][f"node_modules/{name}"]
        assert pinned["version"] == version
        assert pinned["integrity"].startswith("sha512-")
        assert library["text"].splitlines()[0] in script


def test_no_module_but_one_holds_words_for_readers() -> None:
    """A sentence elsewhere could not be put into another language."""
    sentence = re.compile(r"[\"'`]([A-Z][a-z]+(?: [a-z]+){2,}[^\"'`]*)[\"'`]")
    found = [
        f"{path.name}: {match[1]}"
        for path in sorted(SOURCE.glob("*.js"))
        if path.name != "words.js"
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith(("//", "*", "/*")) and "Error(" not in line
        for match in sentence.finditer(line)
    ]
    assert found == []


def test_no_module_makes_markup_from_text() -> None:
    for path in SOURCE.glob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(", code), path.name
        assert "eslint-disable" not in code, path.name
