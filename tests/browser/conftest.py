"""Chromium for the browser tests: fails, never skips, where there is none."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rangemap.views.webmap import explore

HERE = Path(__file__).parent
READY = "document.documentElement.dataset.rangemap === 'ready'"


def _cdp() -> Any:
    """Load the client beside this file (tests are imported without being a package)."""
    name = "rangemap_tests_cdp"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / "cdp.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium."""
    cdp = _cdp()
    try:
        cdp.find_chromium()
    except cdp.ChromiumError as problem:
        pytest.fail(str(problem), pytrace=False)
    browser = cdp.Chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the map of a scenario once, and return its file."""
    folder = tmp_path_factory.mktemp("maps")
    files: dict[str, Path] = {}

    def save(scenario: str) -> Path:
        if scenario not in files:
            files[scenario] = folder / f"{Path(scenario).stem}.html"
            explore(scenario).save(files[scenario])
        return files[scenario]

    return save


@pytest.fixture
def opened(chromium: Any, saved: Callable[[str], Path]) -> Iterator[Callable[..., Any]]:
    """Open the map of a scenario; at the end the page must have been quiet and alone."""
    pages: list[tuple[Any, Path]] = []

    def open_map(scenario: str, width: int = 1280, height: int = 800) -> Any:
        page = chromium.page(width, height, mobile=width < 500)
        path = saved(scenario)
        pages.append((page, path))
        page.open(path, READY)
        return page

    yield open_map
    for page, path in pages:
        chromium.listen(0.1)
        page.close()
        assert page.requests() == [path.resolve().as_uri()]
        assert page.said() == []
