"""How the values behind a figure are spread: waiting times, durations, ratings, as a histogram with its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _

from bihuan.kit.clock import HOUR, MINUTE, SECOND
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine.base import Request
from bihuan.metrics.engine.duckdb import DuckEngine
from bihuan.metrics.engine.measured import measured
from bihuan.metrics.kinds import Measure, Metric
from bihuan.metrics.query import hindrance
from bihuan.ui import formats
from bihuan.ui.charts import Bin, Histogram
from bihuan.ui.values import language
from bihuan.workplace.figures.goals import Goal
from bihuan.workplace.reading import View
from bihuan.workplace.wording import metric_label

SPREAD_OF: Final[Mapping[str, str]] = {
    "customer_frt_within": "customer_frt_mean",
    "customer_frt_missed": "customer_frt_mean",
    "customer_frt_p50": "customer_frt_mean",
    "customer_frt_p90": "customer_frt_mean",
    "agent_frt_within": "agent_frt_mean",
    "agent_frt_missed": "agent_frt_mean",
    "agent_frt_p50": "agent_frt_mean",
    "agent_frt_p90": "agent_frt_mean",
    "average_response_time": "response_time_p90",
    "response_time_within": "response_time_p90",
    "queue_time_p90": "queue_time_mean",
    "queue_time_within": "queue_time_mean",
    "service_level": "queue_time_mean",
    "hand_over_within": "hand_over_time",
    "complaint_resolution_within": "complaint_resolution_time",
    "csat_top2": "csat_mean",
    "csat_top1": "csat_mean",
    "csat_bottom2": "csat_mean",
}
"""metric → the one whose values it is told from; metrics with values of their own need no entry."""

MOST_BINS: Final = 16
_STEPS: Final = tuple(
    n * unit
    for unit, numbers in (
        (SECOND, (1, 2, 5, 10, 15, 30)),
        (MINUTE, (1, 2, 5, 10, 15, 30)),
        (HOUR, (1, 2, 4, 8, 24, 72, 168)),
    )
    for n in numbers
)
_FAR: Final = 20
_LONG_TAIL: Final = 980  # per mille of the values that get bins of their own; the rest share the last one


def spread(view: View, name: str, goal: Goal | None) -> Histogram | None:
    """The distribution behind a metric under the page's filters; None where it has no values of one kind."""
    metric = CATALOG[SPREAD_OF.get(name, name)]
    column = _column(metric.kind.numerator, metric.kind.helpers)
    if not column or metric.kind.interval not in {"t", "rank"}:
        return None
    values = _values(view, metric.name, column)
    if values is None or not values.size:
        return None
    title = _("Distribution: %(name)s") % {"name": metric_label(metric)}
    if column.endswith("_us"):
        limit = int(goal.limit * SECOND) if goal is not None and CATALOG[name].unit == "seconds" else None
        return _durations(values, title, limit)
    return _points(values, title)


def _column(numerator: Measure, helpers: Sequence[Measure]) -> str:
    return numerator.column or next((one.column for one in helpers if one.how == "values"), "")


def _values(view: View, name: str, column: str) -> Any:
    metric, filters = CATALOG[name], view.filters
    where = {dimension: (key,) for dimension, key in filters.where.items()}
    request = Request(view.params, view.as_of_us, filters.period, where)
    if hindrance(metric, (), request, view.people_reader.making(filters.period)) is not None:
        return None
    wanted = Measure("values", column, metric.kind.denominator.where)
    question = ("spread", name, column, filters.period, tuple(sorted(filters.where.items())))
    return view.remembered(question, lambda: _asked(view, metric, wanted, request))


def _asked(view: View, metric: Metric, wanted: Measure, request: Request) -> Any:
    return measured(DuckEngine(view.people_reader), metric.population, (wanted,), (), request).lists[wanted].values


def _durations(values: Any, title: str, limit: int | None) -> Histogram:
    median = int(values[(values.size - 1) // 2])
    edges = _edges(median, int(values[min(values.size * _LONG_TAIL // 1000, values.size - 1)]))
    counts = np.bincount(np.searchsorted(edges, values, side="right") - 1, minlength=len(edges))
    bins = [Bin(_label(edges, place), int(count)) for place, count in enumerate(counts)]
    while len(bins) > 1 and not bins[-1].count:
        bins.pop()
    words = {_place(edges, bins, median): [_("median %(value)s") % {"value": _said(median)}]}
    if limit is not None:
        text = _("target %(value)s") % {"value": _said(limit)}
        words.setdefault(_place(edges, bins, max(limit - 1, 0)), []).append(text)
    summary = _("%(n)s values, median %(value)s") % {"n": formats.number(int(values.size)), "value": _said(median)}
    return Histogram(
        "spread", title, bins, summary, marks=[(place, " · ".join(texts)) for place, texts in words.items()]
    )


def _points(values: Any, title: str) -> Histogram:
    low, high = int(values[0]), int(values[-1])
    counts = np.bincount((values - low).astype(int), minlength=high - low + 1)
    bins = [Bin(str(low + place), int(count)) for place, count in enumerate(counts)]
    mean = formats.number(Decimal(int(values.sum())) / int(values.size), 2)
    summary = _("%(n)s answers, mean %(value)s") % {"n": formats.number(int(values.size)), "value": mean}
    return Histogram("spread", title, bins, summary)


def _edges(median: int, reach: int) -> list[int]:
    """Even steps; where a few values lie far out (a chat beside a letter) the ladder of round times instead."""
    step = next((one for one in _STEPS if one * MOST_BINS > reach), _STEPS[-1])
    if reach <= _FAR * max(median, 1):
        return [place * step for place in range(min(reach // step + 2, MOST_BINS + 1))]
    return [0, *(one for one in _STEPS if one <= reach)]


def _label(edges: Sequence[int], place: int) -> str:
    return f"≥ {_said(edges[place])}" if place == len(edges) - 1 else _said(edges[place])


def _place(edges: Sequence[int], bins: Sequence[Bin], value: int) -> int:
    return min(int(np.searchsorted(edges, value, side="right")) - 1, len(bins) - 1)


def _said(us: int) -> str:
    return formats.duration(us, language())
