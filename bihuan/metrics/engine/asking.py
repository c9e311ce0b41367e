"""Questions to an engine, and the SQL already written for their like.

What a query says depends on the measures, the grouping, the kinds of filters, the kind of right to see and the edition's
numbers; which days, which moment, and which people, teams and other names it is told for are put in afterwards. So the
same page of another day or another person writes no SQL anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
_NAME_MARK: Final = "⟦{}⟧"
_NAME_MARKS: Final = re.compile("'⟦([0-9]+)⟧'")

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

    In `scope` and `where` stand-ins hold the places of names, so that only their number counts. `dimensions` are those that
    group or filter. `offsets` are the zone's in the period, where hours are asked for.
    """

    scope: Scope
    told: str
    where: tuple[tuple[str, Keys], ...]
    dimensions: frozenset[str]
    dated: bool
    offsets: tuple[tuple[int | None, int], ...]
    params: MetricParams = field(compare=False, repr=False)

    @property
    def as_of_us(self) -> int:
        return AS_OF_MARK


@dataclass(frozen=True)
class Template:
    """SQL with stand-ins for its moments and names."""

    sql: str
    tables: frozenset[str]

    def filled(self, request: Request, names: Sequence[str]) -> Query:
        """The SQL of a request; `names` are written as literals, in the order of their stand-ins."""
        sql = self.sql.replace(str(AS_OF_MARK), str(request.as_of_us))
        if request.period is not None:
            for mark, day in zip((FIRST_MARK, LAST_MARK), request.period, strict=True):
                sql = sql.replace(spelled(mark), spelled(day))
        # names last and all at once: a name may look like a stand-in
        return Query(_NAME_MARKS.sub(lambda mark: names[int(mark[1])], sql), self.tables)


def spelled(day: date) -> str:
    """A day as both dialects write it."""
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


def query_of(engine: Engine, request: Request, question: Question) -> Query:
    """The SQL of a question under a request, written anew only where nothing like it was asked before."""
    names = _Names()
    frame = _frame(engine, request, question, names)
    asked = replace(question, key=names.keys(question.by, question.key)) if isinstance(question, Listing) else question
    return _template(engine.dialect, frame, asked).filled(request, [engine.quoted(name) for name in names.given])


class _Names:
    """Names of people, teams and the like as they are met, each with the stand-in it gets."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def mark(self, name: str) -> str:
        self.given.append(name)
        return _NAME_MARK.format(len(self.given) - 1)

    def keys(self, dimensions: Sequence[str], keys: Keys) -> Keys:
        """The keys, of which those that are names in the record are stood in for; moments are read where SQL is written."""
        pairs = zip(dimensions, keys, strict=True)
        return tuple(self.mark(key) if key is not None and name in buckets.COLUMN_OF else key for name, key in pairs)

    def scope(self, scope: Scope) -> Scope:
        persons, teams = (frozenset(map(self.mark, sorted(seen))) for seen in (scope.persons, scope.teams))
        return Scope(scope.everything, persons, teams)


def _frame(engine: Engine, request: Request, question: Question, names: _Names) -> Frame:
    asked = [(name, keys_of(keys)) for name, keys in sorted(request.where.items())]
    where = tuple((name, names.keys([name] * len(keys), keys)) for name, keys in asked)
    offsets = (
        buckets.offsets(engine.zone, *(request.period or buckets.ALL_TIME)) if _cuts_hours(question, where) else ()
    )
    scope, dated = names.scope(engine.scope), request.period is not None
    dimensions = frozenset((*question.by, *request.where))
    return Frame(scope, request.params.text, where, dimensions, dated, tuple(offsets), request.params)


def keys_of(asked: object) -> Keys:
    """The keys a filter wants, one or several."""
    return tuple(asked) if isinstance(asked, tuple | list) else (asked,)  # type: ignore[return-value]  # a key alone


def _cuts_hours(question: Question, where: Sequence[tuple[str, Keys]]) -> bool:
    return any(name in buckets.CLOCK_STEPS for name in (*question.by, *(name for name, _ in where)))


@lru_cache(maxsize=_MOST_KEPT)
def _template(dialect: str, frame: Frame, question: Question) -> Template:
    # ibis and what it brings take longer to load than a page to answer: only who asks something new waits for them
    from bihuan.metrics.engine.writing import written

    return written(dialect, frame, question)
