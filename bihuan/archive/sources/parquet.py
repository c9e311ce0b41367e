"""Parquet: the columns the mapping names, a batch at a time, as text."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.archive.sources.headers import Columns, match_headers, named_headers
from bihuan.archive.sources.limits import CHUNK_ROWS, MAX_COLUMNS, MAX_ROW_GROUP_BYTES, MIB
from bihuan.archive.sources.opening import Source
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import LINE, Chunk
from bihuan.kit.errors import InputError

_DAMAGED = (pa.ArrowException, OSError, ValueError, pl.exceptions.PolarsError)
# The footer of an honest file of a thousand columns is far smaller.
_FOOTER_LIMIT = 16 * MIB


def read_parquet(source: Source, columns: Columns, rejects: Rejects) -> Iterator[Chunk]:
    """Chunks of a Parquet file; `_line` counts rows from 1. Raises InputError where it is damaged or too wide."""
    try:
        file = pq.ParquetFile(
            source.path, thrift_string_size_limit=_FOOTER_LIMIT, thrift_container_size_limit=_FOOTER_LIMIT
        )
        _refuse_giants(file)
        names = file.schema_arrow.names
        places = match_headers(names, columns)
        wanted = {name: names[place] for name, place in zip(columns.names, places, strict=True) if place is not None}
        rejects.headers = named_headers(names, places, columns)
        first = 1
        for batch in file.iter_batches(batch_size=CHUNK_ROWS, columns=list(wanted.values())):
            yield Chunk(_as_text(batch, wanted, columns, first), source.size * first // max(1, file.metadata.num_rows))
            first += batch.num_rows
    except _DAMAGED as error:
        raise InputError("The Parquet file is damaged.", hint="Export it again.") from error


def _refuse_giants(file: pq.ParquetFile) -> None:
    if file.metadata.num_columns > MAX_COLUMNS:
        raise InputError(f"The file has more than {MAX_COLUMNS} columns.")
    for group in range(file.metadata.num_row_groups):
        if file.metadata.row_group(group).total_byte_size > MAX_ROW_GROUP_BYTES:
            raise InputError("A row group of the Parquet file is too large.", hint="Write it with smaller row groups.")


def _as_text(batch: pa.RecordBatch, wanted: dict[str, str], columns: Columns, first: int) -> pl.DataFrame:
    frame = pl.from_arrow(pa.Table.from_batches([batch]))
    assert isinstance(frame, pl.DataFrame)
    return frame.select(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias(LINE),
        *(
            _text(frame.schema[wanted[name]], wanted[name]).alias(name)
            if name in wanted
            else pl.lit(None, dtype=pl.String).alias(name)
            for name in columns.names
        ),
    )


def _text(kind: pl.DataType, name: str) -> pl.Expr:
    """Moments as ISO text, with their offset where they have one; everything else as it prints."""
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f%z" if kind.time_zone else "%Y-%m-%dT%H:%M:%S%.6f")
    if isinstance(kind, pl.List | pl.Struct | pl.Binary | pl.Array):
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String)
