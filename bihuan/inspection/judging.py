"""Judges one day of the record by an edition: rows in, verdicts out. Knows no database of runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.whole_day import whole_day
from bihuan.archive.writer import verdicts_of, write_verdicts
from bihuan.inspection.members import placed_contacts
from bihuan.kit.ids import content_hash
from bihuan.kit.processes import die_with_parent
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.checks.alike import alike
from bihuan.standards.checks.batch import CONTACT_COLUMNS, EVENT_COLUMNS, MESSAGE_COLUMNS, Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.logs import COMPLAINTS, FOLLOW_UPS, with_logs
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.reading import read

_TOGETHER: Final = 300_000  # messages of neighbouring days judged in one go
_WORTH_PROCESSES: Final = 500_000  # messages from which starting processes repays itself

READ: Final = {
    "contacts": (*CONTACT_COLUMNS, "day"),
    "messages": tuple(MESSAGE_COLUMNS),
    "events": tuple(EVENT_COLUMNS),
    "rollup": ("contact_id", "is_primary", "agent_key", "person", "csat"),
    "complaints": COMPLAINTS,
    "follow_ups": FOLLOW_UPS,
}
"""The tables that verdicts rest on, and the columns of each that are read where the record has them."""
_JUDGED: Final = tuple(name for name in TABLES["verdicts"].schema.names if name not in ("edition", "engine"))


def judged_from(manifest: Manifest, day: date | None) -> str:
    """What a day's verdicts rest on: the engine and the partition files read. The same value, the same verdicts."""
    key = day_key(day)
    files = {name: manifest.files(name)[key].hash for name in READ if key in manifest.files(name)}
    return content_hash({"engine": ENGINE_VERSION, "files": files})


def is_judged(manifest: Manifest, edition: Edition, day: date | None) -> bool:
    """Whether this day's verdicts are those that judging it now would give."""
    return _is_current(manifest, edition.hash, day)


def _is_current(manifest: Manifest, digest: str, day: date | None) -> bool:
    file = manifest.files(verdicts_of(digest)).get(day_key(day))
    return file is not None and file.built_from == judged_from(manifest, day)


def judge_day(archive: Archive, edition: Edition, engine: Engine, day: date | None) -> int:
    """Judge a day and keep its verdicts; returns how many contacts were judged: those of the edition's part."""
    return next(_judge_together(archive, archive.head(), edition, engine, [day]))[1]


def _judge_together(
    archive: Archive,
    manifest: Manifest,
    edition: Edition,
    engine: Engine | None,
    days: Sequence[date | None],
    taken: Taken | None = None,
) -> Iterator[tuple[date | None, int]]:
    """Judge days of a state of the record in one go and keep the verdicts of one after the other; tells each with its
    contacts once it is kept.

    `engine` has the checks that are judged, None where all verdicts are `taken` over.
    """
    record = _Record(archive, manifest, _members(archive, manifest, edition, days))
    portions = _portions(record, engine, days, taken)
    for day in days:
        kept = (part.filter(_of_day(day)) for part in portions) if len(days) > 1 else portions
        rows = (_named(part, edition).to_arrow().cast(TABLES["verdicts"].schema) for part in kept)
        write_verdicts(archive, edition.hash, rows, [day], built_from=judged_from(manifest, day))
        yield day, record.contacts(day)


def _members(
    archive: Archive, manifest: Manifest, edition: Edition, days: Sequence[date | None]
) -> pl.DataFrame | None:
    """The contacts of the part of the department the edition is for; None for the whole of it."""
    if edition.applies_to.is_everybody:
        return None
    placed = placed_contacts(archive, manifest, edition.applies_to, days)
    return placed.filter(pl.col("outside").is_null())


def _portions(
    record: _Record, engine: Engine | None, days: Sequence[date | None], taken: Taken | None
) -> Iterable[pl.DataFrame]:
    """The verdicts of the days: of one day in portions that follow each other by contact, of several in one portion that
    can be read day by day."""
    left = taken.verdicts_of(record, days) if taken else None
    if engine is None:
        return [] if left is None else [left]
    judged = _verdicts_of(record, engine, days)
    if len(days) > 1:
        judged = [pl.concat(judged)]
    found = judged if left is None else (_beside(part, left) for part in judged)
    return list(found) if len(days) > 1 else found


def _beside(judged: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """A portion of judged verdicts with those taken over for the same contacts, in the order of the record."""
    first, last = (pl.lit(bound, dtype=pl.String) for bound in (judged["contact_id"].min(), judged["contact_id"].max()))
    same = taken.filter(pl.col("contact_id").is_between(first, last))
    return pl.concat([judged, same], how="vertical_relaxed").sort("contact_id", "item")


def _named(verdicts: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Rows as the record's table has them: with the edition and the engine, which are the same in all."""
    named = verdicts.with_columns(edition=pl.lit(edition.hash), engine=pl.lit(ENGINE_VERSION))
    return named.select(TABLES["verdicts"].schema.names)


def _of_day(day: date | None) -> pl.Expr:
    return pl.col("day").is_null() if day is None else pl.col("day") == day


@dataclass(frozen=True)
class _Record:
    """One state of the record, whole days of it; where there are `members`, these contacts alone."""

    archive: Archive
    manifest: Manifest
    members: pl.DataFrame | None = None

    def contacts(self, day: date | None) -> int:
        """How many contacts of the day there are."""
        if self.members is not None:
            return self.members.filter(_of_day(day)).height
        file = self.manifest.files("contacts").get(day_key(day))
        return file.rows if file else 0

    def rows(
        self, name: str, columns: Sequence[str], days: Sequence[date | None], *, edition: str = ""
    ) -> pl.DataFrame:
        """The days' rows one after the other, in those of the columns that the record has."""
        held = [column for column in TABLES[name].schema.names if column in columns]
        parts = (whole_day(self.archive, self.manifest, name, day, held, edition=edition) for day in days)
        rows = pl.concat(parts)
        if self.members is None:
            return rows
        return rows.filter(pl.col("contact_id").is_in(self.members["contact_id"].implode()))


@dataclass(frozen=True)
class Taken:
    """Verdicts that hold under another edition too: its checks `items` are the same there. Without `items`: all of them."""

    edition: str
    items: tuple[str, ...] | None

    def verdicts_of(self, record: _Record, days: Sequence[date | None]) -> pl.DataFrame:
        """The kept verdicts of the days, in their order, without the names of edition and engine."""
        kept = record.rows("verdicts", _JUDGED, days, edition=self.edition)
        return kept if self.items is None else kept.filter(pl.col("item").is_in(self.items))


def _verdicts_of(record: _Record, engine: Engine, days: Sequence[date | None]) -> Iterable[pl.DataFrame]:
    """Judged verdicts of the days, in portions by contact."""
    tables = {name: record.rows(name, columns, days) for name, columns in READ.items()}
    served = tables["rollup"].filter(pl.col("is_primary")).select("contact_id", rating=pl.col("csat").cast(pl.Int64))
    rated = tables["contacts"].join(served, on="contact_id", how="left").sort("contact_id")
    contacts = with_logs(rated, tables["complaints"], tables["follow_ups"])
    batch = Batch(contacts, tables["messages"], tables["events"])
    return (_with_people(part, tables["rollup"], contacts) for part in engine.judge_in_parts(batch))


def _with_people(verdicts: pl.DataFrame, rollup: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """Verdicts belong to the person who served the contact last."""
    served = rollup.filter(pl.col("is_primary")).select("contact_id", "agent_key", "person")
    known = contacts.select("contact_id", "day").join(served, on="contact_id", how="left")
    return verdicts.join(known, on="contact_id", how="left").select(_JUDGED)


def judge_days(
    archive: Archive,
    edition: Edition,
    days: Sequence[date | None],
    *,
    processes: int | None = None,
    like: Sequence[Edition] = (),
) -> Iterator[tuple[date | None, int]]:
    """Judge the days and keep their verdicts; tells each day, in order, with how many contacts were judged.

    Where a day's verdicts under one of the editions of `like` are current, those of checks that are the same in both are
    taken over. Without a number of processes the days of a large record get one a core: half of the work is Python's own,
    which threads of one process would do one after the other.
    """
    rows = _messages(archive, days)
    workers = processes or (os.cpu_count() or 1 if sum(rows) >= _WORTH_PROCESSES else 1)
    bundles = list(_bundles(days, rows, min(_TOGETHER, sum(rows) // workers)))
    if min(workers, len(bundles)) < 2:
        judge = _Judge(archive, edition, like)
        for bundle in bundles:
            yield from judge.judged(bundle)
        return
    place = (archive.root, archive.zone, archive.cutover_hour, [dict(one.document) for one in (edition, *like)])
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=place) as pool:
        for judged in pool.map(_judge_prepared, bundles):
            yield from judged


class _Judge:
    """Judges bundles of days by one edition; engines are compiled once for the checks that are left to judge."""

    def __init__(self, archive: Archive, edition: Edition, like: Sequence[Edition]) -> None:
        self.archive, self.edition = archive, edition
        self._known = frozenset(checks_of(edition))
        known = (one for one in like if one.hash != edition.hash and one.applies_to.covers(edition.applies_to))
        alikes = ((one.hash, alike(edition, one)) for one in known)
        self._alike = sorted(((digest, same) for digest, same in alikes if same), key=lambda one: -len(one[1]))
        self._engines: dict[frozenset[str], Engine] = {}

    def judged(self, days: Sequence[date | None]) -> Iterator[tuple[date | None, int]]:
        manifest = self.archive.head()  # one state for all: what is current in it is what is read and named
        for taken, several in groupby(days, lambda day: self._taken(manifest, day)):
            engine = self._left(taken)
            yield from _judge_together(self.archive, manifest, self.edition, engine, list(several), taken)

    def _taken(self, manifest: Manifest, day: date | None) -> Taken | None:
        """What can be taken over for a day, from the edition that leaves least to judge."""
        for digest, same in self._alike:
            if _is_current(manifest, digest, day):
                return Taken(digest, None if same == self._known else tuple(sorted(same)))
        return None

    def _left(self, taken: Taken | None) -> Engine | None:
        """The engine for the checks that are not taken over."""
        left = self._known if taken is None else self._known.difference(taken.items or self._known)
        if left and left not in self._engines:
            self._engines[left] = Engine.for_edition(self.edition, only=left)
        return self._engines.get(left)


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


_prepared: dict[str, _Judge] = {}


def _prepare(root: Path, zone: ZoneInfo, cutover_hour: int, documents: list[dict[str, object]]) -> None:
    die_with_parent()
    edition, *like = [read(document) for document in documents]
    _prepared["here"] = _Judge(Archive(root, zone, cutover_hour), edition, like)


def _judge_prepared(days: list[date | None]) -> list[tuple[date | None, int]]:
    return list(_prepared["here"].judged(days))


def ensure_judged(
    archive: Archive,
    edition: Edition,
    days: Sequence[date],
    progress: Callable[[str, int, int], None] | None = None,
    *,
    like: Callable[[], Sequence[Edition]] = tuple,
) -> int:
    """Judge those of the days that hold contacts and whose verdicts are not current; returns how many.

    `like` tells the editions of `judge_days`, and is asked only where something is due. `progress` is told ("verdicts",
    days done, days due) after each day.
    """
    manifest = archive.head()
    due = [day for day in days if day_key(day) in manifest.files("contacts") and not is_judged(manifest, edition, day)]
    for done, _ in enumerate(judge_days(archive, edition, due, like=like() if due else ()), 1):
        if progress:
            progress("verdicts", done, len(due))
    return len(due)
