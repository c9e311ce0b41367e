"""What was counted of whole days, kept in the process: a day's files never change, so nobody counts them twice.

A page of other days, or of the same days beside others, asks the engine only for the days nobody asked for yet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from threading import Lock
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.kit.ids import content_hash
from bihuan.metrics.engine.asking import Sums, keys_of, query_of
from bihuan.metrics.engine.base import Engine, Keys, Request

MOST_CELLS: Final = 4_000_000
"""Numbers and keys kept in all: some 32 MB."""
_DAY_BY_DAY: Final = frozenset({"contacts", "first_hands", "served", "agent_days", "exchanges", "afterwards", "voiced"})
"""Populations of which no row depends on another day's."""
_FEW: Final = ("team", "channel")
"""Dimensions of few values: where groups are told by one of them, all of them are counted, and those asked for picked."""


def rows_of_sums(engine: Engine, request: Request, asked: Sums) -> pa.Table:
    """The rows of a question, of days counted before from memory; in no particular order."""
    picked: dict[str, Keys] = {name: request.where[name] for name in _FEW if name in request.where and name in asked.by}
    whole = replace(request, where={name: keys for name, keys in request.where.items() if name not in picked})
    keys = _keys(engine, whole, asked)
    if not keys:
        return engine.run(query_of(engine, request, asked), request)
    held = _kept.of(keys.values())
    missing = [day for day, key in keys.items() if key not in held]
    if missing:
        held |= _counted(engine, replace(whole, period=(missing[0], missing[-1])), asked, keys)
        _kept.keep(held)
    return _picked(pa.concat_tables([held[key] for key in keys.values()]), asked.by, picked)


def forget() -> None:
    """Keep nothing; for tests and for whoever measures."""
    _kept.clear()


def _keys(engine: Engine, request: Request, asked: Sums) -> Mapping[date, str]:
    """What names the answer of each day: the SQL that asks for it alone, and the files it is read from.

    Empty where a day's answer cannot stand for itself: days are not asked apart, lists are asked for, or the engine does
    not say from what it reads.
    """
    apart = asked.population in _DAY_BY_DAY and "day" in asked.by and request.period is not None
    if not apart or any(measure.how == "values" for measure in asked.measures):
        return {}
    keys = {}
    for day in _days(request):
        query = query_of(engine, replace(request, period=(day, day)), asked)
        state = engine.state_of(day, query.tables)
        if state is None:
            return {}
        keys[day] = content_hash([query.sql, *state])
    return keys


def _picked(rows: pa.Table, by: Sequence[str], picked: Mapping[str, Keys]) -> pa.Table:
    for name, keys in picked.items():
        wanted = pa.array(keys_of(keys), pa.string())
        rows = rows.filter(pc.is_in(rows[f"k{by.index(name)}"], value_set=wanted))
    return rows


def _days(request: Request) -> Sequence[date]:
    assert request.period is not None
    first, last = request.period
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _counted(engine: Engine, request: Request, asked: Sums, keys: Mapping[date, str]) -> dict[str, pa.Table]:
    """The answers of every day of the request, by what names them; of a day without rows an empty one."""
    rows = engine.run(query_of(engine, request, asked), request)
    days = rows[f"k{asked.by.index('day')}"]
    return {keys[day]: rows.filter(pc.equal(days, pa.scalar(day))) for day in _days(request)}


class _Kept:
    """The answers last used, up to `MOST_CELLS`. Two threads may count the same day at once; both count the same."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, pa.Table] = OrderedDict()
        self._cells = 0
        self._lock = Lock()

    def of(self, keys: Iterable[str]) -> dict[str, pa.Table]:
        with self._lock:
            found = {key: self._tables[key] for key in keys if key in self._tables}
            for key in found:
                self._tables.move_to_end(key)
            return found

    def keep(self, answers: Mapping[str, pa.Table]) -> None:
        with self._lock:
            for key, rows in answers.items():
                if key not in self._tables:
                    self._tables[key] = rows
                    self._cells += _cells(rows)
            while self._cells > MOST_CELLS:
                _key, oldest = self._tables.popitem(last=False)
                self._cells -= _cells(oldest)

    def clear(self) -> None:
        with self._lock:
            self._tables.clear()
            self._cells = 0


def _cells(rows: pa.Table) -> int:
    return int((rows.num_rows + 1) * rows.num_columns)  # a day of no rows takes room too


_kept = _Kept()
