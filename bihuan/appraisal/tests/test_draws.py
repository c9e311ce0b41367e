"""The redrawn month: equal to the total where nothing is redrawn, and the same in every order and on every machine."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.appraisal.rules.draws import Draws, doubts, totals_of
from bihuan.appraisal.rules.month import Figure, Part, PersonMonth, month_total
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.schemes import inputs_of

FIRST = date(2026, 7, 1)
EDITIONS = ("recommended", "service-quality", "training-assessment")
SCHEMES = [(name, scheme) for name in EDITIONS for scheme in load_edition(name).schemes]
SCORES = {"daily_score", "attendance_score", "cross_team_response", "training_average"}


def scheme_of(name):
    return load_edition(name[0]).schemes[name[1]]


@st.composite
def months(draw, inputs):
    figures = {}
    for name in sorted(inputs):
        days = draw(st.lists(st.integers(0, 30), unique=True, max_size=8))
        parts = {}
        for day in days:
            below = 1 if name in SCORES else draw(st.integers(0 if name == "complaint_rate" else 1, 40))
            most = 2 * below + 1 if name == "complaint_rate" else below  # complaints may outnumber contacts
            above = draw(st.integers(0, 100_000 if name in SCORES else most))
            parts[FIRST + timedelta(days=day)] = Part(above, below)
        figures[name] = Figure(parts, len(parts), Decimal(100), per=1000 if name in SCORES else 1)
    return PersonMonth("8001", "张三", "east", 100, 0, figures)


@pytest.mark.parametrize("name", SCHEMES, ids=".".join)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_X16_the_undrawn_month_is_the_total_itself(name, data) -> None:
    scheme = scheme_of(name)
    month = data.draw(months({leaf.input for leaf in inputs_of(scheme).values()}))
    days = sorted({day for figure in month.figures.values() for day in figure.days})
    drawn = float(totals_of(scheme, month, days, np.ones((1, len(days))))[0])
    exact = month_total(scheme, month).unfailed
    if exact is None:
        assert np.isnan(drawn)
    else:
        assert drawn == pytest.approx(float(exact), abs=0.0006)


def test_where_a_missing_term_counts_in_full_it_does_so_in_every_draw() -> None:
    scheme = replace(scheme_of(("recommended", "service_quality_month")), na="full")
    month = PersonMonth("8001", "张三", "east", 40, 0, {"daily_score": Figure({FIRST: Part(80_000, 1)}, 1, per=1000)})
    assert float(totals_of(scheme, month, [FIRST], np.ones((1, 1)))[0]) == pytest.approx(88)  # 80 × 0.6 + 100 × 0.4
    assert month_total(scheme, month).unfailed == Decimal(88)


def people(count=12):
    chance = random.Random(5)
    return [
        PersonMonth(
            str(8001 + at), f"Name {at}", "east", 100, 0,
            {
                "daily_score": Figure(
                    {FIRST + timedelta(days=d): Part(chance.randrange(60_000, 100_000), 1) for d in range(20)}, 20, per=1000
                ),
                "positive_rate": Figure({FIRST + timedelta(days=d): Part(chance.randrange(4), 4) for d in range(20)}, 80),
                "complaint_rate": Figure({FIRST + timedelta(days=d): Part(0, 9) for d in range(20)}, 180),
            },
        )
        for at in range(count)
    ]  # fmt: skip


def bounds(months, seed=1, count=200):
    scheme = scheme_of(("recommended", "service_quality_month"))
    return doubts(scheme, months, draws=Draws(count, seed), confidence=0.95, decimals=2)


def test_X16_the_order_people_come_in_changes_nothing() -> None:
    months = people()
    shuffled = random.Random(1).sample(months, len(months))
    assert bounds(months) == bounds(shuffled)


def test_X16_a_persons_bounds_do_not_depend_on_who_else_is_there() -> None:
    months = people()
    alone, among = bounds(months[:1]), bounds(months)
    assert (alone["8001"].low, alone["8001"].high) == (among["8001"].low, among["8001"].high)


def test_X16_rank_bounds_hold_the_rank_and_totals_lie_within_theirs() -> None:
    months = people()
    scheme = scheme_of(("recommended", "service_quality_month"))
    totals = {month.person: month_total(scheme, month).value for month in months}
    for person, doubt in bounds(months).items():
        rank = 1 + sum(other > totals[person] for other in totals.values())
        assert doubt.rank[0] <= rank <= doubt.rank[1]
        assert doubt.low <= totals[person] <= doubt.high
        assert 1 <= doubt.rank[0] <= doubt.rank[1] <= len(months)


def test_X16_one_day_alone_leaves_no_doubt_about_a_total() -> None:
    month = PersonMonth(
        "8001", "张三", "east", 40, 0,
        {"daily_score": Figure({FIRST: Part(90_000, 1)}, 1, per=1000), "positive_rate": Figure({FIRST: Part(3, 4)}, 4),
         "complaint_rate": Figure({FIRST: Part(0, 9)}, 9)},
    )  # fmt: skip
    doubt = bounds([month])["8001"]
    assert doubt.low == pytest.approx(89) == doubt.high  # 90 × 0.6 + 75 × 0.2 + 100 × 0.2
