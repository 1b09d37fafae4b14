"""How QGIS shows each layer by default: rules, symbols and labels as QML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import OWN
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import Coalition, SiteKind
from rangemap.views.gis_layers import KIND_WORDS, Layer
from rangemap.views.qml import Labels, Look, Mark, Rule, Stroke, fill, flush, lines, marker, qml
from rangemap.views.style import MUTED, VERDICT_SYMBOLS, ZONE_SYMBOLS, Symbol

__all__ = ["layer_qml"]

# Light to dark, so that more bands are darker on paper too.
_COUNT_COLORS: Final = ("#e3dcef", "#c5b4dd", "#a387c8", "#8058ae", "#5f2d90", "#3b0f66")
_FIRM_KINDS: Final = (
    SiteKind.REPORTED, SiteKind.PLARF, SiteKind.HISTORICAL_BASE, SiteKind.HISTORICAL_SUPPORT,
)  # fmt: skip
_ASIDE_MM: Final = 2.0
# All treaty bands have the same label: the site tells them apart.
_BAND_LABELS: Final = Labels(
    'CASE WHEN "band_kind" = \'treaty\' THEN "site" ELSE "label" END',
    size=7.5,
    expression=True,
    on="boundary",
)


def layer_qml(layer: Layer, analysis: Analysis) -> str:
    """Return the default style of a layer as a QGIS 3 style file.

    Parameters
    ----------
    layer : Layer
        Of the same analysis.
    analysis : Analysis
        Gives the coalitions their names and colours.

    Returns
    -------
    str
        QML. Bands are outlines (disputed dashed, assumed dotted) and footprints are filled, so
        that no stack of fills looks like an intensity; overlaps go by count; places have the
        symbols of their zone or verdict, side by side for each coalition.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_layers import gis_layer
    >>> analysis = analyse("europe")
    >>> layer_qml(gis_layer(analysis, "bands"), analysis)[:14]
    '<!DOCTYPE qgis'
    """
    present = set(layer.frame["coalition"]) if "coalition" in layer.frame else set()
    sides = [c for c in analysis.scenario.coalitions if c.id in present]
    if layer.name == "bands":
        return qml([_band_rule(c) for c in sides], _BAND_LABELS)
    if layer.name == "footprints":
        return qml([_footprint_rule(c) for c in sides], Labels("label", on="boundary", size=8.5))
    if layer.name == "overlap":
        return qml(list(_overlap_rules(layer)), None, opacity=0.75)
    if layer.name == "sites":
        return qml([_site_rule(c) for c in sides], Labels("site", size=8.5, bold=True))
    first = f'CASE WHEN "coalition" = {_quoted(sides[0].id)} THEN "place" END' if sides else "''"
    return qml(
        [_place_rule(c, _aside(n, len(sides)), analysis) for n, c in enumerate(sides)],
        Labels(first, size=8, expression=True),
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _of(coalition: Coalition, children: list[Rule]) -> Rule:
    return Rule(coalition.name, f'"coalition" = {_quoted(coalition.id)}', children=children)


def _band_rule(coalition: Coalition) -> Rule:
    color = coalition.color
    doubtful = '("disputed" OR "alleged")'
    own = "\"band_kind\" <> 'treaty' AND NOT "
    rows = [
        (KIND_WORDS["treaty"], "\"band_kind\" = 'treaty'", Stroke(color, 0.2)),
        ("published range", f'{own}{doubtful} AND NOT "assumed"', Stroke(color, 0.45)),
        ("disputed: who says it is in its label", doubtful, Stroke(color, 0.45, "dash")),
        ("drawn by assumption: no maximum is published", f'{own}{doubtful} AND "assumed"',
         Stroke(color, 0.45, "dot")),
    ]  # fmt: skip
    return _of(coalition, [Rule(name, where, lines(stroke)) for name, where, stroke in rows])


def _footprint_rule(coalition: Coalition) -> Rule:
    looks = {
        "treaty": fill(coalition.color, 0.16, Stroke(coalition.color, 0.5)),
        "system": fill(coalition.color, 0.0, Stroke(coalition.color, 0.8), hatch=True),
        "own": fill(coalition.color, 0.16, Stroke(coalition.color, 0.8)),
    }
    return _of(
        coalition,
        [
            Rule(KIND_WORDS[kind], f'"band_kind" = {_quoted(kind)}', look)
            for kind, look in looks.items()
        ],
    )


def _overlap_rules(layer: Layer) -> Iterator[Rule]:
    """Yield one group for each kind of band; the first is shown, the others wait unchecked."""
    for number, (kind, rows) in enumerate(layer.frame.groupby("band_kind", sort=False)):
        classes = list(_classes(int(rows["count"].max())))
        shades = len(_COUNT_COLORS)
        children = []
        for place, (low, high) in enumerate(classes):
            shade = round(place * (shades - 1) / max(len(classes) - 1, 1))
            name = f"{low} to {high} bands" if high > low else f"{low} band{'s'[: low > 1]}"
            where = f'"count" >= {low} AND "count" <= {high}'
            children.append(Rule(name, where, flush(_COUNT_COLORS[shade])))
        where = f'"band_kind" = {_quoted(str(kind))}'
        yield Rule(KIND_WORDS[str(kind)], where, children=children, checked=number == 0)


def _classes(most: int) -> Iterator[tuple[int, int]]:
    """Yield at most six classes of counts, the lower ones narrower.

    Examples
    --------
    >>> list(_classes(3)), list(_classes(40))
    ([(1, 1), (2, 2), (3, 3)], [(1, 3), (4, 8), (9, 14), (15, 22), (23, 30), (31, 40)])
    """
    shades = len(_COUNT_COLORS)
    if most <= shades:
        yield from ((count, count) for count in range(1, most + 1))
        return
    ends = [max(n, round(most * (n / shades) ** 1.5)) for n in range(1, shades + 1)]
    for before, end in zip([0, *ends], ends, strict=False):
        yield before + 1, end


def _site_rule(coalition: Coalition) -> Rule:
    firm = ", ".join(_quoted(kind.value) for kind in _FIRM_KINDS)
    color = coalition.color
    return _of(
        coalition,
        [
            Rule(
                "launch site or base reported",
                f'"site_kind" IN ({firm})',
                marker([Mark("triangle", color, "#ffffff", 4.0)]),
            ),
            Rule(
                "only proposed, accused, exercised or given: see site_kind_label",
                f'"site_kind" NOT IN ({firm})',
                marker([Mark("triangle", "#ffffff", color, 3.6, width=0.6)]),
            ),
        ],
    )


def _place_rule(coalition: Coalition, aside: float, analysis: Analysis) -> Rule:
    """Return zones and verdicts of one coalition; the scenario's lead is shown, the other not."""
    own, zones, verdicts = '"own_side"', [], []
    for zone in ZONES:
        look = _symbol(ZONE_SYMBOLS[zone], coalition.color, aside)
        where = f'NOT {own} AND "zone" = {_quoted(zone)}'
        zones.append(Rule(ZONE_SYMBOLS[zone].label, where, look))
    for verdict in (INSIDE, MARGINAL, OUTSIDE):
        look = _symbol(VERDICT_SYMBOLS[verdict], coalition.color, aside)
        where = f'NOT {own} AND "verdict" = {_quoted(verdict)}'
        verdicts.append(Rule(VERDICT_SYMBOLS[verdict].label, where, look))
    mine = analysis.place_rows[analysis.place_rows["coalition"] == coalition.id]
    has_zones, has_verdicts = (bool(mine[name].ne("").any()) for name in ("zone", "verdict"))
    lead = has_zones and (analysis.scenario.view.lead == "treaty" or not has_verdicts)
    return _of(
        coalition,
        [
            Rule("by the range that the treaty banned", "\"zone\" <> ''", children=zones,
                 checked=lead),
            Rule("by the ranges of systems", "\"verdict\" <> ''", children=verdicts,
                 checked=not lead),
            Rule(ZONE_SYMBOLS[OWN].label, own, _symbol(ZONE_SYMBOLS[OWN], MUTED, aside)),
        ],
    )  # fmt: skip


def _aside(number: int, of: int) -> float:
    """Return how far to the right of its place a coalition's symbol stands, in mm."""
    return _ASIDE_MM * (number - (of - 1) / 2)


def _symbol(symbol: Symbol, edge: str, aside: float) -> Look:
    color = symbol.color
    marks = {
        "circle": [Mark("circle", color, edge, 2.3)],
        "square": [Mark("square", color, edge, 2.1)],
        "diamond": [Mark("diamond", color, edge, 2.5)],
        "triangle": [Mark("triangle", color, edge, 2.5)],
        "ring": [Mark("circle", "#ffffff", edge, 1.8)],
        "cross": [Mark("cross2", color, color, 1.6)],
        "half": [Mark("circle", "#ffffff", edge, 2.3), Mark("semi_circle", color, edge, 2.3)],
    }
    return marker([mark.moved(aside) for mark in marks[symbol.shape]])
