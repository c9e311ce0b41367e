"""A day from its questions to its verdicts; may be killed and started again anywhere, and nothing is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import connection

from bihuan.archive.manifest import Manifest, day_key, day_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.judging import is_judged
from bihuan.inspection.model_judge.asking import Asking, Round, Timing
from bihuan.inspection.model_judge.endpoint import Endpoint
from bihuan.inspection.model_judge.ledger import Ledger
from bihuan.inspection.model_judge.refusals import ModelJudgeBusy, NotJudgedYet
from bihuan.inspection.model_judge.talks import Place, questions_of_day
from bihuan.inspection.model_judge.writing import write_answers
from bihuan.inspection.models import ModelDay
from bihuan.inspection.rules.model_judging import PROMPT_VERSION, Question
from bihuan.kit.clock import now
from bihuan.standards.rules.edition import Edition

LOCK: Final = 0x6D6F64656C  # one round at a time over all processes: two would ask the same twice
_TOLD_EVERY: Final = 10  # answers between two notes of progress

Progress = Callable[[ModelDay], None]


@dataclass(frozen=True)
class Judge:
    """What asks and writes: the record, the edition, and the service."""

    archive: Archive
    edition: Edition
    ref: str
    endpoint: Endpoint
    timing: Timing = field(default_factory=Timing)

    def judge_day(self, day: date | None, progress: Progress | None = None) -> tuple[ModelDay, Round]:
        """Ask what is open of a judged day and put every answer into its verdicts. `NotJudgedYet`, `ModelJudgeBusy`."""
        with alone():
            head = self.archive.head()
            if not is_judged(head, self.edition, day):
                raise NotJudgedYet(day=day or "undated")
            ledger = Ledger(self.endpoint, now)
            questions = questions_of_day(Reader(self.archive, head), self.edition, day, self.endpoint.model)
            row = self._row(day, questions, ledger)
            told = Asking(ledger, self.timing, _noting(row, progress)).ask_all(questions.values())
            known = ledger.known(one.key for one in questions.values())
            row.verdicts_file = write_answers(self.archive, self.edition, day, questions, known)
            row.answered = sum(one.key in known for one in questions.values())
            _touch(row)
        return row, told

    def _row(self, day: date | None, questions: Mapping[Place, Question], ledger: Ledger) -> ModelDay:
        known, moment = ledger.known(one.key for one in questions.values()), now()
        facts = {
            "edition_ref": self.ref, "model": self.endpoint.model, "prompt_version": PROMPT_VERSION,
            "questions": len(questions), "touched_at": moment,
            "answered": sum(one.key in known for one in questions.values()),
        }  # fmt: skip
        row, _ = ModelDay.objects.update_or_create(
            edition_hash=self.edition.hash, day=day, defaults=facts, create_defaults={**facts, "began_at": moment}
        )
        return row


def due_days(manifest: Manifest, edition: Edition, endpoint: Endpoint, *, spent: bool = False) -> list[date | None]:
    """Of the newest judged days those with open questions (not while today's budget is `spent`), or whose verdicts were
    written anew without the answers."""
    held = manifest.files(verdicts_of(edition.hash))
    days = sorted((day for key in held if (day := day_of(key)) is not None), reverse=True)[: endpoint.days]
    rows = {row.day: row for row in ModelDay.objects.filter(edition_hash=edition.hash, day__in=days)}
    return [
        day for day in days
        if is_judged(manifest, edition, day) and not _is_settled(rows.get(day), held[day_key(day)].hash, endpoint, spent)
    ]  # fmt: skip


def _is_settled(row: ModelDay | None, file: str, endpoint: Endpoint, spent: bool) -> bool:
    asked_by = (endpoint.model, PROMPT_VERSION)
    return (
        row is not None
        and (spent or not row.open)
        and row.verdicts_file == file
        and (row.model, row.prompt_version) == asked_by
    )


def _noting(row: ModelDay, progress: Progress | None) -> Callable[[Round], None]:
    """Writes down now and then how far the day has come. Equal conversations share an answer: the count is exact again at
    the end."""
    start = row.answered

    def note(told: Round) -> None:
        row.answered = min(row.questions, start + told.answered)
        if told.answered % _TOLD_EVERY == 0:
            _touch(row)
        if progress:
            progress(row)

    return note


def _touch(row: ModelDay) -> None:
    row.touched_at = now()
    row.save(update_fields=["answered", "verdicts_file", "touched_at"])


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else asks meanwhile, in any process; `ModelJudgeBusy` where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ModelJudgeBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
