"""What stands in every GIS file about itself: version, data, sources, caveats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from rangemap._version import __version__
from rangemap.analysis import Analysis
from rangemap.catalogue import Source, load_catalogue
from rangemap.views.style import CREDITS, caveats, provenance

__all__ = ["About", "about_of", "xml_text"]

_NOT_XML: Final = re.compile(
    "[^\t\n\r\N{SPACE}-\ud7ff\ue000-\N{REPLACEMENT CHARACTER}\U00010000-\U0010ffff]"
)
LICENCE: Final = (
    "Boundaries: public domain (Natural Earth). Names and places of capitals: CC BY 4.0 (GeoNames)."
)


@dataclass(frozen=True)
class About:
    """What made a file, and from what.

    Attributes
    ----------
    title, subtitle, provenance : str
        Of the scenario; one line that says which version and which data made the file.
    version, scenario, scenario_hash, data_date : str
        The same, part by part; the date in ISO 8601.
    findings, caveats : tuple of str
        Sentences for readers.
    credits : str
        Whom to name.
    sources : tuple of Source
        Publications behind the sites and ranges.
    """

    title: str
    subtitle: str
    provenance: str
    version: str
    scenario: str
    scenario_hash: str
    data_date: str
    findings: tuple[str, ...]
    caveats: tuple[str, ...]
    credits: str
    sources: tuple[Source, ...]

    @property
    def moment(self) -> str:
        """The date of the data as the moment that formats ask for: never the clock's."""
        return f"{self.data_date}T00:00:00.000Z"

    def record(self) -> dict[str, Any]:
        """Return all of it as a JSON object."""
        return {
            "provenance": self.provenance,
            "title": self.title,
            "subtitle": self.subtitle,
            "version": self.version,
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "data_date": self.data_date,
            "findings": list(self.findings),
            "caveats": list(self.caveats),
            "credits": self.credits,
            "licence": LICENCE,
            "sources": [
                {
                    "key": source.key,
                    "title": source.title,
                    "publisher": source.publisher,
                    "date": source.date,
                    "url": source.url,
                    "evidence": source.evidence.value,
                }
                for source in self.sources
            ],
        }

    def lines(self) -> list[str]:
        """Return all of it as lines of plain text."""
        cited = [f"{s.key}: {s.cite()} {s.url} ({s.evidence.verified})" for s in self.sources]
        return [
            self.title,
            *([self.subtitle] if self.subtitle else []),
            self.provenance,
            f"Scenario hash: {self.scenario_hash}",
            "",
            "Findings",
            *(f"- {text}" for text in self.findings),
            "",
            "Caveats",
            *(f"- {text}" for text in self.caveats),
            "",
            self.credits,
            LICENCE,
            "",
            "Sources",
            *(f"- {text}" for text in cited),
        ]


def about_of(analysis: Analysis) -> About:
    """Return what a file made from an analysis says about itself.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> about = about_of(analyse("europe"))
    >>> about.scenario, len(about.scenario_hash), about.moment[10:]
    ('europe', 64, 'T00:00:00.000Z')
    """
    scenario = analysis.scenario
    return About(
        title=scenario.title,
        subtitle=scenario.subtitle,
        provenance=provenance(scenario),
        version=__version__,
        scenario=scenario.name,
        scenario_hash=scenario.hash,
        data_date=load_catalogue().release.date.isoformat(),
        findings=tuple(analysis.summary["headline"]),
        caveats=tuple(caveats(scenario)),
        credits=CREDITS,
        sources=tuple(analysis.sources()),
    )


def xml_text(text: object) -> str:
    r"""Return a text without the characters that XML 1.0 forbids; not yet escaped.

    Examples
    --------
    >>> xml_text("a\x00b\x1b[31m \N{EARTH GLOBE EUROPE-AFRICA}")
    'ab[31m 🌍'
    """
    return _NOT_XML.sub("", str(text))
