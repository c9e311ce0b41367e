"""Sums of working time and their inverse, with pauses; due times. Half-open intervals, exact to the microsecond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bihuan.clocks.rules.calendar import Calendar, instant, local_day
from bihuan.kit.clock import DAY, from_us, to_us

MICROSECOND: Final = timedelta(microseconds=1)
_ONE: Final = timedelta(days=1)
_CHUNK: Final = timedelta(days=30)
_LONGEST_REST: Final = 400 * DAY  # a calendar that rests longer has no working time: do not search for ever


class NoWorkingTime(ValueError):
    """The calendar has no working time within reach."""


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stood still; `end` None while it still stands."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Measured:
    """One stretch measured both ways, in µs; pauses are out of `working_us` and in `calendar_us`."""

    calendar_us: int
    working_us: int


@dataclass(frozen=True)
class Due:
    """A due time and which of the two set it."""

    at: datetime
    by: Literal["promise", "limit"]


def add_working(start: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The first moment (UTC) by which `amount` of working time has passed since `start`; `start` itself for nothing.

    Inverse of `elapsed`. Raises NoWorkingTime for a calendar that never works, ValueError for a negative amount.
    """
    moment = due_after(start, amount, calendar)
    if moment is None:
        raise NoWorkingTime
    return moment


def elapsed(start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> timedelta:
    """Working time in the half-open stretch from `start` to `end`, pauses left out; negative when `end` is earlier."""
    if end < start:
        return -elapsed(end, start, calendar, pauses)
    first, last = to_us(start), to_us(end)
    spans = calendar.intervals(local_day(first, calendar.zone), local_day(last, calendar.zone))
    total = sum(stop - begin for begin, stop in _running(spans, _stops(pauses, last), first, last))
    return total * MICROSECOND


def due_after(start: datetime, amount: timedelta, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime | None:
    """As `add_working` with pauses; None while an open pause keeps the clock from ever getting there."""
    left = amount // MICROSECOND
    if left < 0:
        raise ValueError("working time only adds up forwards")
    first = to_us(start)
    if left == 0:
        return from_us(first)
    known = list(pauses)
    forever = any(pause.end is None for pause in known)
    horizon = min((to_us(pause.start) for pause in known if pause.end is None), default=None)
    for begin, stop in _running(_within_reach(calendar, first), _stops(known, horizon), first, horizon):
        if stop - begin >= left:
            return from_us(begin + left)
        left -= stop - begin
    if forever:
        return None
    raise NoWorkingTime(f"too little working time after {from_us(first).isoformat()}")


def measured(start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> Measured:
    """Calendar and working time of one stretch."""
    return Measured((end - start) // MICROSECOND, elapsed(start, end, calendar, pauses) // MICROSECOND)


def earlier(promise: datetime | None, limit: datetime) -> Due:
    """What was promised binds when it is the earlier one, else the limit (S2-10)."""
    if promise is not None and promise < limit:
        return Due(promise, "promise")
    return Due(limit, "limit")


def _within_reach(calendar: Calendar, first: int) -> Iterator[tuple[int, int]]:
    """Working time from `first` on, month by month; ends after a rest longer than any holiday."""
    day, reached, worked = local_day(first, calendar.zone), first, first
    while reached - worked <= _LONGEST_REST:
        for begin, stop in calendar.intervals(day, day + _CHUNK):
            begin = max(begin, worked)  # the day before a chunk is looked at twice
            if begin < stop:
                yield begin, stop
                worked = stop
        day += _CHUNK + _ONE
        reached = max(worked, instant(day, 0, calendar.zone))


def _stops(pauses: Iterable[Pause], horizon: int | None) -> list[tuple[int, int]]:
    """Pauses as disjoint rising intervals; an open one lasts to the horizon."""
    raw = sorted(
        (to_us(pause.start), to_us(pause.end) if pause.end is not None else max(horizon or 0, to_us(pause.start)))
        for pause in pauses
    )
    joined: list[tuple[int, int]] = []
    for begin, stop in raw:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((begin, stop))
    return joined


def _running(
    spans: Iterable[tuple[int, int]], stops: Sequence[tuple[int, int]], first: int, last: int | None
) -> Iterator[tuple[int, int]]:
    """The parts of `spans` from `first` on, before `last`, outside `stops`."""
    for span_begin, span_stop in spans:
        if last is not None and span_begin >= last:
            return
        begin, stop = max(span_begin, first), span_stop if last is None else min(span_stop, last)
        for pause_begin, pause_stop in stops:
            if pause_stop <= begin or pause_begin >= stop:
                continue
            if begin < pause_begin:
                yield begin, pause_begin
            begin = max(begin, pause_stop)
        if begin < stop:
            yield begin, stop
