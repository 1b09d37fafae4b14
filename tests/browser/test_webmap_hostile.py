"""A hostile catalogue in the page: everything shows as text, nothing runs, nothing is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rangemap.analysis import own_case
from rangemap.catalogue import use_catalogue
from rangemap.views.webmap import explore

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

BAD = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2> ' ` {{7*7}} "
LONG = "ЖאW" * 3_333  # right-to-left letters; the reader refuses marks of direction
FILES = {
    "sources.csv": "key,title,publisher,date,url,evidence\n"
    f'MY1,"{BAD}","<b>{BAD}</b>",2026,https://example.org/?q=</script>,recalled\n',
    "systems.csv": "id,name,country,launch_mode,type,status,confidence,evidence,source_keys,"
    "plot_km\n"
    f'my-cruise,"{BAD}",Poland,ground,cruise,proposed,low,recalled,MY1,900\n',
    "range_estimates.csv": "system_id,value_km,quantity,bound,kind,said_by,date,source_key,"
    f'evidence,use\nmy-cruise,900,max_range,max,claimed,"{BAD}",2026,MY1,recalled,yes\n',
    "sites.csv": "id,name,country,lon,lat,precision_km,theatre,coalition,launches,kind,system_ids,"
    "confidence,evidence,note,operator\n"
    f'my-site,"{BAD}",Poland,19.4,54.16,2,Europe,nato-us,yes,hypothetical,my-cruise,low,recalled,'
    f'"javascript:window.hacked=3 {BAD}","{LONG}"\n',
}


def test_a_hostile_catalogue_shows_as_text(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with use_catalogue(folder):
        explore(own_case(["my-site", f"5,50,{LONG}"], systems=["my-cruise"])).save(
            tmp_path / "hostile.html"
        )
    page = opened(tmp_path / "hostile.html")
    for index in (0, 1):
        page.run(f"rangemap.set({{selected: {{kind: 'site', index: {index}}}}})")
        page.settle()
        assert page.run("document.documentElement.scrollWidth <= innerWidth")
    page.run("rangemap.set({selected: {kind: 'system', id: 'my-cruise'}})")
    page.settle()
    assert "<script>window.hacked=1" in page.run("document.querySelector('.rm-card').innerText")
    page.run("rangemap.set({selected: {kind: 'band', index: 0}, tab: 'notes'})")
    page.run("document.querySelectorAll('details').forEach(n => { n.open = true })")
    page.settle()
    assert page.run(
        "[...document.querySelectorAll('#rm-panel a[href], .rm-card a[href]')]"
        ".every(a => /^https?:/.test(a.href) && a.rel.includes('noopener'))"
    )
    for state in ("tab: 'table'", "tab: 'whatif'", "projection: 'globe'", "draw: 'overlap'"):
        page.run(f"rangemap.set({{{state}}})")
        page.settle()
    assert page.run("rangemap.picture().width") > 1_000
    assert page.run("typeof window.hacked") == "undefined"
    assert page.run("document.querySelectorAll('img, #rm-panel script').length") == 0
