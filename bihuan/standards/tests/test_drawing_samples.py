"""The daily draw: stratified, repeatable, 10–20 %, with the probability of every drawn contact kept (S3-10)."""

import time
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.rules.sampling import PPM, SamplingPlan, draw, stratum_of

PLAN = SamplingPlan(Decimal("0.10"), Decimal("0.20"), 1, 12, 18, 7)
SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=24)


def contacts_of(sizes):
    rows = [(f"c{at}-{one}", f"s{at:02d}") for at, size in enumerate(sizes) for one in range(size)]
    return pl.DataFrame(rows, schema=["contact_id", "stratum"], orient="row")


@given(SIZES)
def test_S3_10_ten_to_twenty_percent_of_a_day_are_drawn(sizes):
    drawn = draw(contacts_of(sizes), PLAN, occasion="d").drawn
    total = sum(sizes)
    assert drawn >= Fraction(total, 10)
    assert drawn <= Fraction(total, 5) if total >= 5 else drawn == 1


@given(SIZES, st.randoms(use_true_random=False))
def test_S3_10_the_same_seed_and_record_give_the_same_draw_in_any_order_of_rows(sizes, rnd):
    contacts = contacts_of(sizes)
    shuffled = contacts.sample(fraction=1, shuffle=True, seed=rnd.randrange(1000))
    assert draw(contacts, PLAN, occasion="d").sample.equals(draw(shuffled, PLAN, occasion="d").sample)


def test_S3_10_another_day_or_another_seed_draws_others():
    contacts = contacts_of([200, 200])
    first = set(draw(contacts, PLAN, occasion="monday").sample["contact_id"])
    assert first != set(draw(contacts, PLAN, occasion="tuesday").sample["contact_id"])
    assert first != set(draw(contacts, replace(PLAN, seed=8), occasion="monday").sample["contact_id"])


def test_the_draw_of_a_seed_is_the_same_on_every_machine():
    assert draw(contacts_of([20, 30]), PLAN, occasion="d").sample["contact_id"].to_list() == [
        "c0-0", "c0-15", "c1-13", "c1-19", "c1-22",
    ]  # fmt: skip


@given(SIZES)
def test_every_drawn_contact_keeps_the_share_of_its_stratum_that_was_drawn(sizes):
    result = draw(contacts_of(sizes), PLAN, occasion="d")
    by_name = {stratum.name: stratum for stratum in result.strata}
    for name, ppm in result.sample.select("stratum", "inclusion_ppm").iter_rows():
        assert ppm == round(Fraction(by_name[name].drawn, by_name[name].contacts) * PPM)
    assert sum(s.contacts for s in result.strata) == sum(sizes)
    counted = dict(result.sample.group_by("stratum").len().iter_rows())
    assert counted == {s.name: s.drawn for s in result.strata if s.drawn}


@given(st.lists(st.integers(12, 60), min_size=1, max_size=12))
def test_S3_10_every_stratum_is_looked_at_at_least_the_minimum_where_there_is_room(sizes):
    assert all(
        stratum.drawn >= PLAN.least_per_stratum for stratum in draw(contacts_of(sizes), PLAN, occasion="d").strata
    )


@given(SIZES)
def test_no_contact_is_left_without_a_chance(sizes):
    assert all(stratum.drawn > 0 for stratum in draw(contacts_of(sizes), PLAN, occasion="d").strata)


def test_strata_that_are_too_small_for_their_minimum_are_pooled():
    result = draw(contacts_of([1] * 9 + [11]), PLAN, occasion="d")
    assert (result.contacts, result.drawn) == (20, 4)
    assert "pooled" in {stratum.name for stratum in result.strata}


def test_weighing_by_inclusion_gives_back_the_whole():
    sizes = [300, 40, 7]
    contacts = contacts_of(sizes)
    truth = {name: float(at) for at, name in enumerate(("s00", "s01", "s02"))}
    sample = draw(contacts, replace(PLAN, least_per_stratum=5), occasion="d").sample
    weighed = sum(truth[name] / (ppm / PPM) for name, ppm in sample.select("stratum", "inclusion_ppm").iter_rows())
    assert abs(weighed - sum(at * size for at, size in enumerate(sizes))) < 0.01


def test_each_contact_of_a_stratum_is_drawn_as_often_as_the_others():
    contacts = contacts_of([40])
    counts = dict.fromkeys(contacts["contact_id"], 0)
    for day in range(500):
        for one in draw(contacts, PLAN, occasion=str(day)).sample["contact_id"]:
            counts[one] += 1
    expected = 500 * 4 / 40
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 73  # χ² of 39 at 0.1 %


def test_S3_10_strata_are_time_of_day_channel_and_kind_of_agent():
    rows = pl.DataFrame(
        {
            "hour": [9, 12, 18, None],
            "channel": ["chat", "phone", None, "chat"],
            "agent_class": ["new", None, "mature", "new"],
        }
    )
    found = rows.select(stratum_of(pl.col("hour"), pl.col("channel"), pl.col("agent_class"), PLAN)).to_series()
    assert found.to_list() == [
        "morning/chat/new",
        "afternoon/phone/unknown",
        "evening/unknown/mature",
        "unknown/chat/new",
    ]


def test_a_day_without_contacts_draws_nothing():
    none = pl.DataFrame(schema={"contact_id": pl.String, "stratum": pl.String})
    result = draw(none, PLAN, occasion="d")
    assert (result.drawn, result.strata, result.sample.height) == (0, (), 0)


def test_a_thousand_agents_day_is_drawn_within_two_seconds():
    rng = np.random.default_rng(1)
    strata = [f"{a}/{b}/{c}" for a in "mae" for b in ("chat", "phone", "email", "social") for c in "nm"]
    contacts = pl.DataFrame(
        {"contact_id": [f"contact-{at:06d}" for at in range(90_000)], "stratum": rng.choice(strata, 90_000).tolist()}
    )
    began = time.process_time()
    result = draw(contacts, PLAN, occasion="d")
    assert time.process_time() - began < 2
    assert result.drawn == 9_000
