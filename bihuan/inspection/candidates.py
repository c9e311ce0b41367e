"""Which evaluations may come before the group (S3-13), whenever the sign that asks for it became known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q

from bihuan.appeals.models import Appeal
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.models import Evaluation
from bihuan.inspection.models.evaluating import EvaluationQuerySet
from bihuan.inspection.rules.review import Candidate, ReviewPlan
from bihuan.inspection.sampling.drawing import complaints_until
from bihuan.inspection.settled import EVALUATION
from bihuan.kit.clock import day_bounds
from bihuan.standards.rules.edition import Edition

WEEK: Final = timedelta(days=7)


def candidates(week: date, edition: Edition, plan: ReviewPlan) -> list[Candidate]:
    """Evaluations with a sign, released until the end of the week beginning on `week`, that never came before the group.

    Not of this week alone: an objection, an appeal or a complaint may come weeks after the conversation, and a full session
    leaves some over. Signs are looked for in what was released since the month before began, as long as its
    score is being settled; whoever objects or appeals is heard however old the evaluation is.
    """
    return _Search(week, edition, plan).found()


class _Search:
    def __init__(self, week: date, edition: Edition, plan: ReviewPlan) -> None:
        self.last, self.edition, self.plan = week + WEEK - timedelta(days=1), edition, plan
        self.archive = open_archive()
        self.reader = Reader(self.archive)

    def found(self) -> list[Candidate]:
        objected = {one.pk: self._candidate(one, {}) for one in self._objected()}
        by_sign = [one for monday in self._weeks() for one in self._with_signs(monday)]
        others = {UUID(one.id): one for one in by_sign}
        heard = {key: replace(others.get(key, one), objected=True) for key, one in objected.items()}
        return list({**others, **heard}.values())

    def _weeks(self) -> Iterator[date]:
        """Mondays from the one on or before the first day of the month before to that of the last week."""
        before = (self.last.replace(day=1) - timedelta(days=1)).replace(day=1)
        monday = before - timedelta(days=before.weekday())
        while monday <= self.last:
            yield monday
            monday += WEEK

    def _with_signs(self, monday: date) -> Iterator[Candidate]:
        since, until = self._starts(monday), self._starts(monday + WEEK)
        rows = self._open().filter(released_at__gte=since, released_at__lt=until)
        if not rows.exists():
            return
        complaints = complaints_until(self.reader, self.edition, monday + WEEK - timedelta(days=1))
        many = [person for person, count in complaints.items() if count >= self.plan.complaints_from]
        signs = (
            Q(differing__gte=self.plan.disagreements_from)
            | Q(total__gte=self.plan.full_marks)
            | Q(assignment__person__in=many)
        )
        yield from (self._candidate(one, complaints) for one in rows.filter(signs))

    def _objected(self) -> EvaluationQuerySet:
        until = self._starts(self.last + timedelta(days=1))
        appealed = Appeal.objects.open().filter(kind=EVALUATION, submitted_at__lt=until)
        subjects = [UUID(subject) for subject in appealed.values_list("subject", flat=True)]
        in_words = Q(acknowledgement__objects_to=True, acknowledgement__acknowledged_at__lt=until)
        return self._open().filter(in_words | Q(assignment__in=subjects))

    def _open(self) -> EvaluationQuerySet:
        """In force, never before the group, and not what the group or an appeal made; with the answers that are not the machine's counted."""
        rows = Evaluation.objects.in_force().filter(
            review__isnull=True, made_by__isnull=True, made_by_appeal__isnull=True
        )
        differs = ~Q(answers__machine="") & ~Q(answers__machine=F("answers__verdict"))
        return rows.select_related("assignment").defer("tree").annotate(differing=Count("answers", filter=differs))

    def _candidate(self, one: Evaluation, complaints: Mapping[str, int]) -> Candidate:
        differing: int = one.differing  # type: ignore[attr-defined] # annotated
        return Candidate(str(one.pk), one.total, differing, complaints.get(one.assignment.person, 0))

    def _starts(self, day: date) -> datetime:
        return day_bounds(day, self.archive.zone, self.archive.cutover_hour)[0]
