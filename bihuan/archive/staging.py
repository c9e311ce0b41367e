"""An import on its way: chunks lie beside the record until one commit merges them, so that a crash costs nothing.

A chunk counts as staged from the moment its line stands in the session's list; a resumed importer asks `chunks` and
goes on after the last one. Nothing of it is part of the record before `writer.ImportSession.commit`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.vocabulary import refuse_faults, shaped
from bihuan.kit.errors import InputError
from bihuan.kit.ids import content_id


class Staging:
    """The staged chunks of one import, found again by the import's id."""

    def __init__(self, archive: Archive, import_id: str) -> None:
        self.import_id = import_id
        self.folder = archive.root / "staging" / content_id(import_id)
        self._list = self.folder / "chunks.jsonl"
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def chunks(self) -> tuple[str, ...]:
        """Names of the chunks staged so far, in order of arrival."""
        return tuple(entry["chunk"] for entry in self._entries())

    def add(self, chunk: str, tables: Mapping[str, pa.Table], recorded_us: int) -> int:
        """Stage one chunk and return its rows; a chunk already staged is left alone and counts 0.

        Raises InputError, and stages nothing, when a value may not enter.
        """
        if chunk in self.chunks:
            return 0
        ready = {n: told(n, rows, recorded_us, self.import_id) for n, rows in tables.items() if rows.num_rows}
        files = {}
        for name, rows in ready.items():
            files[name] = f"{content_id(chunk)}-{name}.parquet"
            pq.write_table(rows, self.folder / files[name], compression="lz4", use_dictionary=False)
        self._note({"chunk": chunk, "files": files})
        return sum(rows.num_rows for rows in ready.values())

    def files(self) -> dict[str, list[Path]]:
        """{table: staged files}."""
        found: dict[str, list[Path]] = {}
        for entry in self._entries():
            for name, file in entry["files"].items():
                found.setdefault(name, []).append(self.folder / file)
        return found

    def clear(self) -> None:
        """Throw the staged chunks away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _entries(self) -> list[dict]:
        if not self._list.exists():
            return []
        # A line without its end was being written when the process died: that chunk comes again.
        whole = self._list.read_text().split("\n")[:-1]
        return [json.loads(line) for line in whole]

    def _note(self, entry: dict) -> None:
        whole = "".join(json.dumps(known) + "\n" for known in [*self._entries(), entry])
        scratch = self.folder / "chunks.new"
        with scratch.open("w") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self._list)


def told(name: str, rows: pa.Table, recorded_us: int, import_id: str) -> pa.Table:
    """Rows of a source table as they may enter, with when they were told and by which import.

    Raises InputError when the table, a column or a value may not enter.
    """
    table = TABLES.get(name)
    if table is None or table.derived or not table.partitioned:
        raise InputError(f"There is no source table {name}.")
    ready = shaped(table, rows)
    refuse_faults(table, ready)
    said = {"recorded_us": pa.scalar(recorded_us, pa.int64()), "import_id": pa.scalar(import_id, pa.string())}
    for column, value in said.items():
        ready = ready.set_column(ready.schema.get_field_index(column), column, pa.repeat(value, rows.num_rows))
    return ready.cast(table.schema)
