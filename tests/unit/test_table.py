"""Tables that are safe to open."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangemap.views.table import plain, to_csv, to_json, to_terminal


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "  @"])
def test_a_formula_is_disarmed(start: str) -> None:
    text = to_csv(pd.DataFrame({"place": [start + "1+1"], "lon": [-3.5]}))
    cell = next(csv.reader(io.StringIO(text.split("\n", 1)[1], newline="")))
    assert cell == [f"'{start}1+1", "-3.5"]  # a negative number stays a number


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_comes_back_from_csv_and_json(names: list[str]) -> None:
    frame = pd.DataFrame({"place": pd.Series(names, dtype=object)})
    back = [row["place"] for row in json.loads(to_json(frame))]
    assert back == names
    rows = list(csv.reader(io.StringIO(to_csv(frame), newline="")))[1:]
    cells = [row[0] if row else "" for row in rows]
    flat = ["".join(" " if unicodedata.category(c) == "Cc" else c for c in n) for n in names]
    assert [c.removeprefix("'") for c in cells] == [n.removeprefix("'") for n in flat]


def test_control_characters_do_not_break_rows() -> None:
    text = to_csv(pd.DataFrame({"place": ["\r\n=1+1\0"]}))
    assert text == "place\n'  =1+1 \n"


def test_unknown_and_boolean_cells() -> None:
    frame = pd.DataFrame({"own_side": [True, False], "population": pd.array([None, 5], "Int64")})
    assert to_csv(frame) == "own_side,population\ntrue,\nfalse,5\n"
    assert json.loads(to_json(frame))[0] == {"own_side": True, "population": None}


def test_distances_are_given_to_the_metre() -> None:
    frame = pd.DataFrame({"distance_km": [1234.56789], "place_lon": [12.3456789]})
    assert to_csv(frame).splitlines()[1] == "1234.568,12.3456789"


def test_terminal_table_is_aligned_and_cannot_steer_the_terminal() -> None:
    text = to_terminal(["name", "km"], [["a\x1b[2J", 12.0], ["b" * 60, 12345]])
    assert "\x1b" not in text
    lines = text.splitlines()
    assert len({line.rfind("12") for line in lines[2:3]}) == 1
    assert lines[3].endswith("12,345")
    assert "…" in lines[3]
    assert to_terminal(["name"], []).splitlines()[0] == "name"


def test_plain_drops_direction_marks() -> None:
    assert plain("abc\u202egnp.exe\u0007") == "abcgnp.exe"
    assert plain("two\nlines") == "two lines"
