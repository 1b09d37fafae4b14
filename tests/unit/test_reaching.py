"""Which sites and systems have a place in range: the catalogue asked the other way round."""

from __future__ import annotations

import json

import pytest

from rangemap.analysis import range_bands, reach_table
from rangemap.analysis.reaching import ELSEWHERE, EVERY, HIGHEST, PLOTTED, find_place
from rangemap.catalogue import load_catalogue, read_capitals
from rangemap.cli import main
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.geodesy import distance_km


def test_every_site_and_system_is_judged_by_its_distance() -> None:
    table = reach_table("Warsaw")
    place = read_capitals().set_index("place_id").loc["POL"]
    rows = table.set_index(["site_id", "system_id"]).sort_index()
    catalogue = load_catalogue()
    seen = 0
    for site in catalogue.sites.values():
        if not site.launches:
            continue
        distance = distance_km(site.lon, site.lat, place.lon, place.lat)
        for system_id in site.system_ids:
            system = catalogue.systems[system_id]
            high = [b.max_high_km for b in catalogue.disputed_bands_of(system_id)] or [
                system.max_high_km or system.plot_km
            ]
            near, far = distance - site.precision_km, distance + site.precision_km
            reached = any(h is not None and (system.min_km or 0) <= far and near <= h for h in high)
            wanted = len(high) if reached else 0  # all sides of a dispute, if one reaches
            found = rows.loc[[(site.id, system_id)]] if (site.id, system_id) in rows.index else []
            assert len(found) == wanted, (site.id, system_id)
            seen += wanted
    assert seen == len(table) > 20
    assert table["distance_km"].is_monotonic_increasing


def test_what_decides_is_said() -> None:
    table = reach_table("FRA")
    for row in table.itertuples():
        wanted = (
            ELSEWHERE if not row.min_km <= row.distance_km <= row.max_high_km
            else EVERY if row.distance_km <= row.max_low_km
            else PLOTTED if row.distance_km <= row.max_km else HIGHEST
        )  # fmt: skip
        assert row.in_range_at == wanted
    assert {EVERY, HIGHEST} <= set(table["in_range_at"])
    assert table["own_side"].any()
    assert not table.loc[table["coalition"] == "russia-belarus", "own_side"].any()


def test_it_agrees_with_the_bands_of_a_scenario() -> None:
    table = reach_table("Berlin").set_index(["site_id", "system_id", "said_by"])
    bands = range_bands("europe")
    shuya = bands[(bands["site_id"] == "shuya") & (bands["band_kind"] == "system")]
    there = zip(shuya["site_id"], shuya["system_id"], shuya["said_by"], strict=True)
    verdicts = {key[2]: table.loc[key, "verdict"] for key in there}
    assert verdicts == {
        "Russia (Ministry of Defence, 2019)": "outside",
        "Western assessments (FAZ 2019, NATO, CSIS)": "inside",
    }


@pytest.mark.parametrize(
    ("text", "lon"), [("Warsaw", 21.0), ("pol", 21.0), ("Poland", 21.0), ("-77.5,38.9", -77.5),
                      ("\N{MINUS SIGN}77.5, 38.9", -77.5), ("Washington, D.C.", -77.04)],
)  # fmt: skip
def test_places_are_found(text: str, lon: float) -> None:
    place = find_place(text)
    assert len(place) == 1
    assert place["lon"].item() == pytest.approx(lon, abs=0.05)
    assert place.geometry.x.item() == place["lon"].item()


def test_a_point_is_on_nobodys_side() -> None:
    assert not reach_table("13.4,52.5")["own_side"].any()


def test_mistakes_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Warsaw'"):
        find_place("Warsow")
    with pytest.raises(ArgumentError, match="500,2"):
        find_place("500,2")
    assert main(["reach", "nan,2"]) == 2
    assert main(["reach", "Atlantis"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reach", "Berlin"]) == 0
    text = capsys.readouterr()
    assert "Western assessments" in text.out
    assert "does not mean targeted" in text.err
    assert main(["reach", "-77.03,38.9", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert all(row["distance_km"] <= row["max_high_km"] for row in rows)
    assert main(["reach", "-140,-50"]) == 0


def test_verdict_margin_class_and_source_stand_in_each_row() -> None:
    table = reach_table("Tokyo")
    undisputed = table[~table["disputed"]]
    assert {"inside", "marginal"} == set(undisputed["verdict"])
    assert (table["verdict"].eq("marginal") == table["hangs_on"].ne("")).all()
    assert table["source_keys"].ne("").all()
    off = table["max_km"] - table["distance_km"]
    plain = table["min_km"].eq(0)
    assert table.loc[plain, "margin_km"].tolist() == pytest.approx(off[plain].tolist())
    classes = table.drop_duplicates("system_id").set_index("system_id")["inf_class"]
    assert classes["df-26"] == "intermediate-range, not a Party"
    assert "ss-20" not in classes or classes["ss-20"] == "intermediate-range"
    for name, text in classes.items():
        if load_catalogue().systems[str(name)].launch_mode != "ground":
            assert text == "not covered"


def test_table_on_the_terminal_tells_margin_class_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["reach", "Tokyo"]) == 0
    header, _, first, *_ = capsys.readouterr().out.splitlines()
    for word in ("km", "margin", "class", "verdict", "sources"):
        assert word in header
    assert first
