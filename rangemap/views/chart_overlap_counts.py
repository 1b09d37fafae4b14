"""How many launch sites, or coalitions, cover each area and each place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any, Final, Literal

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis, overlap_table
from rangemap.analysis.uncertain import INSIDE
from rangemap.views.basis import leading, treaty_leads
from rangemap.views.projection import MapView

__all__ = ["OF", "Class", "Counted", "classes_of"]

Of = Literal["sites", "coalitions"]
OF: Final = ("sites", "coalitions")
"""What may be counted."""
MOST_CLASSES: Final = 6
_GRID_KM: Final = 0.01  # halves of a face on both sides of the antimeridian become one
_EDGE_DEG: Final = 1.0


@dataclass(frozen=True)
class Class:
    """Counts that share a shade, both ends included."""

    low: int
    high: int

    @property
    def text(self) -> str:
        """In a legend.

        Examples
        --------
        >>> Class(1, 1).text, Class(2, 3).text
        ('1', '2 to 3')
        """
        return f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"

    def holds(self, count: int) -> bool:
        """Return whether a count belongs here."""
        return self.low <= count <= self.high


def classes_of(most: int) -> list[Class]:
    """Return classes of counts from 1 on: each count, or as few of one width as there may be.

    Examples
    --------
    >>> [one.text for one in classes_of(3)], [one.text for one in classes_of(11)]
    (['1', '2', '3'], ['1 to 2', '3 to 4', '5 to 6', '7 to 8', '9 to 10', '11'])
    """
    step = ceil(most / MOST_CLASSES)
    return [Class(low, min(low + step - 1, most)) for low in range(1, most + 1, step)]


@dataclass(frozen=True)
class Counted:
    """Counts of an analysis: of areas from the faces of its bands, of places from distances."""

    analysis: Analysis
    of: Of

    @cached_property
    def bands(self) -> geopandas.GeoDataFrame:
        """The bands that count: the treaty's if all coalitions have it, else all other ranges."""
        return leading(self.analysis.bands)

    @property
    def by_treaty(self) -> bool:
        """Whether these are the treaty's bands."""
        return treaty_leads(self.analysis.bands)

    @cached_property
    def whole(self) -> int:
        """How many there are at all."""
        return int(self.bands["site_id" if self.of == "sites" else "coalition"].nunique())

    @cached_property
    def faces(self) -> geopandas.GeoDataFrame:
        """Areas with their count: ``n``, ``area_km2``, geometry in EPSG:4326."""
        table = overlap_table(self.bands)
        several = table["coalitions"].str.count(";") + 1
        return table.assign(n=table["site_count"] if self.of == "sites" else several)

    @cached_property
    def classes(self) -> list[Class]:
        """The classes of counts that areas have."""
        return classes_of(int(self.faces["n"].max()))

    def areas_km2(self) -> list[float]:
        """Return the area of each class."""
        faces = self.faces
        return [
            float(faces.loc[faces["n"].between(one.low, one.high), "area_km2"].sum())
            for one in self.classes
        ]

    def shapes(self, view: MapView) -> list[BaseGeometry]:
        """Return the area of each class on the plane of a view."""
        near = view.lonlat
        found = []
        for one in self.classes:
            faces = self.faces.loc[self.faces["n"].between(one.low, one.high)]
            parts = shapely.get_parts(shapely.intersection(faces.geometry.to_numpy(), near))
            parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
            flat = [view.projection.project(p) for p in shapely.segmentize(parts, _EDGE_DEG)]
            flat = [p if p.is_valid else shapely.make_valid(p) for p in flat]
            found.append(shapely.union_all(flat, grid_size=_GRID_KM))
        return found

    @cached_property
    def places(self) -> pd.DataFrame:
        """The places with ``n``, ``surely`` and ``own``.

        ``n`` counts who has the place within the drawn range by geodesic distance, ``surely``
        who has it under every figure; coalitions that it is a member of are left out.
        """
        coverage: Any = self.analysis.coverage
        rows = coverage[coverage["band_id"].isin(set(self.bands["band_id"]))]
        other = ~rows["own_side"].astype(bool)
        key = "site_id" if self.of == "sites" else "coalition"
        columns = {
            "n": rows[other & rows["in_drawn_band"].astype(bool)],
            "surely": rows[other & (rows["verdict"] == INSIDE)],
        }
        table = pd.DataFrame(self.analysis.places.drop(columns="geometry"))
        for name, there in columns.items():
            counts = there.groupby("place_id")[key].nunique()
            table[name] = table["place_id"].map(counts).fillna(0).astype(np.int64)
        table["own"] = table["place_id"].isin(set(rows.loc[~other, "place_id"]))
        return table
