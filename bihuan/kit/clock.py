"""Time as the service record keeps it: whole microseconds since 1970 in UTC, and aware datetimes at the edges.

Rules never read a clock; an action or a command calls `now()` once and passes the time on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; exact, no float in between. Naive datetimes are refused."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place on the time line")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """The aware UTC datetime of a microsecond count."""
    return _EPOCH + timedelta(microseconds=us)


def business_day(moment: datetime, zone: ZoneInfo, cutover_hour: int) -> date:
    """The department's day a moment belongs to: a day runs from cut-over hour to cut-over hour, wall time."""
    local = moment.astimezone(zone)
    return local.date() if local.hour >= cutover_hour else local.date() - timedelta(days=1)


def day_bounds(day: date, zone: ZoneInfo, cutover_hour: int) -> tuple[datetime, datetime]:
    """Half-open UTC bounds of a business day; 23 or 25 hours long where clocks change."""
    start = datetime.combine(day, time(cutover_hour), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(cutover_hour), tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)
