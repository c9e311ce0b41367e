"""Sorted rows on their way into files: one immutable Parquet file per day, written as the rows come by.

Row groups are small, so that one contact costs one small read; their bounds do not depend on how rows arrive, so that
the same rows make the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
# Nearly every value of these columns is its own, so a dictionary of them would only cost time.
_SINGULAR: Final = ("text", "words", "fact_id", "detail", "evidence")


@dataclass(frozen=True)
class Written:
    """The file of one day, not yet in its place: the rows it holds, and the last value of the column looked at."""

    day: str
    scratch: Path
    rows: int
    until_us: int | None


def write_days(
    folder: Path, table: Table, batches: Iterable[pa.RecordBatch], *, until: str | None = None
) -> Iterator[Written]:
    """Write rows, sorted by day and within it, into one file a day below `folder`; each is answered once it is whole.

    Columns beyond the table's are left out. `until` names a column of moments whose largest value is wanted.
    """
    current: _File | None = None
    for batch in batches:
        for key, rows in _by_day(batch):
            if current is None or current.day != key:
                if current is not None:
                    yield current.finish()
                current = _File(folder, table, key, until)
            current.add(rows)
    if current is not None:
        yield current.finish()


def write_empty(folder: Path, table: Table, day: str) -> Written:
    """A file without rows: the day was looked at and held nothing."""
    return _File(folder, table, day, None).finish()


def write_rows(archive: Archive, table: Table, rows: pa.Table, folder: str, **facts: Any) -> PartitionFile:
    """Keep sorted rows as one file of a partition."""
    file = _File(archive.root / "tmp", table, "", None)
    file.add(rows)
    return archive.keep_file(file.finish().scratch, folder, rows.num_rows, **facts)


class _File:
    """A file being written; rows wait until they fill a row group."""

    def __init__(self, folder: Path, table: Table, day: str, until: str | None) -> None:
        self.day = day
        self._schema = table.schema
        self._until = until
        self._until_us: int | None = None
        self._scratch = folder / f"{new_id().hex}.parquet"
        self._writer = pq.ParquetWriter(self._scratch, self._schema, compression="zstd", **_encodings(table))
        self._waiting: list[pa.Table] = []
        self._waits = self._rows = 0

    def add(self, rows: pa.Table) -> None:
        if self._until:
            last = pc.max(rows[self._until]).as_py()
            known = [one for one in (self._until_us, last) if one is not None]
            self._until_us = max(known, default=None)
        self._waiting.append(rows.select(self._schema.names).cast(self._schema))
        self._waits += rows.num_rows
        self._rows += rows.num_rows
        whole = self._waits - self._waits % ROW_GROUP
        if whole:
            self._write(whole)

    def finish(self) -> Written:
        if self._waits or not self._rows:
            self._write(self._waits)
        self._writer.close()
        return Written(self.day, self._scratch, self._rows, self._until_us)

    def _write(self, count: int) -> None:
        joined = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        self._writer.write_table(joined.slice(0, count).combine_chunks(), row_group_size=ROW_GROUP)
        left = joined.slice(count)
        self._waiting, self._waits = ([left] if left.num_rows else []), left.num_rows


def _by_day(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Table]]:
    rows = pa.Table.from_batches([batch])
    codes = pc.fill_null(batch.column("day").cast(pa.int32()), np.iinfo(np.int32).min).to_numpy(zero_copy_only=False)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1]) if len(codes) else np.array([], dtype=int)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(codes)], strict=False):
        yield day_key(batch.column("day")[start].as_py()), rows.slice(start, end - start)


def _encodings(table: Table) -> dict[str, Any]:
    moments = [f.name for f in table.schema if f.name.endswith(("_us", "_at")) and not pa.types.is_nested(f.type)]
    deltas = dict.fromkeys(moments, "DELTA_BINARY_PACKED")
    if "fact_id" in table.schema.names:
        deltas["fact_id"] = "DELTA_BYTE_ARRAY"
    repeated = [name for name in table.schema.names if name not in deltas and name not in _SINGULAR]
    order = [pq.SortingColumn(table.schema.get_field_index(name)) for name in table.order]
    return {"use_dictionary": repeated, "column_encoding": deltas, "sorting_columns": order}
