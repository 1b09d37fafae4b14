"""The command that checks packs and single files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rangemap.cli.params import as_json, emit
from rangemap.errors import DataError


@click.command("verify")
@click.argument("paths", nargs=-1, metavar="[DIR|FILE]...")
@click.option("--strict", is_flag=True,
              help="Also fail if a pack is whole, but not what would be made today.")  # fmt: skip
@as_json
@click.pass_context
def verify_command(ctx: click.Context, paths: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Check the hash of every file of a pack, and tell what has changed since it was made.

    A DIR is a folder that build or compare made; without one, every pack in output/ is checked.
    For a FILE, show what made it, as it says itself, and whether the manifest beside it agrees.

    The exit code is 1 if a file is altered or missing, if a manifest cannot be used, or if a
    file does not say what made it. A pack that is whole, but older than version or data, is
    told and is no failure without --strict. Files beside ours are told and never a failure.
    """
    from rangemap.pack.inside import look_inside
    from rangemap.pack.telling import inside_text, verdict_text
    from rangemap.pack.verify import verify_pack

    folders, files = _asked(paths)
    verdicts = [verify_pack(path) for path in folders]
    looks = [look_inside(path) for path in files]
    if as_json:
        content = [one.record() for one in verdicts] + [one.record() for one in looks]
        emit(json.dumps(content, ensure_ascii=False, indent=1) + "\n", None)
    else:
        texts = [verdict_text(one) for one in verdicts] + [inside_text(one) for one in looks]
        emit("\n".join(texts), None)
    failed = any(not one.whole or (strict and not one.current) for one in verdicts)
    if failed or any(not one.good for one in looks):
        ctx.exit(1)


def _asked(paths: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the folders and the files to check; by default all packs in ``output``."""
    from rangemap.pack.reading import MANIFEST

    if paths:
        files = [path for path in paths if Path(path).is_file()]
        return [path for path in paths if path not in files], files
    found = sorted(str(path.parent) for path in Path("output").glob(f"*/{MANIFEST}"))
    if not found:
        raise DataError("output: no pack in it; name a folder, or make one with rangemap build")
    return found, []
