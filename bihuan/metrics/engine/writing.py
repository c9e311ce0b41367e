"""Questions written as SQL by ibis, for whichever dialect."""

from __future__ import annotations

import ibis
import ibis.expr.operations as operations

from bihuan.metrics import buckets
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine.asking import (
    AS_OF_MARK,
    FIRST_MARK,
    LAST_MARK,
    Frame,
    Listing,
    Question,
    Sums,
    Template,
    spelled,
)
from bihuan.metrics.engine.expressions import condition, measure
from bihuan.metrics.engine.populations import bucket, population
from bihuan.metrics.kinds import Column, Condition, Metric

LISTED = ("contact_id", "person", "day", "amount")


def written(dialect: str, frame: Frame, question: Question) -> Template:
    """The SQL of a question. Group keys are named k0, k1 …, measures m0, m1 … in the order they were asked in."""
    query = _sums(frame, question) if isinstance(question, Sums) else _listing(frame, question)
    sql = str(ibis.to_sql(query, dialect=dialect, pretty=False))
    if frame.dated and not all(spelled(mark) in sql for mark in (FIRST_MARK, LAST_MARK)):
        raise AssertionError(f"{dialect} spells days otherwise; the period would be lost")
    assert AS_OF_MARK not in frame.params.numbers.values()
    return Template(sql, frozenset(str(one.name) for one in query.op().find(operations.UnboundTable)))


def _sums(frame: Frame, question: Sums) -> ibis.Table:
    table = population(frame, question.population)
    groups = {f"k{at}": bucket(frame, table, dimension) for at, dimension in enumerate(question.by)}
    sums = {f"m{at}": measure(table, wanted, frame.params) for at, wanted in enumerate(question.measures)}
    return table.group_by(**groups).aggregate(**sums) if groups else table.aggregate(**sums)


def _listing(frame: Frame, question: Listing) -> ibis.Table:
    metric = CATALOG[question.metric]
    wanted = metric.kind.part(question.part)
    assert wanted is not None
    table, rows_where = _listed(frame, metric)
    where = condition(table, rows_where or wanted.where, frame.params)
    for dimension, one in zip(question.by, question.key, strict=True):
        column = bucket(frame, table, dimension)
        where &= column.isnull() if one is None else column == buckets.raw_of(dimension, one)
    amount = table[wanted.column].cast("int64") if wanted.how == "total" and rows_where is None else 1
    return table.filter(where).mutate(amount=amount).select(*LISTED)


def _listed(frame: Frame, metric: Metric) -> tuple[ibis.Table, Condition | None]:
    """The rows to list; of agent-days the contacts served, under a condition of their own."""
    if metric.population != "agent_days":
        return population(frame, metric.population), None
    return population(frame, "served"), Column("threshold").known & Column("day").known & Column("served").is_(1)
