"""Spark for a record too large for one machine: the same expressions, written as Spark SQL by ibis."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa

from bihuan.archive.scope import Scope
from bihuan.metrics.engine.base import Request


class SparkEngine:
    """Runs queries in a `pyspark.sql.SparkSession` whose catalogue holds the tables of one state of the record as temporary views."""

    def __init__(self, session: Any, zone: ZoneInfo, scope: Scope) -> None:
        self._session = session
        self.zone = zone
        self.scope = scope

    def run(self, query: ibis.Table, request: Request) -> pa.Table:
        return self._session.sql(ibis.to_sql(query, dialect="pyspark")).toArrow()
