"""The filter bar of every page: period and scope, read from the address and written back into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from bihuan.archive.schemas import CHANNELS, LEVELS

WHERE: Final = ("team", "channel", "agent", "category", "level", "queue", "business_line")
USUAL_DAYS: Final = 7
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {"channel": CHANNELS, "level": LEVELS}
_LONGEST: Final = 80


@dataclass(frozen=True)
class Filters:
    """Business days `first` to `last`, both included, and what to narrow to."""

    first: date
    last: date
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def period(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Filters:
        """The span of the same length just before, to compare with."""
        return replace(self, first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    def reaching_back(self, days: int) -> Filters:
        """The `days` days that end with this span, for a trend."""
        return replace(self, first=self.last - timedelta(days=days - 1))

    def query(self, **changes: Any) -> str:
        """The query string of these filters, without the question mark; a change to None leaves a name out."""
        values = {"from": self.first.isoformat(), "to": self.last.isoformat(), **self.where, **changes}
        return urlencode({name: value for name, value in values.items() if value not in (None, "")})


def read_filters(query: Mapping[str, str], *, newest: date) -> Filters:
    """Filters from a query string. What is unreadable is left out, so that no address is an error.

    Without a period: the week that ends on `newest`, the last day the record holds.
    """
    last = _day(query.get("to")) or newest
    first = _day(query.get("from")) or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        first, last = last, first
    given = {name: query.get(name, "")[:_LONGEST] for name in WHERE}
    where = {name: value for name, value in given.items() if value and value in _ALLOWED.get(name, (value,))}
    return Filters(first, last, where)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
