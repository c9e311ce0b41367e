"""DuckDB in the process, over the files of the record that a reader has pinned."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from bihuan.archive.definitions import Making
from bihuan.archive.engine import quoted
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.metrics.engine.base import Period, Query, Request

DIALECT: Final = "duckdb"
# A relation would be planned twice, when it is made and when it is run; the rows of figures are few to copy.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


class DuckEngine:
    """Runs queries on a reader's pinned state; each query opens the files of the period alone."""

    dialect = DIALECT

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.zone: ZoneInfo = reader.archive.zone
        self.scope: Scope = reader.scope

    def quoted(self, text: str) -> str:
        return quoted(text)

    def making(self, request: Request) -> Making:
        return self._reader.making(request.period)

    def states_of(self, period: Period, tables: Iterable[str]) -> Mapping[date, Sequence[str | None]]:
        return self._reader.states_of(period, tables)

    def run(self, query: Query, request: Request) -> pa.Table:
        connection = self._reader.connect(days=request.period, edition=request.params.edition, tables=query.tables)
        try:
            return connection.execute(query.sql).to_arrow_table()
        finally:
            connection.close()


class TablesEngine:
    """Runs queries on Arrow tables in memory: for hand-made records and for what a page already holds."""

    dialect = DIALECT

    def __init__(
        self, tables: Mapping[str, pa.Table], zone: ZoneInfo, scope: Scope, threads: int | None = None
    ) -> None:
        self.zone = zone
        self.scope = scope
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET TimeZone = 'UTC'")
        if threads:
            self._connection.execute(f"SET threads = {int(threads)}")
        for name, rows in tables.items():
            self._connection.register(name, rows)

    def quoted(self, text: str) -> str:
        return quoted(text)

    def making(self, request: Request) -> Making:
        return Making()

    def states_of(self, period: Period, tables: Iterable[str]) -> None:
        return None

    def run(self, query: Query, request: Request) -> pa.Table:
        return self._connection.sql(query.sql).to_arrow_table()
