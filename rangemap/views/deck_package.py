"""The finished file: the same bytes for the same content, whenever it is made."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any, Final

from rangemap.views.story_parts import Story

__all__ = ["APP_XML", "packed", "set_properties"]

APP_XML: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>rangemap</Application></Properties>"
)
"""What made the file, instead of what the template says of itself."""

_CORE: Final = "docProps/core.xml"
_MOMENT: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def packed(content: bytes, day: date) -> bytes:
    """Return a zip-based file with every moment in it set to one day.

    Parameters
    ----------
    content : bytes
        A PPTX or XLSX file; workbooks inside it are treated alike.
    day : datetime.date
        The date of the data.
    """
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            data = old.read(member)
            if member.filename.endswith(".xlsx"):
                data = packed(data, day)
            elif member.filename == _CORE:
                moment = f"{day.isoformat()}T00:00:00Z".encode("ascii")
                data = _MOMENT.sub(rb"\g<1>" + moment + rb"\g<2>", data)
            info = zipfile.ZipInfo(member.filename, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, data)
    return stream.getvalue()


def set_properties(properties: Any, story: Story) -> None:
    """Fill the core properties of a document: what it is, what made it, its caveats."""
    moment = datetime.fromisoformat(story.date)
    properties.title = story.title[:255]
    properties.subject = story.subtitle[:255]
    properties.author = "rangemap"
    properties.last_modified_by = "rangemap"
    properties.comments = _within([story.provenance, *story.caveats], 255)
    properties.keywords = "; ".join(story.keywords)[:255]
    properties.category = "Briefing"
    properties.language = "en-GB"
    properties.revision = 1
    properties.created = moment
    properties.modified = moment


def _within(texts: list[str], limit: int) -> str:
    """Join as many sentences as a property holds."""
    result = texts[0][:limit]
    for text in texts[1:]:
        if len(result) + len(text) + 2 > limit:
            break
        result = f"{result}. {text}" if not result.endswith(".") else f"{result} {text}"
    return result
