"""What follows when a file has entered the record: whose keys it holds, derived tables, a line in the journal, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from bihuan.archive.linking import LINKED
from bihuan.archive.reader import Reader
from bihuan.archive.rollup import refresh
from bihuan.archive.sources.importer import ImportSummary
from bihuan.archive.sources.reviewing import REVIEWS
from bihuan.archive.store import Archive, open_archive
from bihuan.archive.writer import write_staff
from bihuan.inspection.actions import request_judging
from bihuan.inspection.models import JudgingRun
from bihuan.inspection.tasks import judge_run
from bihuan.journal.actions import record
from bihuan.people.actions import SeenKey, notice_keys
from bihuan.people.authority import Actor
from bihuan.people.facts import staff_table
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.reading import newest_day

PROCESS: Final = "system:import"
MOST_KEYS: Final = 5_000
"""Keys put on the waiting list by one import, those with most contacts first: more than any department has staff."""
_LONGEST_KEY: Final = 200
_GAP: Final = timedelta(days=7)
"""Touched days this far apart are judged by one run; the days between cost a look, a run costs more."""

Progress = Callable[[int, int], None]
Stretch = tuple[date | None, date | None]


@dataclass(frozen=True)
class Aftermath:
    """What an import led to: keys that wait for a person, and how many days are judged in the background."""

    new_keys: int
    days: int
    undated: bool
    judging_runs: int
    manifest: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def after_import(
    actor: Actor, summary: ImportSummary, *, archive: Archive | None = None, progress: Progress | None = None,
    settle: Callable[[Aftermath], None] | None = None,
) -> Aftermath:  # fmt: skip
    """Everything that follows an import; safe to repeat after an interruption. A dry run is followed by nothing.

    The right to import was the actor's; what follows is done by the installation. `progress` gets days done and in all;
    `settle` runs in the transaction of the journal's line, so that an import is told once.
    """
    if summary.dry_run:
        raise ValueError("a dry run changed nothing that could be followed up")
    record_store = archive or open_archive()
    edition = _edition(record_store)
    write_staff(record_store, staff_table(cutover_hour=record_store.cutover_hour))
    window = metric_params(edition).numbers["repeat_window"]
    # no figure and no verdict rests on reviews
    touched = () if set(summary.tables) == {REVIEWS} else summary.days
    manifest = refresh(record_store, days=touched or None, repeat_window_us=window, progress=progress)
    stretches: list[tuple[date | None, date | None]] = [*stretches_of(day for day in touched if day is not None)]
    stretches += [(None, None)] if None in touched else []
    with transaction.atomic():
        noticed = notice_keys(PROCESS, keys=seen_keys(Reader(record_store, manifest), summary.source))
        runs = [_request(edition, first, last) for first, last in stretches]
        _tell(actor, summary)
        days = sum(day is not None for day in touched)
        aftermath = Aftermath(noticed, days, None in touched, len(runs), manifest.hash)
        if settle:
            settle(aftermath)
    return aftermath


def seen_keys(reader: Reader, source: str) -> list[SeenKey]:
    """The keys of a source as its contacts name them, those with most contacts first."""
    rows = reader.relation("rollup", columns=["agent_key", "day"], where={"source": source})
    counted = rows.aggregate("agent_key, min(day) AS first, max(day) AS last, count(*) AS contacts", "agent_key")
    found = counted.order("contacts DESC, agent_key").fetchall()
    usable = [row for row in found if row[0] and len(row[0]) <= _LONGEST_KEY and "\x00" not in row[0]]
    return [SeenKey(source, key, first, last, contacts) for key, first, last, contacts in usable[:MOST_KEYS]]


def stretches_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as spans from first to last; a gap longer than a week begins a new one."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] <= _GAP:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _edition(archive: Archive) -> Edition:
    return edition_in_use(newest_day(list(archive.head().files("contacts"))))


def _request(edition: Edition, first: date | None, last: date | None) -> JudgingRun:
    run = request_judging(PROCESS, edition=edition.hash, first=first, last=last)
    judge_run.defer(run_id=str(run.pk))
    return run


def _tell(actor: Actor, summary: ImportSummary) -> None:
    """The import's one line in the journal."""
    data = {
        "source": summary.source,
        "mapping": summary.mapping,
        "rows": summary.rows_read,
        "new": {table: count.new for table, count in summary.tables.items()},
        "corrected": summary.corrected,
        "rejected": sum(summary.rejected.values()),
        **_of_links(summary),
        "manifest": summary.manifest,
    }
    record(actor=actor, verb="record_import.finished", subject=f"import:{summary.import_id}", data=data)


def _of_links(summary: ImportSummary) -> dict[str, int]:
    """How many reviews found their contact; of an import without reviews nothing."""
    linked = sum(summary.links.get(how, 0) for how in LINKED)
    return {"linked": linked, "unlinked": sum(summary.links.values()) - linked} if summary.links else {}
