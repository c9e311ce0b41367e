"""DuckDB in memory over the record's files: how connections are made and files are named in SQL."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

READ_MEMORY = "1GB"
WRITE_MEMORY = "1GB"
_BATCH_ROWS = 65_536


def workbench(spill: Path, memory: str = WRITE_MEMORY, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own for heavy work; what does not fit into `memory` goes to the folder `spill`."""
    connection = duckdb.connect(":memory:")
    _settle(connection, memory, threads)
    connection.execute(f"SET temp_directory = {quoted(str(spill))}")
    return connection


@contextmanager
def working(spill: Path, memory: str = WRITE_MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A workbench for one piece of work; the folder `spill` is there meanwhile, for files under way too."""
    with _held(spill):
        connection = workbench(spill, memory)
        try:
            yield connection
        finally:
            connection.close()
            shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder, kept from being swept away until it is let go; the hold dies with its holder."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if folder.exists():
                yield
                return
        finally:
            os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether somebody works in the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def batches(rows: duckdb.DuckDBPyRelation) -> Iterator[pa.RecordBatch]:
    """The rows of a query in portions, in its order."""
    yield from rows.to_arrow_reader(_BATCH_ROWS)


def reading() -> duckdb.DuckDBPyConnection:
    """A cursor on the process's one reading database: safe in its own thread, sharing memory and file footers."""
    return _shared(os.getpid()).cursor()


@cache
def _shared(_process: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    _settle(connection, READ_MEMORY, None)
    connection.execute("SET parquet_metadata_cache = true")
    return connection


def _settle(connection: duckdb.DuckDBPyConnection, memory: str, threads: int | None) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = {quoted(memory)}")
    connection.execute("SET enable_progress_bar = false")
    if threads:
        connection.execute(f"SET threads = {threads}")


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """A SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def literal(value: str | int | bool | date | None) -> str:
    """A value as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else quoted(value)


def one_of(values: Iterable[str | int | bool | date | None]) -> str:
    """A SQL list for IN; an empty one matches nothing."""
    return "(" + (", ".join(literal(value) for value in values) or "NULL") + ")"


def scan(paths: Iterable[Path], schema: pa.Schema) -> str:
    """SQL that reads these files as one table; without files, an empty one with the same columns."""
    listed = [quoted(str(path)) for path in paths]
    columns = ", ".join(name(field.name) for field in schema)
    if listed:
        return f"(SELECT {columns} FROM read_parquet([{', '.join(listed)}], hive_partitioning = false))"
    nothing = ", ".join(f"NULL::{sql_type(field.type)} AS {name(field.name)}" for field in schema)
    return f"(SELECT {nothing} WHERE false)"


def scan_any(paths: Iterable[Path], schema: pa.Schema) -> str:
    """As `scan`, of files that may lack columns: those are null. Slower, since every file is opened first."""
    listed = [quoted(str(path)) for path in paths]
    if not listed:
        return scan((), schema)
    columns = ", ".join(name(field.name) for field in schema)
    held = f"SELECT * FROM read_parquet([{', '.join(listed)}], hive_partitioning = false, union_by_name = true)"
    return f"(SELECT {columns} FROM (SELECT * FROM {scan((), schema)} UNION ALL BY NAME {held}))"


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's word for a type of `archive.schemas`."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return "STRUCT(" + ", ".join(f"{name(field.name)} {sql_type(field.type)}" for field in kind) + ")"
    return _TYPES[str(kind)]


_TYPES = {
    "string": "VARCHAR", "bool": "BOOLEAN", "int32": "INTEGER", "int64": "BIGINT", "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}  # fmt: skip
