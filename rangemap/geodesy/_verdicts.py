"""Filling and counting verdicts, pair by pair or by cells, in blocks on all cores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._cells import CELL, Cells, Counts, count_in_cells
from rangemap.geodesy._filter import (
    TILE_COLUMNS,
    Limits,
    Points,
    decide,
    exactly_in_range,
    tile_rows,
)
from rangemap.geodesy._parallel import Progress, in_order, tell
from rangemap.geodesy._validation import Bools, Floats

Integers = npt.NDArray[np.int64]
Block = tuple[slice, slice]

_TILES_AT_ONCE: Final = 25  # tiles of the filter in one block
_SITES_AT_ONCE: Final = 8_192
_CELLS_FROM: Final = (256, 64 * CELL)  # sites and places from which cells pay


@dataclass(frozen=True)
class ReachCounts:
    """How many places each site reaches, and how many sites reach each place.

    ``weight_per_site`` is the sum of the weights of the places in range, or None.
    """

    places_per_site: Integers
    sites_per_place: Integers
    weight_per_site: Floats | None


def count(
    sites: Points,
    limits: Limits,
    places: Points,
    weights: Floats | None,
    threads: int,
    progress: Progress | None,
) -> ReachCounts:
    """Count both ways, by whichever way is faster; the counts are the same."""
    if len(sites) >= _CELLS_FROM[0] and len(places) >= _CELLS_FROM[1]:
        return count_by_cells(sites, limits, places, weights, threads, progress)
    return count_by_tiles(sites, limits, places, weights, threads, progress)


def fill(
    sites: Points,
    limits: Limits,
    places: Points,
    block: Block,
    result: Bools,
) -> Block:
    """Write the verdicts of a block of pairs."""
    rows, columns = block
    doubtful = []
    width = columns.stop - columns.start
    step = tile_rows(width)
    # One buffer for all tiles of a block.
    cosines = np.empty((step, width), dtype=np.float32)
    scratch = np.empty((step, width), dtype=np.bool_)
    for start in range(rows.start, rows.stop, step):
        tile = slice(start, min(start + step, rows.stop))
        size = tile.stop - tile.start
        cosine = np.matmul(sites.unit32[tile], places.rows32[:, columns], out=cosines[:size])
        _, flat = decide(cosine, limits.take(tile), result[tile, columns], scratch[:size])
        if flat.size:
            site, place = np.divmod(flat, cosine.shape[1])
            doubtful.append((site + tile.start, place + columns.start))
    if doubtful:
        site, place = (np.concatenate(part) for part in zip(*doubtful, strict=True))
        result[site, place] = exactly_in_range(sites, limits, places, site, place)
    return block


def count_by_tiles(
    sites: Points,
    limits: Limits,
    places: Points,
    weights: Floats | None,
    threads: int,
    progress: Progress | None,
) -> ReachCounts:
    """Count by looking at every pair."""
    total = _empty_counts(len(sites), len(places), weights)
    shape = (len(sites), len(places))

    def work(block: Block) -> tuple[Block, Bools]:
        rows, columns = block
        size = (rows.stop - rows.start, columns.stop - columns.start)
        verdicts = np.empty(size, dtype=np.bool_)
        own = (slice(0, size[0]), slice(0, size[1]))
        fill(sites.take(rows), limits.take(rows), places.take(columns), own, verdicts)
        return block, verdicts

    done = 0
    for (rows, columns), verdicts in in_order(work, tile_blocks(shape), threads):
        total.places_per_site[rows] += np.count_nonzero(verdicts, axis=1)
        total.sites_per_place[columns] += np.count_nonzero(verdicts, axis=0)
        if weights is not None and total.weight_per_site is not None:
            total.weight_per_site[rows] += verdicts @ weights[columns]
        done += verdicts.size
        tell(progress, done, shape[0] * shape[1])
    return total


def count_by_cells(
    sites: Points,
    limits: Limits,
    places: Points,
    weights: Floats | None,
    threads: int,
    progress: Progress | None,
) -> ReachCounts:
    """Count by cells of places, most of which are in or out of range as a whole."""
    total = _empty_counts(len(sites), len(places), weights)
    cells = Cells.of(places, weights)
    chunks = -(-len(sites) // _SITES_AT_ONCE)
    edges = [len(sites) * number // chunks for number in range(chunks + 1)]
    blocks = [
        (slice(start, stop), group) for start, stop in pairwise(edges) for group in cells.groups()
    ]

    def work(block: Block) -> Counts:
        rows, group = block
        return count_in_cells(sites.take(rows), limits.take(rows), cells, group)

    done = 0
    for (rows, group), part in zip(blocks, in_order(work, blocks, threads), strict=True):
        total.places_per_site[rows] += part.per_site
        total.sites_per_place[cells.order[cells.places_of(group)]] += part.per_place
        if total.weight_per_site is not None and part.weight is not None:
            total.weight_per_site[rows] += part.weight
        done += len(part.per_site) * len(part.per_place)
        tell(progress, done, len(sites) * len(places))
    return total


def _empty_counts(n: int, m: int, weights: Floats | None) -> ReachCounts:
    return ReachCounts(
        np.zeros(n, dtype=np.int64),
        np.zeros(m, dtype=np.int64),
        None if weights is None else np.zeros(n),
    )


def blocks_of(shape: tuple[int, ...], rows: int, columns: int) -> Iterator[Block]:
    for top in range(0, shape[0], rows):
        for left in range(0, shape[1], columns):
            yield (
                slice(top, min(top + rows, shape[0])),
                slice(left, min(left + columns, shape[1])),
            )


def tile_blocks(shape: tuple[int, ...]) -> Iterator[Block]:
    return blocks_of(shape, tile_rows(shape[1]) * _TILES_AT_ONCE, TILE_COLUMNS)
