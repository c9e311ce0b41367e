"""What an engine is: something that runs one query over the named tables of the record and gives back Arrow rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.scope import Scope
from bihuan.metrics.params import MetricParams

Keys = str | None | tuple[str | None, ...] | list[str | None]


@dataclass(frozen=True)
class Request:
    """Which rows a figure is about.

    `period` is inclusive business days, None for all of them, undated ones too. `where` is dimension → the key or keys
    wanted; None wants the rows without one.
    """

    params: MetricParams
    as_of_us: int
    period: tuple[date, date] | None = None
    where: Mapping[str, Keys] = field(default_factory=dict)


class Engine(Protocol):
    """Runs queries over `rollup`, `exchanges` and `verdicts` of one state of the record."""

    zone: ZoneInfo
    scope: Scope

    def run(self, query: ibis.Table, request: Request) -> pa.Table:
        """The rows of a query made from `table(name)`, in the query's own order. The request says which days to open."""
        ...


@cache
def table(name: str) -> ibis.Table:
    """A table of the record as a name with columns, bound to no engine."""
    return ibis.table(ibis.Schema.from_pyarrow(TABLES[name].schema), name=name)
