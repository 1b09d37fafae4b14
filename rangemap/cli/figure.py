"""The command that draws pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rangemap.cli.params import note, scenario_argument
from rangemap.errors import ArgumentError

if TYPE_CHECKING:
    from rangemap.analysis import Scenario

_FORMATS = ("png", "svg", "pdf")
_LAYOUTS = ("slide", "page", "page-landscape", "square")
_THEMES = ("light", "dark", "print")
_UNITS = ("km", "mi", "nmi")
_FLAGS = {
    "site": "--from-site",
    "by": "--by",
    "of": "--of",
    "system": "--of-system",
    "distances": "--distances",
}
"""Options of kinds by their names in Python."""


@click.command("figure")
@scenario_argument
@click.option("-o", "--output", metavar="FILE",
              help="Ends in .png, .svg or .pdf; by default NAME-KIND.png here.")  # fmt: skip
@click.option("--kind", default="theatre", show_default=True, metavar="KIND",
              help="What to draw: see docs/figures.md.")  # fmt: skip
@click.option("--layout", type=click.Choice(_LAYOUTS), default="slide", show_default=True,
              help="16:9, A4 upright, A4 lying, or square.")  # fmt: skip
@click.option("--theme", type=click.Choice(_THEMES), default="light", show_default=True,
              help="print: greys and hatching.")  # fmt: skip
@click.option("--units", type=click.Choice(_UNITS), default="km", show_default=True,
              help="The treaty's own limits stay in km, with the unit beside.")  # fmt: skip
@click.option(
    "--from-site", "site", metavar="SITE", help="The launch site of a picture of one site."
)
@click.option("--by", type=click.Choice(("coalition", "system", "year")),
              help="What each of the panels is of.")  # fmt: skip
@click.option("--of", "counted", type=click.Choice(("sites", "coalitions")),
              help="What an overlap counts.")  # fmt: skip
@click.option("--of-system", metavar="SYSTEM",
              help="The system of a change, by its id.")  # fmt: skip
@click.option("--distances", is_flag=True,
              help="Write the distance behind each name of a rose.")  # fmt: skip
@click.option("--dpi", type=click.IntRange(20, 1200), default=300, show_default=True,
              help="Pixels for each inch of a PNG.")  # fmt: skip
@click.option("--alt", "show_alt", is_flag=True,
              help="Print the text that can stand for the picture.")  # fmt: skip
def figure_command(
    scenario: Scenario,
    output: str | None,
    kind: str,
    layout: str,
    theme: str,
    units: str,
    site: str | None,
    by: str | None,
    counted: str | None,
    of_system: str | None,
    distances: bool,
    dpi: int,
    show_alt: bool,
) -> None:
    """Make a picture for a briefing: PNG, SVG with text as text, or PDF with its fonts.

    Names that found no room are told on standard error.
    """
    from rangemap.analysis import analyse
    from rangemap.views.picture import draw_picture, picture_bytes
    from rangemap.writing import write_whole

    if output is not None and Path(output).suffix.lower()[1:] not in _FORMATS:
        raise ArgumentError(f"{output!r} must end in .png, .svg or .pdf")
    analysis = analyse(scenario)
    asked = {"site": site, "by": by, "of": counted, "system": of_system, "distances": distances}
    options: dict[str, Any] = {
        name: value for name, value in asked.items() if value not in (None, False)
    }
    _check_options(kind, options)
    picture = draw_picture(analysis, kind, layout=layout, theme=theme, units=units, **options)
    path = Path(output or f"{analysis.scenario.name}-{kind}.png")
    write_whole(path, picture_bytes(picture, path.suffix.lower()[1:], dpi=dpi))
    note(f"wrote {path}")
    for what, key in (("", "places_without_name"), ("launch sites ", "sites_without_name")):
        lost = picture.labels.get(key, [])
        if lost:
            note(f"{what}shown without a name, for want of room: {', '.join(lost)}")
    if show_alt:
        click.echo(picture.alt)


def _check_options(kind: str, options: dict[str, Any]) -> None:
    from rangemap.views.picture import options_of

    taken = options_of(kind)
    for name in options:
        if name not in taken:
            known = ", ".join(_FLAGS[one] for one in taken if one in _FLAGS)
            raise ArgumentError(
                f"a picture of kind {kind!r} has no option {_FLAGS[name]}; it takes "
                f"{known or 'none'}"
            )
