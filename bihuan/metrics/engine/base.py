"""What an engine is: something that runs SQL over the named tables of the record and gives back Arrow rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.definitions import Making
from bihuan.archive.scope import Scope
from bihuan.metrics.params import MetricParams

Period = tuple[date, date]
Keys = str | None | tuple[str | None, ...] | list[str | None]


@dataclass(frozen=True)
class Request:
    """Which rows a figure is about.

    `period` is inclusive business days, None for all of them, undated ones too. `where` is dimension → the key or keys
    wanted; None wants the rows without one.
    """

    params: MetricParams
    as_of_us: int
    period: Period | None = None
    where: Mapping[str, Keys] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """SQL in an engine's dialect, and the tables of the record it reads."""

    sql: str
    tables: frozenset[str]


class Engine(Protocol):
    """Runs queries over `rollup`, `exchanges`, `afterwards` and `verdicts` of one state of the record."""

    zone: ZoneInfo
    scope: Scope

    @property
    def dialect(self) -> str:
        """The SQL it speaks, by ibis' name for it."""
        ...

    def quoted(self, text: str) -> str:
        """A text as a literal of its SQL."""
        ...

    def making(self, request: Request) -> Making:
        """How the roll-up of the request's days was made."""
        ...

    def states_of(self, period: Period, tables: Iterable[str]) -> Mapping[date, Sequence[str | None]] | None:
        """What names the content of these tables of each day of the period that has any, in order; None where nothing does."""
        ...

    def run(self, query: Query, request: Request) -> pa.Table:
        """The rows of a query, in the query's own order. The request says which days to open."""
        ...
