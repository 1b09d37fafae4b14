"""What the commands share: arguments, numbers that may be negative, progress, output."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from rangemap.writing import write_whole

_NEGATIVE: Final = re.compile(r"^-(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_MINUS: Final = "\N{MINUS SIGN}"


if TYPE_CHECKING:
    from rangemap.analysis import Scenario

    ParamType = click.ParamType[Any]
else:  # click 8.1 has no type arguments
    ParamType = click.ParamType


class NumbersCommand(click.Command):
    """A command whose arguments may be negative numbers, which are not options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hide the sign of negative numbers from the option parser."""
        hidden = [_MINUS + text[1:] if _NEGATIVE.match(text) else text for text in args]
        return super().parse_args(ctx, hidden)


class Number(ParamType):
    """A number; a real minus sign is taken as well."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail with the value and the rule."""
        text = str(value).replace(_MINUS, "-")
        try:
            return float(text)
        except ValueError:
            self.fail(f"{text!r} is not a number", param, ctx)


class ScenarioName(ParamType):
    """A built-in scenario or the path of a scenario file."""

    name = "scenario"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the built-in names, then files."""
        from rangemap.analysis import scenario_names

        del ctx, param

        names = [name for name in scenario_names() if name.startswith(incomplete)]
        items = [CompletionItem(name) for name in names]
        return items or [CompletionItem(incomplete, type="file")]


class Year(ParamType):
    """A year, or "now": that of the data, not of the clock."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the year, or fail with the value and the rule."""
        text = str(value).strip()
        if text == "now":
            from rangemap.catalogue import load_catalogue

            return load_catalogue().release.date.year
        if not re.fullmatch(r"\d{4}", text):
            self.fail(f"{text!r} is not a year of four digits, nor 'now'", param, ctx)
        return int(text)


_OWN_CASE: Final = (
    click.option("--as-of", type=Year(), metavar="YEAR",
                 help="Only what is not known to have been gone or to come; now: the data's year."),
    click.option("--system", "systems", multiple=True, metavar="ID",
                 help="With --site: a system of the catalogue. May be given again."),
    click.option("--range", "ranges", multiple=True, type=float, metavar="KM",
                 help="With --site: a maximum range. May be given again."),
    click.option("--site", "sites", multiple=True, metavar="LON,LAT[,NAME]",
                 help="A case of your own instead of SCENARIO. May be given again."),
)  # fmt: skip


def own_case_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a case of one's own and of a year."""
    for option in _OWN_CASE:
        function = option(function)
    return function


def scenario_argument(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command a scenario: by name or path, or from --site; as of a year if asked."""

    @functools.wraps(function)
    def with_scenario(
        scenario: str | None,
        sites: tuple[str, ...],
        ranges: tuple[float, ...],
        systems: tuple[str, ...],
        as_of: int | None,
        **others: Any,
    ) -> None:
        from rangemap.analysis import read_scenario

        own = own_scenario(sites, ranges, systems, as_of)
        if (own is None) == (scenario is None):
            raise click.UsageError("needs either SCENARIO or --site, and not both")
        function(scenario=own or read_scenario(str(scenario), as_of=as_of), **others)

    named = click.argument("scenario", type=ScenarioName(), required=False)(with_scenario)
    return own_case_options(named)


def own_scenario(
    sites: tuple[str, ...], ranges: tuple[float, ...], systems: tuple[str, ...], as_of: int | None
) -> Scenario | None:
    """Return the case that the options describe, or None if there is no --site."""
    if not sites:
        for name, given in (("--range", ranges), ("--system", systems)):
            if given:
                raise click.UsageError(f"{name} needs a --site LON,LAT[,NAME] to be drawn round")
        return None
    from rangemap.analysis import own_case

    return own_case(sites, ranges, systems, as_of=as_of)


def lay_over(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Lay a user's catalogue folder over the bundled catalogue, and say what that changes."""
    del param
    if value is None or ctx.resilient_parsing:
        return
    from rangemap.catalogue import load_catalogue, set_catalogue

    set_catalogue(value)
    overlay = load_catalogue().overlay
    for line in overlay.sentences() if overlay else ():
        note(line)


def with_catalogue(command: click.Command) -> None:
    """Give a command, and those under it, the option --catalogue."""
    command.params.append(
        click.Option(
            ["--catalogue"], metavar="DIR", expose_value=False, is_eager=True, callback=lay_over,
            help="Lay catalogue files of your own over the bundled ones.",
        )
    )  # fmt: skip
    if isinstance(command, click.Group):
        for one in command.commands.values():
            with_catalogue(one)


output_file = click.option(
    "-o", "--output", metavar="FILE", help="Where to write; - is standard output."
)
as_json = click.option("--json", "as_json", is_flag=True, help="JSON, for a program to read.")


def emit(text: str, output: str | None) -> None:
    """Write data to a file, whole, or to standard output."""
    if output in (None, "-"):
        sys.stdout.write(text)
    else:
        write_whole(Path(str(output)), text)
        note(f"wrote {output}")


def note(message: str) -> None:
    """Tell the user something, beside the data."""
    from rangemap.views.table import plain

    click.echo(plain(message), err=True)


def progress_line() -> Callable[[str, int, int], None] | None:
    """Return a progress callback if standard error is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(what: str, done: int, total: int) -> None:
        click.echo(f"\r\x1b[K[{done}/{total}] {what}", err=True, nl=False)

    return show


def end_progress() -> None:
    """Clear the progress line."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
