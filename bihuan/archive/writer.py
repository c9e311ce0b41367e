"""The ways into the record: facts of one moment, histories in bulk, staff keys, verdicts.

Every way is idempotent: the same fact never enters twice, and of two rows with the same identity the later told holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive import engine
from bihuan.archive.manifest import WHOLE, Manifest, PartitionFile, day_key, day_of
from bihuan.archive.merging import Merge
from bihuan.archive.partitions import write_days, write_empty, write_rows
from bihuan.archive.schemas import TABLES
from bihuan.archive.staging import Staging, told
from bihuan.archive.store import Archive
from bihuan.archive.vocabulary import refuse_faults, shaped


@dataclass(frozen=True)
class AppendResult:
    """What an append did: rows that were new, already known, or replaced an earlier telling; days it changed."""

    rows_new: int
    rows_known: int
    rows_corrected: int
    days_touched: tuple[date | None, ...]
    manifest: Manifest
    before: Manifest  # the state it was merged into, which others may have written since the caller looked


class ImportSession:
    """A history on its way into the record, chunk by chunk, committed once.

    `add` stages a chunk; after an interruption a new session with the same id knows the `chunks` already staged;
    `commit` merges every touched day once and forgets the staged chunks. Committing twice adds nothing.
    """

    def __init__(self, archive: Archive, import_id: str) -> None:
        self._archive = archive
        self._staging = Staging(archive, import_id)

    @property
    def chunks(self) -> tuple[str, ...]:
        """Names of the chunks staged so far."""
        return self._staging.chunks

    def add(self, tables: Mapping[str, pa.Table], *, chunk: str, recorded_us: int) -> int:
        """Stage one chunk, whole or not at all; returns rows staged, 0 for a chunk already there.

        Raises InputError when a column or a word is not of `archive.schemas` (see `vocabulary.faults`).
        """
        return self._staging.add(chunk, tables, recorded_us)

    def commit(self) -> AppendResult:
        """Merge what is staged into the record. Raises InputError, changing nothing, when messages have gaps."""
        sources = {
            name: engine.scan(files, TABLES[name].schema) for name, files in self._staging.files().items()
        }  # fmt: skip
        result = _merge(self._archive, sources, {})
        self._staging.clear()
        return result

    def abandon(self) -> None:
        """Forget what is staged."""
        self._staging.clear()


def append(archive: Archive, tables: Mapping[str, pa.Table], *, import_id: str, recorded_us: int) -> AppendResult:
    """Write facts into the record at once: {table name: rows}. Absent columns are null; `day` is computed.

    `fact_id` may be left out: then the content is its own id. Raises InputError, changing nothing, when a column, a
    word or the numbering of messages is wrong. Many chunks of one history belong in an `ImportSession`.
    """
    ready = {name: told(name, rows, recorded_us, import_id) for name, rows in tables.items() if rows.num_rows}
    sources = {name: engine.name(f"told_{name}") for name in ready}
    return _merge(archive, sources, ready)


def write_staff(archive: Archive, staff: pa.Table) -> Manifest:
    """Replace the list that says who an external key was, and in which team, post and class, from when to when."""
    table = TABLES["staff"]
    rows = shaped(table, staff)
    refuse_faults(table, rows)
    rows = rows.sort_by([(column, "ascending") for column in ("agent_key", "from_us", "source")])
    with archive.writing():
        file = write_rows(archive, table, rows, "staff")
        return archive.advance(lambda head: head.with_files("staff", {WHOLE: file}))


def verdicts_of(edition_hash: str) -> str:
    """The name under which a manifest lists the verdicts of an edition."""
    return f"verdicts@{edition_hash}"


def write_verdicts(
    archive: Archive, edition_hash: str, rows: pa.Table | Iterable[pa.Table], days: Iterable[date | None], *,
    built_from: str | None = None,
) -> Manifest:  # fmt: skip
    """Replace the verdicts of these days under an edition; rows of other days are refused by ValueError.

    Rows of one day may come in portions that follow each other by contact: a large day need never stand in memory whole.
    A day without rows is kept as an empty file: it was judged and held nothing.
    """
    listed, spill = list(days), archive.scratch()
    with engine.working(spill) as connection:
        batches = _batches(connection, [rows] if isinstance(rows, pa.Table) else rows)
        written = {one.day: one for one in write_days(spill, TABLES["verdicts"], batches)}
        if not set(written) <= {day_key(day) for day in listed}:
            raise ValueError("some verdicts belong to days that were not named")
        with archive.writing():
            files = {}
            for day in map(day_key, listed):
                one = written.get(day) or write_empty(spill, TABLES["verdicts"], day)
                folder = f"verdicts/edition={edition_hash}/day={day}"
                files[day] = archive.keep_file(one.scratch, folder, one.rows, built_from=built_from)
            return archive.advance(lambda head: head.with_files(verdicts_of(edition_hash), files))


def _batches(connection: duckdb.DuckDBPyConnection, portions: Iterable[pa.Table]) -> Iterator[pa.RecordBatch]:
    """Every portion in the order in which verdicts are kept. ValueError where one does not follow the one before."""
    before = ""
    for number, portion in enumerate(portions):
        rows = shaped(TABLES["verdicts"], portion)
        refuse_faults(TABLES["verdicts"], rows)
        bounds = pc.min_max(rows["contact_id"]).as_py()
        if number and rows.num_rows and bounds["min"] <= before:
            raise ValueError("a portion of verdicts does not follow the one before it")
        before = bounds["max"] or before
        yield from rows.to_batches() if _in_order(rows) else _ordered(connection, rows)


def _in_order(rows: pa.Table) -> bool:
    """Whether verdicts of one day stand as they are kept: sorting what is sorted costs as much as writing it."""
    if pc.count_distinct(rows["day"], mode="all").as_py() > 1:
        return False
    contact, item = (rows[name].combine_chunks() for name in ("contact_id", "item"))
    later, same = (compare(contact[1:], contact[:-1]) for compare in (pc.greater, pc.equal))
    rising = pc.or_(later, pc.and_(same, pc.greater(item[1:], item[:-1])))
    return bool(pc.all(rising, min_count=0).as_py())


def _ordered(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> Iterator[pa.RecordBatch]:
    connection.register("judged", rows)
    return engine.batches(connection.sql("SELECT * FROM judged ORDER BY day NULLS FIRST, contact_id, item"))


def drain(
    archive: Archive,
    take: Callable[[int], Sequence[tuple[Mapping[str, pa.Table], str, int]]],
    settle: Callable[[int], None],
    limit: int = 1_000,
) -> int:
    """Move waiting facts from an outbox into the record; returns how many entries were moved.

    `take(limit)` answers the oldest entries as (tables, import id, recorded_us) and leaves them waiting;
    `settle(n)` removes the first n once they are in the record. A crash between the two appends them again, which
    adds nothing.
    """
    entries = take(limit)
    for tables, import_id, recorded_us in entries:
        append(archive, tables, import_id=import_id, recorded_us=recorded_us)
    settle(len(entries))
    return len(entries)


def _merge(archive: Archive, sources: Mapping[str, str], handed_in: Mapping[str, pa.Table]) -> AppendResult:
    spill = archive.scratch()
    with archive.writing(), engine.working(spill) as connection:
        for name, rows in handed_in.items():
            connection.register(f"told_{name}", rows)
        before = archive.head()
        merge = Merge(archive, before, sources, connection, spill)
        changed = merge.run()
        manifest = archive.advance(lambda head: _with_all(head, changed)) if changed else archive.head()
    known = merge.incoming - merge.new - merge.corrected
    days = tuple(day_of(day) for day in sorted(merge.days))
    return AppendResult(merge.new, known, merge.corrected, days, manifest, before)


def _with_all(head: Manifest, changed: Mapping[str, Mapping[str, PartitionFile | None]]) -> Manifest:
    for table, files in changed.items():
        head = head.with_files(table, files)
    return head
