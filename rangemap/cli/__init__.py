"""The command line: parse, call one function, write.

Data goes to standard output, messages and progress to standard error. A mistake is one
line and an exit code: 2 for usage, 1 for data or output, 130 when interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextvars import copy_context

import click

from rangemap._version import __version__
from rangemap.cli import (
    claims,
    compare,
    deck,
    draw,
    export,
    facts,
    figure,
    geometry,
    reach,
    setup,
    sweeps,
    tables,
    treaties,
    verify,
)
from rangemap.cli.params import with_catalogue
from rangemap.errors import RangemapError
from rangemap.interrupts import exit_code, told_to_end


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rangemap", message="%(prog)s %(version)s")
def cli() -> None:
    """Missile-range maps that can be checked.

    Geodesic bands round launch sites, verdicts for capitals, sourced facts.
    Start with: rangemap build
    """
    if "rangemap.catalogue.reader" in sys.modules:  # the caller may have laid one over
        from rangemap.catalogue import set_catalogue

        set_catalogue(None)


for _command in (
    draw.build_command,
    draw.map_command,
    figure.figure_command,
    deck.deck_command,
    deck.report_command,
    tables.table_command,
    tables.coverage_command,
    tables.overlap_command,
    compare.compare_command,
    compare.change_command,
    export.export_command,
    sweeps.sweep_command,
    reach.reach_command,
    treaties.classify_command,
    geometry.ring_command,
    geometry.band_command,
    facts.list_command,
    facts.show_command,
    claims.claims_command,
    facts.check_command,
    verify.verify_command,
    setup.init_command,
    setup.completion_command,
):
    cli.add_command(_command)
    with_catalogue(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never a traceback for a mistake.

    It starts with the bundled catalogue, and whatever catalogue the caller has in use is
    still in use afterwards: the run has a context of its own.
    """
    with told_to_end():
        return copy_context().run(_run, arguments)


def _run(arguments: Sequence[str] | None) -> int:
    _write_utf8()
    try:
        given = list(arguments) if arguments is not None else None
        code = cli.main(args=given, standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt) as problem:
        return _fail("interrupted; nothing half written", exit_code(problem.__cause__ or problem))
    except click.UsageError as problem:
        return _usage(problem)
    except click.ClickException as problem:
        return _fail(problem.format_message(), problem.exit_code)
    except RangemapError as problem:
        return _fail(str(problem), problem.exit_code)
    except BrokenPipeError:
        # The reader of a pipe has gone (as with `| head`): end quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else "cannot write standard output: "
        return _fail(f"{where}{problem.strerror or problem}", 1)
    return code if isinstance(code, int) else 0  # click returns what `ctx.exit` was given


def _write_utf8() -> None:
    """Write UTF-8 to files and pipes, whatever the locale; a terminal may lack a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _usage(problem: click.UsageError) -> int:
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        click.echo(problem.format_message(), err=True)
        return 2
    command = problem.ctx.command_path if problem.ctx else "rangemap"
    message = " ".join(problem.format_message().split())
    return _fail(f"{message.rstrip('.')} (see {command} --help)", 2)


def _fail(message: str, code: int) -> int:
    from rangemap.views.table import plain

    click.echo(f"rangemap: error: {plain(' '.join(message.split()))}", err=True)
    return code
