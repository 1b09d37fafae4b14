"""What the commands share: arguments, numbers that may be negative, progress, output."""

from __future__ import annotations

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


scenario_argument = click.argument("scenario", type=ScenarioName())
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
