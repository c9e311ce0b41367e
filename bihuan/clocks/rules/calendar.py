"""When a department works: spans of wall time by weekday, holidays, make-up workdays (调休) and its own days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import holidays

from bihuan.kit.clock import SECOND, from_us, to_us
from bihuan.kit.ids import content_hash

DAY_SECONDS: Final = 86_400
_ONE: Final = timedelta(days=1)


@dataclass(frozen=True, order=True)
class WorkSpan:
    """Half-open wall time in seconds after midnight; an end above 86,400 lies on the next day (22:00 to 06:00)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY_SECONDS and self.start < self.end <= self.start + DAY_SECONDS):
            raise ValueError(f"not a span of at most one day: {self.start} to {self.end}")

    @classmethod
    def of(cls, text: str) -> WorkSpan:
        """`09:00-12:00`; an end at or before the start lies on the next day; `24:00` is midnight."""
        try:
            start, end = (_seconds(part) for part in text.split("-"))
        except ValueError as problem:
            raise ValueError(f"not a span of time: {text!r}") from problem
        return cls(start, end if end > start else end + DAY_SECONDS)


@dataclass(frozen=True)
class Calendar:
    """A working calendar. `week` has seven tuples of spans, Monday first.

    A day's spans are, first found: its own (`own`), those of `makeup_like` (a weekday) on make-up workdays, none on
    holidays, else the weekday's. A span over midnight belongs to the day it starts on. Spans may touch and overlap.
    """

    zone: ZoneInfo
    week: tuple[tuple[WorkSpan, ...], ...]
    off: frozenset[date] = field(default_factory=frozenset)
    makeup: frozenset[date] = field(default_factory=frozenset)
    own: tuple[tuple[date, tuple[WorkSpan, ...]], ...] = ()
    makeup_like: int = 0

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")

    @classmethod
    def always(cls, zone: ZoneInfo) -> Calendar:
        """Around the clock: working time equals calendar time."""
        return cls(zone, ((WorkSpan(0, DAY_SECONDS),),) * 7)

    @classmethod
    def of(
        cls,
        zone: str,
        week: Mapping[str, Iterable[str]],
        *,
        country: str = "",
        years: Iterable[int] = (),
        own: Mapping[date, Iterable[str]] | None = None,
    ) -> Calendar:
        """From data: `week` maps `mon` … `sun`, or `mon-fri`, to spans as `09:00-12:00`; `country` is ISO (`CN`)."""
        days: list[tuple[WorkSpan, ...]] = [()] * 7
        for name, spans in week.items():
            for weekday in _weekdays(name):
                days[weekday] = tuple(sorted(WorkSpan.of(text) for text in spans))
        off, makeup = public_holidays(country, years) if country else (frozenset[date](), frozenset[date]())
        own_days = tuple(sorted((day, tuple(WorkSpan.of(t) for t in spans)) for day, spans in (own or {}).items()))
        return cls(ZoneInfo(zone), tuple(days), off, makeup, own_days)

    def spans_on(self, day: date) -> tuple[WorkSpan, ...]:
        """The spans that start on a day, in wall time."""
        for own_day, spans in self.own:
            if own_day == day:
                return spans
        if day in self.makeup:
            return self.week[self.makeup_like]
        return () if day in self.off else self.week[day.weekday()]

    def intervals(self, first: date, last: date) -> Iterator[tuple[int, int]]:
        """Working time of the days `first` through `last` as disjoint rising (start, end) in µs.

        Spans that touch or overlap are joined; a span over midnight from the day before `first` is included.
        """
        pending: tuple[int, int] | None = None
        day = first - _ONE
        while day <= last:
            for span in sorted(self.spans_on(day)):
                start, end = instant(day, span.start, self.zone), instant(day, span.end, self.zone)
                if pending is not None and start <= pending[1]:
                    pending = (pending[0], max(pending[1], end))
                    continue
                if pending is not None and pending[0] < pending[1]:
                    yield pending
                pending = (start, end)
            day += _ONE
        if pending is not None and pending[0] < pending[1]:
            yield pending

    def to_data(self) -> dict[str, Any]:
        """The calendar as JSON data: what its hash covers."""
        return {
            "zone": self.zone.key,
            "week": [[[span.start, span.end] for span in spans] for spans in self.week],
            "off": sorted(day.isoformat() for day in self.off),
            "makeup": sorted(day.isoformat() for day in self.makeup),
            "own": [[day.isoformat(), [[span.start, span.end] for span in spans]] for day, spans in self.own],
            "makeup_like": self.makeup_like,
        }

    @property
    def hash(self) -> str:
        """64 hex digits; equal calendars have equal ones."""
        return content_hash(self.to_data())


def public_holidays(country: str, years: Iterable[int]) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and weekend days worked in exchange, as officially announced; (off, make-up)."""
    known = holidays.country_holidays(country, years=list(years))
    makeup = frozenset(getattr(known, "weekend_workdays", ()))
    return frozenset(known) - makeup, makeup


def instant(day: date, seconds: int, zone: ZoneInfo) -> int:
    """The µs at which a wall clock shows `seconds` after midnight of `day`.

    A time the clock skips is the moment of the skip, one it shows twice is the first: so the mapping never runs
    backwards, and two spans that touch on the wall touch in time.
    """
    wall = datetime.combine(day, time()) + timedelta(seconds=seconds)
    first = to_us(wall.replace(tzinfo=zone))
    if _shown(first, zone) == wall:
        return first
    return _skip_between(to_us(wall.replace(tzinfo=zone, fold=1)), first, zone)


def local_day(us: int, zone: ZoneInfo) -> date:
    """The wall date of a moment."""
    return from_us(us).astimezone(zone).date()


def _shown(us: int, zone: ZoneInfo) -> datetime:
    return from_us(us).astimezone(zone).replace(tzinfo=None)


def _skip_between(low: int, high: int, zone: ZoneInfo) -> int:
    """The first whole second at which the zone's offset is the later one; halving, as offsets change once in between."""
    later = from_us(high).astimezone(zone).utcoffset()
    first, last = low // SECOND, high // SECOND
    while first < last:
        middle = (first + last) // 2
        if from_us(middle * SECOND).astimezone(UTC).astimezone(zone).utcoffset() == later:
            last = middle
        else:
            first = middle + 1
    return first * SECOND


_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekdays(name: str) -> range:
    """`wed` is 2 to 2, `mon-fri` 0 to 4."""
    parts = name.split("-")
    if not 1 <= len(parts) <= 2 or any(part not in _WEEKDAYS for part in parts):
        raise ValueError(f"not a weekday: {name!r}")
    return range(_WEEKDAYS.index(parts[0]), _WEEKDAYS.index(parts[-1]) + 1)


def _seconds(text: str) -> int:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    if not (0 <= minutes < 60 and 0 <= hours * 60 + minutes <= 24 * 60):
        raise ValueError(text)
    return (hours * 60 + minutes) * 60
