"""The command that asks which sites and systems have a place in range."""

from __future__ import annotations

import re
from typing import Any, Final

import click

from rangemap.cli.params import NumbersCommand, Year, as_json, emit, note

_POINT: Final = re.compile(r"-[\d.][^,]*,")


class PlaceCommand(NumbersCommand):
    """A command whose argument may be a point that begins with a minus sign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide the sign of a longitude from the option parser."""
        hidden = ["\N{MINUS SIGN}" + text[1:] if _POINT.match(text) else text for text in args]
        return super().parse_args(ctx, hidden)


@click.command("reach", cls=PlaceCommand)
@click.argument("place")
@click.option("--as-of", type=Year(), metavar="YEAR",
              help="Leave out what was gone or to come; now: the data's year.")  # fmt: skip
@as_json
def reach_command(place: str, as_of: int | None, as_json: bool) -> None:
    """Print which sites and systems of the catalogue have PLACE in range.

    PLACE is a capital by its name or ISO code, or LON,LAT in degrees: rangemap reach Warsaw,
    rangemap reach 21.01,52.23. Sites of all times are looked at; each row says of which kind.
    """
    from rangemap.analysis.reaching import reach_table
    from rangemap.views.table import to_json, to_terminal

    rows = reach_table(place, as_of=as_of)
    if as_json:
        emit(to_json(rows), None)
        return
    header = ["km", "margin", "site", "kind of site", "coalition", "system", "class", "range km",
              "verdict", "sources"]  # fmt: skip
    emit(to_terminal(header, [_row(row) for row in rows.itertuples()], widest=40), None)
    note(f"{len(rows)} rows of site and range; in range does not mean targeted")


def _row(row: Any) -> list[object]:
    low, high = row.max_low_km, row.max_high_km
    span = f"{high:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    system = f"{row.system}: {row.said_by}" if row.disputed else row.system
    side = f"{row.coalition} (own side)" if row.own_side else row.coalition
    verdict = f"{row.verdict}: {row.hangs_on}" if row.hangs_on else row.verdict
    if row.alleged:
        verdict += ", as alleged"
    keys = row.source_keys.split(";")
    sources = ", ".join(keys[:2]) + (f" +{len(keys) - 2}" if len(keys) > 2 else "")
    return [row.distance_km, row.margin_km, row.site, row.site_kind, side, system, row.inf_class,
            span, verdict, sources]  # fmt: skip
