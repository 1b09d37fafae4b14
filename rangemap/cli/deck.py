"""Commands that make a briefing: slides and a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import note, scenario_argument
from rangemap.errors import ArgumentError

if TYPE_CHECKING:
    from rangemap.analysis import Scenario

_units = click.option("--units", type=click.Choice(["km", "mi", "nmi"]), default="km",
                      show_default=True, help="Of distances and areas; the treaty's own limits "
                      "stay in km.")  # fmt: skip


@click.command("deck")
@scenario_argument
@click.option("--template", metavar="FILE",
              help="A .pptx or .potx of your own: its layouts, fonts, colours and slide size; "
              "its slides are left out.")  # fmt: skip
@_units
@click.option("--theme", type=click.Choice(["light", "dark", "print"]), default="light",
              show_default=True, help="Of slides, pictures and charts.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE",
              help="Ends in .pptx; by default NAME-deck.pptx here.")  # fmt: skip
def deck_command(
    scenario: Scenario, template: str | None, units: str, theme: str, output: str | None
) -> None:
    """Make slides for a briefing: PowerPoint, with real tables, charts and speaker's notes."""
    from rangemap.analysis import analyse
    from rangemap.views.deck import deck_pptx
    from rangemap.writing import write_whole

    path = _path(output, f"{scenario.name}-deck.pptx")
    content = deck_pptx(analyse(scenario), template=template, units=units, theme=theme)
    write_whole(path, content)
    note(f"wrote {path}")


@click.command("report")
@scenario_argument
@_units
@click.option("-o", "--output", metavar="FILE",
              help="Ends in .pdf; by default NAME-report.pdf here.")  # fmt: skip
def report_command(scenario: Scenario, units: str, output: str | None) -> None:
    """Make a report: what the slides tell, with the whole tables, as a tagged PDF on A4."""
    from rangemap.analysis import analyse
    from rangemap.views.report import report_pdf
    from rangemap.writing import write_whole

    path = _path(output, f"{scenario.name}-report.pdf")
    write_whole(path, report_pdf(analyse(scenario), units=units))
    note(f"wrote {path}")


def _path(output: str | None, default: str) -> Path:
    ending = Path(default).suffix
    if output is not None and Path(output).suffix.lower() != ending:
        raise ArgumentError(f"{output!r} must end in {ending}")
    return Path(output or default)
