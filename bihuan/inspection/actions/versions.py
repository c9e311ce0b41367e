"""A further version of an evaluation: the first is never changed, the next takes its place in every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.appeals.models import AppealItem
from bihuan.appeals.rules import State
from bihuan.inspection.actions.evaluating import keep_score, verdicts_of
from bihuan.inspection.forms_of_editions import edition_named
from bihuan.inspection.models import Answer, Assignment, Evaluation, Telling
from bihuan.inspection.settled import EVALUATION
from bihuan.kit.clock import now
from bihuan.people.models import Person
from bihuan.standards.rules.scoring import score_contact


@dataclass(frozen=True)
class Changed:
    """What an answer becomes; words and places stay as they were where None is given."""

    verdict: str
    reason: str | None = None
    evidence: list[dict[str, Any]] | None = None


def locked_in_force(work: Assignment) -> Evaluation:
    """The version that counts, held against every other decision about the same contact until the transaction ends."""
    Assignment.objects.select_for_update().get(pk=work.pk)
    return Evaluation.objects.in_force().select_related("assignment", "evaluator").get(assignment=work)


def settled_by_appeal(work: Assignment) -> set[str]:
    """Items whose answer an appeal decided: nobody decides them again."""
    decided = AppealItem.objects.filter(
        appeal__kind=EVALUATION, appeal__subject=str(work.pk), appeal__state=State.DECIDED
    )
    return set(decided.values_list("key", flat=True))


def next_version(
    before: Evaluation, *, changes: Mapping[str, Changed], decider: Person, reason: str, since: datetime
) -> Evaluation:
    """The version after `before`, scored by its edition, released at once; the record is told of it.

    What logged times decided stays as it is, whatever `changes` say. Part of the caller's transaction.
    """
    at = now()
    new = Evaluation.objects.create(
        assignment=before.assignment, version=before.version + 1, edition_ref=before.edition_ref,
        edition_hash=before.edition_hash, evaluator=decider, blind=before.blind, started_at=since,
        touched_at=at, reason=reason, first_response=before.first_response, resolution=before.resolution,
        first_response_event=before.first_response_event, resolution_event=before.resolution_event,
    )  # fmt: skip
    Answer.objects.bulk_create([_carried(new, one, changes.get(one.item)) for one in before.answers.all()])
    edition = edition_named(new.edition_hash, new.edition_ref)
    keep_score(new, score_contact(edition, verdicts_of(new.answers.all()), judge="people"))
    new.submitted_at, new.released_at, new.released_by = at, at, decider.user
    new.save()
    Telling.objects.create(evaluation=new, asked_at=at)
    return new


def _carried(new: Evaluation, one: Answer, change: Changed | None) -> Answer:
    if change is None or one.given_by != Answer.Giver.PERSON or change.verdict == one.verdict:
        change = Changed(one.verdict)
    first = one.first_verdict if change.verdict == one.verdict else ""  # what people decided together is the last word
    return Answer(
        evaluation=new, item=one.item, verdict=change.verdict, first_verdict=first,
        reason=one.reason if change.reason is None else change.reason,
        evidence=one.evidence if change.evidence is None else change.evidence,
        given_by=one.given_by, machine=one.machine, answered_at=new.touched_at,
    )  # fmt: skip
