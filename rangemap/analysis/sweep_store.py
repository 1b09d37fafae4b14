"""Blocks of a sweep as Parquet: written whole as they finish, known again by their hash."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from rangemap._version import __version__
from rangemap.analysis.sweep_block import BlockResult, Setup
from rangemap.analysis.sweep_draws import Launches
from rangemap.writing import write_whole

_FORMAT: Final = 1
_HASH: Final = b"rangemap_block"


def setup_hash(setup: Setup) -> str:
    """Return a hash of all that the blocks share, but for how many draws get an area."""
    digest = hashlib.sha256(
        f"{_FORMAT} {__version__} {setup.area_tolerance_m!r} {setup.coarse}".encode()
    )
    targets = [setup.places] + ([setup.cities] if setup.cities is not None else [])
    for group in setup.groups:
        digest.update(_bytes(group))
    for target in targets:
        for array in (target.lon, target.lat, target.weight, target.counted):
            digest.update(_bytes(array))
    return digest.hexdigest()


def block_hash(shared: str, setup: Setup, launches: Launches) -> str:
    """Return a hash of all that decides the result of one block."""
    with_area = max(0, min(len(launches), setup.area_draws - launches.first_draw))
    digest = hashlib.sha256(f"{shared} {launches.first_draw} {with_area}".encode())
    for array in (launches.lon, launches.lat, launches.min_km, launches.max_km):
        digest.update(_bytes(array))
    return digest.hexdigest()


def _bytes(array: Any) -> bytes:
    plain = np.ascontiguousarray(array)
    return f"{plain.dtype.str}{plain.shape}".encode() + plain.tobytes()


class BlockStore:
    """A folder of blocks: for each its launches, and its result in three tables."""

    def __init__(self, folder: Path, band_ids: list[str]) -> None:
        self.folder = folder
        self._band_ids = band_ids

    def path(self, first_draw: int, what: str) -> Path:
        """Return where a table of the block that begins with a draw stands."""
        return self.folder / f"draw-{first_draw:08d}-{what}.parquet"

    def write_launches(self, launches: Launches, block: str) -> None:
        """Write the assumed launches of a block, unless they stand there already."""
        path = self.path(launches.first_draw, "launches")
        if _hash_of(path) == block:
            return
        draws, bands = launches.lon.shape
        table = pa.table(
            {
                "draw": np.repeat(np.arange(draws) + launches.first_draw, bands),
                "band_id": self._band_ids * draws,
                "lon": launches.lon.ravel(),
                "lat": launches.lat.ravel(),
                "min_km": launches.min_km.ravel(),
                "max_km": launches.max_km.ravel(),
            }
        )
        _write(path, table, block)

    def read_launches(self, first_draw: int) -> Launches:
        """Return the launches of a block, bit by bit as they were written."""
        table = _read_table(self.path(first_draw, "launches"))
        arrays = [
            table[name].to_numpy().reshape(-1, len(self._band_ids))
            for name in ("lon", "lat", "min_km", "max_km")
        ]
        return Launches(first_draw, *arrays)

    def write_result(self, result: BlockResult, block: str) -> None:
        """Write the result of a block; it counts as there once its last table is."""
        for what, counts in (("places", result.place_draws), ("cities", result.city_draws)):
            group, point = np.nonzero(counts)
            table = pa.table(
                {
                    "group": group.astype(np.int32),
                    "point": point.astype(np.int32),
                    "draws_in_range": counts[group, point].astype(np.int32),
                }
            )
            _write(self.path(result.first_draw, what), table, block, shape=counts.shape)
        draws, groups = result.places_in_range.shape
        areas = np.full((draws, groups), np.nan)
        areas[:, : result.area_km2.shape[1]] = result.area_km2
        table = pa.table(
            {
                "draw": np.repeat(np.arange(draws) + result.first_draw, groups),
                "group": np.tile(np.arange(groups, dtype=np.int32), draws),
                "places_in_range": result.places_in_range.ravel(),
                "cities_in_range": result.cities_in_range.ravel(),
                "city_population": result.city_weight.ravel(),
                "area_km2": areas.ravel(),
            }
        )
        _write(
            self.path(result.first_draw, "draws"),
            table,
            block,
            shape=(draws, groups, result.area_km2.shape[1]),
        )

    def is_there(self, first_draw: int, block: str) -> bool:
        """Tell whether the result of a block stands there, whole."""
        return self.read_result(first_draw, block) is not None

    def read_result(self, first_draw: int, block: str) -> BlockResult | None:
        """Return the result of a block, or None if it is not there whole, or is another's."""
        paths = [self.path(first_draw, what) for what in ("places", "cities", "draws")]
        if any(_hash_of(path) != block for path in paths):
            return None
        with contextlib.suppress(pa.ArrowException, OSError, ValueError, KeyError):
            places, cities = (_read_counts(path) for path in paths[:2])
            table = _read_table(paths[2])
            draws, groups, coarse = _shape_of(table.schema)
            columns = {
                name: table[name].to_numpy().reshape(draws, groups)
                for name in ("places_in_range", "cities_in_range", "city_population", "area_km2")
            }
            return BlockResult(
                first_draw,
                places,
                cities,
                columns["places_in_range"],
                columns["cities_in_range"],
                columns["city_population"],
                columns["area_km2"][:, :coarse],
            )
        return None


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
    return stream.getvalue()


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Return a data frame as the bytes of a Parquet file, the same for the same frame."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return parquet_bytes(table.replace_schema_metadata())


def _write(path: Path, table: pa.Table, block: str, shape: tuple[int, ...] = ()) -> None:
    about = {_HASH: block.encode(), b"shape": json.dumps(shape).encode()}
    write_whole(path, parquet_bytes(table.replace_schema_metadata(about)))


def _hash_of(path: Path) -> str | None:
    """Return the hash of the block that a file holds; None if it is no whole file of ours."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    return str(metadata.get(_HASH, b"").decode("ascii", "replace"))


def _read_table(path: Path) -> Any:
    return pq.read_table(path, page_checksum_verification=True)


def _read_counts(path: Path) -> Any:
    table = _read_table(path)
    counts = np.zeros(_shape_of(table.schema), dtype=np.int64)
    counts[table["group"].to_numpy(), table["point"].to_numpy()] = table[
        "draws_in_range"
    ].to_numpy()
    return counts


def _shape_of(schema: pa.Schema) -> tuple[int, ...]:
    return tuple(json.loads(schema.metadata[b"shape"]))
