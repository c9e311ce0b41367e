import json

import pytest
from django.utils import translation

from bihuan.ui import charts

SERIES = charts.Series(
    "rate",
    "Positive rate",
    ("10-01", "10-02", "10-03"),
    (charts.Panel("Positive rate", (91.0, None, 88.5), unit="%", low=(88, None, 85), high=(93, None, 91), target=90),),
    "It falls below its target",
)


def test_a_missing_value_stays_missing_in_drawing_and_table():
    data = SERIES.to_json("zh")
    assert data["panels"][0]["values"] == [91.0, None, 88.5]
    assert data["table"]["rows"][1] == ["10-02", "—", "—"]


def test_the_table_shows_the_same_numbers_as_the_drawing():
    data = SERIES.to_json("zh")
    drawn = [value for value in data["panels"][0]["values"] if value is not None]
    assert [float(row[1]) for row in data["table"]["rows"] if row[1] != "—"] == drawn


@pytest.mark.parametrize(("better", "sign"), [("up", "≥"), ("down", "≤")])
def test_the_title_names_unit_and_target(better, sign):
    panel = charts.Panel("First response", (1,), unit="秒", target=30, better=better)
    assert panel.title.startswith("First response（秒）")
    assert panel.title.endswith(f"{sign} 30")


def test_a_distribution_lists_counts_and_shares():
    chart = charts.Histogram("h", "Spread", (charts.Bin("0–10", 1), charts.Bin("10–20", 3)), "Most take 10 to 20 s")
    assert [row[1:] for row in chart.table()["rows"]] == [["1", "25.0 %"], ["3", "75.0 %"]]


def test_a_heat_chart_keeps_what_was_not_measured_apart_from_nothing_and_tells_the_same_as_a_table():
    chart = charts.Heat(
        "w", "Week", ("Mon", "Tue"), ("09:00", "09:30"), ((1.5, 0), (None, 4)), "Busiest on Tue", decimals=1
    )
    told = chart.to_json("en")
    assert told["cells"] == [[1.5, 0.0], [None, 4.0]]
    assert told["most"] == 4.0
    assert told["table"]["rows"] == [["09:00", "1.5", "—"], ["09:30", "0.0", "4.0"]]


@pytest.mark.parametrize(("language", "head"), [("zh-hans", "首次响应（秒）"), ("en", "首次响应 (秒)")])
def test_brackets_are_those_of_the_readers_writing(language, head):
    with translation.override(language):
        assert charts.Panel("首次响应", (1,), unit="秒").title == head


def test_a_rank_change_says_who_rises_by_how_much():
    chart = charts.Slope("s", "Moves", "A", "B", (charts.Move("高翔", 6, 5, "90.1", "91.4", lit=True),), "One rises", 5)
    assert chart.table()["rows"] == [["高翔", "6 90.1", "5 91.4", "+1"]]


def test_a_ladder_keeps_a_missing_interval_missing_and_says_who_is_unsure():
    rungs = (charts.Rung("王凯", 94.08, 93.1, 95.2), charts.Rung("苏敏", 90.9, unsure=True))
    told = charts.Ladder("l", "Totals", rungs, "Two people", "Total", cut=1, cut_text="best 10 %").to_json("zh")
    assert told["points"][1] == {"value": 90.9, "low": None, "high": None, "unsure": True}
    assert told["table"]["rows"] == [["王凯", "94.1", "93.1–95.2"], ["苏敏", "90.9", "—"]]
    assert (told["cut"], told["cut_text"]) == (1, "best 10 %")


def test_declarations_are_plain_data():
    assert json.loads(json.dumps(SERIES.to_json("zh")))["kind"] == "series"
