"""Commands and Python of the pages, with the output that is shown of them.

A block of ``sh`` holds commands of rangemap, and a block of ``text`` right after it what they
print. The tests run them; ``python docs/shown.py`` runs them and writes what they print into the
pages. A line ``...`` in the output stands for lines that are left out: as many as stand before and
after it are kept. What comes after ``<!-- slow -->`` is not run; the tests look whether its options
exist. A block with a title is a file that the reader has.
"""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from click.testing import CliRunner

from rangemap.cli import cli

DOCS: Final = Path(__file__).resolve().parent
PAGES: Final = (
    DOCS / "tutorial.md",
    *sorted((DOCS / "howto").glob("*.md")),
    DOCS / "data.md",
    DOCS / "report-a-fact.md",
)
"""The pages whose commands are run."""
LEFT_OUT: Final = "..."

_BLOCK: Final = re.compile(
    r"(?P<slow><!-- slow -->\n+)?^```(?P<language>sh|python)\n(?P<code>.*?)^```$(?:\n+)?"
    r"(?:(?<=\n)^```text\n(?P<shown>.*?)^```$)?",
    re.M | re.S,
)
_FILE: Final = re.compile(r'^```\w+ title="(?P<name>[^"]+)"\n(?P<content>.*?)^```$', re.M | re.S)


@dataclass(frozen=True)
class Example:
    """A block of commands, or of Python.

    Attributes
    ----------
    language : str
        "sh" or "python".
    code : str
        What stands in the block.
    shown : str or None
        What the page says that it prints.
    slow : bool
        Not to be run.
    span : tuple of int
        Where in the page the output stands.
    """

    language: str
    code: str
    shown: str | None
    slow: bool
    span: tuple[int, int]

    @property
    def commands(self) -> list[tuple[str, ...]]:
        """The words of each command."""
        lines = self.code.splitlines() if self.language == "sh" else []
        return [tuple(words) for line in lines if (words := shlex.split(line, comments=True))]


def examples_of(text: str) -> list[Example]:
    """Return the blocks of a page."""
    return [
        Example(
            language=found["language"],
            code=found["code"],
            shown=found["shown"],
            slow=found["slow"] is not None,
            span=found.span("shown"),
        )
        for found in _BLOCK.finditer(text)
    ]


@contextlib.contextmanager
def workplace(text: str) -> Iterator[dict[str, Any]]:
    """Work in a folder as a reader of a page has it, with the names that Python has so far.

    It holds the examples, an output folder, and the files that the page shows with a title.
    """
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        shutil.copytree(DOCS.parent / "examples", "examples")
        Path("output").mkdir()
        for found in _FILE.finditer(text):
            path = Path(found["name"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found["content"], encoding="utf-8", newline="\n")
        yield {}


def run(example: Example, names: dict[str, Any]) -> str:
    """Run a block in the current folder, and return what it prints.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    if example.language == "python":
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            Path("page.py").write_text(example.code, encoding="utf-8")
            names |= runpy.run_path("page.py", names)
        return printed.getvalue()
    return "".join(_call(words) for words in example.commands)


def _call(words: tuple[str, ...]) -> str:
    target = words[-1] if words[-2:-1] == (">",) else ""
    words = words[:-2] if target else words
    if words[0] != "rangemap":
        raise RuntimeError(f"{shlex.join(words)}: only commands of rangemap are run")
    done = CliRunner().invoke(cli, words[1:], prog_name="rangemap")
    if done.exit_code != 0:
        raise RuntimeError(f"{shlex.join(words)}: {done.output}{done.exception!r}")
    if target:
        Path(target).write_text(done.stdout, encoding="utf-8")
    return done.stderr if target else done.output


def cut(printed: str, shown: str) -> str:
    """Leave out of an output what the page leaves out."""
    lines, kept = printed.rstrip("\n").split("\n"), shown.rstrip("\n").split("\n")
    lines = [line.rstrip() for line in lines]
    if LEFT_OUT in kept:
        before = kept.index(LEFT_OUT)
        after = len(kept) - before - 1
        lines = [*lines[:before], LEFT_OUT, *lines[len(lines) - after :]]
    return "\n".join(lines) + "\n"


def command_of(words: tuple[str, ...]) -> tuple[click.Command, list[str]]:
    """Return the command that words call, and its arguments."""
    command: click.Command = cli
    rest = list(words[1:])
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


def read_options(words: tuple[str, ...]) -> None:
    """Read the options of a command without running it.

    Raises
    ------
    click.UsageError
        If one does not exist, or is used wrongly.
    """
    command, rest = command_of(words)
    if words[0] != "rangemap" or command is cli:
        raise click.UsageError(f"no command in {shlex.join(words)}")
    context = click.Context(command, info_name=shlex.join(words))
    _, left, _ = command.make_parser(context).parse_args(rest)
    if left:
        raise click.UsageError(f"{shlex.join(words)}: too many arguments: {left}")


def updated(text: str) -> str:
    """Return a page with its outputs as they are now."""
    new, end = "", 0
    with workplace(text) as names:
        for example in examples_of(text):
            if example.slow:
                continue
            printed = run(example, names)
            if example.shown is not None:
                new += text[end : example.span[0]] + cut(printed, example.shown)
                end = example.span[1]
    return new + text[end:]


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(updated(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        print(page)
