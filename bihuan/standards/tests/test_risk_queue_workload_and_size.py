"""Beside the random sample: the risk queue, who gets which work, and how many evaluations a margin needs."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.rules.sample_size import mean_margin, needed_for_mean, needed_for_share, share_margin
from bihuan.standards.rules.sampling_risk import RiskPlan, risk_queue
from bihuan.standards.rules.workload import Task, shared_out

PLAN = RiskPlan(Decimal("0.05"), 2, 3, 300_000_000, 100_000, 7)
PLAIN = {"fatal": False, "rating": None, "complaints": 0, "silence_us": 0, "score_milli": 80_000}
TYPES = {"contact_id": pl.String, "fatal": pl.Boolean, "rating": pl.Int64, "complaints": pl.Int64,
         "silence_us": pl.Int64, "score_milli": pl.Int64}  # fmt: skip


def record(signs, of=100):
    rows = [{"contact_id": f"c{at:03d}", **PLAIN, **signs.get(at, {})} for at in range(of)]
    return pl.DataFrame(rows, schema=TYPES)


def queued(signs, of=100):
    rows = risk_queue(record(signs, of), PLAN, occasion="d").to_dicts()
    return {row["contact_id"]: (row["reasons"], row["inclusion_ppm"]) for row in rows}


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ({"fatal": True}, "fatal"),
        ({"rating": 2}, "low_rating"),
        ({"complaints": 3}, "many_complaints"),
        ({"silence_us": 300_000_000}, "long_silence"),
        ({"score_milli": 100_000}, "full_marks"),
    ],
)
def test_S3_13_each_sign_of_trouble_puts_a_contact_in_the_risk_queue(sign, reason):
    assert queued({5: sign}) == {"c005": ([reason], 1_000_000)}


@pytest.mark.parametrize(
    "sign", [{"rating": 3}, {"complaints": 2}, {"silence_us": 299_999_999}, {"score_milli": 99_999}]
)
def test_one_short_of_a_sign_is_none(sign):
    assert queued({5: sign}) == {}


def test_graver_reasons_go_first_and_what_does_not_fit_is_drawn_with_its_probability():
    found = queued(
        {
            **{at: {"fatal": True, "rating": 1} for at in range(3)},
            **{at: {"score_milli": 100_000} for at in range(50, 58)},
        }
    )
    assert [found[f"c{at:03d}"] for at in range(3)] == [(["fatal", "low_rating"], 1_000_000)] * 3
    assert sorted(ppm for _, ppm in found.values()) == [250_000, 250_000, 1_000_000, 1_000_000, 1_000_000]


def test_the_risk_queue_is_repeatable_and_leaves_the_random_sample_its_room():
    signs = {at: {"rating": 1} for at in range(60)}
    assert queued(signs) == queued(signs)
    assert len(queued(signs)) == 5


@given(st.lists(st.integers(0, 2), max_size=40), st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_work_is_shared_evenly_by_what_is_open_and_nobody_gets_their_own(barred, loads):
    workers = {f"w{at}": load for at, load in enumerate(loads)}
    tasks = [Task(str(at), frozenset({f"w{who}"})) for at, who in enumerate(barred)]
    given = shared_out(tasks, workers)
    assert all(given[task.id] not in task.barred for task in tasks)
    assert all(given[task.id] is not None for task in tasks if set(workers) - task.barred)
    free = shared_out([Task(str(at)) for at in range(40)], workers)
    ends = [load + sum(1 for who in free.values() if who == name) for name, load in workers.items()]
    assert max(ends) - min(ends) <= max(1, max(loads) - min(loads))


def test_the_planner_finds_the_fewest_that_reach_the_margin():
    assert needed_for_share(1_000_000, 0.05, 0.95, share=0.5) == 381  # Wilson; 385 by the usual approximation
    small = needed_for_share(500, 0.05, 0.95, share=0.5)
    assert small < 240
    assert share_margin(small, 0.5, 0.95, of=500) <= 0.05 < share_margin(small - 1, 0.5, 0.95, of=500)


def test_the_planner_corrects_for_a_finite_number_of_contacts():
    assert needed_for_mean(1_000_000, 3, 0.95, deviation=15) == 99
    assert needed_for_mean(120, 3, 0.95, deviation=15) == 55
    assert mean_margin(120, 15, 0.95, of=120) == 0
    assert needed_for_mean(0, 3, 0.95, deviation=15) == 0
