"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 AA and its best practices."""

from __future__ import annotations

import json
from typing import Final

import pytest
from playwright.sync_api import Page

from rangemap.views.webmap_page import ASSETS

_AXE: Final = ASSETS / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_ASK: Final = """
rules => axe
  .run(document, {resultTypes: ["violations"], runOnly: {type: "tag", values: rules}})
  .then((found) => found.violations.map((one) => [one.id, one.nodes.slice(0, 4).map(
    (node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`)]))
"""

needs_axe = pytest.mark.skipif(
    not _AXE.is_file(), reason="needs `npm ci` in rangemap/views/assets (make test does it)"
)


def violations(page: Page) -> list[str]:
    """Return what breaks a rule on a page as it is now, a line for each rule."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [json.dumps(one) for one in page.evaluate(_ASK, _RULES)]
