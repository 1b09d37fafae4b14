"""Verdicts on packs and files as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rangemap.pack.changes import Changes
from rangemap.pack.differences import RowChange
from rangemap.pack.inside import Inside
from rangemap.pack.verify import Verdict
from rangemap.views.table import plain

__all__ = ["inside_text", "verdict_text"]

_MOST: Final = 12

_WORDS: Final = {
    "invalid": "cannot be verified",
    "altered": "ALTERED",
    "older": "whole, but not what would be made today",
    "current": "whole and current",
}


def verdict_text(verdict: Verdict) -> str:
    """Return what `rangemap.pack.verify.verify_pack` found, as lines that end in a line break."""
    lines = [f"{verdict.folder}: {_WORDS[verdict.state]}"]
    if verdict.problem:
        lines.append(f"  {verdict.problem}")
        return _text(lines)
    wrong = len(verdict.findings)
    right = verdict.files - wrong if wrong <= verdict.files else 0
    lines.append(f"  made by {verdict.made_by}; {right} of {verdict.files} files as written")
    lines += _some(
        f"  {one.state}: {one.name}{f' ({one.detail})' if one.detail else ''}"
        for one in verdict.findings
    )
    if verdict.added:
        lines.append(f"  {_count(len(verdict.added), 'file')} beside ours, not checked:")
        lines += _some(f"    {one.name}" for one in verdict.added)
    if verdict.changes is not None:
        lines += [f"  {line}" for line in _changes(verdict.changes)]
    return _text(lines)


def inside_text(found: Inside) -> str:
    """Return what `rangemap.pack.inside.look_inside` found, as lines that end in a line break."""
    word = {"agrees": "agrees with its manifest", "differs": "DIFFERS from its manifest"}
    lines = [f"{found.file}: {found.form}, {word.get(found.state, found.state)}"]
    lines += _some(f"  made by {one}" for one in found.made)
    lines.append(f"  {found.note}{f': {found.manifest}' if found.manifest else ''}")
    return _text(lines)


def _changes(changes: Changes) -> list[str]:
    then, now = changes.version
    lines = [f"made by version {then}; this is {now}"] if then != now else []
    if changes.date[0] and changes.date[0] != changes.date[1]:
        lines.append(f"data of {changes.date[0]}; today's are of {changes.date[1]}")
    if changes.data:
        lines.append(f"other data files now: {_listed(changes.data)}")
    if changes.scenario == "changed":
        lines.append("the scenario or the records that it draws on have changed")
    if changes.note:
        lines.append(changes.note)
    if changes.none:
        return lines
    gone, new = changes.headline
    lines += _some(f"found then: {text}" for text in gone)
    lines += _some(f"found now:  {text}" for text in new)
    lines += _some(f"{what}: {_number(a)} -> {_number(b)}" for what, a, b in changes.counts)
    lines += _rows(changes.rows)
    if changes.scenario != "unknown" and not changes.findings_differ:
        lines.append("the findings would be the same today")
    return lines


def _rows(rows: tuple[RowChange, ...]) -> list[str]:
    if not rows:
        return []
    # A verdict that changed is told before a distance that moved.
    ordered = sorted(rows, key=lambda one: one.verdict[0] == one.verdict[1])
    title = f"{_count(len(rows), 'row')} of coverage.csv would differ:"
    return [title, *_some(f"  {_row(one)}" for one in ordered)]


def _row(one: RowChange) -> str:
    (a, b), (x, y) = one.verdict, one.distance_km
    if x is None or y is None:
        told = f"new: {b}, {y:,.1f} km" if y is not None else f"gone: was {a}"
    elif a == b:
        told = f"{a}, {x:,.3f} -> {y:,.3f} km"
    else:
        told = f"{a} -> {b}, {x:,.1f} -> {y:,.1f} km"
    return f"{one.place} ({one.country}), {one.band_id}: {told}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{', '.join(names[:_MOST])}{more}"


def _some(lines: Iterable[str]) -> list[str]:
    """Return at most so many lines, and how many more there are; --json has them all."""
    listed = list(lines)
    if len(listed) <= _MOST + 1:
        return listed
    return [*listed[:_MOST], f"  ... and {len(listed) - _MOST:,} more (--json lists all)"]


def _text(lines: list[str]) -> str:
    return "".join(f"{plain(line)}\n" for line in lines)
