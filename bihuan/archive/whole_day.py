"""A day's rows as its file holds them, for what works through the whole record.

Nobody's right to see is asked here: whatever answers a person reads by `archive.reader`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of


def whole_day(
    archive: Archive, manifest: Manifest, name: str, day: date | None, columns: Sequence[str], *, edition: str = ""
) -> pl.DataFrame:
    """`columns` of a table's rows of one day (None: those without times), in the order of the file. `verdicts` needs the
    `edition`'s hash. A column that an older file lacks is null.

    The file is read straight into columns: a query of the same rows takes four times as long, most of it converting.
    """
    declared = pl.from_arrow(TABLES[name].schema.empty_table())
    assert isinstance(declared, pl.DataFrame)
    nothing = declared.select(columns)
    file = manifest.files(verdicts_of(edition) if name == "verdicts" else name).get(day_key(day))
    if file is None:
        return nothing
    path = archive.root / file.path
    held = pl.read_parquet_schema(path)
    rows = pl.read_parquet(path, columns=[one for one in columns if one in held], glob=False, hive_partitioning=False)
    return pl.concat([nothing, rows], how="diagonal")
