"""Whether a regime was in force on a date, and whom it binds."""

from __future__ import annotations

from datetime import date
from typing import Final

from rangemap.catalogue.treaty_regimes import Party, Regime, RegimeKind

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_text(day: date) -> str:
    """Return a date for readers, in any locale.

    Examples
    --------
    >>> day_text(date(2019, 8, 2))
    '2 August 2019'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def status(regime: Regime, on: date | None) -> tuple[bool | None, str]:
    """Return whether a regime was in force on a date, and a sentence that says so.

    Without a date, and for a guideline, which is never in force as a treaty is, the first is
    None. The day of entry into force counts as in force, the day of the end does not.
    """
    if regime.kind is RegimeKind.GUIDELINE:
        return None, _guideline(regime, on)
    assert regime.signed is not None  # noqa: S101  # read_regimes has checked it
    assert regime.in_force is not None  # noqa: S101
    name, signed, start = regime.called, day_text(regime.signed), day_text(regime.in_force)
    if on is None:
        until = f" to {day_text(regime.ended)}" if regime.ended else ""
        text = f"{name} was signed on {signed} and was in force from {start}{until}."
        return None, _capital(f"{text} {regime.ended_says}".strip())
    day = day_text(on)
    if on < regime.signed:
        return False, f"On {day} {name} did not exist; it was signed on {signed}."
    if on < regime.in_force:
        return False, (
            f"On {day} {name} was signed but not yet in force; it entered into force on {start}."
        )
    if regime.ended and on >= regime.ended:
        return False, (
            f"On {day} {name} was no longer in force. {regime.ended_says} "
            "This is how its terms would read the missile."
        )
    suspended = regime.suspended is not None and on >= regime.suspended
    text = f"On {day} {name} was {'still ' if suspended else ''}in force."
    return True, f"{text} {regime.suspended_says}" if suspended else text


def _guideline(regime: Regime, on: date | None) -> str:
    assert regime.announced is not None  # noqa: S101  # read_regimes has checked it
    announced = day_text(regime.announced)
    if on is not None and on < regime.announced:
        return f"On {day_text(on)} {regime.called} did not exist; it was announced on {announced}."
    return _capital(f"{regime.called} was announced on {announced}; it is a guideline, no treaty.")


def party_sentence(regime: Regime, country: str, on: date | None) -> str:
    """Return a sentence that tells whether a country is a Party, and how.

    Examples
    --------
    >>> from rangemap.catalogue.treaty_rules import load_regimes
    >>> party_sentence(load_regimes().regime("inf"), "China", None)
    'China was not a Party to the INF Treaty.'
    """
    was = "was" if regime.ended else "is"
    party = regime.party(country)
    if party is None:
        return _capital(f"{country} {was} not a Party to {regime.called}.")
    text = f"{party.called} {was} a Party to {regime.called}: {party.basis}."
    if on is not None:
        text += _of_its_time(party, on)
    return _capital(text)


def _of_its_time(party: Party, on: date) -> str:
    if party.since and on < party.since:
        return f" On {day_text(on)} it was not yet one by itself."
    if party.until and on >= party.until:
        return f" It ended on {day_text(party.until)}; its successors stood in its place."
    return ""


def called(regime: Regime, country: str) -> str:
    """Return a country as a sentence names it.

    Examples
    --------
    >>> from rangemap.catalogue.treaty_rules import load_regimes
    >>> called(load_regimes().regime("inf"), "USSR")
    'the Soviet Union'
    """
    party = regime.party(country)
    return party.called if party else country


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
