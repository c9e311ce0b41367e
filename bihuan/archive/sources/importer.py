"""One import from file to record: read and check rows, deal them into whole contacts, build, commit once.

Nothing enters the record before the commit, so a damaged file leaves no half of itself. After an interruption the same
call goes on: rows already dealt are not read again, batches already staged are not built again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from bihuan.archive.linking import ASKED as LINKED_BY
from bihuan.archive.linking import HOW, counted, linked
from bihuan.archive.manifest import Manifest
from bihuan.archive.reader import Reader
from bihuan.archive.sources.building import ORDER, build
from bihuan.archive.sources.expressions import KEY, condition, moment_column, text
from bihuan.archive.sources.known import fitted
from bihuan.archive.sources.limits import BLOCK_BYTES, MAX_KEY_CHARS
from bihuan.archive.sources.mapping import Mapping, load_mapping
from bihuan.archive.sources.moments import PROBLEM, PROBLEM_COLUMN, PROBLEM_VALUE, with_moments
from bihuan.archive.sources.opening import Source, identify
from bihuan.archive.sources.readers import read
from bihuan.archive.sources.rejects import Rejects
from bihuan.archive.sources.reviewing import REVIEWS, reviews
from bihuan.archive.sources.rows import LINE
from bihuan.archive.sources.rowstore import RowStore
from bihuan.archive.store import Archive
from bihuan.archive.writer import AppendResult, ImportSession
from bihuan.kit.clock import now, to_us
from bihuan.kit.errors import InputError
from bihuan.kit.ids import content_id

_TABLES: Final = ("contacts", "events", "messages", "ratings", "complaints", "follow_ups", REVIEWS)
# Reading is about half of the work, building and committing the rest: for the time left on the progress line.
_READ_SHARE: Final = 0.5
_BUILD_SHARE: Final = 0.3


@dataclass(frozen=True)
class Progress:
    """How far an import is: what it does, rows so far, share done 0–1."""

    step: str
    rows: int
    share: float


@dataclass(frozen=True)
class TableCount:
    """Rows of one table made from the file: those new to the record and those it knew (or now corrects)."""

    new: int = 0
    known: int = 0


@dataclass(frozen=True)
class ImportSummary:
    """What an import did. `rejected` and `skipped` are reason → rows; `days` None stands for undated contacts; `links`
    tells of reviews on platforms how many found their contact at that time, by word (`archive.linking`)."""

    import_id: str
    source: str
    mapping: str
    rows_read: int
    tables: dict[str, TableCount]
    corrected: int
    skipped: dict[str, int]
    rejected: dict[str, int]
    rejects_path: str | None
    days: tuple[date | None, ...]
    manifest: str
    dry_run: bool
    links: dict[str, int] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)

    def to_json(self) -> dict[str, Any]:
        """A JSON-like form: days as ISO dates, "undated" for none."""
        plain = asdict(self)
        plain["days"] = [day.isoformat() if day else "undated" for day in self.days]
        return plain


def import_file(
    path: str | Path,
    mapping: Mapping | str | Path,
    archive: Archive,
    *,
    progress: Callable[[Progress], None] | None = None,
    dry_run: bool = False,
) -> ImportSummary:
    """Bring a file into the record under a mapping (or the name or path of one).

    Idempotent: the same file again adds nothing. Raises InputError where the file as a whole cannot be used, changing
    nothing; DefinitionError where the mapping is wrong. Roll-ups are the caller's to refresh, for `days`.
    """
    chosen = mapping if isinstance(mapping, Mapping) else load_mapping(mapping)
    return _Import(Path(path), chosen, archive, progress or _silent, dry_run).run()


class _Import:
    def __init__(
        self, path: Path, mapping: Mapping, archive: Archive, progress: Callable[[Progress], None], dry_run: bool
    ) -> None:
        self._started = now()
        self._file: Source = identify(path)
        self._mapping = mapping
        self._archive = archive
        self._progress = progress
        self._dry_run = dry_run
        self._zone = mapping.zone or str(archive.zone)
        self._id = content_id("import", _fingerprint(path), mapping.hash, self._zone)
        working = content_id(self._id, dry_run)
        self._store = RowStore(archive.root / "staging" / f"rows-{working}")
        self._folder = archive.root / "imports" / self._id
        self._rejects = self._rejects_in("rejects-dry-run.csv" if dry_run else "rejects.csv")
        self._skipped: Counter[str] = Counter()
        self._links: Counter[str] = Counter()
        self._rows = 0

    def _rejects_in(self, name: str) -> Rejects:
        rejects = Rejects(self._folder / name, self._mapping.origins)
        rejects.headers = {column: headers[0] for column, headers in self._mapping.columns.headers.items()}
        return rejects

    def run(self) -> ImportSummary:
        with self._alone():
            return self._run()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time for the same file, mapping and record; the lock dies with its holder."""
        lock = self._archive.root / "locks" / self._store.folder.name
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    "This file is being imported at the moment.", hint="Wait for that import; it adds nothing twice."
                ) from None
            yield

    def _run(self) -> ImportSummary:
        try:
            recorded_us = self._read_or_resume()
            made, result = self._build(recorded_us)
        except BaseException:
            self._rejects.close()
            raise
        self._rejects.close()
        summary = self._summary(made, result)
        if not self._dry_run:
            self._keep(summary)
        self._store.clear()
        return summary

    def _read_or_resume(self) -> int:
        """Every row checked and dealt; returns when it was told. A finished reading is taken over from an earlier try."""
        noted = self._store.noted()
        if noted:
            self._rows = noted["rows"]
            self._skipped.update(noted["skipped"])
            self._rejects = self._rejects_in("rejects-building.csv")
            self._rejects.counts.update(noted["rejected"])
            self._rejects.headers = noted.get("headers", self._rejects.headers)
            return int(noted["recorded_us"])
        self._store.begin()
        kept = self._read()
        if self._rows and not kept and not self._skipped:
            raise self._nothing_usable()
        self._store.deal(kept, self._rejects)
        recorded_us = to_us(self._started)
        facts = {
            "rows": self._rows,
            "skipped": self._skipped,
            "rejected": self._rejects.counts,
            "headers": self._rejects.headers,
            "recorded_us": recorded_us,
        }
        self._store.note(facts)
        return recorded_us

    def _read(self) -> int:
        """Rows kept; the others are counted and, where refused, written down."""
        kept = given = refused_here = 0
        for chunk in read(self._file, self._mapping.kind, self._mapping.columns, self._rejects):
            given += chunk.frame.height
            refused = self._rejects.total
            frame = self._usable(chunk.frame)
            refused_here += self._rejects.total - refused
            if frame.height:
                self._store.add(frame)
            kept += frame.height
            share = min(1.0, chunk.consumed / self._file.size) * _READ_SHARE
            self._progress(Progress("reading", given, share))
        # Rows the reader itself refused were never given.
        self._rows = given + self._rejects.total - refused_here
        return kept

    def _usable(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows that are not skipped, know their contact, and whose times can be read."""
        frame = _plain(frame, self._mapping)
        for name, said in self._mapping.part("derive").items():
            frame = frame.with_columns(text(said).alias(name))
        for rule in self._mapping.part("skip"):
            hit = frame.select(condition(rule["when"]).alias("hit")).to_series()
            self._skipped[rule["reason"]] += int(hit.sum())
            frame = frame.filter(~hit)
        frame = with_moments(frame, self._mapping, self._zone)
        said = self._mapping.identified
        order = pl.col(moment_column(said["order"])) if "order" in said else pl.lit(None, dtype=pl.Int64)
        frame = frame.with_columns(text(said["id"]).alias(KEY), order.alias(ORDER))
        return self._without_problems(frame)

    def _without_problems(self, frame: pl.DataFrame) -> pl.DataFrame:
        subject = self._mapping.subject
        for reason, wrong in (
            (f"no_{subject}_id", pl.col(KEY).is_null()),
            (f"{subject}_id_too_long", pl.col(KEY).str.len_chars() > MAX_KEY_CHARS),
        ):
            frame = frame.with_columns(
                pl.when(wrong.fill_null(False)).then(pl.lit(reason)).otherwise(pl.col(PROBLEM)).alias(PROBLEM),
                pl.when(wrong.fill_null(False)).then(pl.col(KEY)).otherwise(pl.col(PROBLEM_VALUE)).alias(PROBLEM_VALUE),
                pl.when(wrong.fill_null(False))
                .then(pl.lit(subject))
                .otherwise(pl.col(PROBLEM_COLUMN))
                .alias(PROBLEM_COLUMN),
            )
        bad = frame.filter(pl.col(PROBLEM).is_not_null())
        for line, column, reason, value in bad.select(LINE, PROBLEM_COLUMN, PROBLEM, PROBLEM_VALUE).iter_rows():
            self._rejects.add(line, column or "", reason, value)
        return frame.filter(pl.col(PROBLEM).is_null()).drop(PROBLEM, PROBLEM_COLUMN, PROBLEM_VALUE)

    def _build(self, recorded_us: int) -> tuple[Counter[str], AppendResult | None]:
        """Build and stage every batch, then commit once."""
        made: Counter[str] = Counter()
        absent = bool(self._mapping.part("contact").get("only_if_absent"))
        session = None if self._dry_run else ImportSession(self._archive, self._id)
        staged = set(session.chunks) if session else set()
        batches = self._store.batches()
        for place, batch in enumerate(batches, 1):
            # Built again where already staged: its rejects and counts belong to the summary.
            tables = self._made_of(self._store.rows(batch), recorded_us)
            made.update({name: frame.height for name, frame in tables.items()})
            if session and batch.name not in staged:
                ready = fitted(tables, self._archive, only_if_absent=absent)
                arrow = {name: frame.to_arrow() for name, frame in ready.items() if frame.height}
                session.add(arrow, chunk=batch.name, recorded_us=recorded_us)
            self._progress(Progress("building", self._rows, _READ_SHARE + _BUILD_SHARE * place / len(batches)))
        if batches and not (made["contacts"] or made[REVIEWS]) and self._rejects.total:
            self._store.clear()
            raise self._nothing_usable()
        result = session.commit() if session and (session.chunks or not batches) else None
        self._progress(Progress("done", self._rows, 1.0))
        return made, result

    def _made_of(self, rows: pl.DataFrame, recorded_us: int) -> dict[str, pl.DataFrame]:
        """The record's tables for the rows of a batch. Of reviews it is counted which contacts they would be about now."""
        if self._mapping.subject == "contact":
            return build(rows, self._mapping, self._rejects).tables
        found = reviews(rows, self._mapping, self._rejects, told_us=recorded_us)
        asked = found.with_columns(pl.lit(None).alias(name) for name in set(LINKED_BY) - set(found.columns))
        self._links.update(counted(linked(Reader(self._archive), asked)))
        return {REVIEWS: found}

    def _nothing_usable(self) -> InputError:
        return InputError(
            f"None of {self._rows} rows can be used ({_listed(self._rejects.counts)}).",
            hint=f"Is this the right mapping? See {self._rejects.path}.",
        )

    def _summary(self, made: Counter[str], result: AppendResult | None) -> ImportSummary:
        before = result.before if result else self._archive.head()
        after = result.manifest if result else before
        tables = {}
        for table in _TABLES:
            new = _rows_of(after, table) - _rows_of(before, table)
            if made[table] or new:
                tables[table] = TableCount(new if result else 0, made[table] - new if result else 0)
        if self._dry_run:
            tables = {table: TableCount(new=made[table]) for table in _TABLES if made[table]}
        return ImportSummary(
            import_id=self._id,
            source=self._mapping.source,
            mapping=self._mapping.name,
            rows_read=self._rows,
            tables=tables,
            corrected=result.rows_corrected if result else 0,
            skipped={reason: count for reason, count in self._skipped.items() if count},
            rejected=dict(self._rejects.counts),
            rejects_path=str(self._rejects.path) if self._rejects.total else None,
            days=result.days_touched if result else (),
            links={how: self._links[how] for how in HOW if self._links[how]},
            manifest=after.hash,
            dry_run=self._dry_run,
            seconds=(now() - self._started).total_seconds(),
        )

    def _keep(self, summary: ImportSummary) -> None:
        """What happened, beside the rejects."""
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = self._folder / "summary.new"
        scratch.write_text(json.dumps(summary.to_json(), ensure_ascii=False, indent=1))
        scratch.replace(self._folder / "summary.json")


def _plain(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Values without blanks around them; empty ones and those that mean nothing become null."""
    said = mapping.part("columns")
    answer = []
    for name in mapping.columns.names:
        bare = pl.col(name).str.strip_chars()
        none = ["", *((said[name] or {}).get("none", ()))]
        answer.append(pl.when(~bare.is_in(none)).then(bare).alias(name))
    return frame.with_columns(answer)


def _fingerprint(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _rows_of(manifest: Manifest, table: str) -> int:
    return sum(file.rows for file in manifest.files(table).values())


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.most_common())


def _silent(_progress: Progress) -> None:
    return None
