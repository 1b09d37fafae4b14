"""`python -m benchmarks`: run the races, print one table; `--help` has the choices."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import time
from pathlib import Path

from benchmarks.report import Section

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads are those that a row states

README = Path(__file__).with_name("README.md")
END = "<!-- end of results -->"
RACES = ("discs", "countries", "pairs", "sweeps", "webmap")
# Races whose results stand in the README on their own; the others stand together.
APART = ("webmap",)
VERSIONS = (
    "rangemap", "numpy", "pyproj", "shapely", "antimeridian", "cartopy", "geographiclib", "geopy",
    "s2geometry", "dask", "distributed", "folium", "playwright",
)  # fmt: skip


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("races", nargs="*", metavar="RACE", help=f"{', '.join(RACES)} (all)")
    parser.add_argument("--quick", action="store_true", help="fewer sites and runs: a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as well")
    parser.add_argument("--write-readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    unknown = set(options.races) - set(RACES)
    if unknown:
        parser.error(f"no race named {', '.join(sorted(unknown))}; there are {', '.join(RACES)}")
    started = time.perf_counter()
    sections: list[Section] = []
    blocks: dict[str, list[Section]] = {}
    for name in options.races or RACES:
        race = importlib.import_module(f"benchmarks.{name}")
        for section in race.sections(quick=options.quick):
            sections.append(section)
            blocks.setdefault(name if name in APART else "results", []).append(section)
            print(section.as_text(), flush=True)
    about = {**machine(), "command": f'`make bench BENCH="{" ".join(sys.argv[1:])}"`'}
    about["seconds"] = f"{time.perf_counter() - started:.0f}"
    print("\n".join(f"{key}: {value}" for key, value in about.items()))
    missed = [f"{s.title}: {row.cells[0]}" for s in sections for row in s.rows if row.missed]
    print("goals missed (*): " + ("; ".join(missed) or "none"))
    if options.json:
        data = {"about": about, "sections": [section.as_json() for section in sections]}
        options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    if options.write_readme:
        page = README.read_text(encoding="utf-8")
        for block, told in blocks.items():
            page = with_results(page, block, about, told)
        README.write_text(page, encoding="utf-8")


def with_results(page: str, block: str, about: dict[str, str], told: list[Section]) -> str:
    """Return the README with a block of results replaced."""
    start = f"<!-- {block}: made by --write-readme -->"
    head, rest = page.split(start)
    tail = rest.split(END, 1)[1]
    facts = "\n".join(f"- {key}: {value}" for key, value in about.items())
    body = "\n".join([facts, "", *(section.as_markdown() for section in told)])
    return f"{head}{start}\n\n{body}\n{END}{tail}"


def machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":")[1].strip() if names else model
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)
    return {
        "machine": f"{model}, {os.cpu_count()} processors, {platform.system()}",
        "date": time.strftime("%Y-%m-%d"),
        "versions": f"Python {platform.python_version()}, {versions}",
    }


if __name__ == "__main__":
    main()
