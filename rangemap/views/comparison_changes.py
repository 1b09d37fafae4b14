"""The section of a comparison's page on what a longer range adds to a shorter one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rangemap.analysis import RangeChange
from rangemap.views.comparison_parts import (
    bullets,
    figure,
    named,
    section,
    source_list,
    text,
)
from rangemap.views.story_words import millions

__all__ = ["changes"]


def changes(found: Sequence[RangeChange], pictures: Mapping[str, str]) -> str:
    """Return what a longer range adds, for each system whose sides say different ranges."""
    if not found:
        return ""
    parts = ['<p class="read">Where sides give different ranges for one system, this is what the '
             "longer one would add to the shorter one from the same sites. No position is taken "
             "on which is right.</p>"]  # fmt: skip
    for number, change in enumerate(found):
        parts.append(_change(change, pictures if number == 0 else {}))
    return section("changes", "What a longer range adds", *parts)


def _change(change: RangeChange, pictures: Mapping[str, str]) -> str:
    summary = change.summary
    said = [
        f"{named(one.label)}: {text(one.said_by)}"
        + (f" ({one.low_km:,.10g} to {one.high_km:,.10g} km)" if one.low_km < one.high_km else "")
        + (f". {text(one.note)}." if one.note else ".")
        for one in (change.shorter, change.longer)
    ]
    marginal = ", ".join(map(named, summary["lists"]["marginal"]))
    cities = summary["cities"]
    people = (
        f"Listed cities gained: {cities['counts']['gained']:,}, with a population of "
        f"{millions(cities['populations']['gained'])} million; marginal: "
        f"{cities['counts']['marginal']:,}, {millions(cities['populations']['marginal'])} million."
    )
    top = change.countries[~change.countries["own_side"].astype(bool)]
    top = top.sort_values(["gained_km2", "iso_a3"], ascending=[False, True]).head(8)
    shares = ", ".join(
        f"{named(row['country'])} {row['gained_share']:.0%}"
        for row in top.to_dict("records")
        if row["gained_km2"] > 0
    )
    items = _gained(summary) or [f"Gained: no {text(change.scenario.noun)}."]
    if marginal:
        items.append(f"Marginal, by the figure or the site’s place: {marginal}.")
    items.append(text(people))
    if shares:
        items.append(f"Share of a country’s area gained, the largest areas first: {shares}.")
    return "\n".join(
        [
            f"<h3>{named(change.system or 'All launch sites')}</h3>",
            f'<p class="lead">{text(summary["headline"])}</p>',
            figure("change", pictures, summary["headline"],
                   "Both ranges from the same launch sites."),
            bullets(said),
            bullets(items, "findings"),
            source_list(change.sources()) and _cited(change),
        ]
    )  # fmt: skip


def _gained(summary: Mapping[str, Any]) -> list[str]:
    """Return the places gained by the site that is nearest to them, nearest first."""
    by_site: dict[str, list[str]] = {}
    for row in summary["gained"]:
        by_site.setdefault(row["nearest_site"], []).append(
            f"{named(row['place'])} {row['nearest_km']:,.0f} km"
        )
    return [
        f"Gained, nearest to {named(site)} ({len(places)}): {', '.join(places)}."
        for site, places in by_site.items()
    ]


def _cited(change: RangeChange) -> str:
    keys = ", ".join(text(source.key) for source in change.sources())
    return f'<p class="small">Sources, below: {keys}.</p>'
