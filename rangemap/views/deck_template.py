"""A user's own template, read with care: it is a file from outside."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn

from rangemap.errors import DataError
from rangemap.views.story_words import clean

__all__ = ["drop_slides", "read_template"]

_LARGEST: Final = 100 * 2**20
_UNPACKED: Final = 400 * 2**20
_MEMBERS: Final = 5000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_TYPES: Final = "[Content_Types].xml"
_MAIN: Final = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_LIKE: Final = tuple(
    b"application/vnd.openxmlformats-officedocument.presentationml." + kind + b".main+xml"
    for kind in (b"template", b"slideshow")
)


# What python-pptx, lxml (its XMLSyntaxError is a SyntaxError) and zipfile raise on a file that
# is damaged on purpose; zipfile's RuntimeError covers passwords and unknown ways of packing.
_DAMAGED: Final = (
    AttributeError, KeyError, IndexError, TypeError, ValueError, RuntimeError,
    PythonPptxError, SyntaxError, zipfile.BadZipFile, zlib.error, EOFError,
)  # fmt: skip


def read_template(path: str | Path) -> Any:
    """Return a presentation with the user's masters and layouts and none of the slides.

    Parameters
    ----------
    path : str or pathlib.Path
        A ``.pptx`` or ``.potx`` file.

    Returns
    -------
    pptx.presentation.Presentation
        Without slides.

    Raises
    ------
    DataError
        If it cannot be read: no such file, not a presentation, encrypted, with macros, too
        large, damaged, or without any layout that has a title.
    """
    shown = clean(path, 120)
    try:
        if Path(path).stat().st_size > _LARGEST:
            raise DataError(f"template {shown} is larger than {_LARGEST >> 20} MB")
        content = Path(path).read_bytes()
    except OSError as problem:
        raise DataError(f"cannot read template {shown}: {problem.strerror or problem}") from problem
    _check_kind(content, shown)
    try:
        presentation = Presentation(io.BytesIO(_as_presentation(content, shown)))
        drop_slides(presentation)
        titled = any(_has_title(layout) for layout in all_layouts(presentation))
    except DataError:
        raise
    except _DAMAGED as problem:
        raise DataError(f"template {shown} is damaged: it opens as no presentation") from problem
    if not titled:
        raise DataError(f"template {shown} has no layout with a title, which each slide needs")
    return presentation


def _check_kind(content: bytes, shown: str) -> None:
    if content.startswith(_OLE):
        raise DataError(
            f"template {shown} is encrypted, or a .ppt of the old kind: save it as .pptx or .potx "
            "without a password"
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise DataError(f"template {shown} is not a PowerPoint file (.pptx or .potx)")


def _as_presentation(content: bytes, shown: str) -> bytes:
    """Check what the package holds, and turn a template's main part into a presentation's."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        names = {member.filename for member in members}
        if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
            raise DataError(f"template {shown} unpacks to more than {_UNPACKED >> 20} MB")
        if any(member.flag_bits & 1 for member in members):
            raise DataError(f"template {shown} is encrypted: save it without a password")
        if _TYPES not in names:
            raise DataError(f"template {shown} is not a PowerPoint file (.pptx or .potx)")
        types = package.read(_TYPES)
        if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
            raise DataError(f"template {shown} holds macros: save it as .pptx or .potx")
        if _MAIN in types:
            return content
        kind = next((kind for kind in _LIKE if kind in types), None)
        if kind is None:
            raise DataError(f"template {shown} is not a PowerPoint file (.pptx or .potx)")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for member in members:
                data = types.replace(kind, _MAIN) if member.filename == _TYPES else (
                    package.read(member))  # fmt: skip
                new.writestr(member.filename, data)
        return stream.getvalue()


def all_layouts(presentation: Any) -> list[Any]:
    """Return the layouts of all masters, in order."""
    return [layout for master in presentation.slide_masters for layout in master.slide_layouts]


def _has_title(layout: Any) -> bool:
    return any(shape.placeholder_format.type in (1, 3) for shape in layout.placeholders)


def drop_slides(presentation: Any) -> None:
    """Remove all slides, and what refers to them: sections and custom shows."""
    root = presentation.part._element
    slides = root.find(qn("p:sldIdLst"))
    for entry in list(slides) if slides is not None else ():
        presentation.part.drop_rel(entry.get(qn("r:id")))
        slides.remove(entry)
    shows = root.find(qn("p:custShowLst"))
    if shows is not None:
        root.remove(shows)
    extensions = root.find(qn("p:extLst"))
    for extension in list(extensions) if extensions is not None else ():
        if any(child.tag.endswith("}sectionLst") for child in extension):
            extensions.remove(extension)
    if extensions is not None and not len(extensions):
        root.remove(extensions)
