"""The pictures of a pack, as a table, and the step that draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rangemap.errors import ArgumentError
from rangemap.pack.job import Job

__all__ = ["FOLDER", "PICTURES", "PackPicture", "write_charts", "write_maps"]

FOLDER: Final = "figures"
_MAP: Final = "theatre"


@dataclass(frozen=True)
class PackPicture:
    """One picture of every pack.

    Attributes
    ----------
    stem : str
        Name of its files without their endings.
    kind, layout, theme : str
        As `rangemap.views.picture.draw_picture` takes them.
    forms : tuple of str
        "png", "svg", "pdf".
    title : str
        What it is, for the index.
    """

    stem: str
    kind: str
    layout: str
    theme: str
    forms: tuple[str, ...]
    title: str

    @property
    def use(self) -> str:
        """What the layout and the theme are for."""
        layout = {
            "slide": "16:9 slide", "page": "A4 page, upright", "page-landscape": "A4 page, lying",
            "square": "square",
        }[self.layout]  # fmt: skip
        theme = {"light": "", "dark": ", for dark slides", "print": ", greys for a printer"}
        return f"{layout}{theme[self.theme]}"


_ALL: Final = ("png", "svg", "pdf")
_CHART: Final = ("png", "svg")

PICTURES: Final = (
    PackPicture("theatre-slide", _MAP, "slide", "light", _ALL, "Map of the theatre"),
    PackPicture("theatre-slide-dark", _MAP, "slide", "dark", ("png",), "Map of the theatre"),
    PackPicture("theatre-print", _MAP, "page-landscape", "print", ("pdf",), "Map to print"),
    PackPicture("theatre-page", _MAP, "page", "light", ("pdf",), "Map of the theatre"),
    PackPicture("theatre-square", _MAP, "square", "light", ("png",), "Map of the theatre"),
    PackPicture("bars", "bars", "slide", "light", _CHART, "Capitals, people and areas"),
    PackPicture("ladder", "ladder", "slide", "light", _CHART, "Distances of capitals"),
    PackPicture("rose", "rose", "slide", "light", _CHART, "Azimuths and distances from one site"),
    PackPicture("panels", "panels", "slide", "light", _CHART, "Each coalition by itself"),
    PackPicture("overlap", "overlap", "slide", "light", _CHART, "How many sites cover a place"),
    PackPicture("sides", "sides", "slide", "light", _CHART, "Both sides compared"),
    PackPicture("change", "change", "slide", "light", _CHART, "What a disputed range changes"),
)


def write_maps(job: Job) -> None:
    """Draw the map of the theatre in every layout and theme."""
    _write(job, [one for one in PICTURES if one.kind == _MAP])


def write_charts(job: Job) -> None:
    """Draw every other picture that the scenario can have; note why another was left out."""
    _write(job, [one for one in PICTURES if one.kind != _MAP])


def _write(job: Job, pictures: Iterable[PackPicture]) -> None:
    from rangemap.views.picture import draw_picture, picture_bytes
    from rangemap.views.units import units_of

    units = units_of(job.options.units)  # a wrong unit is no reason to leave a picture out
    for one in pictures:
        stem = f"{FOLDER}/{one.stem}"
        try:
            picture = draw_picture(
                job.analysis, one.kind, layout=one.layout, theme=one.theme, units=units
            )
        except ArgumentError as nothing:
            job.leave_out(stem, str(nothing))
            continue
        names = [f"{stem}.{form}" for form in one.forms]
        for name, form in zip(names, one.forms, strict=True):
            job.write(
                name, picture_bytes(picture, form), "pictures", f"{one.title} ({one.use})",
                picture.finding or picture.title,
            )  # fmt: skip
        job.pictures.append(
            {
                "files": names,
                "kind": picture.kind,
                "layout": picture.layout,
                "theme": picture.theme,
                "units": picture.units,
                "title": picture.title,
                "finding": picture.finding,
                "alt": picture.alt,
                "labels": picture.labels,
            }
        )
