"""What has changed since a pack was made: version, data, definition, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rangemap._version import __version__
from rangemap.catalogue import load_catalogue
from rangemap.catalogue.files import data_path
from rangemap.errors import CatalogueError, RangemapError
from rangemap.pack.again import made_again
from rangemap.pack.differences import RowChange, changed_counts, changed_rows
from rangemap.pack.inputs import DATA_FILES, sha256_of
from rangemap.pack.reading import PackRecord

__all__ = ["Changes", "what_changed"]


@dataclass(frozen=True)
class Changes:
    """What differs between when a pack was made and today.

    Attributes
    ----------
    version : tuple of str
        Of rangemap: then, now.
    date : tuple of str
        Of the data: then, now.
    data : tuple of str
        Bundled files whose content is another one now, or that are new or gone.
    scenario : str
        "same", "changed" (the definition or the records that it draws on) or "unknown".
    old_format : bool
        Whether its manifest is that of version 0.1, which told less.
    note : str
        With what it was compared, or why it could not be.
    headline : tuple
        Findings then that are not found now, and findings now that were not.
    counts : tuple
        Of (name, then, now), None where there was or is none.
    rows : tuple of RowChange
        Of coverage.csv: places whose verdict or distance differs.
    """

    version: tuple[str, str]
    date: tuple[str, str]
    data: tuple[str, ...] = ()
    scenario: str = "unknown"
    old_format: bool = False
    note: str = ""
    headline: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    counts: tuple[tuple[str, float | None, float | None], ...] = ()
    rows: tuple[RowChange, ...] = field(default=())

    @property
    def none(self) -> bool:
        """Whether nothing is known to have changed."""
        return (
            self.version[0] == self.version[1]
            and not self.data
            and not self.old_format
            and self.scenario != "changed"
            and not self.findings_differ
        )

    @property
    def findings_differ(self) -> bool:
        """Whether something would read differently today."""
        return bool(self.headline[0] or self.headline[1] or self.counts or self.rows)

    def record(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "version": {"then": self.version[0], "now": self.version[1]},
            "data_date": {"then": self.date[0], "now": self.date[1]},
            "data_files": list(self.data),
            "scenario": self.scenario,
            "old_format": self.old_format,
            "note": self.note,
            "headline": {"then": list(self.headline[0]), "now": list(self.headline[1])},
            "counts": [{"what": what, "then": a, "now": b} for what, a, b in self.counts],
            "rows": [one.record() for one in self.rows],
        }


def what_changed(record: PackRecord, folder: Path, whole: set[str]) -> Changes:
    """Compare a pack with what would be made today.

    Parameters
    ----------
    record : PackRecord
        Its manifest.
    folder : pathlib.Path
        Where it is.
    whole : set of str
        Files that are as they were written: only these are compared.
    """
    content = record.content
    then = content.get("data")
    dated = then.get("date") if isinstance(then, dict) else None
    start = Changes(
        version=(record.version, __version__),
        date=(dated if isinstance(dated, str) else "", load_catalogue().release.date.isoformat()),
        data=_data_changed(content),
        old_format="format" not in content,
    )
    try:
        again = made_again(content)
    except (RangemapError, RecursionError) as problem:
        return replace(start, note=f"the scenario cannot be made again today: {problem}")
    if again.analysis is None:
        return replace(start, note=again.note)
    analysis = again.analysis
    scenario = "same" if analysis.scenario.hash == record.hash else "changed"
    now = tuple(analysis.summary["headline"])
    headline = (
        tuple(text for text in record.headline if text not in now),
        tuple(text for text in now if text not in record.headline),
    )
    return replace(
        start,
        scenario=scenario,
        note=again.note,
        headline=headline,
        counts=changed_counts(folder, analysis, whole),
        rows=changed_rows(folder, analysis, whole),
    )


def _data_changed(content: dict[str, Any]) -> tuple[str, ...]:
    """Return what differs of the bundled files that a pack was made from."""
    if "format" not in content:
        return ()
    then: dict[str, str] = content["data"]["files"]
    result = []
    for name in sorted({*then, *DATA_FILES}):
        try:
            now = sha256_of(data_path(*name.split("/"))) if _plain(name) else None
        except (CatalogueError, OSError):
            now = None
        if name not in then:
            result.append(f"{name} (new)")
        elif now is None:
            result.append(f"{name} (gone)")
        elif now != then[name]:
            result.append(name)
    return tuple(result)


def _plain(name: str) -> bool:
    """Whether a name may be one of our data files: a manifest is not trusted to name paths."""
    return name in DATA_FILES or (
        name.startswith("scenarios/") and name.count("/") == 1 and ".." not in name
    )
