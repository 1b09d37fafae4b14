"""What slides and report both tell: findings, map, tables, method and sources, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, BY_TREATY
from rangemap.analysis.coverage import ZONE_BAND
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.catalogue import Source, load_catalogue
from rangemap.views import style
from rangemap.views.names import with_value
from rangemap.views.reading import SECTIONS
from rangemap.views.story_countries import CITIES_NOTE, area_sentence, countries_of
from rangemap.views.story_parts import Chapter, Drawing, Points, References, Story
from rangemap.views.story_ranges import range_note, ranges_grid
from rangemap.views.story_sources import all_sources, cited, numbered
from rangemap.views.story_tables import (
    by_treaty,
    capitals_grid,
    comparison_grid,
    counts_bars,
    every_capital_grid,
    group_notes,
    pair_notes,
)
from rangemap.views.story_words import (
    aloud,
    clean,
    count_of,
    in_words,
    names_of,
    shortened,
    square_text,
)
from rangemap.views.units import Units, units_of

__all__ = ["tell"]

_METHOD = ("What is drawn", "What a verdict rests on", "Estimates", "Payload and flight path",
           "Rotation of the Earth", "Where the sites are", "What the treaty was",
           "What in range does not mean")  # fmt: skip


def tell(analysis: Analysis, units: str | Units = "km") -> Story:
    """Return the briefing on an analysis.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    units : {"km", "mi", "nmi"} or Units
        Of distances and areas; the treaty's own limits stay in km.

    Returns
    -------
    Story
        All texts are clean: no control characters, no marks that turn the writing.

    Raises
    ------
    ArgumentError
        If there is no such unit.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> story = tell(analyse("asia-pacific"))
    >>> story.chapters[0].heading, story.chapters[-1].heading
    ('Key findings', 'Sources')
    """
    unit = units_of(units)
    release = load_catalogue().release
    scenario = analysis.scenario
    chapters = [_findings(analysis), _map(analysis, unit)]
    chapters += _comparison(analysis, unit)
    chapters += [_counts(analysis, unit)]
    chapters += [
        _capitals(analysis, entry, unit) for entry in analysis.summary["coalitions"] if _has(entry)
    ]
    sources = all_sources(analysis)
    chapters += _ranges(analysis, unit, sources)
    chapters += _countries(analysis, unit)
    chapters += [_method(analysis, sources)]
    chapters += [_sources(sources)] if sources else []
    keywords = ("missile ranges", "INF Treaty", "capitals", scenario.name)
    return Story(
        title=clean(scenario.title, 160),
        subtitle=clean(scenario.subtitle, 200),
        lead=_sentences(analysis)[0] if analysis.summary["headline"] else "",
        date=release.date.isoformat(),
        provenance=clean(style.provenance(scenario), 160),
        caveats=tuple(cited(clean(text), numbered(sources)) for text in style.caveats(scenario)),
        keywords=tuple(clean(word, 80) for word in keywords),
        chapters=tuple(chapters),
    )


def _has(entry: Mapping[str, Any]) -> bool:
    return bool(sum(entry["zones"].values()) + sum(entry["verdicts"].values()))


def _sentences(analysis: Analysis, lines: list[str] | None = None) -> list[str]:
    names = names_of(analysis)
    return [aloud(line, names) for line in (lines or analysis.summary["headline"])]


def _findings(analysis: Analysis) -> Chapter:
    """Lead with the comparison and each coalition's first finding; the rest stands further on."""
    lines = list(analysis.summary["headline"])
    if analysis.comparison:
        lines = list(analysis.comparison.summary["headline"])
        lines += [entry["headline"][0] for entry in analysis.summary["coalitions"]
                  if entry["headline"]]  # fmt: skip
    points = Points(tuple(("", line) for line in _sentences(analysis, lines)))
    notes = ("All findings:", *_sentences(analysis), *_marginal_notes(analysis))
    return Chapter("findings", "Key findings", "Key findings", (), points, notes)


def _marginal_notes(analysis: Analysis) -> tuple[str, ...]:
    notes = []
    for entry in analysis.summary["coalitions"]:
        texts = [f"{shortened(m['place'])} ({m['hangs_on']})" for m in entry["marginal"]]
        if texts:
            notes.append(
                f"{shortened(entry['name'])}, marginal by the systems’ ranges and what that hangs "
                f"on: {', '.join(texts)}."
            )
    return tuple(notes)


def _map(analysis: Analysis, units: Units) -> Chapter:
    note = f"{style.BORDERS_NOTE} {style.CREDITS}"
    sites = analysis.bands.drop_duplicates(["coalition", "site_id"])
    notes = []
    for entry in analysis.summary["coalitions"]:
        theirs = sites[sites["coalition"] == entry["id"]]
        texts = [
            f"{shortened(row['site'])} ({row['site_lat']:.2f}, {row['site_lon']:.2f}; within "
            f"{units.text(row['site_precision_km'])}; {row['site_kind']})"
            for row in theirs.to_dict("records")
        ]
        notes.append(f"Launch sites of {shortened(entry['name'])}: {'; '.join(texts)}.")
    first = "In brackets: latitude and longitude, how far the true place may be, kind of site."
    return Chapter("map", "Map", _map_title(analysis), (), Drawing("theatre", note),
                   (first, *notes))  # fmt: skip


def _map_title(analysis: Analysis) -> str:
    if analysis.comparison:
        counts = analysis.comparison.summary["counts"]
        noun = count_of(counts[BOTH], analysis.scenario.noun)
        if analysis.comparison.by == BY_TREATY:
            return f"{noun} within the banned range of both sides"
        return f"{noun} in range of both sides"
    entries = [entry for entry in analysis.summary["coalitions"] if _has(entry)]
    if len(entries) == 1:
        return _reach_title(analysis, entries[0])
    kind, key = ("zones", ZONE_BAND) if by_treaty(analysis) else ("verdicts", INSIDE)
    where = "within the banned band only" if by_treaty(analysis) else "in range"
    parts = [
        with_value(shortened(analysis.scenario.coalition(entry["id"]).short), str(entry[kind][key]))
        for entry in entries[:4]
    ]
    noun = analysis.scenario.noun.capitalize()
    return f"{noun} {where}: {', '.join(parts)}" if parts else f"{noun} and ranges"


def _reach_title(analysis: Analysis, entry: Mapping[str, Any]) -> str:
    name, counted = shortened(entry["name"]), entry["capitals_counted"]
    noun = analysis.scenario.noun
    if by_treaty(analysis) and sum(entry["zones"].values()):
        found = entry["zones"][ZONE_BAND]
        return f"{name}: {found} of {count_of(counted, noun)} within the banned band only"
    found, maybe = entry["verdicts"][INSIDE], entry["verdicts"][MARGINAL]
    of = f"of {count_of(counted, noun)}"
    if all(system["alleged"] for system in entry["systems"]):
        return f"{name}: {maybe} {of} in range only if the allegation is true"
    also = f", {maybe} marginal" if maybe else ""
    given = all(not system["system_id"] for system in entry["systems"])
    return f"{name}: {found} {of} in range{'' if given else ' by every published figure'}{also}"


def _comparison(analysis: Analysis, units: Units) -> list[Chapter]:
    comparison = analysis.comparison
    if comparison is None:
        return []
    summary = comparison.summary
    counts, area = summary["counts"], summary["footprint_km2"]
    a, b = shortened(summary["a"]["name"]), shortened(summary["b"]["name"])
    title = f"{a} only: {counts[A_ONLY]}; {b} only: {counts[B_ONLY]}; both: {counts[BOTH]}"
    areas = in_words(
        [
            f"{label} {square_text(units.area(area[key]), units.square)}"
            for label, key in ((f"{a}:", "a"), (f"{b}:", "b"), ("both:", "both"))
        ]
    )
    lead = (f"Area of the bands together: {areas}.",)
    noun = analysis.scenario.noun
    where = "in the banned range" if comparison.by == BY_TREATY else "in range"
    lines = tuple(_sentences(analysis, summary["headline"]))
    side = Drawing("sides", f"{style.BORDERS_NOTE} {style.CREDITS}")
    return [
        Chapter("sides", "The two sides", title, (), side, (*lines, *lead)),
        Chapter(
            "comparison", "Comparison", f"Which {noun} each side has {where}", lead,
            comparison_grid(comparison, noun), (*lines, *pair_notes(comparison, units)),
        ),
    ]  # fmt: skip


def _counts(analysis: Analysis, units: Units) -> Chapter:
    bars = counts_bars(analysis, units)
    entries = [entry for entry in analysis.summary["coalitions"] if _has(entry)]
    treaty = by_treaty(analysis)
    kind, key = ("zones", ZONE_BAND) if treaty else ("verdicts", INSIDE)
    most = max(entries, key=lambda entry: entry[kind][key], default=None)
    title = f"{analysis.scenario.noun.capitalize()} by coalition and range"
    if most is not None and len(entries) > 1 and most[kind][key]:
        where = "within the banned band only" if treaty else "in range by every published figure"
        title = (
            f"{shortened(most['name'])}: most {analysis.scenario.noun} {where}, {most[kind][key]}"
        )
    lead = (_BY_TREATY if treaty else _BY_SYSTEMS,)
    area = area_sentence(analysis, units)
    notes = (bars.alt, *([area] if area else []))
    return Chapter("counts", "Counts", title, lead, bars, notes)


_BY_TREATY: Final = (
    "By the ranges that the treaty banned, from the sites as published. Own capitals are left out."
)
_BY_SYSTEMS: Final = (
    "By the ranges of the systems there. Marginal: it hangs on the estimate, on where the site is "
    "or on who says it. Own capitals are left out."
)


def _capitals(analysis: Analysis, entry: Mapping[str, Any], units: Units) -> Chapter:
    noun = analysis.scenario.noun
    alone = analysis.comparison is None and len(analysis.summary["coalitions"]) == 1
    title = f"Which {noun} are in range" if alone else _reach_title(analysis, entry)
    return Chapter(
        f"capitals-{entry['id']}", f"{noun.capitalize()}: {shortened(entry['name'])}",
        title, tuple(_sentences(analysis, entry["headline"]))[1:],
        capitals_grid(analysis, entry, units), group_notes(analysis, entry, units),
        every_capital_grid(analysis, entry, units),
    )  # fmt: skip


def _ranges(analysis: Analysis, units: Units, sources: Sequence[Source]) -> list[Chapter]:
    entries = [entry for entry in analysis.summary["coalitions"] if entry["systems"]]
    systems = [system for entry in entries for system in entry["systems"]]
    if not any(system["system_id"] for system in systems):
        return []  # the user's own ranges alone: nobody else says them
    grid = ranges_grid(entries, numbered(sources), units, analysis.scenario.noun)
    disputed = len({system["system_id"] for system in systems if system["disputed"]})
    title = "Who says which range"
    title += f": {count_of(disputed, 'systems')} disputed" if disputed else ""
    notes = tuple(map(range_note, systems))
    return [Chapter("ranges", "Ranges and who says them", title, (), grid, notes)]


def _countries(analysis: Analysis, units: Units) -> list[Chapter]:
    found = countries_of(analysis, units, treaty=by_treaty(analysis))
    if found is None:
        return []
    lead = (f"By {found.basis}.",)
    area = area_sentence(analysis, units)
    notes = (found.people.alt, CITIES_NOTE, *([area] if area else []))
    countries = (
        f"By {found.basis}; the largest population of listed cities first, own side left apart. "
        "How far a share of area may be off stands beside it.",
    )
    return [
        Chapter("people", "Listed cities", found.most, lead, found.people, notes),
        Chapter("countries", "Countries", "How much of each country is in range", countries,
                found.short, (found.whole.alt,), found.whole),
    ]  # fmt: skip


def _method(analysis: Analysis, sources: Sequence[Source]) -> Chapter:
    numbers = numbered(sources)
    points = tuple(("", cited(clean(text), numbers)) for text in style.caveats(analysis.scenario))
    notes = tuple(f"{head}: {text}" for head, text in SECTIONS if head in _METHOD)
    return Chapter("method", "Method and caveats", "Method and caveats", (), Points(points), notes)


def _sources(sources: Sequence[Source]) -> Chapter:
    notes = tuple(
        f"[{n}] {clean(source.publisher)}: {clean(source.title)}. {source.date}. {source.url}"
        for n, source in enumerate(sources, 1)
    )
    return Chapter("sources", "Sources", "Sources", (), References(tuple(sources)), notes)
