"""Places by their direction from one launch site: eight sectors of 45 degrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.geodesy import azimuth_deg
from rangemap.views.chart_ladder_rows import Step
from rangemap.views.chart_site import SiteFacts

__all__ = ["SECTORS", "Sector", "azimuths_of", "sector_of", "sectors_of"]

SECTORS: Final = {
    "N": "north", "NE": "north-east", "E": "east", "SE": "south-east", "S": "south",
    "SW": "south-west", "W": "west", "NW": "north-west",
}  # fmt: skip
_WIDE: Final = 360 / len(SECTORS)


@dataclass(frozen=True)
class Sector:
    """How many places lie in one direction, the launching side's own left out.

    Attributes
    ----------
    key, name : str
        "NE", "north-east".
    inside, marginal : int
        In range, by the verdict of each place.
    band : int or None
        In the treaty's band; None where the scenario draws none.
    """

    key: str
    name: str
    inside: int
    marginal: int
    band: int | None


def sector_of(azimuth: float) -> str:
    """Return the sector of an azimuth in degrees; north runs from 337.5 to 22.5.

    Examples
    --------
    >>> sector_of(22.4), sector_of(22.5), sector_of(359.0)
    ('N', 'NE', 'N')
    """
    return list(SECTORS)[int((azimuth % 360 + _WIDE / 2) // _WIDE) % len(SECTORS)]


def azimuths_of(facts: SiteFacts, steps: Iterable[Step]) -> dict[str, float]:
    """Return the azimuth at the site of the geodesic to each place, degrees, by place_id.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.figure_sheet import Look
    >>> facts = SiteFacts(analyse("europe"), Look(), "mozdok")
    >>> [round(azimuth) for azimuth in azimuths_of(facts, facts.steps[:1]).values()]
    [176]
    """
    ids = [step.place_id for step in steps]
    rows = facts.analysis.places.set_index("place_id").loc[ids]
    lon, lat = facts.position
    azimuth = np.atleast_1d(azimuth_deg(lon, lat, rows["lon"].to_numpy(), rows["lat"].to_numpy()))
    return dict(zip(ids, azimuth.tolist(), strict=True))


def sectors_of(facts: SiteFacts) -> list[Sector]:
    """Return the eight sectors, clockwise from north.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.figure_sheet import Look
    >>> north = sectors_of(SiteFacts(analyse("europe"), Look(), "mozdok"))[0]
    >>> north.name, north.inside
    ('north', 0)
    """
    azimuths = azimuths_of(facts, facts.theirs)
    by_sector: dict[str, list[Step]] = {key: [] for key in SECTORS}
    for step in facts.theirs:
        by_sector[sector_of(azimuths[step.place_id])].append(step)
    return [
        Sector(
            key, SECTORS[key],
            sum(step.verdict == INSIDE for step in steps),
            sum(step.verdict == MARGINAL for step in steps),
            None if facts.treaty is None else sum(facts.in_band(step) for step in steps),
        )
        for key, steps in by_sector.items()
    ]  # fmt: skip
