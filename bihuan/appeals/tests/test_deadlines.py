"""Deadlines count whole working days of the department, whatever holidays, make-up days and clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.appeals.policy import terms_of, working_days
from bihuan.appeals.rules import Stage, WorkingDays, closes_at, reminded_from, stage_at
from bihuan.clocks.rules.calendar import Calendar
from bihuan.clocks.rules.reckoning import NoWorkingTime
from bihuan.kit.clock import day_bounds
from bihuan.standards.editions import load_edition

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = Calendar.of("Asia/Shanghai", {"mon-fri": ("00:00-24:00",)}, country="CN", years=range(2025, 2028))
BERLIN = Calendar.of("Europe/Berlin", {"mon-fri": ("00:00-24:00",)}, years=range(2025, 2028))

moments = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive there
amounts = st.integers(1, 15)
workings = st.builds(WorkingDays, st.sampled_from([CHINA, BERLIN]), st.integers(0, 6))


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        (local(2026, 11, 16, 9), 5, local(2026, 11, 24)),  # Monday to the end of next Monday
        (local(2026, 11, 20, 23, 59), 1, local(2026, 11, 24)),  # Friday night to the end of Monday
        (local(2026, 11, 21, 12), 1, local(2026, 11, 24)),  # Saturday is no day of work
        (local(2026, 9, 30, 12), 1, local(2026, 10, 9)),  # over the national holiday
        (local(2026, 2, 13, 12), 1, local(2026, 2, 15)),  # Saturday 14 February 2026 is worked in exchange
    ],
)
def test_a_window_ends_with_its_last_working_day(since, days, until):
    assert closes_at(since, days, WorkingDays(CHINA)) == until


@given(moments, amounts, workings)
def test_exactly_so_many_working_days_lie_behind_the_day_it_began(since, days, working):
    until = closes_at(since, days, working)
    last = working.day_of(until - timedelta(microseconds=1))
    first = working.day_of(since) + timedelta(days=1)
    span = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert sum(working.is_working(day) for day in span) == days
    assert working.is_working(last)
    assert until == day_bounds(last, working.calendar.zone, working.cutover_hour)[1]


@given(moments, moments, amounts, workings)
def test_who_is_told_later_has_no_less_time(one, other, days, working):
    early, late = sorted((one, other))
    assert closes_at(early, days, working) <= closes_at(late, days, working)


@given(moments, amounts, amounts, workings)
def test_windows_add_up(since, one, other, working):
    middle = closes_at(since, one, working) - timedelta(microseconds=1)
    assert closes_at(middle, other, working) == closes_at(since, one + other, working)


@given(moments, amounts, workings)
def test_a_reminder_leaves_so_many_working_days(since, days, working):
    due = closes_at(since, days + 1, working)
    reminder = reminded_from(due, days, working)
    assert since < reminder < due
    first, last = working.day_of(reminder), working.day_of(due - timedelta(microseconds=1))
    span = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert sum(working.is_working(day) for day in span) == days


def test_a_department_that_never_works_gives_no_deadline():
    never = Calendar(SHANGHAI, ((),) * 7)
    with pytest.raises(NoWorkingTime):
        closes_at(local(2026, 11, 16), 1, WorkingDays(never))


def test_the_due_moment_itself_is_overdue():
    due, reminder = local(2026, 11, 24), local(2026, 11, 23)
    assert stage_at(due, due, reminder) == Stage.OVERDUE
    assert stage_at(reminder, due, reminder) == Stage.NEAR
    assert stage_at(reminder - timedelta(microseconds=1), due, reminder) is None


def test_the_edition_says_how_long_and_which_days():
    edition = load_edition("recommended")
    terms = terms_of(edition)
    assert (terms.window, terms.decided_within, terms.remind_before) == (5, 5, 1)
    assert (terms.precision_floor, terms.least_reviewed) == (edition.number("appeals.precision_floor").share, 20)
    assert not working_days(edition, 2026).is_working(date(2026, 10, 1))


def test_an_edition_that_is_silent_takes_the_terms_of_the_recommended_one():
    assert terms_of(load_edition("service-quality")) == terms_of(load_edition("recommended"))
