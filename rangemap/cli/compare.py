"""Commands that compare: two coverages, or two ranges from the same launch sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from rangemap.cli.params import (
    ScenarioName,
    Year,
    as_json,
    emit,
    end_progress,
    note,
    output_file,
    progress_line,
)

if TYPE_CHECKING:
    from rangemap.analysis.comparison import Basis


@click.command("compare")
@click.argument("a", type=ScenarioName(), default="europe")
@click.argument("b", type=ScenarioName(), default="asia-pacific:china")
@click.option("--by", type=click.Choice(["treaty", "systems"]),
              help="What counts as in range: the band that the INF Treaty banned, or the "
              "systems' own ranges. Default: treaty, if both have its band.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR",
              help="Also write a folder of outputs, as build does.")  # fmt: skip
@click.option("--units", type=click.Choice(["km", "mi", "nmi"]), default="km", show_default=True,
              help="Of the pictures, slides and report in DIR.")  # fmt: skip
@as_json
def compare_command(
    a: str, b: str, by: str | None, output: str | None, units: str, as_json: bool
) -> None:
    """Compare two coverages: whom A only, B only, both or neither have in range.

    By capital, country, continent and listed cities, with areas and nearest distances. A and B
    are scenarios, or SCENARIO:COALITION; SCENARIO@1987 is one as of a year. Default:
    europe asia-pacific:china.
    """
    from rangemap.analysis import compare
    from rangemap.pack import write_comparison
    from rangemap.views.comparison_files import comparison_json
    from rangemap.views.report_text import comparison_text

    comparison = compare(a, b, cast("Basis | None", by))
    if output is not None:
        try:
            write_comparison(
                comparison, Path(output).absolute(), units=units, progress=progress_line()
            )
        finally:
            end_progress()
        note(f"wrote {output}")
    if as_json:
        emit(comparison_json(comparison), None)
    else:
        emit(comparison_text(comparison), None)


@click.command("change")
@click.argument("scenario", type=ScenarioName())
@click.argument("system", required=False)
@click.option("--from", "from_km", type=float, metavar="KM",
              help="The shorter range; by default the lowest that is said.")  # fmt: skip
@click.option("--to", "to_km", type=float, metavar="KM",
              help="The longer range; by default the highest that is said.")  # fmt: skip
@click.option("--coalition", metavar="ID", help="Only from the sites of this coalition.")
@click.option("--as-of", type=Year(), metavar="YEAR",
              help="The scenario as of a year; now: the data's year.")  # fmt: skip
@as_json
@output_file
def change_command(
    scenario: str,
    system: str | None,
    from_km: float | None,
    to_km: float | None,
    coalition: str | None,
    as_of: int | None,
    as_json: bool,
    output: str | None,
) -> None:
    """Show what a longer range adds to a shorter one from the same launch sites.

    Without SYSTEM, the one of which the sides of a dispute say the most different ranges: what
    2,350 km (Western sources) adds to 480 km (Russia) for the 9M729. Of a system that is not
    in dispute, the lowest and the highest published range.
    """
    from rangemap.analysis import range_change, read_scenario
    from rangemap.views.report_text import change_text
    from rangemap.views.table import to_json

    change = range_change(
        read_scenario(scenario, as_of=as_of),
        system,
        from_km=from_km,
        to_km=to_km,
        coalition=coalition,
    )
    if as_json or (output or "").lower().endswith(".json"):
        content = {
            **change.summary,
            "countries": json.loads(to_json(change.countries)),
            "table": json.loads(to_json(change.table)),
        }
        emit(json.dumps(content, ensure_ascii=False, indent=1) + "\n", output)
    else:
        emit(change_text(change), output)
