"""Rebuild every generated file of ``data/`` from the pinned packages.

Run ``python data/build/all.py`` to rebuild in place and write ``outputs.sha256``, or
``python data/build/all.py --check`` to rebuild in a temporary folder and compare.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from capitals import build_capitals
from cities import build_cities
from fetch import BuildError, fetch, read_pins, sha256_of
from pack_world import build_packs, inflate
from world import build_world

DATA = Path(__file__).parents[1]
SUMS = Path(__file__).with_name("outputs.sha256")


def build(folder: Path) -> list[Path]:
    """Build every output into a folder laid out as ``data/`` and return the paths."""
    for pin in read_pins().values():
        fetch(pin)
    outputs = build_world(folder / "world")
    outputs += build_packs(folder / "world")
    outputs.append(build_capitals(folder / "capitals.csv"))
    outputs.append(build_cities(folder / "cities.csv", folder / "capitals.csv"))
    return outputs


def sums_of(folder: Path, outputs: list[Path]) -> str:
    """Return the hashes in ``sha256sum`` format, with paths relative to the folder."""
    names = sorted((path.relative_to(folder).as_posix(), path) for path in outputs)
    return "".join(f"{sha256_of(path)}  {name}\n" for name, path in names)


def content_of(path: Path) -> bytes:
    """Return the bytes that a rebuild has to give: a pack's inflated, as zlib's version differs."""
    return inflate(path) if path.suffix == ".pack" else path.read_bytes()


def check() -> list[str]:
    """Rebuild in a temporary folder; return what differs from the sums or the committed files."""
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outputs = {path: DATA / path.relative_to(folder) for path in build(folder)}
        for built, committed in outputs.items():
            if not committed.exists():
                return [f"{committed} is not there"]
            if content_of(built) != content_of(committed):
                problems.append(f"a rebuild does not give the committed {committed.name}")
    if SUMS.read_text(encoding="ascii") != sums_of(DATA, list(outputs.values())):
        problems.append(f"the committed files do not have the hashes in {SUMS.name}")
    return problems


def main() -> int:
    """Rebuild or check, as the command line says."""
    parser = argparse.ArgumentParser(description="Rebuild the generated files of data/.")
    parser.add_argument("--check", action="store_true", help="rebuild elsewhere and compare")
    arguments = parser.parse_args()
    try:
        if arguments.check:
            problems = check()
            for problem in problems:
                print(f"error: {problem}", file=sys.stderr)
            if not problems:
                print("every output is as committed")
            return 1 if problems else 0
        outputs = build(DATA)
        SUMS.write_text(sums_of(DATA, outputs), encoding="ascii", newline="\n")
        for path in outputs:
            print(f"{path.stat().st_size:>9}  {path.relative_to(DATA)}")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
