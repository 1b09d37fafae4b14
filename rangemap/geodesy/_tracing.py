"""Areas of a growing buffer whose rings are put together from arcs and kinks.

What `rangemap.geodesy._envelope` gives are loops; here they become the areas of their owners, if
they make valid polygons. Owners that cannot be served so are told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from shapely import Polygon

from rangemap.geodesy._bending import follows
from rangemap.geodesy._boundary import Ints, Objects
from rangemap.geodesy._discs import Area, Sources
from rangemap.geodesy._envelope import loops
from rangemap.geodesy._inspection import Faults
from rangemap.geodesy._level import Formula
from rangemap.geodesy._loops import Labels, Loops
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._sectors import Spacing
from rangemap.geodesy._validation import Bools, Floats

_COMPLEX: Final = np.array([1.0, 1.0j])


class Tracer:
    """Puts together the areas of owners, in place.

    Parameters
    ----------
    areas : numpy.ndarray of object
        One for each owner, shells counter-clockwise; changed.
    sources : Sources
    formula : Formula
        At the radius.
    spacing : Spacing
    fill : callable
        Adds the territory of an owner to an area.
    """

    def __init__(
        self,
        areas: Objects,
        sources: Sources,
        formula: Formula,
        spacing: Spacing,
        fill: Callable[[int, Area], Area],
    ) -> None:
        self.areas, self.sources = areas, sources
        self.formula, self.spacing, self.fill = formula, spacing, fill
        self._loops, self._loop_owner = Loops.none(0), np.empty(0, dtype=np.intp)

    def put_together(
        self, edges: Floats, edge_owner: Ints, edge: Ints, lon: Floats, lat: Floats, nearest: Ints
    ) -> Bools:
        """Replace areas by what the sources nearest to their boundaries bound.

        Samples are of edges of the areas. Returns which owners could be served.
        """
        served = np.zeros(len(self.areas), dtype=bool)
        if not len(edges):
            return served
        served[edge_owner] = True
        first = np.flatnonzero(~np.append(False, follows(edges, edge_owner)[:-1]))
        last = np.append(first[1:], len(edges)) - 1
        loop_owner = edge_owner[first]
        closed = (edges[first, :2] == edges[last, 2:]).all(axis=1)
        served[loop_owner[~closed]] = False
        loop = np.repeat(np.arange(len(first)), last - first + 1)[edge]
        served[loop_owner[loop[nearest < 0]]] = False
        some = served[loop_owner[loop]]
        labels = Labels(loop[some], nearest[some], unit_vectors(lon[some], lat[some]))
        return self._traced(labels, loop_owner, served)

    def _ring_counts(self) -> Ints:
        some = np.flatnonzero(shapely.is_geometry(self.areas))
        parts, part_owner = shapely.get_parts(self.areas[some], return_index=True)
        counts = np.zeros(len(self.areas), dtype=np.intp)
        np.add.at(counts, some[part_owner], 1 + shapely.get_num_interior_rings(parts))
        return counts

    def put_together_again(self, edges: Floats, faults: Faults, served: Bools) -> Bools:
        """Do the same with the sources that were missed in areas put together before."""
        wanted = np.zeros(len(served), dtype=bool)
        wanted[faults.owner] = True
        wanted &= served
        if not wanted.any():
            return wanted
        whole = self._loops.some(wanted[self._loop_owner[self._loops.loop]])
        vertex_owner = self._loop_owner[whole.loop]
        vertex = np.full(len(faults.owner), -1)
        vertices = whole.coordinates @ _COMPLEX
        starts = edges[faults.edge, :2] @ _COMPLEX
        for index in np.flatnonzero(wanted):
            own = slice(*np.searchsorted(vertex_owner, (index, index + 1)))
            asked = slice(*np.searchsorted(faults.owner, (index, index + 1)))
            order = np.argsort(vertices[own], kind="stable")
            found = vertices[own][order]
            at = np.minimum(np.searchsorted(found, starts[asked]), len(found) - 1)
            vertex[asked] = own.start + order[at]
            wanted[index] = (found[at] == starts[asked]).all()
        some = wanted[faults.owner]
        whole_again = whole.some(wanted[vertex_owner])
        renumbered = np.cumsum(wanted[vertex_owner]) - 1
        labels = whole_again.relabelled(
            renumbered[vertex[some]], faults.share[some], faults.cause[some]
        )
        return self._traced(labels, self._loop_owner, wanted)

    def _traced(self, labels: Labels, loop_owner: Ints, served: Bools) -> Bools:
        """Replace the areas of owners by loops from labels, where these are good."""
        found = loops(labels, len(loop_owner), self.sources.vectors, self.formula, self.spacing)
        self._loops, self._loop_owner = found, loop_owner
        served[loop_owner[~found.good]] = False
        served &= np.bincount(loop_owner, minlength=len(served)) == self._ring_counts()
        kept = served[loop_owner[found.loop]]
        ring = np.cumsum(np.diff(found.loop[kept], prepend=-1) != 0) - 1
        rings = shapely.linearrings(found.coordinates[kept], indices=ring)
        return self._replaced(served, rings)

    def _replaced(self, served: Bools, rings: Objects) -> Bools:
        """Replace the rings of areas, in the order of `boundaries`, where the result is valid."""
        owners = np.flatnonzero(served)
        parts, part_owner = shapely.get_parts(self.areas[owners], return_index=True)
        ring_part = shapely.get_rings(parts, return_index=True)[1]
        shell = np.diff(ring_part, prepend=-1) != 0
        polygons = shapely.polygons(rings[shell])
        for part in np.unique(ring_part[~shell]):
            own = rings[ring_part == part]
            polygons[part] = Polygon(own[0], own[1:])
        single = np.bincount(part_owner, minlength=len(owners)) == 1
        areas = np.empty(len(owners), dtype=object)
        areas[single] = polygons[single[part_owner]]
        if not single.all():
            several = shapely.multipolygons(polygons, indices=part_owner)
            areas[~single] = several[~single]
        valid = shapely.is_valid(areas)
        served[owners[~valid]] = False
        for index, area in zip(owners[valid], areas[valid], strict=True):
            self.areas[index] = self.fill(index, area)
        return served
