"""The pages that show packs: complete, escaped, offline and small."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pack_cases
import pytest
from lxml import html
from PIL import Image

import rangemap as rm
from rangemap.pack import write_index
from rangemap.pack.job import PARTS
from rangemap.pack.record import json_text, seal_of
from rangemap.views.index_page import (
    Download,
    Pack,
    PackLook,
    Shown,
    address,
    render_index,
    render_pack,
)
from rangemap.views.index_style import POLICY, STYLE
from rangemap.views.thumbnail import small_image, thumbnail

CASES = pack_cases
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a' onclick='b", "=cmd()|x",
    "&lt;b&gt; &amp;", "😀 town", "\u202egnirts", "北京 Пекин", "x" * 300, "a\x00b\x1b[31m",
    "]]>", "<!-- --> </style>", "javascript:alert(1)",
]  # fmt: skip


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("out")
    (top / "small.toml").write_text(CASES.SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        CASES.quick_packs(patch)
        rm.build(["asia-pacific", top / "small.toml", "europe"], top / "output")
    return top / "output"


def links(page: Path) -> Iterator[tuple[str, Any]]:
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    for node in tree.iter("a"):
        yield node.get("href"), node


def test_every_file_of_every_pack_is_linked_and_every_link_leads_to_one(output: Path) -> None:
    for page in (output / "index.html", output / "europe" / "index.html"):
        there = {
            path.relative_to(page.parent).as_posix()
            for path in page.parent.rglob("*")
            if path.is_file() and path != page
        }
        files = {unquote(href) for href, _ in links(page) if not href.startswith("#")}
        assert files == there
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        anchors = {href[1:] for href, _ in links(page) if href.startswith("#")}
        assert anchors <= set(tree.xpath("//@id"))
        assert len(tree.xpath("//@id")) == len(set(tree.xpath("//@id")))


def test_the_gallery_shows_titles_findings_and_dates_in_order(output: Path) -> None:
    tree = html.fromstring((output / "index.html").read_text(encoding="utf-8"))
    titles = [
        json.loads((output / name / "manifest.json").read_text(encoding="utf-8"))["scenario"][
            "title"
        ]
        for name in ("europe", "asia-pacific", "small")
    ]
    headings = [node.text_content() for node in tree.xpath("//section[@class='pack']/h2")]
    assert headings == titles
    for name, section in zip(("europe", "asia-pacific", "small"),
                             tree.xpath("//section[@class='pack']"), strict=True):  # fmt: skip
        content = json.loads((output / name / "manifest.json").read_text(encoding="utf-8"))
        text = section.text_content()
        for finding in content["headline"]:
            assert finding in text
        assert content["provenance"] in text
        assert "Data of 2026-11-23" in text
        assert [h.text for h in section.xpath(".//h3")] == [
            "Map", "Pictures", "Tables", "Provenance",
        ]  # fmt: skip


def test_sizes_and_forms_are_told(output: Path) -> None:
    found = {unquote(href): node for href, node in links(output / "index.html")}
    node = found["europe/coverage.csv"]
    size = (output / "europe/coverage.csv").stat().st_size
    assert node.text_content() == f"CSV, {size / 1e6:.1f} MB"
    assert node.get("aria-label") == f"CSV, {size / 1e6:.1f} MB: Every place and band"
    assert found["europe/tables.md"].text_content().startswith("Markdown, ")


def test_the_pages_need_no_script_and_no_network(output: Path) -> None:
    for page in (output / "index.html", output / "small" / "index.html"):
        text = page.read_text(encoding="utf-8")
        tree = html.fromstring(text)
        assert tree.xpath("//script | //link | //iframe | //object | //form | //*[@style]") == []
        assert [node.text for node in tree.xpath("//style")] == [STYLE]
        assert all(src.startswith("data:image/webp;base64,") for src in tree.xpath("//@src"))
        assert not re.search(r"https?://", text)
        assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [POLICY]
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in POLICY


def test_pictures_have_their_alternative_text_and_a_dark_version(output: Path) -> None:
    tree = html.fromstring((output / "europe" / "index.html").read_text(encoding="utf-8"))
    (image,) = tree.xpath("//img")
    assert image.get("alt") == "Map: All that there is to find."
    (source,) = tree.xpath("//picture/source")
    assert "prefers-color-scheme: dark" in source.get("media")
    light, dark = (
        Image.open(io.BytesIO(base64.b64decode(text.split(",", 1)[1]))).convert("RGB")
        for text in (image.get("src"), source.get("srcset"))
    )
    assert light.size == dark.size == (int(image.get("width")), int(image.get("height")))
    assert np.asarray(light).mean() > 200
    assert np.asarray(dark).mean() < 80


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_texts_of_others_stay_texts(text: str) -> None:
    tiny = thumbnail(Image.new("RGB", (8, 4)), 8)
    pack = Pack(
        text.replace("/", "_") or "x", text, text, text, text, (text, text), (text,), (text,),
        (Download(text.replace("/", "_"), text, text, "tables", 12),),
    )  # fmt: skip
    look = PackLook(
        pack, Shown("a.png", text, text, tiny, tiny), (Shown("b.png", text, text, tiny),)
    )
    for page in (render_index([look, look], [text], PARTS), render_pack(look, PARTS)):
        tree = html.fromstring(page)
        assert tree.xpath("//script | //b | //img[@src='x'] | //*[@onclick] | //@onerror") == []
        shown = "".join(char for char in text if char.isprintable())
        assert shown[:40] in tree.text_content()
        assert all(alt for alt in tree.xpath("//img/@alt"))
        assert "\x1b" not in page
        assert "\u202e" not in page
        hrefs = [href for href in tree.xpath("//a/@href") if not href.startswith("#")]
        assert hrefs
        assert all(re.fullmatch(r"[A-Za-z0-9_.~%/-]+", href) for href in hrefs)
        assert page.count("</style>") == 1


@pytest.mark.parametrize(
    "name", ["a b", "#1", "50%", "100%25", "ü日本", "a?b=c&d", "a+b", "a:b", "'\""]
)
def test_links_lead_to_folders_of_any_name(name: str, output: Path, tmp_path: Path) -> None:
    """As a browser resolves them."""
    shutil.copytree(output / "small", tmp_path / name)
    write_index(tmp_path)
    hrefs = [href for href, _ in links(tmp_path / "index.html") if not href.startswith("#")]
    assert len(hrefs) > 10
    for href in hrefs:
        assert (tmp_path / unquote(href)).is_file(), href
    assert unquote(address(name, "x y/#.png")) == f"{name}/x y/#.png"


def test_a_name_that_is_not_utf_8_is_linked_byte_by_byte(output: Path, tmp_path: Path) -> None:
    name = b"b\xfcro".decode("utf-8", "surrogateescape")
    shutil.copytree(output / "small", tmp_path / name)
    write_index(tmp_path)
    assert 'href="b%FCro/map.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_folders_that_are_not_packs_are_not_shown(output: Path, tmp_path: Path) -> None:
    shutil.copytree(output / "small", tmp_path / "small")
    (tmp_path / "linked").symlink_to(output / "europe")
    (tmp_path / "notes").mkdir()
    shutil.copytree(output / "small", tmp_path / ".hidden")
    shutil.copytree(output / "small", tmp_path / "broken")
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    write_index(tmp_path)
    tree = html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert len(tree.xpath("//section[@class='pack']")) == 1


def test_the_page_stays_small_with_many_packs_of_rich_pictures(
    output: Path, tmp_path: Path
) -> None:
    """Noise is what compresses least."""
    noise = np.random.default_rng(3).integers(0, 255, (450, 800, 3), dtype=np.uint8)
    for number in range(14):
        folder = tmp_path / f"pack-{number:02}"
        shutil.copytree(output / "small", folder)
        Image.fromarray(noise).save(folder / "figures" / "theatre-slide.png")
    write_index(tmp_path)
    page = tmp_path / "index.html"
    assert page.stat().st_size < 1_500_000
    assert len(html.fromstring(page.read_text(encoding="utf-8")).xpath("//img")) == 14
    first = page.read_bytes()
    write_index(tmp_path)
    assert page.read_bytes() == first


def test_other_pictures_stand_under_the_first(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    shutil.copytree(output / "small", folder)
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for kind in ("bars", "ladder"):
        name = f"figures/{kind}.png"
        shutil.copy(folder / "figures/theatre-slide.png", folder / name)
        first = content["pictures"][0]
        content["pictures"].append(
            {**first, "kind": kind, "files": [name], "alt": f"{kind}: what it shows"}
        )
        content["files"][name] = content["files"]["figures/theatre-slide.png"]
    content["seal"] = seal_of(content)
    (folder / "manifest.json").write_text(json_text(content), encoding="utf-8")
    write_index(tmp_path)
    tree = html.fromstring((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert tree.xpath("//ul[@class='strip']//img/@alt") == [
        "bars: what it shows", "ladder: what it shows",
    ]  # fmt: skip


def png(image: Image.Image, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def test_small_pictures_are_made_with_care() -> None:
    assert small_image(b"not a picture", 100) is None
    assert small_image(png(Image.new("RGB", (600, 300)))[:60], 100) is None
    found = small_image(png(Image.new("RGBA", (600, 300), "#336699")), 100)
    assert found is not None
    assert (found.mode, found.size) == ("RGB", (100, 50))
    huge = png(Image.new("1", (9000, 9000)))
    assert len(huge) < 100_000
    assert small_image(huge, 100) is None
    bomb = png(Image.new("1", (20000, 20000)))
    assert small_image(bomb, 100) is None


def test_a_page_without_packs_says_so(tmp_path: Path) -> None:
    page = write_index(tmp_path)
    assert "No packs here yet" in page.read_text(encoding="utf-8")
