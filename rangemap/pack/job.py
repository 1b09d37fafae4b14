"""A pack in the making: what its steps share, and what they say of the files that they write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from rangemap.analysis import Analysis
from rangemap.errors import OutputError
from rangemap.writing import write_whole

__all__ = ["PARTS", "SHARES", "Job", "Made", "Options", "Output", "Part", "Share", "Step"]

Part = Literal["map", "slides", "pictures", "tables", "gis", "provenance"]
Share = Literal["maps", "slides", "charts", "data", "end"]

PARTS: Final[dict[str, str]] = {
    "map": "Map",
    "slides": "Slides and report",
    "pictures": "Pictures",
    "tables": "Tables",
    "gis": "GIS files",
    "provenance": "Provenance",
}
"""The parts of a pack, as headings, in the order in which they are shown."""

SHARES: Final[tuple[Share, ...]] = ("maps", "slides", "charts", "data")
"""What processes share out of a pack, the longest first; "end" is after all of them."""


@dataclass(frozen=True)
class Options:
    """What a user may choose for a whole pack.

    Attributes
    ----------
    units : {"km", "mi", "nmi"}
        Of distances and areas in pictures and slides; tables and GIS files stay in km.
    """

    units: str = "km"


@dataclass(frozen=True)
class Output:
    """What a file of a pack is, for readers."""

    part: Part
    title: str
    description: str


@dataclass
class Job:
    """One pack that is being written.

    Attributes
    ----------
    analysis : Analysis
        What is shown.
    folder : pathlib.Path
        Where the files go; aside from where they will stand.
    options : Options
        What the user chose.
    outputs : dict of str to Output
        What has been written so far, by its relative POSIX path.
    pictures, left_out : list of dict
        As the manifest lists them.
    """

    analysis: Analysis
    folder: Path
    options: Options = field(default_factory=Options)
    outputs: dict[str, Output] = field(default_factory=dict)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)

    def write(
        self, name: str, content: str | bytes, part: Part, title: str, description: str
    ) -> None:
        """Write one file and note what it is.

        Parameters
        ----------
        name : str
            Relative POSIX path, such as ``figures/theatre-slide.png``.
        content : str or bytes
            All of it.
        part, title, description : str
            See `Output`.
        """
        write_whole(self.folder / name, content)
        self.outputs[name] = Output(part, title, description)

    def wrote(self, paths: Iterable[Path], part: Part, title: str, description: str) -> None:
        """Note what files are that a function has written into the folder by itself."""
        for path in paths:
            name = path.relative_to(self.folder).as_posix()
            self.outputs[name] = Output(part, title, description)

    def leave_out(self, what: str, why: str) -> None:
        """Note that this scenario has no such output, and why."""
        self.left_out.append({"what": what, "why": why})

    @property
    def made(self) -> Made:
        """What has been written so far."""
        return self.outputs, self.pictures, self.left_out

    def take_over(self, made: Made) -> None:
        """Note what was written into the same folder elsewhere."""
        for mine, theirs in zip(self.made[1:], made[1:], strict=True):
            mine.extend(theirs)
        self.outputs.update(made[0])

    def undescribed(self) -> list[str]:
        """Return files in the folder of which no step said what they are."""
        there = (
            p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()
        )
        return sorted(set(there) - self.outputs.keys())

    def files(self) -> list[tuple[str, Path, Output]]:
        """Return every file with its path and what it is, in the order of the steps.

        Raises
        ------
        OutputError
            If a step left a file of which it did not say what it is.
        """
        strange = self.undescribed()
        if strange:
            raise OutputError(f"no step of the pack says what {', '.join(strange[:5])} is")
        return [(name, self.folder / name, self.outputs[name]) for name in self.outputs]


Made = tuple[dict[str, Output], list[dict[str, Any]], list[dict[str, str]]]
"""Outputs, pictures and what was left out, as of a `Job`."""


@dataclass(frozen=True)
class Step:
    """One step of a pack.

    Attributes
    ----------
    text : str
        For the progress line.
    run : callable
        What it does.
    share : {"maps", "slides", "charts", "data", "end"}
        Steps of one share are done by one process; those of "end" when all others are done.
    """

    text: str
    run: Callable[[Job], None]
    share: Share = "data"
