"""Rows on their way through an import: kept beside the record as Parquet, then dealt into batches of whole contacts."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from bihuan.archive import engine
from bihuan.archive.sources.building import ORDER
from bihuan.archive.sources.expressions import KEY
from bihuan.archive.sources.limits import BATCH_CHARS, BATCH_ROWS, MAX_ROWS_PER_CONTACT
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.rows import LINE

# The dealing connection has little to hold; the rest of the budget is the engine's and the record's.
_MEMORY = "600MB"
_DEAL_ROWS = 20_000


class RowStore:
    """The rows of one import in a folder of its own. `note` and `noted` keep what must survive an interruption."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / "parts"
        self._batches = folder / "batches"
        self._chars = 0
        self._count = 0

    def begin(self) -> None:
        """Forget everything and be ready for parts."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._parts.mkdir(parents=True)

    def add(self, frame: pl.DataFrame) -> None:
        """Keep one chunk of rows."""
        pq.write_table(frame.to_arrow(), self._parts / f"{self._count:06}.parquet", compression="lz4")
        self._count += 1
        self._chars += int(frame.estimated_size())

    def note(self, facts: dict[str, Any]) -> None:
        """Say that all rows are dealt, with facts a resumed import needs. Atomic."""
        scratch = self.folder / "note.new"
        scratch.write_text(json.dumps(facts))
        scratch.replace(self.folder / "note.json")

    def noted(self) -> dict[str, Any] | None:
        """The facts of an interrupted import whose rows are all here; None where it must begin anew."""
        try:
            facts = json.loads((self.folder / "note.json").read_text())
        except (OSError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def deal(self, rows: int, rejects: Rejects) -> None:
        """Deal the parts into batches, each contact whole in one. Contacts of absurd length are refused."""
        self._batches.mkdir()
        if not rows:
            return
        batches = max(-(-rows // BATCH_ROWS), -(-self._chars // BATCH_CHARS))
        connection = engine.workbench(self.folder / "spill", _MEMORY)
        try:
            self._deal(connection, batches, rejects)
        finally:
            connection.close()
            shutil.rmtree(self._parts, ignore_errors=True)

    def _deal(self, connection: Any, batches: int, rejects: Rejects) -> None:
        parts = f"read_parquet({engine.quoted(str(self._parts / '*.parquet'))})"
        connection.execute("SET preserve_insertion_order = false")
        giants = connection.execute(
            f"SELECT {KEY}, count(*), min({LINE}) FROM {parts} GROUP BY ALL HAVING count(*) > {MAX_ROWS_PER_CONTACT}"
        ).fetchall()
        for key, _, line in giants:
            rejects.add(line, "contact", "contact_too_long", key)
        keep = f"WHERE {KEY} NOT IN {engine.one_of(key for key, _, _ in giants)}" if giants else ""
        form = f"FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {_DEAL_ROWS}"
        target = engine.quoted(str(self._batches))
        connection.execute(f"""
            COPY (SELECT *, hash({KEY}) % {batches} AS batch FROM {parts} {keep})
            TO {target} ({form}, PARTITION_BY (batch))
        """)

    def batches(self) -> list[Path]:
        """Folders of the batches, in a fixed order."""
        return sorted(self._batches.glob("batch=*"))

    def rows(self, batch: Path) -> pl.DataFrame:
        """The rows of a batch."""
        frame = pl.concat([pl.read_parquet(file, hive_partitioning=False) for file in sorted(batch.glob("*.parquet"))])
        return frame.drop("batch", strict=False).with_columns(pl.col(ORDER).cast(pl.Int64))

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
