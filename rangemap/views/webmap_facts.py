"""Records of the web map: ranges, systems, sites, and the sources that they cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from rangemap.analysis.bands import Band
from rangemap.catalogue import Catalogue, Evidence, Site, SiteKind, Source
from rangemap.catalogue.treaty import classify
from rangemap.catalogue.treaty_answer import Outcome
from rangemap.geodesy import MAX_DISTANCE_KM

# How the symbol of a site tells its kind; a site of any other kind is drawn filled.
_MARKS: Final = {
    SiteKind.EXERCISE: "dot",
    SiteKind.ACCUSED: "bar",
    SiteKind.HYPOTHETICAL: "hollow",
    SiteKind.AD_HOC: "dashed",
}
_INF: Final = {
    Outcome.COVERED: "covered",
    Outcome.COVERED_IF_PARTY: "covered-if-party",
    Outcome.NOT_COVERED: "not-covered",
    Outcome.DEPENDS: "open",
    Outcome.UNCLEAR: "open",
    Outcome.NO_VERDICT: "open",
}


@dataclass
class Registry:
    """Records by key, numbered in the order in which they are first met."""

    items: list[Any] = field(default_factory=list)
    number_of: dict[Any, int] = field(default_factory=dict)

    def add(self, key: Any, make: Any) -> int:
        """Return the number of a key; ``make()`` gives the record of a new one."""
        if key not in self.number_of:
            self.number_of[key] = len(self.items)
            self.items.append(None)
            self.items[self.number_of[key]] = make()
        return self.number_of[key]


@dataclass
class Cited:
    """The sources that are cited, numbered."""

    catalogue: Catalogue
    registry: Registry = field(default_factory=Registry)

    def numbers(self, keys: Iterable[str]) -> list[int]:
        """Return the numbers of sources by key."""
        sources = self.catalogue.sources
        return [
            self.registry.add(key, lambda key=key: _source(sources[key])) for key in keys if key
        ]


def range_record(band: Band, cited: Cited) -> dict[str, Any]:
    """Return what is the same for every site with this range."""
    system = cited.catalogue.systems.get(band.system_id)
    return {
        "kind": band.band_kind,
        "system": band.system_id,
        "label": band.label,
        "said_by": band.said_by,
        "km": [band.min_km, band.max_km],
        # Not for verdicts: those go by what is published, however far round the Earth.
        "spread": [band.max_low_km, min(band.max_high_km, 2 * MAX_DISTANCE_KM)],
        "disputed": band.disputed,
        "alleged": band.alleged,
        "assumed": band.assumed,
        "note": band.range_note,
        # Other ranges are what they are defined to be.
        "confidence": system.confidence.value if system else "",
        "evidence": Evidence(band.range_evidence).verified if band.range_evidence else "",
        "sources": cited.numbers(band.range_source_keys.split(";")),
    }


def system_record(system_id: str, catalogue: Catalogue, cited: Cited) -> dict[str, Any]:
    """Return what the page says of a system, with the treaty's answer."""
    system = catalogue.systems[system_id]
    answer = classify(system_id)
    return {
        "id": system_id,
        "name": system.name,
        "country": system.country,
        "inf": _INF[answer.outcome],
        "inf_headline": answer.headline,
        "sources": cited.numbers(system.source_keys),
    }


def site_record(site: Site) -> dict[str, Any]:
    """Return what the page says of a launch site."""
    return {
        "id": site.id,
        "name": site.name,
        "country": site.country,
        "lon": site.lon,
        "lat": site.lat,
        "kind": site.kind.label,
        "mark": _MARKS.get(site.kind, "filled"),
        "precision_km": site.precision_km,
        "operator": site.operator,
        "note": site.note,
        "evidence": site.evidence.verified,
        "confidence": site.confidence.value,
        "years": [site.year_from, site.year_to],
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date,
        "url": source.url,
        "evidence": source.evidence.verified,
    }
