"""The command that asks how far verdicts depend on what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import emit, end_progress, note, progress_line, scenario_argument

if TYPE_CHECKING:
    from rangemap.analysis import Scenario


@click.command("sweep")
@scenario_argument
@click.option("--draws", type=click.IntRange(1, 100_000), default=1_000, show_default=True,
              help="How many assumed sets of launch points and ranges.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
              help="Another seed gives other draws.")  # fmt: skip
@click.option("--cities", is_flag=True, help="Also count 34,006 cities.")
@click.option("--area-draws", type=click.IntRange(0, 100_000), default=100, show_default=True,
              help="Of how many draws to work out areas.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS",
              help="Of a Dask cluster, as tcp://host:8786; default: threads here.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", help="Default: output/NAME-sweep.")
def sweep_command(
    scenario: Scenario,
    draws: int,
    seed: int,
    cities: bool,
    area_draws: int,
    scheduler: str | None,
    output: str | None,
) -> None:
    """Show how coverage depends on launch points and ranges that are not known.

    Draws launch points within each site's precision and ranges among the published ones, many
    times, and gives for each capital the share of draws in which it is in range. What is
    assumed stands in the output. Run it again after an interruption: finished blocks stay.

    Needs: pip install 'rangemap[dask]'
    """
    from rangemap.analysis.sweep import sensitivity_sweep
    from rangemap.views.sweep_files import BLOCKS, refuse_foreign, sweep_text, write_sweep

    folder = Path(output or Path("output") / f"{scenario.name}-sweep")
    refuse_foreign(folder)
    try:
        sweep = sensitivity_sweep(
            scenario,
            draws=draws,
            seed=seed,
            cities=cities,
            area_draws=area_draws,
            store=folder / BLOCKS,
            scheduler=scheduler,
            progress=progress_line(),
        )
    finally:
        end_progress()
    write_sweep(sweep, folder)
    emit(sweep_text(sweep), None)
    note(f"wrote {folder}")
