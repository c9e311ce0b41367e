"""Questions to an engine, and the SQL already written for their like.

What a query says depends on the measures, the grouping, the filters, the right to see and the edition's numbers; which
days and which moment it is told for are put in afterwards. So the same page of another day writes no SQL anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from bihuan.archive.scope import Scope
from bihuan.metrics import buckets
from bihuan.metrics.engine.base import Engine, Query, Request
from bihuan.metrics.kinds import Measure, Part
from bihuan.metrics.params import MetricParams

_MOST_KEPT: Final = 1024
# Stand-ins while a query is written: no number of an edition and no day of a record is one of them.
AS_OF_MARK: Final = 4_611_686_018_427_387_001
FIRST_MARK: Final = date(1, 2, 3)
LAST_MARK: Final = date(1, 2, 4)

Keys = tuple[str | None, ...]


@dataclass(frozen=True)
class Sums:
    """Measures of a population per group."""

    population: str
    measures: tuple[Measure, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """The rows behind one part of a metric's figure of one group."""

    metric: str
    part: Part
    by: tuple[str, ...]
    key: Keys


Question = Sums | Listing


@dataclass(frozen=True)
class Frame:
    """All of a request that SQL is written for; of the parameters their text tells one from another.

    `offsets` are the zone's in the period, where hours are asked for.
    """

    scope: Scope
    told: str
    where: tuple[tuple[str, Keys], ...]
    dated: bool
    offsets: tuple[tuple[int | None, int], ...]
    params: MetricParams = field(compare=False, repr=False)

    @property
    def as_of_us(self) -> int:
        return AS_OF_MARK


@dataclass(frozen=True)
class Template:
    """SQL with stand-ins for its moments."""

    sql: str
    tables: frozenset[str]

    def filled(self, request: Request) -> Query:
        sql = self.sql.replace(str(AS_OF_MARK), str(request.as_of_us))
        if request.period is not None:
            for mark, day in zip((FIRST_MARK, LAST_MARK), request.period, strict=True):
                sql = sql.replace(spelled(mark), spelled(day))
        return Query(sql, self.tables)


def spelled(day: date) -> str:
    """A day as both dialects write it."""
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


def query_of(engine: Engine, request: Request, question: Question) -> Query:
    """The SQL of a question under a request, written anew only where nothing like it was asked before."""
    return _template(engine.dialect, _frame(engine, request, question), question).filled(request)


def _frame(engine: Engine, request: Request, question: Question) -> Frame:
    where = tuple((name, _keys(keys)) for name, keys in sorted(request.where.items()))
    offsets = (
        buckets.offsets(engine.zone, *(request.period or buckets.ALL_TIME)) if _cuts_hours(question, where) else ()
    )
    return Frame(engine.scope, request.params.text, where, request.period is not None, tuple(offsets), request.params)


def _keys(asked: object) -> Keys:
    return tuple(asked) if isinstance(asked, tuple | list) else (asked,)  # type: ignore[return-value]  # a key alone


def _cuts_hours(question: Question, where: Sequence[tuple[str, Keys]]) -> bool:
    return any(name in buckets.CLOCK_STEPS for name in (*question.by, *(name for name, _ in where)))


@lru_cache(maxsize=_MOST_KEPT)
def _template(dialect: str, frame: Frame, question: Question) -> Template:
    # ibis and what it brings take longer to load than a page to answer: only who asks something new waits for them
    from bihuan.metrics.engine.writing import written

    return written(dialect, frame, question)
