"""What stands on slides: pages of text, pictures, charts, sources."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, Final, cast
from urllib.parse import urlsplit

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.util import Pt

from rangemap.catalogue import Evidence, Source
from rangemap.views.deck_maker import GAP, INSET, add_text, values_of
from rangemap.views.deck_plan import Frame, Plan
from rangemap.views.deck_text import LINE, add_runs
from rangemap.views.labels import shorten
from rangemap.views.picture import Picture, picture_bytes
from rangemap.views.story_parts import Bars, Points
from rangemap.views.story_words import clean
from rangemap.views.theme import Theme

__all__ = ["add_bars", "add_picture", "add_source_column", "source_pages", "text_pages"]

_TEXT_SIZES: Final = (22.0, 20.0, 18.0, 16.0)
_FEW_SIZES: Final = (28.0, 26.0, 24.0, *_TEXT_SIZES)  # for up to three paragraphs
_BULLET: Final = 40.0  # room for bullets of an unknown template, points
_SOURCE: Final = 10.0
_DPI: Final = 200
_LEAST_SHARE: Final = 0.035  # of the longest bar, for a number to stand on its piece
_WEB: Final = ("http", "https")


def text_pages(points: Points, plan: Plan) -> tuple[list[tuple[tuple[str, str], ...]], float]:
    """Return paragraphs as they go on slides, evenly, and the size of their text."""
    width = plan.area.width - 2 * INSET - _BULLET
    room = plan.area.height - INSET
    texts = list(points.texts)
    for count in range(1, len(texts) + 1):
        share = -(-len(texts) // count)
        pages = [tuple(texts[at : at + share]) for at in range(0, len(texts), share)]
        sizes = [
            plan.ruler.fit([f"{lead}: {text}" if lead else text for lead, text in page],
                     width, room, _FEW_SIZES if len(texts) <= 3 else _TEXT_SIZES, gap=GAP)
            for page in pages
        ]  # fmt: skip
        if all(size is not None for size in sizes):
            return pages, min(size for size in sizes if size is not None)
    most = int(room / (_TEXT_SIZES[-1] * LINE) * width / (_TEXT_SIZES[-1] * 0.75))
    return [((lead, shorten(text, most)),) for lead, text in texts], _TEXT_SIZES[-1]


def add_picture(
    slide: Any, plan: Plan, draw: Callable[[tuple[float, float]], Picture], note: str, top: float
) -> None:
    """Add a picture as large as the slide has room for, and the small print under it."""
    area = plan.area
    lines = plan.ruler.lines(note, area.width, 10.0)
    small = len(lines) * 10.0 * LINE + 2
    size = (area.width, area.bottom - top - small - 6)
    picture = draw(size)
    content = io.BytesIO(picture_bytes(picture, "png", dpi=_DPI))
    frame = (Pt(area.left), Pt(top), Pt(size[0]), Pt(size[1]))
    shape = slide.shapes.add_picture(content, *frame)
    shape.name = "Picture"
    shape._element.nvPicPr.cNvPr.set("descr", clean(picture.alt))
    add_text(slide, plan, Frame(area.left, area.bottom - small, area.width, small), [note], 10.0)


def add_bars(slide: Any, bars: Bars, frame: Frame, theme: Theme) -> None:
    """Add stacked bars as a chart that can be edited, with its numbers on it."""
    data = cast("Any", CategoryChartData)(number_format="#,##0")
    data.categories = list(bars.categories)
    for series in bars.series:
        data.add_series(series.name, series.values)
    place = (Pt(value) for value in values_of(frame))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *place, data)
    shape.name = "Chart"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", bars.alt)
    chart = shape.chart
    chart.has_title = False
    chart.font.size = Pt(13)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.fill.background()
    chart.category_axis.tick_labels.font.size = Pt(13)
    # A number wider than its piece would be cut: it stands in the table alone.
    longest = max(map(sum, zip(*(series.values for series in bars.series), strict=True)))
    least = max(round(longest * _LEAST_SHARE), 1)
    # Left to itself, a program may start the axis near the shortest bar, which misleads.
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, max(longest, 1)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (45 if len(bars.categories) > 1 else 200), 100
    for number, (series, drawn) in enumerate(zip(bars.series, plot.series, strict=True)):
        color = theme.data(series.color, number)
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = _rgb(color)
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = f"[>={least}]#,##0;", False
        labels.font.size, labels.font.bold = Pt(13), True
        labels.font.color.rgb = _rgb(theme.on(color))


def _rgb(color: str) -> Any:
    return cast("Any", RGBColor)(*bytes.fromhex(color[1:]))


def source_text(number: int, source: Source) -> tuple[str, str, str, str]:
    """Return number, text, shown address and link of a source."""
    date = f", {source.date}" if source.date else ""
    read = "" if source.evidence == Evidence.SEEN else " *"
    text = f"{clean(source.publisher, 80)}{date}: {clean(source.title, 150)}.{read}"
    parts = urlsplit(source.url)
    web = parts.scheme in _WEB and bool(parts.hostname)
    return (f"[{number}] ", text, (parts.hostname or "").removeprefix("www.") if web else "",
            source.url if web else "")  # fmt: skip


Entry = tuple[str, str, str, str]


def source_pages(sources: Sequence[Source], plan: Plan) -> list[list[list[Entry]]]:
    """Return sources by slide and column."""
    width, _ = _columns(plan)
    wide = width - 2
    entries = [source_text(number, source) for number, source in enumerate(sources, 1)]
    heights = [
        plan.ruler.height([" ".join(entry[:3])], wide, _SOURCE, gap=4.0) for entry in entries
    ]
    room = plan.area.height - 18
    count = 2 if plan.area.width > 600 else 1
    slides = -(-len(_columned(heights, room)) // count)
    # As few slides as can be, and all columns about as long.
    while room > 100 and len(_columned(heights, room - 10)) <= slides * count:
        room -= 10
    columns = [[entries[n] for n in column] for column in _columned(heights, room)]
    return [columns[at : at + count] for at in range(0, len(columns), count)]


def _columned(heights: Sequence[float], room: float) -> list[list[int]]:
    columns: list[list[int]] = [[]]
    used = 0.0
    for number, high in enumerate(heights):
        if used + high > room and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(number)
        used += high
    return [column for column in columns if column]


def _columns(plan: Plan) -> tuple[float, float]:
    """Return the width of a column and the distance between two."""
    gap = 24.0
    return ((plan.area.width - gap) / 2, gap) if plan.area.width > 600 else (plan.area.width, 0.0)


def add_source_column(slide: Any, plan: Plan, entries: Sequence[Entry], column: int) -> None:
    """Add one column of sources, each with a link to where it stands."""
    width, gap = _columns(plan)
    left = plan.area.left + column * (width + gap)
    frame = Frame(left, plan.area.top, width, plan.area.height - 16)
    shape = add_text(slide, plan, frame, [], _SOURCE)
    shape.name = f"Sources {column + 1}"
    box = shape.text_frame
    for number, (mark, text, shown, link) in enumerate(entries):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        paragraph.line_spacing = 1.0
        paragraph.space_after = Pt(4)
        add_runs(paragraph, mark, size=_SOURCE, bold=True)
        add_runs(paragraph, f"{text} ", size=_SOURCE)
        if link:
            add_runs(paragraph, shown, size=_SOURCE, link=link)
