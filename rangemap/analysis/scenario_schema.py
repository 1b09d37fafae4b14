"""Checking a parsed scenario against its JSON Schema, with one clear line for a mistake."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from rangemap.catalogue.files import data_path
from rangemap.errors import ScenarioError, near_name


@cache
def _validator() -> Draft202012Validator:
    text = data_path("schema", "scenario.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def check_against_schema(table: dict[str, Any], file: str) -> None:
    """Raise a `ScenarioError` that names the file, the key, the value and the rule."""
    _refuse_not_finite(table, file, ())
    problem = best_match(_validator().iter_errors(table))
    if problem is None:
        return
    where = _key(problem.absolute_path)
    raise ScenarioError(f"{file}{', ' + where if where else ''}{_rule(problem)}")


def _refuse_not_finite(value: Any, file: str, path: tuple[str | int, ...]) -> None:
    """Refuse nan and inf, which TOML has and which pass every comparison of a schema."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ScenarioError(f"{file}, {_key(path)} {value}: must be a finite number")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_not_finite(item, file, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _refuse_not_finite(item, file, (*path, number))


def _key(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _rule(problem: ValidationError) -> str:
    value = problem.instance
    wanted: Any = problem.validator_value
    match problem.validator:
        case "additionalProperties":
            known = problem.schema["properties"]
            unknown = next(key for key in value if key not in known)
            return f": unknown key {_shown(unknown)}{near_name(unknown, known)}"
        case "required":
            missing = next(key for key in wanted if key not in value)
            return f": key {missing!r} is missing"
        case "enum":
            hint = near_name(str(value), [str(name) for name in wanted])
            return f" {_shown(value)}: must be one of {', '.join(map(str, wanted))}{hint}"
        case "const":
            return f" {_shown(value)}: must be {wanted}"
        case "type":
            return f" {_shown(value)}: must be {_type_name(wanted)}"
        case "minimum" | "maximum" | "exclusiveMinimum":
            sign = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "over"}
            return f" {_shown(value)}: must be {sign[problem.validator]} {wanted:,}"
        case "pattern":
            meaning = _PATTERNS.get(wanted, f"must match {wanted}")
            return f" {_shown(value)}: {meaning}"
        case "minItems" | "minLength" | "minProperties":
            return f" {_shown(value)}: needs at least {wanted}"
        case "maxItems" | "maxLength":
            return f" {_shown(value)}: has more than {wanted:,}"
        case _:
            rule = problem.schema.get("$comment", "is not in one of the forms allowed here")
            return f" {_shown(value)}: {rule}"


_PATTERNS = {
    "^#[0-9a-fA-F]{6}$": "must be a colour like #1f5fa8",
    "^[A-Z]{3}$": "must be an ISO alpha-3 code like DEU",
    "^[a-z0-9][a-z0-9-]{0,63}$": "must be an id of lower-case letters, digits and hyphens",
    "^https?://": "must start with http:// or https://",
}


def _type_name(wanted: str | list[str]) -> str:
    names = {
        "object": "a table",
        "array": "a list",
        "string": "a text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
    }
    return " or ".join(
        names.get(name, name) for name in ([wanted] if isinstance(wanted, str) else wanted)
    )


def _shown(value: Any) -> str:
    """Return a value as TOML writes it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
