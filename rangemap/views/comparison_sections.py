"""Sections of a comparison's page: categories, areas, distances."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from rangemap.analysis.comparison import (
    A_ONLY,
    B_ONLY,
    BOTH,
    BY_TREATY,
    NEITHER,
    OWN,
    Comparison,
    inline_name,
)
from rangemap.analysis.uncertain import VERDICTS
from rangemap.views.comparison_parts import (
    Number,
    bars,
    named,
    section,
    table,
    text,
    written_area,
)
from rangemap.views.comparison_style import CLASSES
from rangemap.views.comparison_words import category_labels, short_names
from rangemap.views.story_words import millions

__all__ = ["areas", "categories", "distances"]

_ORDER: Final = (BOTH, A_ONLY, B_ONLY, NEITHER, OWN)
_BAR: Final = (A_ONLY, BOTH, B_ONLY, NEITHER, OWN)

Record = Mapping[str, Any]


def categories(comparison: Comparison, record: Record) -> str:
    """Return the four categories as cards with their capitals, and the sides' own."""
    labels, noun = category_labels(record), record["noun"]
    cards = [_card(comparison, record, key, labels[key]) for key in _ORDER]
    mark = (
        "† marginal: it hangs on where within its precision a launch site is."
        if comparison.by == BY_TREATY
        else "† marginal: it may be in range of a side beyond what is certain; it hangs on the "
        "estimate, on where a site is or on who says it. Marginal ones stand where they would be "
        "without what is not certain."
    )
    notes = [
        f"In millions: the population of the countries of these {noun}, each counted once. It is "
        "that of whole countries, and does not mean people in range.",
        *([mark] if record["marginal"] else []),
    ]
    small = "\n".join(f'<p class="small read">{text(note)}</p>' for note in notes)
    grid = f'<div class="grid">\n{"".join(cards)}\n</div>'
    matrix = _matrix(record) if comparison.by != BY_TREATY else ""
    heading = f"{noun.capitalize()}: who has which in range"
    return section("categories", text(heading), grid, small, matrix)


def _card(comparison: Comparison, record: Record, key: str, label: str) -> str:
    rows = comparison.table[comparison.table["category"] == key]
    doubtful = record["marginal_counts"][key]
    marked = f", {doubtful} of them marginal" if doubtful else ""
    people = millions(record["country_population"][key])
    reached = _own_reached(comparison, record) if key == OWN else ""
    wide = " wide" if key == OWN else ""
    return (
        f'<section class="card {CLASSES[key]}{wide}" aria-labelledby="card-{key}">\n'
        f'<h3 id="card-{key}">{text(label)}</h3>\n'
        f'<p class="count">{len(rows):,}</p>\n'
        f'<p class="small">{text(record["noun"])}{marked}; population of their '
        f"countries: {people} million</p>\n"
        f'<p class="names">{_names(rows)}</p>\n{reached}</section>\n'
    )


def _names(rows: pd.DataFrame) -> str:
    """Return names in alphabetical order, marginal ones with a mark that is also in words."""
    pairs = sorted(
        zip(rows["place"].astype(str), rows["marginal"], strict=True),
        key=lambda pair: (_alphabetical(pair[0]), pair[0]),
    )
    texts = [
        f'<i class="mark">{named(name)}<span aria-label="marginal" role="img">†</span></i>'
        if doubtful
        else named(name)
        for name, doubtful in pairs
    ]
    return ", ".join(texts) or "none"


def _alphabetical(name: str) -> str:
    bare = unicodedata.normalize("NFD", name).casefold()
    return "".join(char for char in bare if char.isalnum())


def _own_reached(comparison: Comparison, record: Record) -> str:
    """Return whose own places the other side has in range, whatever category they are in."""
    parts = []
    if comparison.a.shares_a_coalition(comparison.b):
        return ""
    for own, other in (("a", "b"), ("b", "a")):
        names = record["own_reached_by_other_side"][own]
        if names:
            listed = ", ".join(named(name) for name in sorted(names, key=_alphabetical))
            parts.append(
                f'<p class="names">Own to {_inline(record[own]["name"])}, in range of '
                f"{_inline(record[other]['name'])} ({len(names)}): {listed}.</p>\n"
            )
    return "".join(parts)


def _inline(name: str) -> str:
    return named(inline_name(name))


def _matrix(record: Record) -> str:
    a, b = (named(record[key]["name"]) for key in "ab")
    rows = [
        [f"{a}: {one}", *(record["verdicts"][one][two] for two in VERDICTS)] for one in VERDICTS
    ]
    return table(
        f"{text(record['noun'].capitalize())} by the verdict of each side, own ones left out.",
        ["Verdict", *(f"{b}: {verdict}" for verdict in VERDICTS)],
        rows,
        label="Verdicts of both sides",
    )


def areas(comparison: Comparison, record: Record) -> str:
    """Return areas, capitals and listed cities as divided bars, and the Jaccard index."""
    labels = category_labels(record)
    area, cities, noun = record["footprint_km2"], record["cities"], record["noun"]
    covered = [
        (CLASSES[key], text(labels[key]), float(area[key]), written_area(area[key]))
        for key in (A_ONLY, BOTH, B_ONLY)
    ]
    counts = [
        (CLASSES[key], text(labels[key]), float(record["counts"][key]), f"{record['counts'][key]}")
        for key in _BAR
    ]
    people = [
        (
            CLASSES[key],
            text(labels[key]),
            float(cities["populations"][key]),
            f"{millions(cities['populations'][key])} million in {cities['counts'][key]:,} cities",
        )
        for key in _BAR
    ]
    drawn = bars(
        [
            (f"Area in range of either, {written_area(area['either'])}", covered),
            (f"{text(noun.capitalize())}, {record['places']}", counts),
            (f"Population of {cities['listed']:,} listed cities", people),
        ]
    )
    shares = record["jaccard"]
    index = [
        f"{text(what)}: <strong>{shares[key]:.3f}</strong>"
        for key, what in (("area", "Area"), ("places", noun.capitalize()))
        if shares[key] is not None
    ]
    notes = (
        "<p class='read'>The Jaccard index is what both have in range as a part of what either "
        f"has: 0 if they share nothing, 1 if they have the same in range. {'; '.join(index)}.</p>"
        '<p class="small read">Areas are those of the drawn footprints on the ellipsoid, sea '
        "included, and no one’s own territory left out. The population of listed cities "
        "(GeoNames, 15,000 inhabitants and more) is not that of an area: it leaves out the "
        "countryside and counts some districts twice. Each city is judged by its own distance. "
        "Marginal among them: "
        f"{sum(cities['marginal_counts'].values()):,} cities.</p>"
    )
    if comparison.by != BY_TREATY:
        notes += (
            '<p class="small read">Of a disputed or alleged range the footprint is drawn as far as '
            "anybody says.</p>"
        )
    return section("areas", "Areas, people and overlap", drawn, notes)


def distances(comparison: Comparison, record: Record) -> str:
    """Return how near the sites of each side are, and the table of every place."""
    a, b = (named(record[key]["name"]) for key in "ab")
    rows = []
    for key, name in (("a", a), ("b", b)):
        near = record["nearest"][key]
        if near["places"]:
            low, high = near["min"], near["max"]
            rows.append(
                [
                    name,
                    near["places"],
                    f"{low['km']:,.0f} km: {named(low['place'])} from {named(low['site'])}",
                    Number(f"{near['median_km']:,.0f} km"),
                    f"{high['km']:,.0f} km: {named(high['place'])} from {named(high['site'])}",
                ]
            )
    noun = record["noun"]
    summary = table(
        f"Geodesic distance of the {text(noun)} that are not a side’s own to its nearest site.",
        ["Side", text(noun.capitalize()), "Nearest", "Median", "Farthest"],
        rows,
        label="Nearest distances",
    )
    pair = record["nearest"]["closest_sites"]
    closest = (
        f'<p class="read">The closest sites of the two sides are {named(pair["a_site"])} and '
        f"{named(pair['b_site'])}, {pair['km']:,.0f} km apart.</p>"
    )
    labels = category_labels(record)
    every = [
        [
            named(row["place"]),
            named(row["country"]),
            text(labels[row["category"]]) + ("†" if row["marginal"] else ""),
            float(row["a_nearest_km"]),
            named(row["a_nearest_site"]),
            float(row["b_nearest_km"]),
            named(row["b_nearest_site"]),
        ]
        for row in sorted(
            comparison.table.to_dict("records"), key=lambda row: _alphabetical(str(row["place"]))
        )
    ]
    a, b = map(named, short_names(comparison))
    header = [text(noun[:-1].capitalize()), "Country", "Category", f"km from {a}", "Nearest site",
              f"km from {b}", "Nearest site"]  # fmt: skip
    listed = table("In alphabetical order.", header, every, label=f"All {noun}")
    details = f"<details><summary>All {len(every)} {text(noun)}</summary>\n{listed}\n</details>"
    return section("distances", "Nearest distances", summary, closest, details)
