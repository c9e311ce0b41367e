"""From measures to figures: division last, in whole numbers, half up; intervals beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bihuan.kit.errors import DefinitionError, Issue, Level
from bihuan.metrics import intervals, reasons
from bihuan.metrics.engine.measured import Lists, Measured
from bihuan.metrics.figures import Column, Floats, Integers
from bihuan.metrics.kinds import Kind, Measure, Metric, Unit
from bihuan.metrics.params import MetricParams

_SCALES: Final[Mapping[Unit, tuple[int, int]]] = {"seconds": (1, 1_000_000), "nps": (100, 1)}
"""Unit → (times, divided by) from what is stored to what is shown."""
_WHOLE: Final = frozenset({"contacts", "count"})
_COARSE_US: Final = 1024
_INT64: Final = 2**62


def column(metric: Metric, found: Measured, places: Integers, params: MetricParams) -> Column:
    """The metric's figures for groups at these places of `found`; −1 is a group the population has no row of."""
    parts = {name: _taken(found, metric.kind.part(name), places) for name in ("numerator", "denominator")}
    unsure = _taken(found, metric.kind.part("unsure"), places)
    decimals = decimals_of(metric, params)
    below = parts["denominator"]
    above, under = _fraction(metric.kind, found, places, parts)
    # what was counted is told, even where nothing else could be
    told = ((below > 0) | (parts["numerator"] > 0 if metric.kind.word == "simple" else False)) & (under > 0)
    low, high = _bounds(metric, found, places, params)
    return Column(
        metric, decimals, half_up(above, under, metric.unit, decimals), told, parts["numerator"], below, unsure,
        _taken(found, metric.kind.part("pending"), places), _told_rows(metric.kind, found, places, below), low, high,
        reasons.NOT_RECORDED if metric.kind.word == "simple" else reasons.NOTHING, places >= 0,
    )  # fmt: skip


def silent(metric: Metric, groups: int, reason: str) -> Column:
    """A metric that cannot be told for any group, and why."""
    none = np.zeros(groups, dtype=np.int64)
    nan = np.full(groups, np.nan)
    return Column(metric, 0, none, none.astype(bool), none, none, none, none, none, nan, nan, reason, none.astype(bool))


def decimals_of(metric: Metric, params: MetricParams) -> int:
    """The edition's decimals for the metric's unit. DefinitionError where it names none."""
    if metric.unit in _WHOLE:
        return 0
    if metric.unit not in params.decimals:
        raise DefinitionError([Issue(Level.ERROR, f"decimals.{metric.unit}", "is missing")])
    return params.decimals[metric.unit]


def half_up(above: NDArray[Any], below: NDArray[Any], unit: Unit, decimals: int) -> NDArray[Any]:
    """above ÷ below in the unit, in whole units of 10^-decimals, half away from zero; 0 where below is 0."""
    times, over = _SCALES.get(unit, (1, 1))
    factor = 2 * times * 10**decimals
    biggest = max(int(np.abs(above).max(initial=0)) * factor, int(below.max(initial=0)) * 2 * over)
    kind: Any = np.int64 if biggest < _INT64 else object
    numerator = np.abs(above).astype(kind) * factor
    denominator = np.where(below > 0, below, 1).astype(kind) * over
    scaled: NDArray[Any] = (numerator + denominator) // (2 * denominator) * np.where(above < 0, -1, 1)
    return scaled


def _fraction(
    kind: Kind, found: Measured, places: Integers, parts: Mapping[str, Integers]
) -> tuple[Integers, Integers]:
    ones = np.ones(len(places), dtype=np.int64)
    if kind.word == "simple":
        return parts["numerator"], ones
    if kind.interval == "rank":
        return _ranked(found.lists[kind.helpers[0]], places, kind.per_mille), ones
    if kind.interval == "net":
        return parts["numerator"] - _taken(found, kind.helpers[0], places), parts["denominator"]
    return parts["numerator"], parts["denominator"]


def _ranked(lists: Lists, places: Integers, per_mille: int) -> Integers:
    n = _lengths(lists, places)
    return _at_rank(lists, places, intervals.quantile_rank(n, per_mille), n)


def _lengths(lists: Lists, places: Integers) -> Integers:
    lengths = np.diff(lists.offsets)
    return np.where(places >= 0, lengths[places] if len(lengths) else 0, 0)


def _at_rank(lists: Lists, places: Integers, rank: Integers, n: Integers) -> Integers:
    """The rank-th (from 1) value of each group's list; 0 for an empty list."""
    if not lists.values.size:
        return np.zeros(len(places), dtype=np.int64)
    at = np.where(n > 0, lists.offsets[places] + rank - 1, 0)
    return np.where(n > 0, lists.values[at], 0)


def _told_rows(kind: Kind, found: Measured, places: Integers, below: Integers) -> Integers:
    """n: rows the figure rests on; for a weighted mean the contacts, elsewhere the denominator."""
    return _taken(found, kind.helpers[-1], places) if kind.interval == "clusters" else below


def _taken(found: Measured, measure: Measure | None, places: Integers) -> Integers:
    if measure is None or not found.keys:
        return np.zeros(len(places), dtype=np.int64)
    return np.where(places >= 0, found.numbers[measure][places], 0)


Bounded = Callable[[Metric, Measured, Integers, float], tuple[Floats, Floats]]


def _bounds(metric: Metric, found: Measured, places: Integers, params: MetricParams) -> tuple[Floats, Floats]:
    made = _INTERVALS.get(metric.kind.interval)
    if made is None:
        nan = np.full(len(places), np.nan)
        return nan, nan
    low, high = made(metric, found, places, float(params.confidence))
    times, over = _SCALES.get(metric.unit, (1, 1))
    return low * times / over, high * times / over


def _wilson(metric: Metric, found: Measured, places: Integers, confidence: float) -> tuple[Floats, Floats]:
    kind = metric.kind
    return intervals.wilson(_taken(found, kind.numerator, places), _taken(found, kind.denominator, places), confidence)


def _t(metric: Metric, found: Measured, places: Integers, confidence: float) -> tuple[Floats, Floats]:
    squares, sums = (_taken(found, helper, places) for helper in metric.kind.helpers)
    n = _taken(found, metric.kind.denominator, places)
    spread = _variance(squares, sums, np.maximum(n, 1))
    unit = _COARSE_US if metric.kind.numerator.column.endswith("_us") else 1
    mean = _taken(found, metric.kind.numerator, places) / np.maximum(n, 1)
    return _floored(*intervals.t_interval(mean, np.sqrt(spread) * unit, n, confidence))


def _variance(squares: Integers, sums: Integers, n: Integers) -> Floats:
    """Sample variance from Σx² and Σx; the difference in whole numbers, since in floats large sums lose their digits."""
    largest = int(squares.max(initial=0)) * int(n.max(initial=1))
    kind: Any = np.int64 if largest < _INT64 else object
    difference = squares.astype(kind) * n - sums.astype(kind) ** 2
    variance: Floats = difference.astype(float) / (n * np.maximum(n - 1, 1)).astype(float)
    return variance


def _clusters(metric: Metric, found: Measured, places: Integers, confidence: float) -> tuple[Floats, Floats]:
    ww, wk, kk, _w, n = (_taken(found, helper, places) for helper in metric.kind.helpers)
    k = _taken(found, metric.kind.denominator, places)
    ratio = _taken(found, metric.kind.numerator, places) / np.maximum(k, 1) / _COARSE_US
    low, high = intervals.ratio_interval((ww, wk, kk, k, n), ratio, confidence)
    return _floored(low * _COARSE_US, high * _COARSE_US)


def _floored(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """No time and no rating lies below zero."""
    return np.maximum(low, 0), high


def _rank(metric: Metric, found: Measured, places: Integers, confidence: float) -> tuple[Floats, Floats]:
    lists = found.lists[metric.kind.helpers[0]]
    n = _lengths(lists, places)
    ranks = intervals.quantile_ranks(n, metric.kind.per_mille, confidence)
    low, high = (np.where(n > 1, _at_rank(lists, places, rank, n), np.nan) for rank in ranks)
    return low, high


def _net(metric: Metric, found: Measured, places: Integers, confidence: float) -> tuple[Floats, Floats]:
    parts = (metric.kind.numerator, metric.kind.helpers[0], metric.kind.denominator)
    plus, minus, n = (_taken(found, part, places) for part in parts)
    return intervals.net_interval(plus, minus, n, confidence)


_INTERVALS: Final[Mapping[str, Bounded]] = {
    "wilson": _wilson, "t": _t, "clusters": _clusters, "rank": _rank, "net": _net,
}  # fmt: skip
