"""Ready periods, the span to compare with, and the days of a trend."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.ui.figures import Choice, FilterBar, Preset
from bihuan.workplace.filters import USUAL_DAYS, Filters
from bihuan.workplace.wording import CHANNELS

TREND_DAYS: Final = 14
LONGEST_TREND: Final = 92
MONTH_DAYS: Final = 30

BEFORE, WEEK, MONTH, NONE = "before", "week", "month", "none"
COMPARED: Final[Mapping[str, Any]] = {
    BEFORE: _("the span before"),
    WEEK: _("a week earlier"),
    MONTH: _("four weeks earlier"),
    NONE: _("nothing"),
}
_BACK: Final = {WEEK: 7, MONTH: 28}


@dataclass(frozen=True)
class Spans:
    """The days of a page: those asked for, those compared with, those of the trend, and all together."""

    now: Filters
    before: Filters | None
    trend: Filters

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What tells these spans from others."""
        before = self.before.period if self.before else None
        return self.now.period, before, self.trend.period, tuple(sorted(self.now.where.items()))

    @property
    def whole(self) -> Filters:
        parts = [one for one in (self.now, self.before, self.trend) if one is not None]
        return replace(self.now, first=min(one.first for one in parts), last=max(one.last for one in parts))

    @property
    def trend_days(self) -> list[str]:
        return [(self.trend.first + timedelta(days=at)).isoformat() for at in range(self.trend.days)]


def spans_of(filters: Filters, compare: str) -> Spans:
    """The spans of a page by its filters and its choice of comparison."""
    days = min(max(TREND_DAYS, filters.days), LONGEST_TREND)
    return Spans(filters, _before(filters, compare), filters.reaching_back(days))


def compared(query: Mapping[str, str]) -> str:
    """The comparison an address asks for."""
    asked = query.get("compare", BEFORE)
    return asked if asked in COMPARED else BEFORE


def _before(filters: Filters, compare: str) -> Filters | None:
    if compare == NONE:
        return None
    if compare == BEFORE:
        return filters.before()
    back = timedelta(days=_BACK[compare])
    return replace(filters, first=filters.first - back, last=filters.last - back)


def within(days: Filters | None, day: str | None) -> bool:
    """Does a day's key lie in the span?"""
    return days is not None and day is not None and days.first.isoformat() <= day <= days.last.isoformat()


def presets(filters: Filters, newest: date) -> tuple[Preset, ...]:
    """Periods that end with the newest day of the record, not with today: an import may be old."""
    spans = (
        (_("Newest day"), newest),
        (_("Last 7 days"), newest - timedelta(days=USUAL_DAYS - 1)),
        (_("Last 30 days"), newest - timedelta(days=MONTH_DAYS - 1)),
        (_("This month"), newest.replace(day=1)),
    )
    return tuple(
        Preset(str(label), first.isoformat(), newest.isoformat(), filters.period == (first, newest))
        for label, first in spans
    )


def filter_bar(
    filters: Filters, newest: date, *, teams: Mapping[str, str] | None = None, compare: str | None = None,
    channel: bool = True, kept: tuple[tuple[str, str], ...] = (),
) -> FilterBar:  # fmt: skip
    """The filter bar of a page of figures; what the page cannot choose but the address holds is kept."""
    choices = []
    every = ("", str(_("All")))
    if teams is not None:
        choices.append(Choice("team", str(_("Team")), [every, *teams.items()], filters.where.get("team", "")))
    if channel:
        words = [(key, str(word)) for key, word in CHANNELS.items()]
        choices.append(Choice("channel", str(_("Channel")), [every, *words], filters.where.get("channel", "")))
    if compare is not None:
        words = [(key, str(word)) for key, word in COMPARED.items()]
        choices.append(Choice("compare", str(_("Compared with")), words, compare))
    shown = {choice.name for choice in choices}
    silent = tuple((name, value) for name, value in filters.where.items() if name not in shown)
    return FilterBar(
        presets(filters, newest), choices, filters.first.isoformat(), filters.last.isoformat(), (*silent, *kept)
    )
