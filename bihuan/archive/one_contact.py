"""The rows of one contact out of one file: only the row group that can hold it is read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_CONTACT: Final = "contact_id"
_FOOTERS: Final = 512  # files whose footers stay in memory; a contact needs nine


def rows_of(path: Path, contact_id: str) -> list[dict[str, Any]]:
    """The contact's rows as dicts, in the file's order."""
    footer, bounds = _footer(str(path))
    groups = [at for at, (low, high) in enumerate(bounds) if low <= contact_id <= high]
    if not groups:
        return []
    with pq.ParquetFile(path, metadata=footer, memory_map=True) as file:
        rows = file.read_row_groups(groups, use_threads=False)
    return rows.filter(pc.equal(rows[_CONTACT], pa.scalar(contact_id))).to_pylist()


@lru_cache(maxsize=_FOOTERS)
def _footer(path: str) -> tuple[pq.FileMetaData, list[tuple[str, str]]]:
    """A file never changes, so its footer holds for as long as the file is named."""
    footer = pq.read_metadata(path)
    place = footer.schema.names.index(_CONTACT)
    return footer, [_bounds(footer.row_group(at).column(place)) for at in range(footer.num_row_groups)]


def _bounds(column: pq.ColumnChunkMetaData) -> tuple[str, str]:
    """Least and greatest contact of a row group; one that names no contact holds none."""
    known = column.statistics
    return (known.min, known.max) if known is not None and known.has_min_max else ("\U0010ffff", "")
