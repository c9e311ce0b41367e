"""Asking for figures, and for the contacts behind one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from bihuan.archive.definitions import Making
from bihuan.archive.reader import Reader
from bihuan.kit.errors import InputError
from bihuan.metrics import buckets, division, reasons
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine.base import Engine, Keys, Request
from bihuan.metrics.engine.duckdb import DuckEngine
from bihuan.metrics.engine.measured import Key, Lists, Measured, measured, rows_of, summed
from bihuan.metrics.figures import Column, Figure, FigureTable, Integers
from bihuan.metrics.kinds import Measure, Metric, Number, Part, Target
from bihuan.metrics.params import MetricParams

Source = Reader | Engine


def figures(
    source: Source, names: Iterable[str], *, by: Sequence[str] = ("agent", "day"), period: tuple[date, date] | None,
    where: Mapping[str, Keys] | None = None, params: MetricParams, as_of_us: int,
) -> FigureTable:  # fmt: skip
    """The metrics per group and in total, by one query per population.

    `period`: inclusive business days, None for all with undated ones. `by`, `where`: names of `buckets.DIMENSIONS`.
    Contact-level metrics are booked on the contact's primary row, person-level ones on each person's. Raises InputError
    for a name that does not exist, DefinitionError where the parameters lack the decimals of a unit.
    """
    metrics = [metric_named(name) for name in dict.fromkeys(names)]
    by = tuple(dict.fromkeys(by))
    buckets.refuse_unknown((*by, *(where or {})))
    request = Request(params, as_of_us, period, dict(where or {}))
    engine = source if not isinstance(source, Reader) else DuckEngine(source)
    making = engine.making(request)
    hindrances = {metric.name: hindrance(metric, by, request, making) for metric in metrics}
    able = [metric for metric in metrics if hindrances[metric.name] is None]
    found = {name: _asked(engine, name, able, by, request) for name in dict.fromkeys(one.population for one in able)}
    keys, places = _joined(found, by)
    columns = {one.name: _column(one, found, places, len(keys), hindrances, params) for one in metrics}
    return FigureTable(request, by, keys, columns, lambda: _totals(engine, metrics, hindrances, found, request))


def contacts_of(source: Source, table: FigureTable, figure: Figure, part: Part = "denominator") -> pa.Table:
    """The rows behind one part of a figure of a table: contact_id, person, day, amount, sorted.

    The amounts add up to that part of the figure (`numerator`, `denominator`, `unsure`, `pending`): what a drill-down
    lists is what was counted. Two exceptions list the contacts alone, amount 1 each: sums of time, whose amounts are
    microseconds and are kept; counts of different customers, and thresholds of agent-days, which no contact carries.
    """
    engine = source if not isinstance(source, Reader) else DuckEngine(source)
    by = tuple(figure.keys)
    key = tuple(figure.keys[name] for name in by)
    return rows_of(engine, CATALOG[figure.metric], part, by, key, table.request)


def metric_named(name: str) -> Metric:
    """The declaration. InputError with near names where there is none."""
    if name in CATALOG:
        return CATALOG[name]
    near = difflib.get_close_matches(name, CATALOG, n=3)
    hint = f"Near: {', '.join(near)}." if near else "`bihuan metrics` lists them all."
    raise InputError(f"No metric is called {name}.", hint=hint)


_RETURNS: Final = frozenset({"fcr_window", "fcr_early_window"})
"""Numbers that say how long after a contact the customer's return matters."""


def hindrance(metric: Metric, by: Sequence[str], request: Request, making: Making) -> str | None:
    """Why the metric cannot be told under this request, of rows made like this, at all, or None."""
    asked = {*by, *request.where}
    allowed = metric.by or tuple(
        name for name in buckets.DIMENSIONS if metric.population == "verdicts" or name != "item"
    )
    if not asked <= set(allowed):
        return reasons.NOT_BY
    if metric.population == "verdicts" and request.params.edition is None:
        return reasons.NO_EDITION
    wanted = metric.operands() | ({Target("daily_volume")} if metric.population == "agent_days" else set())
    numbers = {one.name for one in wanted if isinstance(one, Number)}
    if not numbers <= set(request.params.numbers):
        return reasons.NO_NUMBER
    if any(isinstance(one, Target) and not request.params.targets.get(one.name) for one in wanted):
        return reasons.NO_TARGET
    looked_for = [request.params.numbers[name] for name in numbers & _RETURNS]
    return _beyond_the_record(making, looked_for) if metric.population != "verdicts" else None


def _beyond_the_record(making: Making, windows: Sequence[int]) -> str | None:
    """Rows made by other definitions, or that look less far for a return than a window asks."""
    if not making.current:
        return reasons.OUTDATED
    reach = making.window_us
    return reasons.NOT_KEPT if reach is not None and any(window > reach for window in windows) else None


def _column(
    metric: Metric, found: Mapping[str, Measured], places: Mapping[str, Integers], groups: int,
    hindrances: Mapping[str, str | None], params: MetricParams,
) -> Column:  # fmt: skip
    reason = hindrances[metric.name]
    if reason is not None:
        return division.silent(metric, groups, reason)
    return division.column(metric, found[metric.population], places[metric.population], params)


def _asked(engine: Engine, name: str, able: list[Metric], by: tuple[str, ...], request: Request) -> Measured:
    measures = (measure for one in able if one.population == name for measure in one.kind.measures())
    return measured(engine, name, measures, by, request)


def _joined(found: Mapping[str, Measured], by: tuple[str, ...]) -> tuple[tuple[Key, ...], dict[str, Integers]]:
    """All groups in the order of their keys, missing ones last, and where each population has them; -1 for nowhere."""
    if not by or not found:
        return (((),) if found else ()), {name: np.zeros(1, dtype=np.int64) for name in found}
    frames = {
        name: pl.DataFrame(list(one.keys), schema=dict.fromkeys(by, pl.String), orient="row")
        for name, one in found.items()
    }
    union = pl.concat(frames.values()).unique().sort(by, nulls_last=True)
    places = {}
    for name, frame in frames.items():
        at = union.join(frame.with_row_index("at"), on=list(by), how="left", nulls_equal=True, maintain_order="left")
        places[name] = at["at"].cast(pl.Int64).fill_null(-1).to_numpy()
    return tuple(union.iter_rows()), places


def _totals(
    engine: Engine, metrics: list[Metric], hindrances: Mapping[str, str | None], found: Mapping[str, Measured],
    request: Request,
) -> dict[str, Figure]:  # fmt: skip
    """Figures of all rows: sums of the groups' sums; only counts of different values are asked again."""
    whole = {name: _collapsed(engine, name, one, request) for name, one in found.items()}
    places = {name: np.zeros(1, dtype=np.int64) for name in whole}
    columns = [_column(one, whole, places, 1, hindrances, request.params) for one in metrics]
    return {column.metric.name: column.figure(0, {}) for column in columns}


def _collapsed(engine: Engine, name: str, found: Measured, request: Request) -> Measured:
    again = [measure for measure in found.numbers if not measure.additive]
    numbers: dict[Measure, Integers] = {one: summed(values) for one, values in found.numbers.items()}
    if again and found.keys != ((),):
        numbers |= measured(engine, name, again, (), request).numbers
    lists = {one: _flat(values) for one, values in found.lists.items()}
    return replace(found, keys=((),), numbers=numbers, lists=lists)


def _flat(lists: Lists) -> Lists:
    return Lists(np.sort(lists.values), np.array([0, lists.values.size]))
