"""The classifier against the catalogue's own reading: the only place that reads ``inf_class``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rangemap.catalogue.model import System
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.treaty import classify
from rangemap.catalogue.treaty_answer import Classification, Outcome
from rangemap.catalogue.treaty_rules import load_regimes


@dataclass(frozen=True)
class Difference:
    """A system that the classifier and the catalogue's own reading put into other categories."""

    system_id: str
    name: str
    reading: str
    answer: str
    why: str


_READINGS: Final = {
    "intermediate": {"intermediate"},
    "shorter": {"shorter"},
    "not covered": {"not-covered"},
    "boundary": {"depends"},
    "straddles 5,500": {"depends"},
    "covered by range": {"depends, covered", "shorter", "intermediate"},
    "disputed": {"depends", "no-verdict"},
    "intermediate by range; definition unclear for gliders": {"unclear, intermediate"},
}


def differences() -> tuple[Difference, ...]:
    """Return each system where the classifier and the catalogue's own reading differ.

    Returns
    -------
    tuple of Difference
        In the order of the catalogue, with the reason from ``data/treaties.toml``; empty
        ``why`` if none is written (a system of a user's own catalogue). A reading in words
        that this comparison does not know differs.

    Examples
    --------
    >>> [one.system_id for one in differences()]
    ['df-27', 'glcm-test-2019', 'hf-2e']
    """
    reasons = load_regimes().differences
    found = []
    for system in load_catalogue().systems.values():
        if not system.inf_class:
            continue
        answer = classify(system)
        if not _agree(system, answer):
            why = reasons.get(system.id, "")
            found.append(Difference(system.id, system.name, system.inf_class, answer.headline, why))
    return tuple(found)


def _agree(system: System, answer: Classification) -> bool:
    reading, _, condition = system.inf_class.partition(" (if ")
    if condition and answer.is_party is not False:
        return False
    return bool(_categories(answer) & _READINGS.get(reading, set()))


def _categories(answer: Classification) -> set[str]:
    """Return the common categories that an answer falls into."""
    match answer.outcome:
        case Outcome.NOT_COVERED:
            return {"not-covered"}
        case Outcome.NO_VERDICT:
            return {"no-verdict"}
        case Outcome.UNCLEAR:
            return {f"unclear, {answer.range_class}"}
        case Outcome.DEPENDS:
            return {"depends", "depends, covered"} if answer.meets_definition else {"depends"}
        case _:
            return {answer.range_class}
