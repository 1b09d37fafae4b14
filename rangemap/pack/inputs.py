"""What a pack was made from: files of the data and of the user, and the scenario itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from rangemap.analysis import Analysis, Comparison, Scenario
from rangemap.catalogue import catalogue_folder, load_catalogue
from rangemap.catalogue.files import data_path
from rangemap.catalogue.overlay import KEYS

__all__ = ["DATA_FILES", "data_files", "own_files", "scenario_record", "sha256_of"]

DATA_FILES: Final = (
    "capitals.csv", "cities.csv", "coalitions.toml", "disputed_bands.csv", "range_estimates.csv",
    "release.toml", "sites.csv", "sources.csv", "systems.csv", "treaties.toml",
    "world/boundary_lines_110m.fgb", "world/boundary_lines_50m.fgb", "world/countries_110m.fgb",
    "world/countries_50m.fgb", "world/lakes_110m.fgb", "world/lakes_50m.fgb",
    "world/land_110m.fgb", "world/land_50m.fgb", "world/world_110m.pack", "world/world_50m.pack",
)  # fmt: skip
"""Bundled files that every pack draws on, under ``data/``."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def data_files(analysis: Analysis) -> dict[str, str]:
    """Return the SHA-256 of each bundled file behind an analysis, by its name under ``data/``."""
    names = set(DATA_FILES)
    for scenario in _scenarios(analysis):
        names.update(name for _, path, name in _files_of(scenario) if _bundled(path))
    return {name: sha256_of(data_path(*name.split("/"))) for name in sorted(names)}


def own_files(analysis: Analysis) -> list[dict[str, str]]:
    """Return the user's own files behind an analysis: what each is, its name and SHA-256.

    Names are those of the files alone, without the machine's folders.
    """
    found = [
        {"what": what, "name": path.name, "sha256": sha256_of(path)}
        for scenario in _scenarios(analysis)
        for what, path, _ in _files_of(scenario)
        if not _bundled(path)
    ]
    folder = catalogue_folder()
    if folder is not None:
        found += [
            {
                "what": "catalogue",
                "name": f"{folder.name}/{name}",
                "sha256": sha256_of(folder / name),
            }
            for name in sorted(KEYS)
            if (folder / name).is_file()
        ]
    unique = {json.dumps(one, sort_keys=True): one for one in found}
    return list(unique.values())


def scenario_record(analysis: Analysis) -> dict[str, Any]:
    """Return what a scenario is and all that is needed to make it again."""
    scenario = analysis.scenario
    record: dict[str, Any] = {
        "name": scenario.name,
        "title": scenario.title,
        "subtitle": scenario.subtitle,
        "hash": scenario.hash,
        "range_estimate": scenario.range_estimate,
    }
    compared = _put_together(analysis)
    if compared is None:
        return record | _origin(scenario) | {"compared_by": "", "sides": []}
    sides = [
        {
            "name": side.name,
            "scenario": side.scenario.name,
            "hash": side.scenario.hash,
            "coalitions": list(side.origins or side.coalitions),
            "all_coalitions": len(side.coalitions) == len(side.scenario.coalitions),
            **_origin(side.scenario),
        }
        for side in (compared.a, compared.b)
    ]
    return record | {
        "origin": "comparison", "file": "", "as_of": None, "definition": None,
        "compared_by": compared.by, "sides": sides,
    }  # fmt: skip


def _origin(scenario: Scenario) -> dict[str, Any]:
    path, origin = scenario.path, "options"
    if path is not None and path.is_file():
        origin = "built-in" if _bundled(path) else "file"
    return {
        "origin": origin,
        "file": path.name if path is not None and origin != "options" else "",
        "as_of": scenario.as_of,
        "definition": scenario.definition,
    }


def _put_together(analysis: Analysis) -> Comparison | None:
    """Tell a comparison of two scenarios from a scenario that compares two of its own sides."""
    both = analysis.comparison
    return both if both and both.a.scenario.name != analysis.scenario.name else None


def _scenarios(analysis: Analysis) -> list[Scenario]:
    compared = _put_together(analysis)
    return [compared.a.scenario, compared.b.scenario] if compared else [analysis.scenario]


def _files_of(scenario: Scenario) -> list[tuple[str, Path, str]]:
    """Return the scenario's file and that of its places, with the name under ``data/``."""
    path, table = scenario.path, scenario.definition
    if path is None or table is None or not path.is_file():
        return []
    found = [("scenario", path, f"scenarios/{path.name}")]
    places = table.get("targets", {}).get("places", "capitals")
    if places != "capitals":
        file = path.parent / places
        found.append(("places", file, f"scenarios/{file.name}"))
    return found


def _bundled(path: Path) -> bool:
    return path.resolve().parent == data_path("scenarios").resolve()


def overlay_record() -> dict[str, str] | None:
    """Return the user's catalogue folder in use: its name and hash."""
    overlay = load_catalogue().overlay
    return {"folder": overlay.folder, "sha256": overlay.sha256} if overlay else None
