"""Dimensions figures are grouped by, and time cut into half-hours, hours, days, ISO weeks, months and quarters.

A day is the record's business day, which the archive computed in the department's zone. Hours are cut here, by the
zone's own offsets (IANA): a day of 23 or 25 hours has as many, and no hour is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bihuan.kit import clock
from bihuan.kit.errors import InputError

COLUMN_OF: Final[Mapping[str, str]] = {
    "agent": "person",
    "team": "team",
    "channel": "channel",
    "queue": "queue",
    "business_line": "business_line",
    "category": "category",
    "level": "level",
    "post": "post",
    "agent_class": "agent_class",
    "item": "item",
}
"""Dimensions that are a column of the record; `item` exists for verdicts alone."""

TIMES: Final = ("half_hour", "hour", "day", "week", "month", "quarter")
DIMENSIONS: Final = (*COLUMN_OF, *TIMES)
ALL_TIME: Final = (date(1970, 1, 1), date(2100, 1, 1))
"""The days whose hours can be cut where no period is named."""
CLOCK_STEPS: Final[Mapping[str, int]] = {"half_hour": clock.HOUR // 2, "hour": clock.HOUR}
"""Steps of the clock within a day, in microseconds, cut by the local time."""
_TRUNCATED: Final = {"day": "D", "week": "W", "month": "M", "quarter": "Q"}
_MONTHS = 3


def refuse_unknown(names: tuple[str, ...]) -> None:
    """Raise InputError for a name nobody may group or filter by."""
    strange = [name for name in names if name not in DIMENSIONS]
    if strange:
        raise InputError(f"No dimension is called {', '.join(strange)}.", hint=f"There are {', '.join(DIMENSIONS)}.")


def key_of(dimension: str, raw: object, zone: ZoneInfo) -> str | None:
    """The text of a group's key: 2026-W41, 2026-10, 2026-Q4, 2026-10-05, an hour or half-hour with its offset; None stays None."""
    if raw is None:
        return None
    if dimension in CLOCK_STEPS:
        return clock.from_us(int(str(raw))).astimezone(zone).isoformat(timespec="minutes")
    if dimension in TIMES and isinstance(raw, date):
        return _period_key(dimension, raw)
    return str(raw)


def _period_key(dimension: str, first: date) -> str:
    if dimension == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02d}"
    if dimension == "month":
        return f"{first:%Y-%m}"
    if dimension == "quarter":
        return f"{first.year}-Q{(first.month - 1) // _MONTHS + 1}"
    return first.isoformat()


def raw_of(dimension: str, key: str) -> object:
    """What `key_of` was made from: microseconds of the hour's or half-hour's start, the first day of the period, or the text itself."""
    try:
        return _raw(dimension, key)
    except ValueError as error:
        raise InputError(f"{key!r} is no {dimension}.") from error


def _raw(dimension: str, key: str) -> object:
    if dimension in CLOCK_STEPS:
        return clock.to_us(datetime.fromisoformat(key))
    if dimension == "week":
        year, week = key.split("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    if dimension == "month":
        return date.fromisoformat(f"{key}-01")
    if dimension == "quarter":
        year, quarter = key.split("-Q")
        return date(int(year), (int(quarter) - 1) * _MONTHS + 1, 1)
    return date.fromisoformat(key) if dimension == "day" else key


def truncation(dimension: str) -> str:
    """The unit a day is cut to, as ibis spells it."""
    return _TRUNCATED[dimension]


def offsets(zone: ZoneInfo, first: date, last: date) -> list[tuple[int | None, int]]:
    """(until, offset) in microseconds, in order: the zone's distance to UTC before `until`; the last has no end.

    Covers two days beyond the period on either side, since a business day may run over midnight.
    """
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=3)
    found: list[tuple[int | None, int]] = []
    while at < end:
        following = min(at + timedelta(days=1), end)
        if _offset(zone, at) != _offset(zone, following):
            turn = _turn(zone, at, following)
            found.append((clock.to_us(turn), _offset(zone, at)))
        at = following
    return [*found, (None, _offset(zone, end))]


def _offset(zone: ZoneInfo, at: datetime) -> int:
    distance = at.astimezone(zone).utcoffset() or timedelta(0)
    return distance // timedelta(microseconds=1)


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset between two moments with different ones."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after
