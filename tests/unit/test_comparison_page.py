"""The page of a comparison: numbers as computed, names as text, no request, nothing unfinished."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import rangemap as rm
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, Comparison
from rangemap.errors import ArgumentError
from rangemap.views.comparison_files import comparison_json
from rangemap.views.comparison_page import comparison_html, disputed_changes

VOID = {"meta", "link", "img", "source", "br", "hr", "rect"}
DOT = "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E"


class Read(HTMLParser):
    """The page's elements and texts; every element must be closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))


@pytest.fixture(scope="module")
def default() -> Comparison:
    comparison = rm.analyse("europe-vs-china").comparison
    assert comparison
    return comparison


@pytest.fixture(scope="module")
def page(default: Comparison) -> str:
    return comparison_html(default)


def test_page_leads_with_the_numbers(default: Comparison, page: str) -> None:
    read = Read(page)
    counts = default.summary["counts"]
    free = sum(counts[key] for key in (A_ONLY, B_ONLY, BOTH, NEITHER))
    assert (
        f"Of {free} capitals, {counts[BOTH]} are in the banned range of both launch sites in "
        f"Europe and China, {counts[A_ONLY]} of launch sites in Europe only, {counts[B_ONLY]} of "
        f"China only and {counts[NEITHER]} of neither."
    ) in read.text
    for place in default.table["place"]:
        assert place in read.text
    for word in ("China was never a Party", "In range does not mean targeted", "Jaccard index",
                 "population of listed cities", "480 km as Russia says"):  # fmt: skip
        assert word in read.text
    assert f"{default.summary['jaccard']['area']:.3f}" in read.text
    assert default.a.scenario.hash in read.text
    entries = {s.key for s in rm.analyse("europe-vs-china").sources()}
    assert all(f"[{key}]" in read.text for key in entries)


def test_page_asks_nothing_and_runs_nothing(page: str) -> None:
    read = Read(page)
    policy = next(a["content"] for t, a in read.found if a.get("http-equiv"))
    sheet = re.search("<style>(.*?)</style>", page, re.S)
    assert sheet
    digest = base64.b64encode(hashlib.sha256(sheet[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none'")
    for tag, attributes in read.found:
        assert tag not in {"script", "iframe", "object", "link", "form", "base"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if tag == "a":
            assert re.match("#[a-z]+$|https?://", str(attributes["href"]))
        else:
            assert "href" not in attributes
    assert "url(" not in sheet[1]
    assert "@import" not in sheet[1]


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    read = Read(page)
    levels = [int(tag[1]) for tag, _ in read.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [str(a["id"]) for _, a in read.found if "id" in a]
    assert len(ids) == len(set(ids))
    inner = {str(a["href"])[1:] for t, a in read.found if t == "a" and str(a["href"])[0] == "#"}
    assert inner <= set(ids)
    labelled = {str(a["aria-labelledby"]) for _, a in read.found if "aria-labelledby" in a}
    assert labelled <= set(ids)


def test_same_comparison_same_page(default: Comparison, page: str) -> None:
    assert comparison_html(default) == page


def test_pictures_have_a_text_and_a_dark_twin(default: Comparison) -> None:
    shown = {"sides": DOT, "sides-dark": DOT, "change": DOT}
    read = Read(comparison_html(default, shown, alts={"sides": 'Two "maps" <b>'}))
    images = [a for tag, a in read.found if tag == "img"]
    assert images[0]["alt"] == 'Two "maps" <b>'
    assert "2,350 km" in str(images[1]["alt"])
    sources = [a for tag, a in read.found if tag == "source"]
    assert [a["media"] for a in sources] == ["screen and (prefers-color-scheme: dark)"]


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.png", 'data:image/png;base64,"onerror="x', "data:text/html,x", "a.png"],
)
def test_a_picture_from_elsewhere_is_refused(default: Comparison, address: str) -> None:
    with pytest.raises(ArgumentError, match="must be a data: URI"):
        comparison_html(default, {"sides": address})


HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\u202eright to left\u202c",
    "北京 \U0001f680 Пекин",
    "x" * 300,
    "\"quote\" & 'quote'",
    "{{7*7}}",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [f'"{name.replace(chr(34), chr(34) * 2)}",{10 + n},{50 - n}'
            for n, name in enumerate(HOSTILE) if "\u202e" not in name]  # fmt: skip
    (folder / "p.csv").write_text("place,lon,lat\n" + "\n".join(rows), encoding="utf-8")
    paths = []
    for number, name in enumerate((HOSTILE[0], HOSTILE[5])):
        lines = [
            "format = 1",
            f"title = {json.dumps(HOSTILE[number], ensure_ascii=False)}",
            "[[coalitions]]",
            f'id = "c{number}"',
            f"name = {json.dumps(name)}",
            'color = "#aa3322"',
            "[[sites]]",
            'id = "s"',
            f"name = {json.dumps(HOSTILE[3], ensure_ascii=False)}",
            f"lon = {number * 5}",
            "lat = 50",
            "[[launches]]",
            f'coalition = "c{number}"',
            'sites = ["s"]',
            'systems = "none"',
            "treaty_band = false",
            f"ranges = [{{ max_km = 900, label = {json.dumps(HOSTILE[0])} }}]",
            "[targets]",
            'places = "p.csv"',
        ]
        path = folder / f"h{number}.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        paths.append(path)
    return rm.compare(*paths)


def test_names_from_files_are_texts(hostile: Comparison) -> None:
    page = comparison_html(hostile)
    read = Read(page)
    assert not any(tag == "script" for tag, _ in read.found)
    assert "<script>alert(1)</script> only" in read.text
    assert "{{7*7}}" in read.text
    assert "北京 \U0001f680 Пекин" in read.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", page)
    assert "x" * 301 not in page
    content = json.loads(comparison_json(hostile))
    assert content["a"]["name"] == HOSTILE[0]
    assert content["noun"] == "places"
    assert all(row["capital"] == "" for row in content["countries"])


def test_page_by_systems_says_so() -> None:
    both = rm.compare("euromissiles-1987", "europe")
    read = Read(comparison_html(both))
    assert "by every published figure" in read.text
    assert "banned range" not in read.text.split("Method and caveats")[0]
    assert "marginal" in read.text
    tables = [a["aria-label"] for tag, a in read.found if a.get("role") == "region"]
    assert "Table: Verdicts of both sides" in tables
    assert {c.system_id for c in disputed_changes(both)} == {"pershing-2", "9m729"}


def test_files_are_whole_and_the_same(default: Comparison, tmp_path: Path) -> None:
    from rangemap.views.comparison_files import comparison_files

    first = comparison_files(default, tmp_path / "one")
    names = ["index.html", "comparison.csv", "countries.csv", "comparison.json"]
    assert [path.name for path in first] == names
    page = (tmp_path / "one" / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 2
    rows = (tmp_path / "one" / "countries.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(rm.read_countries()) + 1
    again = comparison_files(default, tmp_path / "two")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
