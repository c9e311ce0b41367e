"""One metric: its figure, its course, its breakdown by a dimension, and the parts to drill into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.metrics.buckets import COLUMN_OF
from bihuan.metrics.figures import Figure, FigureTable
from bihuan.metrics.kinds import Metric, Part
from bihuan.ui import formats
from bihuan.ui.charts import Panel, Series
from bihuan.ui.figures import FigureCard, Whisker
from bihuan.workplace import wording
from bihuan.workplace.figures.cards import figure_card, scale_of, whisker_of
from bihuan.workplace.figures.goals import Goal, goal_of
from bihuan.workplace.figures.periods import Spans
from bihuan.workplace.filters import WHERE
from bihuan.workplace.key_names import names_of
from bihuan.workplace.reading import View

STEPS: Final = ("day", "week", "month")
_MOST_STEPS: Final = 62
_DAYS_OF: Final = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class PartLink:
    """One part of a figure, how many are in it, and the way to its contacts where it has any."""

    name: str
    label: str
    count: str
    url: str


@dataclass(frozen=True)
class Line:
    """One group of the breakdown."""

    label: str
    figure: Figure
    whisker: Whisker | None
    url: str


@dataclass(frozen=True)
class MetricPage:
    """What the page of a metric shows. `lists` says whether contacts may be listed by this account."""

    view: View
    metric: Metric
    spans: Spans
    by: str
    lists: bool

    @property
    def name(self) -> str:
        return self.metric.name

    @property
    def decimals(self) -> Mapping[str, int]:
        return self.view.params.decimals

    @cached_property
    def goal(self) -> Goal | None:
        return goal_of(self.view.edition, self.name, self.view.filters.where)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """What it may be broken down by, without time, which is the trend's."""
        allowed = self.metric.by or tuple(
            name for name in COLUMN_OF if name != "item" or self.metric.population == "verdicts"
        )
        return tuple(name for name in allowed if name in COLUMN_OF and name not in self.view.filters.where)

    @cached_property
    def table(self) -> FigureTable:
        return self.view.figures((self.name,), by=(self.by,) if self.by else ())

    @property
    def figure(self) -> Figure:
        return self.table.totals[self.name]

    @cached_property
    def card(self) -> FigureCard:
        before = (
            self.view.figures((self.name,), filters=self.spans.before).totals[self.name] if self.spans.before else None
        )
        return figure_card(self.figure, before, self.goal, trend=(), url="", decimals=self.decimals)

    @cached_property
    def step(self) -> str:
        """Days for short spans, then weeks, then months: never more steps than can be told apart."""
        allowed = [one for one in STEPS if not self.metric.by or one in self.metric.by] or ["month"]
        days = self.spans.trend.days
        return next((one for one in allowed if days <= _MOST_STEPS * _DAYS_OF[one]), allowed[-1])

    @cached_property
    def trend(self) -> Series:
        table = self.view.figures((self.name,), by=(self.step,), filters=self.spans.trend)
        told = {figure.keys[self.step]: figure for figure in table}
        steps = _steps(self.step, self.spans.trend.period)
        figures = [told.get(step) for step in steps]
        bounds = [(one.low, one.high) if one and one.value is not None else (None, None) for one in figures]
        panel = Panel(
            wording.metric_label(self.name),
            [wording.scaled(self.metric, one.value) if one else self._nothing for one in figures],
            "bar" if self.metric.kind.word == "simple" else "line",
            unit=wording.unit_of(self.metric),
            low=[wording.scaled(self.metric, low) for low, _high in bounds] if self.metric.kind.interval else (),
            high=[wording.scaled(self.metric, high) for _low, high in bounds] if self.metric.kind.interval else (),
            target=None if self.goal is None else wording.scaled(self.metric, self.goal.limit),
            better="down" if self.goal is not None and self.goal.at_most else "up",
            decimals=wording.decimals_shown(self.metric, self.decimals),
        )
        title = _("Trend by %(step)s") % {"step": wording.DIMENSIONS[self.step]}
        shown = [step[5:] if self.step == "day" else step for step in steps]
        return Series(
            "trend", title, shown, (panel,), summary=self.summary, step_label=str(wording.DIMENSIONS[self.step])
        )

    @property
    def _nothing(self) -> Decimal | None:
        return Decimal(0) if self.metric.kind.word == "simple" and self.figure.value is not None else None

    @cached_property
    def summary(self) -> str:
        said = wording.said(self.metric, self.figure.value, self.decimals)
        return f"{wording.metric_label(self.metric)} {said} · n {formats.number(self.figure.n)}"

    @cached_property
    def lines(self) -> list[Line]:
        """The breakdown, largest n first; its last line in print and export is the total."""
        if not self.by:
            return []
        names = names_of(self.by, self.view.edition)
        told = [one for one in self.table if one.denominator or one.unsure or one.pending]
        figures = sorted(told, key=lambda one: (-one.n, one.keys[self.by] or ""))
        scale = scale_of(figures, self.goal)
        return [self._line(figure, names, scale) for figure in figures]

    def _line(self, figure: Figure, names: Mapping[str, str], scale: tuple[Decimal, Decimal]) -> Line:
        key = figure.keys[self.by]
        whisker = whisker_of(figure, self.goal, scale, self.decimals) if self.metric.kind.interval else None
        return Line(wording.key_text(self.by, key, names), figure, whisker, self.contacts_url("denominator", key))

    def contacts_url(self, part: Part, key: str | None = None, *, grouped: bool = True) -> str:
        """The address of the contacts behind a part of the total, or of one group; empty where they are not listed."""
        if not self.lists or (grouped and self.by and key is None):
            return ""
        narrowed = {}
        if grouped and self.by and key is not None:
            narrowed = {self.by: key} if self.by in WHERE else {"by": self.by, "key": key}
        query = self.view.filters.query(part=part, **narrowed)
        return f"{reverse('workplace:metric_contacts', args=[self.name])}?{query}"

    @cached_property
    def parts(self) -> list[PartLink]:
        """Numerator, denominator, cannot tell, still open: what the metric has of them."""
        labels: dict[Part, str] = {
            "numerator": _("counted above the line"),
            "denominator": _("counted below the line"),
            "unsure": _("cannot be told"),
            "pending": _("still running"),
        }
        return [
            PartLink(part, label, self._part_count(part), self._part_url(part))
            for part, label in labels.items()
            if self.metric.kind.part(part) is not None
        ]

    def _part_url(self, part: Part) -> str:
        return self.contacts_url(part, grouped=False) if getattr(self.figure, part) else ""

    def _part_count(self, part: Part) -> str:
        return part_amount(self.metric, part, getattr(self.figure, part))


def part_amount(metric: Metric, part: Part, amount: int) -> str:
    """A part in print: a sum of times as a duration, all else as a count."""
    measure = metric.kind.part(part)
    if measure is not None and measure.how == "total" and measure.column.endswith("_us"):
        return wording.formats.duration(amount, wording.language())
    return formats.number(amount)


def _steps(step: str, period: tuple[date, date]) -> list[str]:
    """Keys of every step of the period, those without contacts too, so that gaps show."""
    first, last = period
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    keys = {"day": lambda day: day.isoformat(), "week": _week, "month": lambda day: f"{day:%Y-%m}"}[step]
    return list(dict.fromkeys(keys(day) for day in days))


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
