"""Commands that help a user to start."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from rangemap.cli.params import note
from rangemap.errors import ArgumentError, OutputError
from rangemap.writing import write_whole

_TEMPLATE = """\
# A rangemap scenario. Check it with `rangemap check {file}`, build it with
# `rangemap build {file}`. The format is described in docs/scenarios.md.
format = 1
title = "{title}"
# low, plot or high: which published range to use where sources differ.
range_estimate = "plot"
# As of a year: leave out sites and systems that were gone or to come.
# as_of = 1987
notes = ["Site of my own, for illustration."]

# A launch site of your own. Those of the catalogue: `rangemap list sites`.
[[sites]]
id = "my-site"
name = "My site"
lon = 24.40
lat = 44.07
precision_km = 5

# A coalition of the catalogue by its id, or your own with a name, a color and members.
[[coalitions]]
id = "my-side"
name = "My side"
color = "#1f5fa8"
members = ["ROU"]

# Sites times ranges: the band that the INF Treaty banned, systems of the catalogue
# (`rangemap list systems`), ranges of your own.
[[launches]]
coalition = "my-side"
sites = ["my-site"]
treaty_band = true
systems = ["typhon-tomahawk"]
ranges = [{{ label = "1,000 km for comparison", max_km = 1000 }}]

# Targets: "capitals", or a CSV file with the columns place, lon, lat.
[targets]
places = "capitals"
"""


@click.command("init")
@click.argument("name")
def init_command(name: str) -> None:
    """Write a commented scenario file, NAME.toml, to start from."""
    stem = name.removesuffix(".toml")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", stem):
        raise ArgumentError(f"name {name[:60]!r} must be letters, digits, hyphens and underscores")
    from rangemap.analysis import scenario_names

    if stem in scenario_names():
        raise ArgumentError(f"name {stem!r} is a built-in scenario's: take another")
    path = Path(f"{stem}.toml")
    if path.exists():
        raise OutputError(f"cannot write {path}: it is there already")
    write_whole(path, _TEMPLATE.format(file=path.name, title=stem.replace("-", " ").capitalize()))
    note(f"wrote {path}")


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the script that completes rangemap's commands in your shell.

    For bash: rangemap completion bash >> ~/.bashrc
    """
    from rangemap.cli import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise ArgumentError(f"no completion for {shell!r}")
    sys.stdout.write(kind(cli, {}, "rangemap", "_RANGEMAP_COMPLETE").source() + "\n")
