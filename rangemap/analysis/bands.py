"""Scenario to bands: one row for each site and range, drawn as an EPSG:4326 polygon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.launches import Launch
from rangemap.analysis.scenario import Scenario, read_scenario
from rangemap.catalogue import Catalogue, DisputedBand, System, load_catalogue
from rangemap.catalogue.model import Confidence, years_text
from rangemap.errors import CatalogueError
from rangemap.geodesy import MAX_DISTANCE_KM, band_polygons

CRS: Final = "EPSG:4326"
_DOUBT: Final = list(Confidence)  # from high to low: a band is as sure as its weaker part


@dataclass(frozen=True)
class Band:
    """One band before it is drawn. Distances in km; None where nothing is published."""

    band_id: str
    band_kind: str  # "treaty", "system" or "own"
    site_id: str
    site: str
    coalition: str
    system_id: str
    system: str
    label: str
    said_by: str
    min_km: float
    max_km: float
    max_low_km: float
    max_high_km: float
    disputed: bool
    alleged: bool
    assumed: bool  # no maximum is published
    site_lon: float
    site_lat: float
    site_precision_km: float
    site_kind: str
    site_note: str
    range_note: str
    years: str  # of site and system together; a year that is not known says so
    confidence: str
    evidence: str  # of site and range together
    site_evidence: str
    range_evidence: str  # empty where the range is the treaty's or the scenario's own
    source_keys: str  # of site and range together
    range_source_keys: str


def range_bands(scenario: Scenario | str, tolerance_m: float = 100) -> geopandas.GeoDataFrame:
    """Return the bands of a scenario.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or what `read_scenario` takes.
    tolerance_m : float, default 100
        Of the drawn boundary, in metres; see `rangemap.geodesy.ring_polygon`.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, one row for each site and range: ``band_id``, ``band_kind`` ("treaty",
        "system", "own"), ``site_id``, ``site``, ``coalition``, ``system_id`` (empty unless
        a system's), ``label``, ``said_by``, ``min_km``, ``max_km``, ``max_low_km`` and
        ``max_high_km`` (the spread between sources), site coordinates and precision,
        ``years`` (of site and system together), ``confidence``, ``evidence``,
        ``source_keys`` and, of the range alone, ``range_source_keys``. A disputed range is
        several bands, one for each who says it. ``attrs["scenario"]`` is the scenario.

    Raises
    ------
    CatalogueError
        If the scenario was read with other catalogue files than those in use.

    Examples
    --------
    >>> bands = range_bands("europe")
    >>> sorted(bands.loc[bands.site_id == "shuya", "max_km"])
    [480.0, 2350.0, 5500.0]
    """
    if isinstance(scenario, str):
        scenario = read_scenario(scenario)
    catalogue = load_catalogue()
    if scenario.catalogue != (catalogue.overlay.sha256 if catalogue.overlay else ""):
        raise CatalogueError(
            f"scenario {scenario.name!r} was read with other catalogue files than those in use "
            "now: read and use it inside the same use_catalogue"
        )
    rows = band_rows(scenario)
    columns = [field.name for field in fields(Band)]
    frame = pd.DataFrame([[getattr(row, name) for name in columns] for row in rows])
    frame.columns = pd.Index(columns)
    frame = frame.drop_duplicates("band_id", ignore_index=True)
    # One site may stand in several launches with the same range; one polygon serves them all.
    shapes = ["site_lon", "site_lat", "min_km", "max_km"]
    unique = frame[shapes].drop_duplicates()
    lon, lat, low, high = (unique[name].to_numpy() for name in shapes)
    drawn = band_polygons(lon, lat, low, high, tolerance_m)
    by_shape = dict(zip(unique.itertuples(index=False, name=None), drawn, strict=True))
    geometry = np.empty(len(frame), dtype=object)
    for index, key in enumerate(frame[shapes].itertuples(index=False, name=None)):
        geometry[index] = by_shape[key]
    bands = geopandas.GeoDataFrame(frame, geometry=geometry, crs=CRS)
    bands.attrs["scenario"] = scenario
    return bands


def band_rows(scenario: Scenario) -> list[Band]:
    """Return the bands of a scenario before they are drawn."""
    catalogue = load_catalogue()
    return [band for launch in scenario.launches for band in _bands(launch, scenario, catalogue)]


def _bands(launch: Launch, scenario: Scenario, catalogue: Catalogue) -> Iterator[Band]:
    if launch.treaty_band:
        yield _treaty_band(launch, catalogue)
    for system_id in launch.system_ids:
        system = catalogue.systems[system_id]
        disputed = catalogue.disputed_bands_of(system_id)
        if disputed:
            for entry in disputed:
                yield _disputed_band(launch, system, entry, scenario)
        elif system.plot_km is not None:
            yield _system_band(launch, system, system.plot_km, scenario, catalogue)
    for own in launch.ranges:
        yield _band(
            launch,
            key=f"own-{own.min_km:g}-{own.max_km:g}",
            band_kind="own",
            label=own.label,
            said_by="the scenario",
            min_km=own.min_km,
            max_km=own.max_km,
        )


def _treaty_band(launch: Launch, catalogue: Catalogue) -> Band:
    release = catalogue.release
    low, high = release.treaty_min_km, release.treaty_max_km
    return _band(
        launch,
        key="treaty",
        band_kind="treaty",
        label=f"Banned range, {low:,.0f} to {high:,.0f} km",
        said_by="INF Treaty, Art. II",
        min_km=low,
        max_km=high,
        source_keys=release.treaty_source_keys,
    )


def _disputed_band(launch: Launch, system: System, entry: DisputedBand, scenario: Scenario) -> Band:
    chosen = {"low": entry.max_low_km, "plot": entry.max_km, "high": entry.max_high_km}
    return _band(
        launch,
        key=entry.id,
        band_kind="system",
        system=system,
        label=entry.label,
        said_by=entry.said_by,
        min_km=system.min_km or 0,
        max_km=chosen[scenario.range_estimate],
        low_km=entry.max_low_km,
        high_km=entry.max_high_km,
        disputed=True,
        alleged=entry.basis == "alleged",
        range_note=entry.note,
        evidence=entry.evidence.value,
        source_keys=entry.source_keys,
    )


def _system_band(
    launch: Launch, system: System, plot_km: float, scenario: Scenario, catalogue: Catalogue
) -> Band:
    low, high = system.max_low_km or plot_km, system.max_high_km or plot_km
    chosen = {"low": low, "plot": plot_km, "high": high}[scenario.range_estimate]
    assumed = system.max_high_km is None
    recalled = scenario.range_estimate in system.recalled_fields
    return _band(
        launch,
        key=system.id,
        band_kind="system",
        system=system,
        label=f"{system.name}, {chosen:,.0f} km" + (" (assumed)" if assumed else ""),
        said_by=_said_by(system, chosen, catalogue),
        min_km=system.min_km or 0,
        max_km=min(chosen, MAX_DISTANCE_KM),
        low_km=low,
        high_km=high,
        assumed=assumed,
        range_note=system.range_note,
        evidence="recalled" if recalled else system.evidence.value,
        source_keys=system.source_keys,
    )


def _said_by(system: System, value_km: float, catalogue: Catalogue) -> str:
    """Return who published just this value; else say that it is chosen among several."""
    sayers = dict.fromkeys(
        e.said_by
        for e in catalogue.estimates_of(system.id)
        if e.use == "yes" and e.quantity == "max_range" and abs(e.value_km - value_km) < 0.5
    )
    names = list(sayers)
    if not names and system.max_low_km and system.max_high_km:
        return f"chosen within {system.max_low_km:,.0f} to {system.max_high_km:,.0f} km, published"
    if not names:
        return "plotted value; the catalogue has no published maximum"
    return "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _band(
    launch: Launch,
    *,
    key: str,
    band_kind: str,
    label: str,
    said_by: str,
    min_km: float,
    max_km: float,
    system: System | None = None,
    low_km: float | None = None,
    high_km: float | None = None,
    disputed: bool = False,
    alleged: bool = False,
    assumed: bool = False,
    range_note: str = "",
    evidence: str = "",
    source_keys: tuple[str, ...] = (),
) -> Band:
    site = launch.site
    evidences: set[str] = {site.evidence.value, evidence} - {""}
    confidences = [site.confidence, *([system.confidence] if system else [])]
    values: dict[str, Any] = {
        "band_id": f"{launch.coalition}:{site.id}:{key}",
        "band_kind": band_kind,
        "site_id": site.id,
        "site": site.name,
        "coalition": launch.coalition,
        "system_id": system.id if system else "",
        "system": system.name if system else "",
        "label": label,
        "said_by": said_by,
        "min_km": float(min_km),
        "max_km": float(max_km),
        "max_low_km": float(low_km if low_km is not None else max_km),
        "max_high_km": float(high_km if high_km is not None else max_km),
        "disputed": disputed,
        "alleged": alleged,
        "assumed": assumed,
        "site_lon": site.lon,
        "site_lat": site.lat,
        "site_precision_km": site.precision_km,
        "site_kind": site.kind.value,
        "site_note": site.note,
        "range_note": range_note,
        "years": years_text(*launch.years_with(system)),
        "confidence": max(confidences, key=_DOUBT.index).value,
        "evidence": evidences.pop() if len(evidences) == 1 else "seen+recalled",
        "site_evidence": site.evidence.value,
        "range_evidence": evidence,
        "source_keys": ";".join(dict.fromkeys((*site.source_keys, *source_keys))),
        "range_source_keys": ";".join(source_keys),
    }
    return Band(**values)
