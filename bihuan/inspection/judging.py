"""Judges one day of the record by an edition: rows in, verdicts out. Knows no database of runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of, write_verdicts
from bihuan.kit.ids import content_hash
from bihuan.kit.processes import die_with_parent
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.reading import read

_WORTH_PROCESSES: Final = 500_000  # messages from which starting processes repays itself

READ = ("contacts", "messages", "events", "rollup")


def judged_from(manifest: Manifest, day: date | None) -> str:
    """What a day's verdicts rest on: the engine and the partition files read. The same value, the same verdicts."""
    key = day_key(day)
    files = {name: manifest.files(name)[key].hash for name in READ if key in manifest.files(name)}
    return content_hash({"engine": ENGINE_VERSION, "files": files})


def is_judged(manifest: Manifest, edition: Edition, day: date | None) -> bool:
    """Whether this day's verdicts are those that judging it now would give."""
    file = manifest.files(verdicts_of(edition.hash)).get(day_key(day))
    return file is not None and file.built_from == judged_from(manifest, day)


def judge_day(archive: Archive, edition: Edition, engine: Engine, day: date | None) -> int:
    """Judge a day and keep its verdicts; returns how many contacts were judged."""
    manifest = archive.head()
    reader = Reader(archive, manifest)
    tables = {name: _frame(reader, name, day) for name in READ}
    served = tables["rollup"].filter(pl.col("is_primary")).select("contact_id", rating=pl.col("csat").cast(pl.Int64))
    contacts = tables["contacts"].join(served, on="contact_id", how="left", maintain_order="left")
    verdicts = engine.judge(Batch(contacts, tables["messages"], tables["events"]))
    rows = _with_people(verdicts, tables["rollup"], edition, day)
    write_verdicts(archive, edition.hash, rows, [day], built_from=judged_from(manifest, day))
    return tables["contacts"].height


def _frame(reader: Reader, name: str, day: date | None) -> pl.DataFrame:
    rows = reader.table(name, where={"day": None}) if day is None else reader.table(name, days=(day, day))
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _with_people(verdicts: pl.DataFrame, rollup: pl.DataFrame, edition: Edition, day: date | None) -> pa.Table:
    """Verdicts belong to the person who served the contact last; the record's table names edition and engine."""
    served = rollup.filter(pl.col("is_primary")).select("contact_id", "agent_key", "person")
    full = verdicts.join(served, on="contact_id", how="left").with_columns(
        day=pl.lit(day, dtype=pl.Date), edition=pl.lit(edition.hash), engine=pl.lit(ENGINE_VERSION)
    )
    schema = TABLES["verdicts"].schema
    return full.select(schema.names).to_arrow().cast(schema)


def judge_days(
    archive: Archive, edition: Edition, days: Sequence[date | None], *, processes: int | None = None
) -> Iterator[tuple[date | None, int]]:
    """Judge the days and keep their verdicts; tells each day, in order, with how many contacts were judged.

    Without a number of processes the days of a large record get one a core: half of the work is Python's own, which
    threads of one process would do one after the other.
    """
    workers = min(len(days), processes or _processes(archive, days))
    if workers < 2:
        engine = Engine.for_edition(edition)
        yield from ((day, judge_day(archive, edition, engine, day)) for day in days)
        return
    place = (archive.root, archive.zone, archive.cutover_hour, dict(edition.document))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=place) as pool:
        yield from zip(days, pool.map(_judge_prepared, days), strict=True)


def _processes(archive: Archive, days: Sequence[date | None]) -> int:
    files = archive.head().files("messages")
    messages = sum(files[day_key(day)].rows for day in days if day_key(day) in files)
    return os.cpu_count() or 1 if messages >= _WORTH_PROCESSES else 1


_prepared: dict[str, tuple[Archive, Edition, Engine]] = {}


def _prepare(root: Path, zone: ZoneInfo, cutover_hour: int, document: dict[str, object]) -> None:
    die_with_parent()
    edition = read(document)
    _prepared["here"] = Archive(root, zone, cutover_hour), edition, Engine.for_edition(edition)


def _judge_prepared(day: date | None) -> int:
    archive, edition, engine = _prepared["here"]
    return judge_day(archive, edition, engine, day)


def ensure_judged(
    archive: Archive, edition: Edition, days: Sequence[date], progress: Callable[[str, int, int], None] | None = None
) -> int:
    """Judge those of the days that hold contacts and whose verdicts are not current; returns how many.

    `progress` is told ("verdicts", days done, days due) after each day.
    """
    manifest = archive.head()
    due = [day for day in days if day_key(day) in manifest.files("contacts") and not is_judged(manifest, edition, day)]
    for done, _ in enumerate(judge_days(archive, edition, due), 1):
        if progress:
            progress("verdicts", done, len(due))
    return len(due)
