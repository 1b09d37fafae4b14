"""Write ``docs/cli.md`` from the commands themselves.

Run ``python docs/generate_cli.py`` after a change of a command, an option or a help text.
The layout is made here and not by click, so that it does not vary with click's version or
with the width of a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from rangemap.cli import cli

TARGET: Final = Path(__file__).with_name("cli.md")

_HEAD: Final = """\
# The command line

<!-- Made by docs/generate_cli.py: change the commands, then run it. -->

`rangemap` and `python -m rangemap` are the same.

- Data goes to standard output; messages and progress go to standard error.
- Where `SCENARIO` is asked for, give a built-in name (`rangemap list scenarios`) or the path of
  a TOML file in the [scenario format](scenarios.md).
- A mistake is one line that names the value and the rule. The exit code is 0 if all went well,
  1 if data or an output is at fault, 2 if the command was used wrongly, 130 if it was interrupted.
- Longitude comes first. Negative numbers are taken as they stand: `rangemap ring -77.04 38.9 500`.
- A file or folder appears whole or not at all.
"""


def render() -> str:
    """Return the page."""
    commands = list(_all(cli))
    parts = [
        _HEAD,
        "## Commands\n",
        "\n".join(
            f"- [`{name}`](#rangemap-{name.replace(' ', '-')}): {_first_line(c)}"
            for name, c in commands
        )
        + "\n",
        *(_command(name, command) for name, command in commands),
        "## rangemap --version\n\nPrint the version and exit.\n",
    ]
    return "\n".join(parts)


def _all(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, those of a group after it."""
    for name, command in group.commands.items():
        yield before + name, command
        if isinstance(command, click.Group):
            yield from _all(command, f"{before}{name} ")


def _command(name: str, command: click.Command) -> str:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    usage = " ".join(
        ["rangemap", name, *(["[OPTIONS]"] if options else []),
         *(_argument(a) for a in arguments)]
    )  # fmt: skip
    parts = [f"## rangemap {name}\n", _help(command) + "\n", f"```text\n{usage}\n```\n"]
    if options:
        rows = [f"| {_names(option)} | {_cell(option)} |" for option in options]
        parts.append("| option | meaning |\n| --- | --- |\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _first_line(command: click.Command) -> str:
    return _help(command).split("\n\n")[0]


def _help(command: click.Command) -> str:
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _argument(argument: click.Argument) -> str:
    if argument.metavar:
        return argument.metavar
    name = _choices(argument) or str(argument.name).upper()
    return name if argument.required else f"[{name}]"


def _names(option: click.Option) -> str:
    value = "" if option.is_flag else " " + (option.metavar or _choices(option) or "VALUE")
    return ", ".join(f"`{name}{value}`" for name in option.opts).replace("|", "\\|")


def _cell(option: click.Option) -> str:
    text = " ".join((option.help or "").split())
    shown = option.show_default and isinstance(option.default, str | int | float)
    return f"{text} Default: `{option.default}`." if shown else text


def _choices(parameter: click.Parameter) -> str:
    kind = parameter.type
    return "{" + "|".join(map(str, kind.choices)) + "}" if isinstance(kind, click.Choice) else ""


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8", newline="\n")
