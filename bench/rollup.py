"""Builds roll-up and exchanges, then times the frozen SQL over whole tables and the mere reading of its columns."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import duckdb

from bench import world
from bihuan.archive import engine
from bihuan.archive.reader import Reader
from bihuan.archive.rollup import DERIVED, SOURCES, refresh
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive

REFERENCE: Final = Path(__file__).parent / "reference" / "rollup.sql"
READ: Final = {
    "contacts": (
        "contact_id", "parent_id", "source", "channel", "queue", "business_line", "category", "level", "customer_key",
        "customer_known", "outcome", "effective", "ineffective_reason", "opened_us", "closed_us", "day",
    ),
    "messages": ("contact_id", "seq", "sent_us", "sender_kind", "agent_key", "automatic", "withdrawn_us"),
    "events": ("contact_id", "seq", "kind", "happened_us", "agent_key", "team", "post", "agent_class", "rings", "duration_us"),
}  # fmt: skip


def main() -> None:
    archive = Archive(Path(os.environ["BIHUAN_HOME"]) / "archive", world.ZONE)
    which = sys.argv[1]
    timed = {"product": _product, "reference": _reference, "reading": _reading}[which]
    start = time.perf_counter()
    timed(archive)
    sys.stdout.write(json.dumps({"seconds": round(time.perf_counter() - start, 2)}) + "\n")


def _product(archive: Archive) -> None:
    refresh(archive, repeat_window_us=world.REPEAT_WINDOW_US)


def _reference(archive: Archive) -> None:
    with tempfile.TemporaryDirectory(dir=archive.root / "tmp") as folder, _whole_tables(archive) as connection:
        connection.execute(f"SET VARIABLE repeat_window_us = {world.REPEAT_WINDOW_US}::BIGINT")
        connection.execute(f"SET temp_directory = {engine.quoted(folder)}")
        connection.execute(REFERENCE.read_text())
        for table in DERIVED:
            target = engine.quoted(f"{folder}/{table}.parquet")
            connection.execute(f"COPY {engine.name(table)} TO {target} (FORMAT parquet, COMPRESSION zstd)")


def _reading(archive: Archive) -> None:
    with _whole_tables(archive) as connection:
        for table, columns in READ.items():
            looked_at = ", ".join(f"max({engine.name(column)})" for column in columns)
            connection.execute(f"SELECT {looked_at} FROM {engine.name(table)}").fetchall()  # noqa: S608 - named above


def _whole_tables(archive: Archive) -> duckdb.DuckDBPyConnection:
    reader = Reader(archive)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for table in (*SOURCES, "staff"):
        paths = [archive.root / file.path for file in reader.manifest.files(table).values()]
        source = engine.scan(paths, TABLES[table].schema)
        connection.execute(f"CREATE VIEW {engine.name(table)} AS SELECT * FROM {source}")  # noqa: S608 - own names
    return connection


if __name__ == "__main__":
    main()
