"""The label placer never misleads, and untrusted text is made safe."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from rangemap.views.figure_canvas import Canvas
from rangemap.views.label_beside import place_beside
from rangemap.views.label_positions import SAME_SPOT_PT
from rangemap.views.labels import (
    Box,
    Label,
    clean_text,
    fit,
    text_size,
    wrap,
)
from rangemap.views.placing import place_labels
from rangemap.views.projection import fit_view

FRAME = Box(0, 0, 300, 200)
COORDINATES = st.tuples(st.floats(0, 300), st.floats(0, 200))
NAMES = st.sampled_from(["Oslo", "Sarajevo", "Bucharest", "Sri Jayawardenepura Kotte", "Minsk"])


@st.composite
def maps(draw):
    spots = draw(st.lists(COORDINATES, min_size=1, max_size=25))
    return [
        Label(
            f"p{n}",
            draw(NAMES),
            x,
            y,
            6.2,
            2.4,
            draw(st.integers(0, 5)),
            leader=draw(st.booleans()),
            missed=draw(st.booleans()),
        )
        for n, (x, y) in enumerate(spots)
    ]


def placed(labels, **options):
    points = np.array([[label.x, label.y] for label in labels]).reshape(-1, 2)
    radii = np.array([label.radius for label in labels])
    return place_labels(labels, frame=FRAME, points=points, radii=radii, **options), points


@settings(deadline=None, max_examples=150)
@given(maps())
def test_labels_touch_no_label_no_symbol_and_no_edge(labels):
    boxes, points = placed(labels)
    found = list(boxes.values())
    for number, box in enumerate(found):
        assert box.within(FRAME)
        assert not any(box.overlaps(other) for other in found[number + 1 :])
        assert (box.distance(points[:, 0], points[:, 1]) >= 2.4).all()


@settings(deadline=None, max_examples=150)
@given(maps())
def test_no_label_is_nearer_to_another_point_than_to_its_own(labels):
    boxes, points = placed(labels)
    for label in labels:
        if label.key in boxes:
            gaps = boxes[label.key].distance(points[:, 0], points[:, 1])
            own = float(boxes[label.key].distance(label.x, label.y))
            apart = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) > SAME_SPOT_PT
            assert (gaps[apart] > own).all()


@settings(deadline=None, max_examples=50)
@given(maps(), st.tuples(COORDINATES, COORDINATES))
def test_labels_keep_off_obstacles(labels, corners):
    (x0, y0), (x1, y1) = corners
    obstacle = Box(min(x0, x1), min(y0, y1), max(x0, x1) + 1, max(y0, y1) + 1)
    boxes, _ = placed(labels, obstacles=[obstacle])
    assert not any(box.overlaps(obstacle) for box in boxes.values())


@given(maps(), st.randoms())
@settings(deadline=None, max_examples=30)
def test_the_order_of_the_input_does_not_matter(labels, random):
    first, _ = placed(labels)
    shuffled = list(labels)
    random.shuffle(shuffled)
    assert placed(shuffled)[0] == first


def test_the_important_label_wins_and_the_other_is_dropped():
    frame = Box(0, 0, 60, 12)
    labels = [
        Label("small", "Vaduz", 20, 6, 6.2, 2, priority=5),
        Label("large", "Paris", 26, 6, 6.2, 2, priority=0),
    ]
    points = np.array([[20.0, 6.0], [26.0, 6.0]])
    boxes = place_labels(labels, frame=frame, points=points, radii=np.array([2.0, 2.0]))
    assert "large" in boxes
    assert boxes["large"].x0 > 26


def test_a_label_that_would_be_missed_pushes_out_another():
    """Between walls there is room for one name; the first in the order is the other's."""
    walls = [Box(0, 0, 300, 94), Box(0, 106, 300, 200), Box(0, 0, 94, 200), Box(152, 0, 300, 200)]
    first = Label("a", "Sarajevo", 100, 100, 6.2, 2.4, 0)
    second = Label("b", "Sarajevo", 146, 100, 6.2, 2.4, 1)
    assert list(placed([first, second], obstacles=walls)[0]) == ["a"]
    dear = replace(second, missed=True)
    boxes, points = placed([first, dear], obstacles=walls)
    assert list(boxes) == ["b"]
    assert (boxes["b"].distance(points[:, 0], points[:, 1]) >= 2.4).all()
    both = [replace(first, missed=True), dear]
    assert list(placed(both, obstacles=walls)[0]) == ["a"]  # nobody is missed more than another


def test_who_is_pushed_out_moves_if_it_can():
    walls = [Box(0, 0, 300, 94), Box(0, 106, 300, 200), Box(152, 0, 300, 200)]
    first = Label("a", "Sarajevo", 100, 100, 6.2, 2.4, 0)
    second = Label("b", "Sarajevo", 146, 100, 6.2, 2.4, 1, missed=True)
    boxes, _ = placed([first, second], obstacles=walls)
    assert set(boxes) == {"a", "b"}
    assert boxes["a"].x1 < 100 < boxes["b"].x0


@settings(deadline=None, max_examples=150)
@given(maps())
def test_whoever_would_be_missed_is_named_if_anybody_is(labels):
    """Alone with its symbols it has room, then it has room among names that are not missed."""
    boxes, _ = placed(labels)
    points = np.array([[label.x, label.y] for label in labels])
    radii = np.array([label.radius for label in labels])
    missed = [label for label in labels if label.missed]
    if len(missed) == 1 and len(labels) < 4:
        alone = place_labels(missed, frame=FRAME, points=points, radii=radii)
        assert (missed[0].key in boxes) == (missed[0].key in alone)


def test_a_name_does_not_end_at_the_symbol_of_another():
    """ "Nicosia" to the left of the symbol of Beirut would read as its name."""
    nicosia = Label("n", "Nicosia", 100, 100, 8, 2)
    wide, _ = text_size("Nicosia", 8)
    at = {"frame": Box(0, 0, 300, 200), "radii": np.array([2.0, 2.0])}
    end = 100 + 2 + 1.2 + wide
    reads_on = place_labels([nicosia], points=np.array([[100.0, 100], [end + 5, 100]]), **at)
    assert reads_on["n"].x1 < 100
    for free in ((end + 8, 100.0), (end + 5, 110.0)):
        assert place_labels([nicosia], points=np.array([[100.0, 100], free]), **at)["n"].x0 > 100


@pytest.mark.parametrize("gap", [0.8, 3.0])
def test_two_names_do_not_read_as_one(gap):
    """Of "Vienna" east and "Warsaw" west of their symbols, one gives way unless a space fits."""
    widths = [text_size(name, 8)[0] for name in ("Vienna", "Warsaw")]
    east = 60 + 2 * 3.2 + sum(widths) + gap
    labels = [
        Label("v", "Vienna", 60, 100, 8, 2, priority=0),
        Label("w", "Warsaw", east, 100, 8, 2, priority=1),
    ]
    boxes = place_labels(
        labels, frame=Box(0, 0, 300, 200), points=np.array([[60.0, 100], [east, 100]]),
        radii=np.array([2.0, 2.0]), obstacles=[Box(east + 3, 98, 300, 102)],
    )  # fmt: skip
    assert (boxes["w"].x1 < east) == (gap > 2)


def test_a_name_moves_when_a_later_one_comes_close():
    """The first has its choice before the second is placed, and is asked again."""
    wide = text_size("Vienna", 8)[0]
    east = 60 + 3.2 + wide + 0.8 + text_size("Warsaw", 8)[0] / 2
    labels = [
        Label("w", "Warsaw", east, 93, 8, 2, priority=0),
        Label("v", "Vienna", 60, 100, 8, 2, priority=1),
    ]
    sides = [Box(east + 3, 80, 300, 96), Box(0, 80, 57, 120), Box(0, 80, 300, 90)]
    sides.append(Box(east - 10, 91, east - 3.4, 95.9))
    boxes = place_labels(
        labels, frame=Box(0, 0, 300, 200), points=np.array([[60.0, 100], [east, 93]]),
        radii=np.array([2.0, 2.0]), obstacles=sides,
    )  # fmt: skip
    assert boxes["w"].x0 - boxes["v"].x1 > 1.5


def test_a_lone_label_stands_east_and_moves_off_a_line():
    lone = [Label("a", "Oslo", 150, 100, 6.2, 2)]
    assert placed(lone)[0]["a"].x0 > 150
    line = np.column_stack([np.full(60, 160.0), np.linspace(80, 120, 60)])
    assert placed(lone, lines=line)[0]["a"].x1 < 150


@given(st.text(max_size=300), st.integers(2, 40))
def test_cleaned_text_is_one_short_safe_line(text, limit):
    clean = clean_text(text, limit)
    assert len(clean) <= limit
    assert not any(unicodedata.category(c)[0] == "C" for c in clean)
    assert clean == " ".join(clean.split())


def test_marks_of_direction_and_unknown_glyphs_do_not_pass():
    assert clean_text("a\u202eb\u2066c\u200fd") == "a b c d"
    assert clean_text("漢 Ķ 서울") == "漢 Ķ 서울"
    assert clean_text("\U0001f9ff Ķ") == "\ufffd Ķ"
    assert clean_text("\ud800x") == "x"
    assert clean_text("$x^2$") == "$x^2$"


@given(st.text(alphabet="abc ij", max_size=80), st.floats(10, 200))
def test_wrapped_lines_fit(text, width):
    lines = wrap(text, width, 8)
    assert all(text_size(line, 8)[0] <= width or len(line) <= 2 for line in lines)


def test_fit_keeps_what_fits():
    assert fit("Oslo", 100, 8) == "Oslo"
    short = fit("Sri Jayawardenepura Kotte", 50, 8)
    assert short.endswith("…")
    assert text_size(short, 8)[0] <= 50


def test_bold_is_wider():
    assert text_size("Minsk", 8, bold=True)[0] > text_size("Minsk", 8)[0]
    assert text_size("Minsk", 16)[0] == pytest.approx(2 * text_size("Minsk", 8)[0])


def test_a_name_beside_a_line_has_its_own_line_free():
    """Neither a symbol nor what is written already lies under the fine line."""
    view = fit_view(np.array([0.0]), np.array([50.0]), 1000.0, aspect=2)
    canvas = Canvas(Figure().add_axes((0, 0, 1, 1)), view, 400, 200)
    nothing, up = np.empty((0, 2)), [((100.0, 100.0), (0.0, 1.0))]
    free = place_beside(canvas, ["500 km"], 7, up, nothing, [])
    assert free is not None
    assert free.box.y0 == 105
    assert place_beside(canvas, ["500 km"], 7, up, np.array([[100.0, 106.0]]), []) is None
    canvas.taken.append(Box(90, 101, 110, 104))
    assert place_beside(canvas, ["500 km"], 7, up, nothing, []) is None
    both = [*up, ((100.0, 100.0), (0.0, -1.0))]
    below = place_beside(canvas, ["500 km", "from here"], 7, both, nothing, [])
    assert below is not None
    assert below.box.y1 == 95
    costly = place_beside(canvas, ["500 km"], 7, both, nothing, [below.box])
    assert costly is not None
    assert costly.cost > below.cost
