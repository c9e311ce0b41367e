"""Spark for a record too large for one machine: the same expressions, written as Spark SQL by ibis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.definitions import Making
from bihuan.archive.scope import Scope
from bihuan.metrics.engine.base import Period, Query, Request


class SparkEngine:
    """Runs queries in a `pyspark.sql.SparkSession` whose catalogue holds the tables of one state of the record as temporary views."""

    dialect = "pyspark"

    def __init__(self, session: Any, zone: ZoneInfo, scope: Scope) -> None:
        self._session = session
        self.zone = zone
        self.scope = scope

    def quoted(self, text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"

    def making(self, request: Request) -> Making:
        return Making()

    def states_of(self, period: Period, tables: Iterable[str]) -> None:
        return None

    def run(self, query: Query, request: Request) -> pa.Table:
        return self._session.sql(query.sql).toArrow()
