"""Working time adds up and inverts: many spans a day, midnight, holidays, make-up workdays, both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.clocks.rules import (
    Calendar,
    Due,
    Measured,
    Pause,
    PrefixTable,
    WorkSpan,
    add_working,
    due_after,
    earlier,
    elapsed,
    measured,
)
from bihuan.clocks.rules.prefix import OutsideTable
from bihuan.clocks.rules.reckoning import NoWorkingTime
from bihuan.kit.clock import to_us

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
OFFICE = Calendar.of("Asia/Shanghai", {"mon-fri": ["09:00-12:00", "13:30-18:00"]}, country="CN", years=[2025, 2026])
NIGHT = Calendar.of("America/New_York", {"mon-sun": ["22:00-06:00"]})
H, M = timedelta(hours=1), timedelta(minutes=1)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


CALENDARS = {
    "office": OFFICE,
    "nights over clock changes": NIGHT,
    "spans that overlap the next day": Calendar.of("Europe/Berlin", {"mon-sun": ["20:00-06:00", "05:00-14:00"]}),
    "spans inside the skipped hour": Calendar.of("America/New_York", {"sun": ["02:15-02:45", "02:50-05:00"]}),
    "around the clock": Calendar.always(NEW_YORK),
    "half-hour clock change": Calendar.of("Australia/Lord_Howe", {"mon-sun": ["01:00-03:00", "23:00-24:00"]}),
    "skips midnight": Calendar.of("America/Santiago", {"mon-sun": ["00:00-08:00", "22:00-24:00"]}),
}
moments = st.integers(to_us(datetime(2025, 1, 1, tzinfo=UTC)), to_us(datetime(2026, 12, 1, tzinfo=UTC))).map(
    lambda us: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=us)
)
# half of all starts lie near a clock change of one of the zones
changes = st.sampled_from(["2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2026-04-05", "2026-09-06"])
near = st.builds(
    lambda day, s: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(microseconds=s),
    changes,
    st.integers(-2 * 86_400_000_000, 2 * 86_400_000_000),
)
starts = moments | near
amounts = st.integers(0, 20 * 86_400_000_000).map(lambda us: timedelta(microseconds=us))
calendars = st.sampled_from(list(CALENDARS.values()))


@settings(max_examples=150, deadline=None)
@given(starts, amounts, calendars)
def test_elapsed_undoes_add(start: datetime, amount: timedelta, calendar: Calendar) -> None:
    end = add_working(start, amount, calendar)
    assert end >= start
    assert elapsed(start, end, calendar) == amount


@settings(max_examples=60, deadline=None)
@given(starts, amounts, amounts, calendars)
def test_adding_is_monotone_and_additive(start: datetime, one: timedelta, two: timedelta, calendar: Calendar) -> None:
    short, long = sorted((one, two))
    assert add_working(start, short, calendar) <= add_working(start, long, calendar)
    assert add_working(add_working(start, one, calendar), two, calendar) == add_working(start, one + two, calendar)


@settings(max_examples=60, deadline=None)
@given(st.lists(starts, min_size=3, max_size=3), calendars)
def test_elapsed_adds_up_never_exceeds_the_clock_and_changes_sign(three: list[datetime], calendar: Calendar) -> None:
    a, b, c = sorted(three)
    whole = elapsed(a, c, calendar)
    assert elapsed(a, b, calendar) + elapsed(b, c, calendar) == whole
    assert timedelta(0) <= whole <= c - a
    assert elapsed(c, a, calendar) == -whole


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(moments, moments), min_size=1, max_size=10), calendars)
def test_the_prefix_table_measures_like_elapsed(spans: list[tuple[datetime, datetime]], calendar: Calendar) -> None:
    table = PrefixTable.of(calendar, date(2024, 12, 31), date(2026, 12, 2))
    begins = np.array([to_us(begin) for begin, _end in spans])
    ends = np.array([to_us(end) for _begin, end in spans])
    expected = [elapsed(begin, end, calendar) // timedelta(microseconds=1) for begin, end in spans]
    assert table.elapsed(begins, ends).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(starts, amounts, st.lists(st.tuples(starts, amounts), max_size=3), calendars)
def test_pauses_stop_the_clock(
    start: datetime, amount: timedelta, stops: list[tuple[datetime, timedelta]], calendar: Calendar
) -> None:
    pauses = [Pause(begin, begin + length) for begin, length in stops]
    due = due_after(start, amount, calendar, pauses)
    assert due is not None
    assert due >= add_working(start, amount, calendar)
    assert elapsed(start, due, calendar, pauses) == amount


def test_spans_of_one_day_leave_out_the_lunch_hour() -> None:
    assert elapsed(at("2026-10-12T11:00"), at("2026-10-12T14:00"), OFFICE) == 90 * M
    assert add_working(at("2026-10-12T11:30"), H, OFFICE) == at("2026-10-12T14:00")


def test_an_amount_that_ends_with_the_day_is_due_that_day() -> None:
    assert add_working(at("2026-10-12T17:00"), H, OFFICE) == at("2026-10-12T18:00")
    assert add_working(at("2026-10-12T17:00"), H + M, OFFICE) == at("2026-10-13T09:01")


def test_intervals_are_half_open() -> None:
    assert elapsed(at("2026-10-12T12:00"), at("2026-10-12T13:30"), OFFICE) == timedelta(0)
    assert elapsed(at("2026-10-12T09:00"), at("2026-10-12T09:00:00.000001"), OFFICE) == timedelta(microseconds=1)


def test_national_day_is_off_and_its_make_up_saturday_is_worked() -> None:
    assert OFFICE.spans_on(date(2026, 10, 1)) == ()
    assert OFFICE.spans_on(date(2026, 10, 10)) == OFFICE.week[0]
    assert OFFICE.spans_on(date(2026, 10, 17)) == ()
    assert add_working(at("2026-09-30T17:00"), 2 * H, OFFICE) == at("2026-10-08T10:00")
    assert elapsed(at("2026-10-09T18:00"), at("2026-10-12T09:00"), OFFICE) == timedelta(hours=7.5)


def test_a_department_adds_own_days() -> None:
    own = {date(2026, 10, 1): ["10:00-12:00"], date(2026, 10, 12): []}
    calendar = Calendar.of("Asia/Shanghai", {"mon-fri": ["09:00-18:00"]}, country="CN", years=[2026], own=own)
    assert elapsed(at("2026-10-01T00:00"), at("2026-10-02T00:00"), calendar) == 2 * H
    assert elapsed(at("2026-10-12T00:00"), at("2026-10-13T00:00"), calendar) == timedelta(0)


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    spring = elapsed(at("2026-03-07T22:00", NEW_YORK), at("2026-03-08T06:00", NEW_YORK), NIGHT)
    autumn = elapsed(at("2026-10-31T22:00", NEW_YORK), at("2026-11-01T06:00", NEW_YORK), NIGHT)
    assert (spring, autumn) == (7 * H, 9 * H)


def test_a_time_the_clock_skips_is_the_moment_of_the_skip() -> None:
    calendar = Calendar.of("America/New_York", {"sun": ["02:30-05:00"]})
    day = elapsed(at("2026-03-08T00:00", NEW_YORK), at("2026-03-09T00:00", NEW_YORK), calendar)
    assert day == 2 * H
    gone = CALENDARS["spans inside the skipped hour"]
    assert elapsed(at("2026-03-08T00:00", NEW_YORK), at("2026-03-08T03:00", NEW_YORK), gone) == timedelta(0)


def test_a_night_before_a_holiday_belongs_to_the_day_it_starts() -> None:
    own = {date(2026, 10, 2): ()}
    calendar = Calendar.of("Asia/Shanghai", {"mon-sun": ["22:00-06:00"]}, own=own)
    assert elapsed(at("2026-10-02T00:00"), at("2026-10-03T00:00"), calendar) == 6 * H


def test_an_open_pause_has_no_due_time_unless_it_was_reached_before() -> None:
    start = at("2026-10-12T09:00")
    assert due_after(start, 2 * H, OFFICE, [Pause(at("2026-10-12T10:00"))]) is None
    assert due_after(start, H, OFFICE, [Pause(at("2026-10-12T10:00"))]) == at("2026-10-12T10:00")
    assert elapsed(start, at("2026-10-12T12:00"), OFFICE, [Pause(at("2026-10-12T10:00"))]) == H
    paused = [
        Pause(at("2026-10-12T10:00"), at("2026-10-12T11:00")),
        Pause(at("2026-10-12T10:30"), at("2026-10-12T11:30")),
    ]
    assert due_after(start, 2 * H, OFFICE, paused) == at("2026-10-12T14:00")


def test_both_calendar_and_working_time_are_kept() -> None:
    found = measured(at("2026-10-12T17:00"), at("2026-10-13T10:00"), OFFICE)
    assert found == Measured(calendar_us=17 * 3_600_000_000, working_us=2 * 3_600_000_000)


def test_due_is_the_earlier_of_promise_and_limit() -> None:
    promise, limit = at("2026-10-12T15:00"), at("2026-10-13T09:00")
    assert earlier(promise, limit) == Due(promise, "promise")
    assert earlier(limit, promise) == Due(promise, "limit")
    assert earlier(None, limit) == Due(limit, "limit")


def test_a_calendar_that_never_works_says_so() -> None:
    never = Calendar(SHANGHAI, ((),) * 7)
    assert elapsed(at("2026-01-01T00:00"), at("2026-12-31T00:00"), never) == timedelta(0)
    with pytest.raises(NoWorkingTime):
        add_working(at("2026-01-01T00:00"), H, never)
    with pytest.raises(ValueError, match="forwards"):
        add_working(at("2026-01-01T00:00"), -H, OFFICE)


@pytest.mark.parametrize("text", ["9-12", "09:00", "25:00-26:00", "09:60-10:00", "a:b-c:d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="span"):
        WorkSpan.of(text)


def test_the_table_hash_names_calendar_and_bounds() -> None:
    table = PrefixTable.of(OFFICE, date(2026, 10, 1), date(2026, 10, 31))
    assert table.hash == PrefixTable.of(OFFICE, date(2026, 10, 1), date(2026, 10, 31)).hash
    assert table.hash != PrefixTable.of(OFFICE, date(2026, 10, 1), date(2026, 10, 30)).hash
    assert table.hash != PrefixTable.of(NIGHT, date(2026, 10, 1), date(2026, 10, 31)).hash
    with pytest.raises(OutsideTable):
        table.worked_until(np.array([0]))
    assert OFFICE.hash != NIGHT.hash


def test_a_million_spans_are_measured_at_once() -> None:
    table = PrefixTable.of(OFFICE, date(2026, 1, 1), date(2026, 12, 31))
    begins = np.linspace(table.first_us, table.last_us - 86_400_000_000, 1_000_000).astype(np.int64)
    worked = table.elapsed(begins, begins + 86_400_000_000)
    assert worked.shape == (1_000_000,)
    assert int(worked.max()) <= 27_000_000_000
    assert int(worked.min()) == 0
