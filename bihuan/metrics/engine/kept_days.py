"""What was counted of whole days, kept in the process: a day's files never change, so nobody counts them twice.

A page of other days, or of the same days beside others, asks the engine only for the days nobody asked for yet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.kit.ids import content_hash
from bihuan.metrics.engine.asking import Sums, keys_of, query_of
from bihuan.metrics.engine.base import Engine, Keys, Request

MOST_BYTES: Final = 64 << 20
"""What is kept in all takes no more than this."""
_AROUND: Final = 512
"""Bytes that the objects around a column take, or around a table: of a day of one person they are nearly all of it."""
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
        between = {key: day for day, key in keys.items() if missing[0] <= day <= missing[-1]}
        held |= _counted(engine, replace(whole, period=(missing[0], missing[-1])), asked, between)
        _kept.keep(held)
    return _picked(pa.concat_tables([held[key] for key in keys.values()]), asked.by, picked)


def forget() -> None:
    """Keep nothing; for tests and for whoever measures."""
    _kept.clear()


def _keys(engine: Engine, request: Request, asked: Sums) -> Mapping[date, str]:
    """What names the answer of each day that has rows, in order: the SQL that asks for it alone, and the files it is read from.

    Empty where a day's answer cannot stand for itself: days are not asked apart, lists are asked for, or the engine does
    not say from what it reads.
    """
    apart = asked.population in _DAY_BY_DAY and "day" in asked.by
    if request.period is None or not apart or any(measure.how == "values" for measure in asked.measures):
        return {}
    states = engine.states_of(request.period, query_of(engine, request, asked).tables)
    return {
        day: _key(engine, replace(request, period=(day, day)), asked, state) for day, state in (states or {}).items()
    }


def _key(engine: Engine, request: Request, asked: Sums, state: Sequence[str | None]) -> str:
    return content_hash([query_of(engine, request, asked).sql, *state])


def _picked(rows: pa.Table, by: Sequence[str], picked: Mapping[str, Keys]) -> pa.Table:
    for name, keys in picked.items():
        wanted = pa.array(keys_of(keys), pa.string())
        rows = rows.filter(pc.is_in(rows[f"k{by.index(name)}"], value_set=wanted))
    return rows


def _counted(engine: Engine, request: Request, asked: Sums, days: Mapping[str, date]) -> dict[str, pa.Table]:
    """The answers of these days of the request, by what names them; of a day without rows an empty one."""
    rows = engine.run(query_of(engine, request, asked), request)
    told = rows[f"k{asked.by.index('day')}"]
    return {key: rows.filter(pc.equal(told, pa.scalar(day))) for key, day in days.items()}


class _Kept:
    """The answers last used, up to `MOST_BYTES`. Two threads may count the same day at once; both count the same."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, pa.Table] = OrderedDict()
        self._bytes = 0
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
                    self._bytes += _bytes(rows)
            while self._bytes > MOST_BYTES:
                _key, oldest = self._tables.popitem(last=False)
                self._bytes -= _bytes(oldest)

    def clear(self) -> None:
        with self._lock:
            self._tables.clear()
            self._bytes = 0


def _bytes(rows: pa.Table) -> int:
    return int(rows.get_total_buffer_size() + (rows.num_columns + 1) * _AROUND)  # a day of no rows takes room too


_kept = _Kept()
