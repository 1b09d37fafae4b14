"""What a comparison's page says in words, all of it from the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rangemap.analysis.comparison import (
    A_ONLY,
    B_ONLY,
    BOTH,
    BY_TREATY,
    NEITHER,
    OWN,
    ComparedSide,
    Comparison,
    inline_name,
)
from rangemap.views.story_words import clean, count_of, in_words, millions
from rangemap.views.units import KM

__all__ = ["Words", "category_labels", "short_names", "words_of"]

_FULL_NAME: Final = 90

Words = Mapping[str, Any]


def category_labels(record: Words) -> dict[str, str]:
    """Return what each category is called, in the order of the page.

    Examples
    --------
    >>> category_labels({"a": {"name": "A"}, "b": {"name": "B"}})["a-only"]
    'A only'
    """
    a, b = (clean(record[key]["name"], _FULL_NAME) for key in "ab")
    return {
        BOTH: "Both",
        A_ONLY: f"{a} only",
        B_ONLY: f"{b} only",
        NEITHER: "Neither",
        OWN: "The sides’ own, left apart",
    }


def short_names(comparison: Comparison) -> tuple[str, str]:
    """Return what the sides are called where there is little room, in tables.

    Examples
    --------
    >>> from rangemap.analysis import compare
    >>> short_names(compare("europe", "asia-pacific:china"))
    ('Sites in Europe', 'China')
    """
    a, b = (_short(side) for side in (comparison.a, comparison.b))
    if a != b:
        return a, b
    whole = [clean(side.name, _FULL_NAME) for side in (comparison.a, comparison.b)]
    return whole[0], whole[1]


def _short(side: ComparedSide) -> str:
    if len(side.coalitions) == 1:
        return clean(side.scenario.coalition(side.coalitions[0]).short, 30)
    return clean(side.name.replace("Launch sites", "Sites"), 40)


def words_of(comparison: Comparison, record: Words) -> dict[str, Any]:
    """Return the lead, the findings and the question in sentences (no markup, not escaped)."""
    treaty = comparison.by == BY_TREATY
    noun = record["noun"]
    a, b = (inline_name(clean(record[key]["name"], _FULL_NAME)) for key in "ab")
    return {
        "lead": _lead(comparison, record, a, b),
        "question": _question(record, noun, treaty=treaty),
        "findings": [
            *_where(record, a, b),
            *([_marginal(record, noun)] if record["marginal"] and treaty else []),
            _areas(record, a, b),
            _people(record, a, b),
            *(clean(line) for line in record["headline"][1:]),
            _distances(record, a, b, noun),
        ],
        "alt": _alt(record, a, b),
    }


def _lead(comparison: Comparison, record: Words, a: str, b: str) -> str:
    table, noun = comparison.table, record["noun"]
    free = table[table["category"] != OWN]
    where = "in the banned range of" if comparison.by == BY_TREATY else "in range of"
    sure = free if comparison.by == BY_TREATY else free[~free["marginal"]]
    counts = {c: int((sure["category"] == c).sum()) for c in (BOTH, A_ONLY, B_ONLY, NEITHER)}
    doubt = len(free) - len(sure)
    figure = "" if comparison.by == BY_TREATY else ", by every published figure"
    text = (
        f"Of {count_of(len(free), noun)}, {counts[BOTH]} {_is(counts[BOTH])} {where} both {a} "
        f"and {b}{figure}, {counts[A_ONLY]} of {a} only, {counts[B_ONLY]} of {b} only and "
        f"{counts[NEITHER]} of neither"
    )
    if doubt:
        text += f"; {doubt} {_is(doubt)} marginal"
    own = len(table) - len(free)
    apart = f" {own} of the sides’ own {_is(own)} left apart." if own else ""
    return f"{text}.{apart}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _question(record: Words, noun: str, *, treaty: bool) -> str:
    low, high = (KM.text(value) for value in record["band_km"])
    if treaty:
        return (
            f"In range means here: at a distance of {low} to {high} from a launch site, the ranges "
            "that the INF Treaty of 1987 banned for the ground-launched missiles of its Parties."
        )
    return (
        "In range means here: within the range of a system at one of the launch sites, under "
        "every published figure in use and from anywhere within the site’s precision. "
        f"{noun.capitalize()} for which that holds under some figures only, or only by what one "
        "side of a dispute says, are marginal."
    )


def _where(record: Words, a: str, b: str) -> list[str]:
    """Return on which continents each category lies, in one sentence."""
    parts = []
    for key, name in ((BOTH, "In range of both"), (A_ONLY, f"Of {a} only"),
                      (B_ONLY, f"Of {b} only")):  # fmt: skip
        found = [
            (entry["counts"][key], entry["continent"])
            for entry in record["continents"]
            if entry["counts"][key]
        ]
        if found:
            found.sort(key=lambda pair: (-pair[0], pair[1]))
            texts = [f"{n} in {place}" for n, place in found]
            texts[0] = texts[0].replace(" in ", f" {record['noun']} in ", 1)
            parts.append(f"{name}: {in_words(texts)}.")
    return [" ".join(parts)] if parts else []


def _marginal(record: Words, noun: str) -> str:
    names = [clean(name, 60) for name in record["marginal"]]
    if len(names) > 6:
        return f"{count_of(len(names), noun)} of these are marginal and counted where they are."
    return (
        f"Marginal among these, by where within its precision a launch site is: {in_words(names)}."
    )


def _areas(record: Words, a: str, b: str) -> str:
    area, share = record["footprint_km2"], record["jaccard"]["area"]
    text = (
        f"The area in range of {a} is {_area(area['a'])}, of {b} {_area(area['b'])}; "
        f"{_area(area['both'])} lie in both"
    )
    return f"{text}, {share:.0%} of the area of either." if share is not None else f"{text}."


def _area(km2: float) -> str:
    return f"{km2 / 1e6:,.0f} million km²" if km2 >= 1e7 else f"{km2:,.0f} km²"


def _people(record: Words, a: str, b: str) -> str:
    cities = record["cities"]
    people = {key: millions(value) for key, value in cities["populations"].items()}
    return (
        f"Population of listed cities: {people[BOTH]} million in cities in range of both, "
        f"{people[A_ONLY]} million of {a} only, {people[B_ONLY]} million of {b} only, "
        f"{people[NEITHER]} million of neither; {people[OWN]} million in cities of the sides’ own "
        f"members. All {cities['listed']:,} listed cities together: "
        f"{millions(cities['population'])} million."
    )


def _distances(record: Words, a: str, b: str, noun: str) -> str:
    near = record["nearest"]
    parts = [
        f"of {name} {near[key]['median_km']:,.0f} km"
        for key, name in (("a", a), ("b", b))
        if near[key]["places"]
    ]
    pair = near["closest_sites"]
    text = (
        f"The closest sites of the two, {clean(pair['a_site'], 60)} and {clean(pair['b_site'], 60)}"
    )
    text += f", are {pair['km']:,.0f} km apart."
    if not parts:
        return text
    return f"Median distance of {noun} to the nearest site: {in_words(parts)}. {text}"


def _alt(record: Words, a: str, b: str) -> str:
    counts, noun = record["counts"], record["noun"]
    return (
        f"Two maps side by side, one for {a} and one for {b}, with the launch sites, the ranges "
        f"round them and the {noun}. In range of both: {counts[BOTH]}; of {a} only: "
        f"{counts[A_ONLY]}; of {b} only: {counts[B_ONLY]}; of neither: {counts[NEITHER]}."
    )
