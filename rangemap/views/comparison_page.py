"""A comparison as one finished page: HTML that asks nothing of anybody and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from rangemap.analysis import Analysis, RangeChange, Scenario, as_analysis, range_change
from rangemap.analysis.comparison import BOTH, Comparison
from rangemap.catalogue import Source, load_catalogue
from rangemap.views import comparison_sections as sections
from rangemap.views import style
from rangemap.views.comparison_changes import changes as changes_section
from rangemap.views.comparison_lands import continents, countries
from rangemap.views.comparison_parts import bullets, figure, section, source_list, text
from rangemap.views.comparison_style import page_style
from rangemap.views.comparison_words import words_of
from rangemap.views.figure_sides import sides_of
from rangemap.views.reading import SECTIONS
from rangemap.views.theme import DARK, LIGHT, Theme

__all__ = ["comparison_html", "disputed_changes"]

_READING: Final = ("What a verdict rests on", "Estimates", "Payload and flight path",
                   "Rotation of the Earth", "Where the sites are", "What the treaty was",
                   "What in range does not mean")  # fmt: skip


def comparison_html(
    comparison: Comparison,
    pictures: Mapping[str, str] | None = None,
    *,
    alts: Mapping[str, str] | None = None,
    changes: Sequence[RangeChange] | None = None,
) -> str:
    """Return a comparison as a page of its own.

    Parameters
    ----------
    comparison : Comparison
        As `compare` makes it, or of an analysis.
    pictures : mapping of str to str, optional
        Data URIs of images (PNG, SVG, JPEG, WebP) by name: "sides" (two panels), "theatre",
        "change" (what a longer range adds); each may have a twin for a dark screen, such as
        "sides-dark". The page reads well without any.
    alts : mapping of str to str, optional
        Texts that stand for the pictures, by the same names; by default from the numbers.
    changes : sequence of RangeChange, optional
        By default `disputed_changes`.

    Returns
    -------
    str
        HTML with no script, whose policy forbids every request. All texts from files are
        escaped. The same comparison gives the same text.

    Raises
    ------
    ArgumentError
        If a picture is no data URI of an image.

    Examples
    --------
    >>> from rangemap.analysis import compare
    >>> page = comparison_html(compare("europe:nato-us", "asia-pacific:china"))
    >>> page.startswith("<!doctype html>"), "<script" in page
    (True, False)
    """
    shown, spoken = pictures or {}, alts or {}
    found = disputed_changes(comparison) if changes is None else list(changes)
    about = _About.of(comparison, found)
    record = comparison.record()
    words = words_of(comparison, record)
    alt = spoken.get("sides", words["alt"])
    caption = text(f"{words['question']} {style.BORDERS_NOTE}")
    parts = [
        figure("sides", shown, alt, caption) or figure("theatre", shown, alt, caption),
        sections.categories(comparison, record),
        sections.areas(comparison, record),
        continents(comparison, record),
        countries(comparison),
        sections.distances(comparison, record),
        changes_section(found, shown),
        _method(about.scenario),
        section("sources", "Sources", source_list(about.sources)) if about.sources else "",
    ]
    return _page(about, words["lead"], words["question"], words["findings"], parts)


@dataclass(frozen=True)
class _About:
    """What the page is made from: the scenario that holds both sides, and all sources."""

    scenario: Scenario
    sources: list[Source]
    colors: tuple[dict[str, str], dict[str, str]]

    @classmethod
    def of(cls, comparison: Comparison, changes: Sequence[RangeChange]) -> _About:
        a, b = comparison.a, comparison.b
        joined = as_analysis(comparison)
        one = a.scenario.hash == b.scenario.hash and a.scenario.comparison is not None
        scenario = a.scenario if one else joined.scenario
        texts = pd.concat([a.bands["source_keys"], b.bands["source_keys"]])
        keys = {key for keys in texts for key in keys.split(";") if key}
        for side in (a, b):
            for name in side.coalitions:
                keys.update(side.scenario.coalition(name).source_keys)
        keys.update(source.key for change in changes for source in change.sources())
        known = load_catalogue().sources
        sources = [known[key] for key in sorted(keys) if key in known]
        return cls(scenario, sources, (_colors(joined, LIGHT), _colors(joined, DARK)))


def disputed_changes(comparison: Comparison) -> list[RangeChange]:
    """Return what the longest range of each disputed system adds to its shortest, by side.

    Examples
    --------
    >>> from rangemap.analysis import compare
    >>> found = disputed_changes(compare("europe", "asia-pacific:china"))
    >>> [(change.system_id, change.coalitions) for change in found]
    [('9m729', ('russia-belarus',))]
    """
    found = []
    seen = set()
    for side in (comparison.a, comparison.b):
        disputed = side.bands[side.bands["disputed"].astype(bool)]
        for (coalition, system), rows in disputed.groupby(["coalition", "system_id"], sort=True):
            key = (side.scenario.hash, coalition, system)
            if rows["max_km"].max() > rows["max_km"].min() and key not in seen:
                seen.add(key)
                found.append(range_change(side.scenario, str(system), coalition=str(coalition)))
    return found


def _method(scenario: Scenario) -> str:
    rules = [
        "A place is in range of a side if at least one launch site of a coalition that its country "
        "is no member of has it in range. A side’s own places are kept apart and not counted, "
        "unless the side holds another coalition that has them in range.",
        "Every verdict rests on a geodesic distance on the WGS 84 ellipsoid, never on a drawn "
        "outline.",
    ]
    points = [text(line) for line in (*rules, *style.caveats(scenario))]
    long = "\n".join(
        f"<h3>{text(head)}</h3>\n<p class='read'>{text(body)}</p>"
        for head, body in SECTIONS
        if head in _READING
    )
    details = f"<details><summary>More on method</summary>\n{long}\n</details>"
    return section("method", "Method and caveats", bullets(points, "findings"), details)


def _colors(analysis: Analysis, theme: Theme) -> dict[str, str]:
    """Return the colours of the sides as the pictures have them."""
    a, b = sides_of(analysis, theme)
    both = theme.data(style.CATEGORY_SYMBOLS[BOTH].color, 2)
    return {"a": a.color, "b": b.color, "both": both}


def _page(
    about: _About,
    lead: str,
    question: str,
    findings: Sequence[str],
    parts: Sequence[str],
) -> str:
    sheet = page_style(*about.colors)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    scenario, release = about.scenario, load_catalogue().release
    headings = [("categories", scenario.noun.capitalize()), ("areas", "Areas and people"),
                ("continents", "Continents"), ("countries", "Countries"),
                ("distances", "Distances"), ("changes", "Longer ranges"),
                ("method", "Method"), ("sources", "Sources")]  # fmt: skip
    body = "\n".join(part for part in parts if part)
    links = bullets(
        f'<a href="#{key}">{text(name)}</a>' for key, name in headings if f'id="{key}"' in body
    )
    credit = " ".join((style.CREDITS, style.BORDERS_NOTE))
    kicker = f"Comparison of coverage. Data of {release.date.isoformat()}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="rangemap">
<meta name="description" content="{text(lead)}">
<title>{text(scenario.title)}</title>
<style>{sheet}</style>
</head>
<body>
<a class="skip" href="#findings">To the findings</a>
<header>
<p class="kicker">{text(kicker)}</p>
<h1>{text(scenario.title, 300)}</h1>
<p class="lead">{text(lead)}</p>
<p class="small read">{text(question)} In range does not mean targeted, hit or undefended.</p>
<nav aria-label="Contents">{links}</nav>
</header>
<main>
<section aria-labelledby="findings">
<h2 id="findings">Key findings</h2>
{bullets([text(line) for line in findings], "findings")}
</section>
{body}
</main>
<footer>
<p class="small">{text(style.provenance(scenario))}; hash {text(scenario.hash)}.</p>
<p class="small">{text(credit)}</p>
</footer>
</body>
</html>
"""
