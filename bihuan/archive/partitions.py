"""Sorted rows on their way into files: one immutable Parquet file per day, written as the rows come by.

Row groups are small, so that one contact costs one small read; their bounds do not depend on how rows arrive, so that
the same rows make the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bihuan.archive.manifest import PartitionFile, day_key
from bihuan.archive.schemas import Table
from bihuan.archive.store import Archive
from bihuan.kit.ids import new_id

ROW_GROUP: Final = 8_192
# A file of so few rows is small however it is written; preparing to compress each column would cost more than the rows.
FEW_ROWS: Final = 512
# Nearly every value of these columns is its own, so a dictionary of them would only cost time.
_SINGULAR: Final = ("text", "words", "fact_id", "detail", "evidence")


@dataclass(frozen=True)
class Written:
    """The file of one day, not yet in its place: its number of rows, and the values of the columns asked for."""

    day: str
    scratch: Path
    rows: int
    values: pa.Table


def write_days(
    folder: Path, table: Table, batches: Iterable[pa.RecordBatch], *, values: Sequence[str] = ()
) -> Iterator[Written]:
    """Write rows, sorted by day and within it, into one file a day below `folder`; each is answered once it is whole.

    Columns beyond the table's are left out. `values` names the columns that are answered with the file.
    """
    current: _File | None = None
    for batch in batches:
        ready = pa.Table.from_batches([batch]).select(table.schema.names).cast(table.schema)
        for key, rows in _by_day(ready):
            if current is None or current.day != key:
                if current is not None:
                    yield current.finish()
                current = _File(folder, table, key, values)
            current.add(rows)
    if current is not None:
        yield current.finish()


def write_empty(folder: Path, table: Table, day: str, *, values: Sequence[str] = ()) -> Written:
    """A file without rows: the day was looked at and held nothing."""
    return _File(folder, table, day, values).finish()


def write_rows(archive: Archive, table: Table, rows: pa.Table, folder: str, **facts: Any) -> PartitionFile:
    """Keep sorted rows as one file of a partition."""
    file = _File(archive.root / "tmp", table, "")
    file.add(rows)
    return archive.keep_file(file.finish().scratch, folder, rows.num_rows, **facts)


class _File:
    """A file being written; rows wait until they fill a row group."""

    def __init__(self, folder: Path, table: Table, day: str, values: Sequence[str] = ()) -> None:
        self.day = day
        self._table = table
        self._values = pa.schema([table.schema.field(name) for name in values])
        self._told: list[pa.Table] = []
        self._scratch = folder / f"{new_id().hex}.parquet"
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._waits = self._rows = 0

    def add(self, rows: pa.Table) -> None:
        if self._values.names:
            self._told.append(rows.select(self._values.names))
        self._waiting.append(rows)
        self._waits += rows.num_rows
        self._rows += rows.num_rows
        whole = self._waits - self._waits % ROW_GROUP
        if whole:
            self._write(whole, _compact(self._table))

    def finish(self) -> Written:
        if self._waits or not self._rows:
            form = _compact(self._table) if self._rows > FEW_ROWS else {"compression": "lz4", "use_dictionary": False}
            self._write(self._waits, form)
        assert self._writer is not None
        self._writer.close()
        return Written(self.day, self._scratch, self._rows, pa.concat_tables([self._values.empty_table(), *self._told]))

    def _write(self, count: int, form: dict[str, Any]) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._scratch, self._table.schema, **form)
        joined = pa.concat_tables(self._waiting) if self._waiting else self._table.schema.empty_table()
        self._writer.write_table(joined.slice(0, count).combine_chunks(), row_group_size=ROW_GROUP)
        left = joined.slice(count)
        self._waiting, self._waits = ([left] if left.num_rows else []), left.num_rows


def _by_day(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    if not rows.num_rows:
        return
    days = rows["day"].combine_chunks()
    codes = pc.fill_null(days.cast(pa.int32()), np.iinfo(np.int32).min).to_numpy(zero_copy_only=False)
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    for start, end in pairwise(starts):
        yield day_key(days[start].as_py()), rows.slice(start, end - start)


@cache
def _compact(table: Table) -> dict[str, Any]:
    """How columns of many rows are written: repeated words as dictionaries, moments and ids by their differences."""
    moments = [field.name for field in table.schema if field.name.endswith(("_us", "_at"))]
    deltas = dict.fromkeys(moments, "DELTA_BINARY_PACKED")
    if "fact_id" in table.schema.names:
        deltas["fact_id"] = "DELTA_BYTE_ARRAY"
    repeated = [name for name in table.schema.names if name not in deltas and name not in _SINGULAR]
    return {"compression": "zstd", "use_dictionary": repeated, "column_encoding": deltas}
