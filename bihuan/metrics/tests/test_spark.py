from __future__ import annotations

import os
import shutil

import pytest

from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.engine.spark import SparkEngine
from bihuan.metrics.query import figures
from bihuan.metrics.tests.record import AS_OF, PARAMS, TABLES_HERE, ZONE, engine

sql = pytest.importorskip("pyspark.sql", reason="Spark is an optional engine: pip install bihuan[spark]")


@pytest.mark.skipif(not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="Spark needs Java")
def test_spark_tells_the_same_figures_as_duckdb() -> None:
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        for name, rows in TABLES_HERE.items():
            session.createDataFrame(rows).createOrReplaceTempView(name)
        asked = {"by": ("agent", "day"), "period": None, "params": PARAMS, "as_of_us": clock.to_us(AS_OF)}
        told = figures(SparkEngine(session, ZONE, Scope.all()), CATALOG, **asked)
        assert told.to_csv() == figures(engine(), CATALOG, **asked).to_csv()
    finally:
        session.stop()
