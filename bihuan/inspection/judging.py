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

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of, write_verdicts
from bihuan.kit.ids import content_hash
from bihuan.kit.processes import die_with_parent
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.checks.batch import CONTACT_COLUMNS, EVENT_COLUMNS, MESSAGE_COLUMNS, Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.reading import read

_TOGETHER: Final = 300_000  # messages of neighbouring days judged in one go
_WORTH_PROCESSES: Final = 500_000  # messages from which starting processes repays itself

READ: Final = {
    "contacts": (*CONTACT_COLUMNS, "day"),
    "messages": tuple(MESSAGE_COLUMNS),
    "events": tuple(EVENT_COLUMNS),
    "rollup": ("contact_id", "is_primary", "agent_key", "person", "csat"),
}
"""The tables that verdicts rest on, and the columns of each that are read where the record has them."""


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
    return next(_judge_together(archive, edition, engine, [day]))[1]


def _judge_together(
    archive: Archive, edition: Edition, engine: Engine, days: Sequence[date | None]
) -> Iterator[tuple[date | None, int]]:
    """Judge days in one go and keep the verdicts of one after the other; tells each with its contacts once it is kept."""
    manifest = archive.head()
    rows, contacts = _verdicts_of(Reader(archive, manifest), edition, engine, days)
    for day in days:
        own = pl.col("day").is_null() if day is None else pl.col("day") == day
        kept = rows.filter(own).to_arrow().cast(TABLES["verdicts"].schema)
        write_verdicts(archive, edition.hash, kept, [day], built_from=judged_from(manifest, day))
        yield day, contacts.filter(own).height


def _verdicts_of(
    reader: Reader, edition: Edition, engine: Engine, days: Sequence[date | None]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Verdicts of the days, and which day each of their contacts has: what was read for them is let go before they are
    written."""
    tables = {name: pl.concat([_frame(reader, name, day) for day in days]) for name in READ}
    served = tables["rollup"].filter(pl.col("is_primary")).select("contact_id", rating=pl.col("csat").cast(pl.Int64))
    contacts = tables["contacts"].join(served, on="contact_id", how="left", maintain_order="left")
    verdicts = engine.judge(Batch(contacts, tables.pop("messages"), tables.pop("events")))
    return _with_people(verdicts, tables["rollup"], contacts, edition), contacts.select("contact_id", "day")


def _frame(reader: Reader, name: str, day: date | None) -> pl.DataFrame:
    columns = [column for column in TABLES[name].schema.names if column in READ[name]]
    undated = {"where": {"day": None}}
    dated = {"days": (day, day)}
    frame = pl.from_arrow(reader.table(name, columns=columns, **(undated if day is None else dated)))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _with_people(
    verdicts: pl.DataFrame, rollup: pl.DataFrame, contacts: pl.DataFrame, edition: Edition
) -> pl.DataFrame:
    """Verdicts belong to the person who served the contact last; the record's table names edition and engine."""
    served = rollup.filter(pl.col("is_primary")).select("contact_id", "agent_key", "person")
    known = contacts.select("contact_id", "day").join(served, on="contact_id", how="left")
    full = verdicts.join(known, on="contact_id", how="left").with_columns(
        edition=pl.lit(edition.hash), engine=pl.lit(ENGINE_VERSION)
    )
    return full.select(TABLES["verdicts"].schema.names)


def judge_days(
    archive: Archive, edition: Edition, days: Sequence[date | None], *, processes: int | None = None
) -> Iterator[tuple[date | None, int]]:
    """Judge the days and keep their verdicts; tells each day, in order, with how many contacts were judged.

    Without a number of processes the days of a large record get one a core: half of the work is Python's own, which
    threads of one process would do one after the other.
    """
    rows = _messages(archive, days)
    workers = processes or (os.cpu_count() or 1 if sum(rows) >= _WORTH_PROCESSES else 1)
    bundles = list(_bundles(days, rows, min(_TOGETHER, sum(rows) // workers)))
    if min(workers, len(bundles)) < 2:
        engine = Engine.for_edition(edition)
        for bundle in bundles:
            yield from _judge_together(archive, edition, engine, bundle)
        return
    place = (archive.root, archive.zone, archive.cutover_hour, dict(edition.document))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=place) as pool:
        for judged in pool.map(_judge_prepared, bundles):
            yield from judged


def _messages(archive: Archive, days: Sequence[date | None]) -> list[int]:
    files = archive.head().files("messages")
    return [files[day_key(day)].rows if day_key(day) in files else 0 for day in days]


def _bundles(days: Sequence[date | None], rows: Sequence[int], most: int) -> Iterator[list[date | None]]:
    """Neighbouring days with at most so many messages, or one day: the small days of a small department are judged in
    one go and share its fixed cost."""
    bundle, held = list[date | None](), 0
    for day, count in zip(days, rows, strict=True):
        if bundle and held + count > most:
            yield bundle
            bundle, held = [], 0
        bundle, held = [*bundle, day], held + count
    if bundle:
        yield bundle


_prepared: dict[str, tuple[Archive, Edition, Engine]] = {}


def _prepare(root: Path, zone: ZoneInfo, cutover_hour: int, document: dict[str, object]) -> None:
    die_with_parent()
    edition = read(document)
    _prepared["here"] = Archive(root, zone, cutover_hour), edition, Engine.for_edition(edition)


def _judge_prepared(days: list[date | None]) -> list[tuple[date | None, int]]:
    return list(_judge_together(*_prepared["here"], days))


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
