"""What the balloons of a KML file say: facts with their sources, escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from rangemap.analysis import Analysis
from rangemap.catalogue import Source
from rangemap.views.columns import plain_value
from rangemap.views.gis_about import LICENCE, About
from rangemap.views.kml_styles import PLACE_SYMBOLS
from rangemap.views.style import km

__all__ = ["about_html", "facts_html", "snippet"]

_GLYPHS = {
    "circle": "●", "square": "■", "diamond": "◆", "triangle": "▲", "ring": "○", "cross": "✕",
    "half": "◐",
}  # fmt: skip


def snippet(kind: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a placemark and the line under it.

    Examples
    --------
    >>> snippet("sites", {"site": "Luga", "site_kind_label": "current deployment reported"})
    ('Luga', 'current deployment reported')
    """
    if kind == "footprints":
        short = f"union of {row['bands']} ranges from {row['sites']} sites"
        return str(row["label"]), short
    if kind == "bands":
        return f"{row['site']}: {row['label']}", f"according to {row['said_by']}"
    if kind == "sites":
        return str(row["site"]), str(row["site_kind_label"])
    return str(
        row["place"]
    ), f"{row['country']}: {km(round(row['nearest_km']))} to the nearest site"


def facts_html(kind: str, row: Mapping[str, Any], sources: Mapping[str, Source]) -> str:
    """Return the balloon of a placemark as HTML in which every fact is escaped."""
    facts = {"footprints": _footprint, "bands": _band, "sites": _site, "places": _place}[kind](row)
    lines = "".join(
        f"<tr><td><b>{escape(name)}</b></td><td>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
        if value not in ("", None)
    )
    keys = str(row.get("source_keys") or row.get("position_sources") or "").split(";")
    cited = "".join(f"<li>{_cited(sources[key])}</li>" for key in keys if key in sources)
    listed = f"<p>Sources</p><ul>{cited}</ul>" if cited else ""
    return f"<table>{lines}</table>{listed}"


def about_html(about: About, analysis: Analysis) -> str:
    """Return the description of the document: findings, legend, caveats, sources, provenance."""
    sides = "".join(
        f'<li><font color="{escape(c.color)}">▬ ▲</font> {escape(c.name)}: ranges and launch '
        "sites</li>"
        for c in analysis.scenario.coalitions
    )
    places = "".join(
        f'<li><font color="{symbol.color}">{_GLYPHS[symbol.shape]}</font> '
        f"{escape(symbol.label)}</li>"
        for symbol in PLACE_SYMBOLS.values()
    )
    cited = "".join(f"<li>{_cited(source)}</li>" for source in about.sources)
    return (
        f"<p>{escape(about.subtitle)}</p>"
        + _listed("Findings", about.findings)
        + f"<p>Legend</p><ul>{sides}{places}<li>Outline without fill: disputed, alleged or "
        "assumed; its name says who says it.</li><li>Hidden at first: ranges one by one, and the "
        "places of other coalitions than the first.</li></ul>"
        + _listed("Caveats", about.caveats)
        + f"<p>{escape(about.credits)} {escape(LICENCE)}</p><p>Sources</p><ul>{cited}</ul>"
        + f"<p>{escape(about.provenance)}<br/>{escape(about.scenario_hash)}</p>"
    )


def _listed(title: str, texts: tuple[str, ...]) -> str:
    return f"<p>{title}</p><ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _cited(source: Source) -> str:
    text = escape(source.cite())
    if source.url.startswith(("https://", "http://")):
        text = f'<a href="{escape(source.url)}">{text}</a>'
    return f"{text} ({escape(source.evidence.verified)})"


def _yes(value: Any, text: str) -> str:
    return text if value else ""


def _span(row: Mapping[str, Any]) -> str:
    return f"{km(row['min_km'])} to {km(row['max_km'])}"


def _footprint(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "What": "union of ranges; not a finding that all of it is in danger",
        "Ranges": row["bands"],
        "Launch sites": row["sites"],
        "From the least minimum to the greatest maximum": _span(row),
        "Area": f"{row['area_km2']:,.0f} km²",
        "Of disputed ranges": row["disputed_positions"],
        "Ranges drawn by assumption": row["assumed_bands"] or "",
    }


def _band(row: Mapping[str, Any]) -> dict[str, Any]:
    spread = ""
    if row["max_low_km"] != row["max_high_km"]:
        spread = f"{km(row['max_low_km'])} to {km(row['max_high_km'])}"
    return {
        "Range": row["label"],
        "Drawn": _span(row),
        "Published maxima": spread,
        "According to": row["said_by"],
        "Disputed": _yes(row["disputed"], "yes: the sides give different ranges or roles"),
        "Alleged": _yes(row["alleged"], "yes: only the other side says so"),
        "Assumed": _yes(row["assumed"], "yes: no maximum is published"),
        "Launch site": row["site"],
        "Placed to": km(row["site_precision_km"]),
        "Years": row["years"],
        "Confidence": row["confidence"],
        "Read at the source": row["evidence"],
        "On the site": row["site_note"],
        "On the range": row["range_note"],
    }


def _site(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "What": row["site_kind_label"],
        "Country": row["country"],
        "Operator": row["operator"],
        "Placed to": km(row["site_precision_km"]),
        "Ranges drawn round it": row["ranges"],
        "Note": row["site_note"],
        "Confidence": row["confidence"],
        "Read at the source": row["site_evidence"],
    }


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    people = plain_value("population", row["population"])
    return {
        "Country": row["country"],
        "Own side": _yes(row["own_side"], "yes: a member's own place, not counted"),
        "By the banned range": row["zone"] + _yes(row["zone_marginal"], " (marginal)"),
        "By the ranges of systems": row["verdict"],
        "Which hangs on": row["hangs_on"],
        "Inside the range of": row["systems_in_range"].replace(";", ", "),
        "Perhaps in range of": row["systems_marginal"].replace(";", ", "),
        "Positions": row["positions"],
        "Nearest site": f"{row['nearest_site']}, {km(round(row['nearest_km']))}",
        "Population of the place": "" if people is None else f"{people:,}",
    }
