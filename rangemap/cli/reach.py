"""The command that asks which sites and systems have a place in range."""

from __future__ import annotations

from typing import Any

import click

from rangemap.cli.params import NumbersCommand, as_json, emit, note


class PlaceCommand(NumbersCommand):
    """A command whose argument may be a point that begins with a minus sign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide the sign of a longitude from the option parser."""
        hidden = [
            "\N{MINUS SIGN}" + text[1:] if text[:1] == "-" and "," in text else text
            for text in args
        ]
        return super().parse_args(ctx, hidden)


@click.command("reach", cls=PlaceCommand)
@click.argument("place")
@as_json
def reach_command(place: str, as_json: bool) -> None:
    """Print which sites and systems of the catalogue have PLACE in range.

    PLACE is a capital by its name or ISO code, or LON,LAT in degrees: rangemap reach Warsaw,
    rangemap reach 21.01,52.23. Sites of all times are looked at; each row says of which kind.
    """
    from rangemap.analysis.reaching import reach_table
    from rangemap.views.table import to_json, to_terminal

    rows = reach_table(place)
    if as_json:
        emit(to_json(rows), None)
        return
    header = ["km", "site", "kind of site", "coalition", "system", "range km", "in range at"]
    emit(to_terminal(header, [_row(row) for row in rows.itertuples()], widest=48), None)
    note(f"{len(rows)} of site and range; in range does not mean targeted")


def _row(row: Any) -> list[object]:
    low, high = row.max_low_km, row.max_high_km
    span = f"{high:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    system = f"{row.system}: {row.said_by}" if row.disputed else row.system
    side = f"{row.coalition} (own side)" if row.own_side else row.coalition
    return [row.distance_km, row.site, row.site_kind, side, system, span, row.in_range_at]
