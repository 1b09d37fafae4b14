"""The scripts of docs/, loaded for tests."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"


def docs_module(name: str) -> ModuleType:
    """Return a script of docs/ as a module; those that it imports are found beside it."""
    needed = {"notebook_pages": "nbclient", "site_hooks": "mkdocs"}
    if name in needed:
        pytest.importorskip(needed[name], reason="pip install -e '.[docs]'")
    if str(DOCS) not in sys.path:
        sys.path.append(str(DOCS))
    return importlib.import_module(name)
