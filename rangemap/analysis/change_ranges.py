"""Two ranges of one system: what is said of it, by whom, or what the user gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from rangemap.analysis.scenario import Scenario
from rangemap.catalogue import load_catalogue
from rangemap.errors import ArgumentError
from rangemap.geodesy import MAX_DISTANCE_KM

__all__ = ["SaidRange", "has_two_ranges", "said_ranges", "system_of_change"]

_LEAST_KM: Final = 0.001
_SAME_KM: Final = 0.5  # a figure given by hand is that of a source if it rounds to it
_FIGURE: Final = re.compile(r"\d[\d,.]* km.*$")
GIVEN: Final = "given by the user"


@dataclass(frozen=True)
class SaidRange:
    """A range of a system, km, and who says it.

    Attributes
    ----------
    max_km : float
        The figure that is drawn.
    low_km, high_km : float
        The lowest and the highest that this side, or these sources, give.
    label : str
        For readers.
    said_by : str
        Who says it.
    alleged : bool
        Whether only the other side says so.
    evidence : str
        Whether it was read at its source; empty for a figure of the user's own.
    note : str
        Of the catalogue.
    source_keys : tuple of str
        `rangemap show KEY`.
    """

    max_km: float
    low_km: float
    high_km: float
    label: str
    said_by: str
    alleged: bool
    evidence: str
    note: str
    source_keys: tuple[str, ...]

    @property
    def words(self) -> str:
        """The figure in a sentence, with who says it where sides differ.

        Examples
        --------
        >>> label = "9M729, 2,350 km as Western sources say"
        >>> SaidRange(2350, 2000, 2500, label, "NATO", False, "seen", "", ()).words
        '2,350 km as Western sources say'
        """
        found = _FIGURE.search(self.label)
        return found[0] if found else f"{self.max_km:,.10g} km"


def system_of_change(bands: pd.DataFrame, asked: str | None, *, given: bool) -> str:
    """Return the id of the system whose ranges are compared; empty for all launch sites.

    Parameters
    ----------
    bands : pandas.DataFrame
        Of the scenario or of one coalition.
    asked : str, optional
        The system asked for.
    given : bool
        Whether both ranges are given, so that no system needs to have two.
    """
    launching = sorted(set(bands["system_id"]) - {""})
    if asked is not None:
        if asked not in launching:
            load_catalogue().system(asked)  # an id that no system has is told with a near name
            listed = f"; these do: {', '.join(launching)}" if launching else ""
            raise ArgumentError(f"system {asked!r} does not launch here{listed}")
        return asked
    disputed = bands[bands["disputed"].astype(bool)].groupby("system_id", sort=True)["max_km"]
    gaps = disputed.max() - disputed.min()
    gaps = gaps[gaps > _SAME_KM]
    if len(gaps):
        return str(gaps.idxmax())
    if given:
        return launching[0] if len(launching) == 1 else ""
    listed = f" (here: {', '.join(launching)})" if launching else ""
    raise ArgumentError(
        f"no system here has a disputed range: name a system{listed}, or give both ranges in km"
    )


def said_ranges(
    scenario: Scenario,
    system_id: str,
    bands: pd.DataFrame,
    from_km: float | None,
    to_km: float | None,
) -> tuple[SaidRange, SaidRange]:
    """Return the shorter and the longer range of a system, or those given.

    Raises
    ------
    ArgumentError
        If there are not two ranges, or they break a rule.
    """
    known = _said(system_id) if system_id else []
    name = str(bands["system"].iloc[0]) if system_id else scenario.title
    if len(known) < 2 and (from_km is None or to_km is None):
        have = f"one range, {known[0].max_km:,.10g} km" if known else "no range of its own"
        raise ArgumentError(f"{system_id or name!r} has {have}: give both ranges in km")
    shorter = known[0] if from_km is None else _figure(from_km, known)
    longer = known[-1] if to_km is None else _figure(to_km, known)
    floor = float(bands["min_km"].max()) if system_id else 0.0
    if shorter.max_km <= floor:
        raise ArgumentError(
            f"the shorter range {shorter.max_km:,.10g} km must be over the minimum range of "
            f"{name}, {floor:,.10g} km"
        )
    if longer.max_km <= shorter.max_km:
        raise ArgumentError(
            f"the longer range {longer.max_km:,.10g} km must be over the shorter one, "
            f"{shorter.max_km:,.10g} km"
        )
    return shorter, longer


def has_two_ranges(system_id: str) -> bool:
    """Return whether two ranges are published of a system, so that a change can be shown.

    Examples
    --------
    >>> has_two_ranges("9m729"), has_two_ranges("mk41-ashore")
    (True, False)
    """
    return len(_said(system_id)) > 1


def _figure(value_km: float, known: list[SaidRange]) -> SaidRange:
    """Return a figure given by hand: what a side says if it says just this."""
    if not _LEAST_KM <= value_km <= MAX_DISTANCE_KM:
        span = f"[{_LEAST_KM:g}, {MAX_DISTANCE_KM:,.0f}]"
        raise ArgumentError(f"range {value_km:,.10g} km must lie in {span}")
    for said in known:
        if abs(said.max_km - value_km) < _SAME_KM:
            return said
    value = float(value_km)
    return SaidRange(value, value, value, f"{value:,.10g} km", GIVEN, False, "", "", ())


def _said(system_id: str) -> list[SaidRange]:
    """Return what is said of a system's range, the shortest first."""
    catalogue = load_catalogue()
    disputed = catalogue.disputed_bands_of(system_id)
    if disputed:
        found = [
            SaidRange(
                one.max_km, one.max_low_km, one.max_high_km, one.label, one.said_by,
                one.basis == "alleged", one.evidence.value, one.note, one.source_keys,
            )
            for one in disputed
        ]  # fmt: skip
        return sorted(found, key=lambda said: (said.max_km, said.label))
    system = catalogue.systems[system_id]
    if system.max_high_km is None:
        return []
    ends = dict.fromkeys((system.max_low_km or system.max_high_km, system.max_high_km))
    found = []
    for value in sorted(ends):
        among = [
            e for e in catalogue.estimates_of(system_id)
            if e.counts and abs(e.value_km - value) < _SAME_KM
        ]  # fmt: skip
        names = list(dict.fromkeys(e.said_by for e in among))
        keys = tuple(dict.fromkeys(e.source_key for e in among))
        which = "lowest" if value < system.max_high_km else "highest"
        found.append(
            SaidRange(
                value, value, value, f"{system.name}, {value:,.10g} km",
                "; ".join(names) or f"the {which} figure published", False,
                system.evidence.value, system.range_note, keys or system.source_keys,
            )
        )  # fmt: skip
    return found
