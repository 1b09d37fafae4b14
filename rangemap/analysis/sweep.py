"""A sensitivity sweep: how far verdicts depend on what is not known, on Dask.

Assumed launch points and ranges are drawn many times, in blocks; each block is one task.
Results do not depend on who computes which block, and finished blocks are never lost.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rangemap.analysis.bands import range_bands
from rangemap.analysis.scenario import Scenario, read_scenario
from rangemap.analysis.sweep_block import BlockResult, Setup, compute_block
from rangemap.analysis.sweep_draws import draw_launches, range_choices
from rangemap.analysis.sweep_tables import Sweep, groups_of, merged, setup_of
from rangemap.catalogue import load_catalogue, places_frame, read_cities
from rangemap.errors import ArgumentError, MissingExtraError
from rangemap.geodesy._parallel import Progress, thread_count

if TYPE_CHECKING:
    from rangemap.analysis.sweep_store import BlockStore

BLOCK_DRAWS: Final = 25
MAX_DRAWS: Final = 100_000
ANSWER_WITHIN: Final = "15s"
_AHEAD: Final = 200  # blocks handed to a scheduler at a time

Run = Callable[[Setup, str, "BlockStore", list[int], dict[int, str]], Iterator[int]]


def sensitivity_sweep(
    scenario: Scenario | str,
    *,
    draws: int = 1_000,
    seed: int = 0,
    cities: bool = False,
    area_draws: int = 100,
    store: str | Path | None = None,
    scheduler: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Return how coverage depends on launch points and ranges that are not known.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or what `read_scenario` takes. Its places get shares of draws.
    draws : int, default 1000
        How many assumed sets of launch points and ranges, 1 to 100,000.
    seed : int, default 0
        Other seeds give other draws; zero or more.
    cities : bool, default False
        Also count all cities of `read_cities`.
    area_draws : int, default 100
        Of how many draws, the first ones, to work out the area of the footprints.
    store : path, optional
        A folder for blocks of launches and results, as Parquet. Blocks found there are not
        computed again if all that decides them is the same. By default a temporary folder.
    scheduler : str, optional
        Address of a Dask scheduler, such as "tcp://host:8786", whose workers have this
        version of rangemap. By default threads of this process.
    threads : int, optional
        For the default scheduler; by default one for each core.
    progress : callable, optional
        Called as ``progress(what, done, total)``, in blocks.

    Returns
    -------
    Sweep
        The same, bit by bit, for every scheduler and number of threads and workers.

    Raises
    ------
    MissingExtraError
        If Dask or pyarrow is not installed: ``pip install 'rangemap[dask]'``.
    ArgumentError
        If a number breaks its rule, or the scheduler does not answer.

    Notes
    -----
    A share of draws is not a probability: see ``assumptions``, and ``docs/sweep.md``.

    Examples
    --------
    >>> result = sensitivity_sweep("europe", draws=20, area_draws=2)  # doctest: +SKIP
    >>> result.shares.query("scope == 'coalition'").head()  # doctest: +SKIP
    """
    _need_dask()
    from rangemap.analysis.sweep_store import BlockStore, block_hash, setup_hash

    for name, value, low, high in (
        ("draws", draws, 1, MAX_DRAWS),
        ("seed", seed, 0, 2**63 - 1),
        ("area_draws", area_draws, 0, MAX_DRAWS),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ArgumentError(f"{name} {value!r} is not a whole number in [{low}, {high:,}]")
    resolved = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    bands = range_bands(resolved)
    choices = range_choices(bands, load_catalogue())
    groups = groups_of(bands)
    places = places_frame(resolved.places)
    towns = read_cities() if cities else None
    setup = setup_of(bands, groups, places, towns, choices, min(area_draws, draws))
    with tempfile.TemporaryDirectory() as aside:
        blocks = BlockStore(Path(store or aside), bands["band_id"].tolist())
        shared = setup_hash(setup)
        total = -(-draws // BLOCK_DRAWS)
        hashes: dict[int, str] = {}
        missing: list[int] = []
        for first in range(0, draws, BLOCK_DRAWS):
            launches = draw_launches(bands, choices, seed, first, min(BLOCK_DRAWS, draws - first))
            hashes[first] = block_hash(shared, setup, launches)
            blocks.write_launches(launches, hashes[first])
            if not blocks.is_there(first, hashes[first]):
                missing.append(first)
        run = _on_cluster(scheduler) if scheduler is not None else _on_threads(threads)
        _tell(progress, total - len(missing), total)
        for number, _ in enumerate(run(setup, shared, blocks, missing, hashes), start=1):
            _tell(progress, total - len(missing) + number, total)
        results = (_read(blocks, first, block) for first, block in hashes.items())
        return merged(resolved, seed, draws, bands, choices, groups, places, towns, setup, results)


def _on_threads(threads: int | None) -> Run:
    """Return a way to run blocks in this process, on Dask's threaded scheduler."""
    workers = thread_count(threads)

    def run(
        setup: Setup, shared: str, store: BlockStore, missing: list[int], hashes: dict[int, str]
    ) -> Iterator[int]:
        import dask

        del shared

        def block(first: int) -> int:
            result = compute_block(setup, store.read_launches(first))
            store.write_result(result, hashes[first])
            return first

        for start in range(0, len(missing), 2 * workers):
            part = missing[start : start + 2 * workers]
            tasks = [dask.delayed(block, pure=False)(first) for first in part]
            yield from dask.compute(*tasks, scheduler="threads", num_workers=workers)

    return run


def _on_cluster(address: str) -> Run:
    """Return a way to run blocks on the workers of a Dask scheduler."""

    def run(
        setup: Setup, shared: str, store: BlockStore, missing: list[int], hashes: dict[int, str]
    ) -> Iterator[int]:
        from distributed import Client, as_completed

        try:
            client = Client(address, set_as_default=False, timeout=ANSWER_WITHIN)
        except (OSError, ValueError, TimeoutError) as problem:
            reason = str(problem).split("\n")[0]
            raise ArgumentError(f"scheduler {address!r} does not answer: {reason}") from None
        with client:
            # A task and not scattered data: when a worker is lost, another makes it again.
            ready = client.submit(
                _same, setup, key=f"rangemap-sweep-{shared[:24]}-{setup.area_draws}"
            )

            def submit(first: int) -> Any:
                launches = store.read_launches(first)
                key = f"rangemap-block-{hashes[first][:24]}"
                return client.submit(compute_block, ready, launches, key=key)

            waiting = iter(missing)
            running = as_completed(
                [submit(first) for _, first in zip(range(_AHEAD), waiting, strict=False)],
                loop=client.loop,
            )
            for future in running:
                result: BlockResult = future.result()
                store.write_result(result, hashes[result.first_draw])
                yield result.first_draw
                for first in waiting:
                    running.add(submit(first))
                    break

    return run


def _same(setup: Setup) -> Setup:
    return setup


def _read(store: BlockStore, first: int, block: str) -> BlockResult:
    result = store.read_result(first, block)
    if result is None:
        raise ArgumentError(f"{store.folder}: the block from draw {first} was changed meanwhile")
    return result


def _need_dask() -> None:
    for name in ("dask", "distributed", "pyarrow"):
        try:
            __import__(name)
        except ImportError:
            raise MissingExtraError(
                f"a sweep needs the package {name}: pip install 'rangemap[dask]'"
            ) from None


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress("blocks of draws", done, total)
