"""Commands that make outputs from scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import (
    ScenarioName,
    emit,
    end_progress,
    note,
    output_file,
    own_case_options,
    own_scenario,
    progress_line,
    scenario_argument,
)
from rangemap.errors import NothingLaunchesError

if TYPE_CHECKING:
    from rangemap.analysis import Scenario


@click.command("build")
@click.argument("scenarios", nargs=-1, type=ScenarioName(), metavar="[SCENARIO]...")
@click.option("-o", "--output", default="output", show_default=True, metavar="DIR",
              help="Each scenario goes into DIR/NAME/.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Every built-in scenario.")
@click.option("--units", type=click.Choice(["km", "mi", "nmi"]), default="km", show_default=True,
              help="Of distances and areas in pictures and slides; tables stay in km.")  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1, 64), metavar="N",
              help="Processes that share out the work; by default one for each processor core, "
              "at most 4.")  # fmt: skip
@own_case_options
def build_command(
    scenarios: tuple[str, ...],
    output: str,
    every: bool,
    units: str,
    jobs: int | None,
    sites: tuple[str, ...],
    ranges: tuple[float, ...],
    systems: tuple[str, ...],
    as_of: int | None,
) -> None:
    """Make every view of each scenario: map, images, tables, GIS file, manifest.

    Without SCENARIO: europe, asia-pacific and europe-vs-china. A case of your own needs no
    file: rangemap build --site 24.40,44.07,Slatina --range 2500
    """
    from rangemap.analysis import read_scenario, scenario_names
    from rangemap.analysis.scenario import BUILT_IN
    from rangemap.pack import build
    from rangemap.pack.parallel import cores

    own = own_scenario(sites, ranges, systems, as_of)
    if every and (scenarios or own):
        raise click.UsageError("--all takes no SCENARIO and no --site beside it")
    names = scenario_names() if every else scenarios or (() if own else BUILT_IN)
    wanted = [own] if own else []
    for name in names:
        try:
            wanted.append(read_scenario(name, as_of=as_of))
        except NothingLaunchesError as problem:
            if not every:
                raise
            note(f"left out: {problem}")
    try:
        folders = build(
            wanted, output, units=units, jobs=jobs or min(cores(), 4), progress=progress_line()
        )
    finally:
        end_progress()
    for folder in folders:
        click.echo(folder)
    note(f"open {Path(output) / 'index.html'}")


@click.command("map")
@scenario_argument
@click.option("--tiles", metavar="URL",
              help="Map tiles under the ranges, https://HOST/{z}/{x}/{y}.png. The page then goes "
              "online, and says so.")  # fmt: skip
@click.option("--attribution", metavar="TEXT", help="Whom the tiles are credited to.")
@output_file
def map_command(
    scenario: Scenario, tiles: str | None, attribution: str | None, output: str | None
) -> None:
    """Make the interactive map, one file that opens offline.

    FILE is by default NAME-map.html in the current folder.
    """
    from rangemap.analysis import analyse
    from rangemap.views.webmap import explore
    from rangemap.views.webmap_page import tiles_of

    online = tiles_of(tiles, attribution)
    analysis = analyse(scenario)
    page = explore(analysis, tiles=tiles, attribution=attribution)
    if online is not None:
        note(f"this map goes online: it asks {online.origin} for tiles")
    emit(page.to_html(), output or f"{analysis.scenario.name}-map.html")
