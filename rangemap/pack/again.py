"""The scenario of a pack, made again from its manifest with the data of today."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rangemap.analysis import Analysis, Scenario, analyse, as_analysis, compare, read_scenario
from rangemap.analysis.comparison_sides import Basis
from rangemap.analysis.scenario import resolve, scenario_names
from rangemap.catalogue import load_catalogue
from rangemap.catalogue.files import data_path, read_toml
from rangemap.errors import RangemapError, ScenarioError

__all__ = ["Again", "made_again"]


@dataclass(frozen=True)
class Again:
    """An analysis of today, or None; and with what the pack is compared, or why it is not."""

    analysis: Analysis | None
    note: str


def made_again(content: dict[str, Any]) -> Again:
    """Return what a manifest describes, computed today.

    A built-in scenario is read as it is now. A user's own file is read if one of its name is
    in the current folder; otherwise the definition in the manifest is taken. No other file
    is read: a manifest is not trusted to name paths.

    Parameters
    ----------
    content : dict
        Of a manifest that agrees with the schema, or of one of version 0.1.

    Raises
    ------
    RangemapError
        If the scenario breaks a rule today.
    """
    if "format" not in content:
        return _of_old(content["scenario"].get("name"))
    other = _other_catalogue(content)
    if other:
        return Again(None, other)
    scenario = content["scenario"]
    if scenario["origin"] == "comparison":
        return _comparison(scenario["sides"], scenario["compared_by"])
    found, note = _scenario(scenario, scenario["name"])
    return Again(analyse(found) if found is not None else None, note)


def _of_old(name: object) -> Again:
    """Make a pack of version 0.1 again, whose manifest holds no definition."""
    if name not in scenario_names():
        return Again(None, "its manifest, of version 0.1, does not tell how to make it again")
    return Again(analyse(str(name)), "")


def _other_catalogue(content: dict[str, Any]) -> str:
    """Return why the catalogue in use is not the one that the pack was made with."""
    then, now = content["data"]["overlay"], load_catalogue().overlay
    if then is None and now is None:
        return ""
    if then is None:
        return "made with the bundled catalogue alone; leave --catalogue away to compare findings"
    if now is None:
        folder = then["folder"]
        return f"made with the catalogue folder {folder!r}; to compare findings, add --catalogue"
    return ""


def _scenario(told: dict[str, Any], name: str) -> tuple[Scenario | None, str]:
    origin, file, year = told["origin"], told["file"], told["as_of"]
    if origin == "built-in":
        stem = Path(file).stem
        if stem not in scenario_names() or f"{stem}.toml" != file:
            return None, f"there is no built-in scenario {stem!r} any more"
        table = read_toml(data_path("scenarios", file), error=ScenarioError)
        return read_scenario(stem, as_of=None if "as_of" in table else year), ""
    if origin == "file" and _plain(file) and Path(file).is_file():
        try:
            table = read_toml(Path(file), error=ScenarioError)
            if _reads_plain(table):
                asked = None if "as_of" in table else year
                return read_scenario(Path(file), as_of=asked), f"compared with {file} as it is here"
        except RangemapError as problem:
            return None, f"{file} as it is here: {problem}"
    definition = told["definition"]
    if definition is None:
        return None, "the manifest does not tell how to make the scenario again"
    if not _reads_plain(definition):
        return None, "the scenario's file of places is not here"
    note = f"{file} is not here: compared with the definition in the manifest"
    return resolve(definition, Path(f"{name}.toml")), "" if origin == "options" else note


def _comparison(sides: list[dict[str, Any]], by: Basis) -> Again:
    """Make a comparison again from two built-in scenarios."""
    asked = []
    for side in sides:
        if side["origin"] != "built-in":
            return Again(None, "a comparison of scenarios of one's own is not made again")
        text = Path(side["file"]).stem
        if text not in scenario_names():
            return Again(None, f"there is no built-in scenario {text!r} any more")
        table = read_toml(data_path("scenarios", f"{text}.toml"), error=ScenarioError)
        year = None if "as_of" in table else side["as_of"]
        if year is not None:
            text += f"@{year}"
        if not side["all_coalitions"]:
            if len(side["coalitions"]) != 1:
                return Again(None, "a comparison of several chosen coalitions is not made again")
            coalition = side["coalitions"][0]
            text += f":{coalition.removesuffix(f'-{year}')}"
        asked.append(text)
    a, b = asked
    return Again(as_analysis(compare(a, b, by)), "")


def _reads_plain(table: dict[str, Any]) -> bool:
    """Whether a scenario draws its places from capitals, or from a file in the current folder."""
    targets = table.get("targets")
    places = targets.get("places", "capitals") if isinstance(targets, dict) else "capitals"
    if places == "capitals":
        return True
    return isinstance(places, str) and _plain(places) and Path(places).is_file()


def _plain(name: str) -> bool:
    """Whether a text is the name of a file in the current folder, and no link elsewhere."""
    if not name or name != Path(name).name or "\\" in name or ":" in name or "\0" in name:
        return False
    return not Path(name).is_symlink()
