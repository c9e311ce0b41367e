"""Call-backs: a seeded share of the month's customers, drawn week by week, nobody twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.editions import load_edition
from bihuan.standards.rules.sampling_callbacks import callbacks_of_week, week_in_month

MONTH = date(2026, 11, 1)
DAYS = [MONTH + timedelta(days=at) for at in range(30)]
CONTACTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 29), st.sampled_from(["chat", "phone"])), max_size=150)


def frame(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    told = [(f"c{at:03d}", f"k{who}", channel, DAYS[day]) for at, (who, day, channel) in enumerate(rows)]
    schema = {"contact_id": pl.String, "customer": pl.String, "channel": pl.String, "day": pl.Date}
    return pl.DataFrame(told, schema=schema, orient="row")


def weeks() -> list[tuple[date, date]]:
    return sorted({week_in_month(day) for day in DAYS})


def drawn(contacts: pl.DataFrame, week: tuple[date, date], share: str = "0.05", seed: int = 7) -> set[str]:
    until = contacts.filter(pl.col("day") <= week[1])
    return set(callbacks_of_week(until, week, share=Decimal(share), seed=seed).sample["contact_id"])


@given(CONTACTS)
def test_S3_11_the_weeks_together_call_back_at_least_5_percent_of_the_months_customers(rows) -> None:
    contacts = frame(rows)
    whose = dict(contacts.select("contact_id", "customer").iter_rows())
    called = [whose[contact] for week in weeks() for contact in drawn(contacts, week)]
    assert len(called) == len(set(called))
    assert len(called) >= ceil(Decimal("0.05") * contacts["customer"].n_unique())


@given(CONTACTS)
def test_S3_11_X13_who_was_drawn_in_a_growing_week_stays_on_its_list(rows) -> None:
    """Day after day the week brings more customers: the kept list only grows, and holds its share on every day."""
    contacts, week = frame(rows), week_in_month(DAYS[10])
    kept: set[str] = set()
    for day in (one for one in DAYS if week[0] <= one <= week[1]):
        until = contacts.filter(pl.col("day") <= day)
        found = callbacks_of_week(until, week, share=Decimal("0.05"), seed=7, kept=kept)
        now_drawn = set(found.sample["customer"])
        assert kept <= now_drawn
        assert len(now_drawn) >= ceil(Decimal("0.05") * found.customers)
        kept = now_drawn


def test_S3_11_later_contacts_of_others_move_no_customer_about() -> None:
    """Luck is the customer's own: 400 customers more, of whom none comes into this week, change nothing."""
    own = [(at, 9, "chat") for at in range(60)]
    others = [(1000 + at, at % 5, "chat") for at in range(400)]
    week = week_in_month(DAYS[9])
    small, large = frame(own), frame([*others, *own])
    names = [dict(one.select("contact_id", "customer").iter_rows()) for one in (small, large)]
    first, second = (
        {of[key] for key in drawn(one, week, "0.3")} for one, of in zip((small, large), names, strict=True)
    )
    assert first == second


def test_a_customer_drawn_for_another_week_is_not_drawn_again() -> None:
    contacts, week = frame([(at, 9, "chat") for at in range(10)]), week_in_month(DAYS[9])
    found = callbacks_of_week(contacts, week, share=Decimal(1), seed=7, elsewhere={"k3"})
    assert (found.customers, "k3" in set(found.sample["customer"])) == (9, False)


def test_S3_11_X13_the_share_is_the_editions_and_its_source_is_named() -> None:
    number = load_edition("recommended").number("survey.monthly_share")
    assert number is not None
    assert (number.share, number.source) == (Decimal("0.05"), "S3-11")


def test_the_same_seed_draws_the_same_and_another_draws_others() -> None:
    contacts = frame([(at, at % 7, "chat") for at in range(60)])
    week = week_in_month(DAYS[3])
    assert drawn(contacts, week, "0.3") == drawn(contacts.reverse(), week, "0.3")
    assert drawn(contacts, week, "0.3") != drawn(contacts, week, "0.3", seed=8)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 1)),  # a Sunday: the week began in October
        (date(2026, 11, 4), date(2026, 11, 2), date(2026, 11, 8)),
        (date(2026, 11, 30), date(2026, 11, 30), date(2026, 11, 30)),
        (date(2026, 12, 31), date(2026, 12, 28), date(2026, 12, 31)),
    ],
)
def test_a_week_ends_with_its_month(day: date, first: date, last: date) -> None:
    assert week_in_month(day) == (first, last)


def test_weeks_part_a_month() -> None:
    days = [first + timedelta(days=at) for first, last in weeks() for at in range((last - first).days + 1)]
    assert days == DAYS
