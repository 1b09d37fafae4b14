"""What a range map says and what it does not say, at length: for the map and for the reports."""

from __future__ import annotations

from typing import Final

SECTIONS: Final = (
    (
        "What is drawn",
        "Every ring is the set of points at one geodesic distance from a launch site, the "
        "shortest path on the WGS 84 ellipsoid. It is not a circle on the map: a Mercator map "
        "stretches it towards the poles, and a long range may enclose a pole. The band between a "
        "minimum and a maximum range is what one system, or the treaty’s definition, takes in.",
    ),
    (
        "What a verdict rests on",
        "Whether a capital is in range is decided by its geodesic distance to the site, never by "
        "the drawn outline. Inside means: under every published range in use, and from anywhere "
        "within the precision of the site’s position. Outside means: under none of them and from "
        "nowhere. All else is marginal, and the map names what it hangs on.",
    ),
    (
        "Estimates",
        "Ranges of missiles are estimates, published by governments, research institutes and the "
        "press, and they differ. The plotted value is one of them; the lowest and the highest "
        "stand beside it. Where two sides contradict each other, as over the 9M729, both ranges "
        "are drawn, each with who says it. A range that is only alleged never counts as more than "
        "marginal.",
    ),
    (
        "Payload and flight path",
        "A published range belongs to some payload, and often nobody says which: a lighter one "
        "flies farther. A cruise missile flies round obstacles and so reaches less far than its "
        "range in a straight line. Neither is modelled.",
    ),
    (
        "Rotation of the Earth",
        "A ballistic missile fired eastward gains ground from the Earth’s rotation and one fired "
        "westward loses some. A simple model without drag gives a missile of 5,500 km, fired at 50 "
        "degrees north, about 5,220 km westwards and 5,820 km eastwards. Published ranges do not "
        "say which is meant; range maps leave the rotation out by convention, and so does this "
        "one.",
    ),
    (
        "Where the sites are",
        "A site stands at a town or base that a source names, within the precision given. Mobile "
        "launchers leave their bases, and from elsewhere they reach other places. Sites that are "
        "only proposed, accused or were used in an exercise have symbols of their own.",
    ),
    (
        "What the treaty was",
        "The INF Treaty of 1987 bound the United States and the Soviet Union, later Russia and "
        "other successors, to have no ground-launched ballistic or cruise missiles with ranges "
        "from 500 to 5,500 km. It ended on 2 August 2019. China was never a Party. Missiles "
        "launched from ships and aircraft were never covered. “Banned range” on this map is the "
        "treaty’s range and not a finding that a state broke it.",
    ),
    (
        "What in range does not mean",
        "In range does not mean aimed at, likely to be attacked, hit or undefended. Nothing here "
        "models accuracy, warheads, defences or effects.",
    ),
    (
        "What you change yourself",
        "A site that you move or add, and a range that you set, are yours: they have no source, "
        "and the map, its table, its picture and its link mark them as what-if.",
    ),
)
"""Pairs of a heading and a paragraph."""
