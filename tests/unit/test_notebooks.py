"""The notebooks run, offline, and stand in the repository without outputs."""

import json
import os
from pathlib import Path

import pytest
from docs_modules import docs_module

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kernels are reached by Unix sockets")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    made = docs_module("notebook_pages").page(path)
    assert made.text.startswith("# ")
    pictures = [name for name in made.files if made.files[name].startswith(b"\x89PNG")]
    assert len(pictures) == 1
    assert f"]({Path(pictures[0]).name})" in made.text
    assert "<table>" in made.text
    assert "<script" not in made.text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_bare(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert any("assert " in "".join(cell["source"]) for cell in code)
    again = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    assert path.read_text(encoding="utf-8") == again


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import socket\nsocket.create_connection(('127.0.0.1', 9), 1)", "do not use the network"),
        ("import urllib.request as r\nr.urlopen('http://example.org')", "do not use the network"),
        ("assert 1 == 2", "AssertionError"),
    ],
)
def test_what_goes_wrong_in_a_notebook_is_an_error(code: str, error: str, tmp_path: Path) -> None:
    pages = docs_module("notebook_pages")
    nbformat = pytest.importorskip("nbformat")
    path = tmp_path / "wrong.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    with pytest.raises(Exception, match=error):
        pages.executed(path)
