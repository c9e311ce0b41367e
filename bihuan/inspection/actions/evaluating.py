"""Evaluating: answers saved as they are given, submitted once, released, acknowledged by the agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.actions.holding import inspector_of, locked, refuse_own
from bihuan.inspection.forms_of_editions import (
    edition_for,
    edition_named,
    edition_of_evaluation,
    form_for,
    machine_verdicts,
)
from bihuan.inspection.models import (
    Acknowledgement,
    Answer,
    Assignment,
    Comment,
    Evaluation,
    Rating,
    Sighting,
    Telling,
)
from bihuan.inspection.places import MOMENTS, places_in
from bihuan.inspection.refusals import (
    AcknowledgedAlready,
    ChangedElsewhere,
    HeldByAnother,
    Incomplete,
    NobodyHolds,
    NothingToRelease,
    NotReleased,
    OutsideTheText,
    ReasonNeeded,
    Replaced,
    UnknownItem,
)
from bihuan.inspection.rules.form import Given, Question, Section, machine_answer, missing, questions_of
from bihuan.inspection.sampling.plans import is_blind, sampling_number
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import Actor, account, require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import Evidence, ScoreNode
from bihuan.standards.rules.verdict import VERDICTS, Verdict


@transaction.atomic
def answer_item(
    actor: User,
    *,
    assignment: Assignment,
    item: str,
    verdict: str,
    reason: str = "",
    evidence: Sequence[Evidence] = (),
    seconds: int = 0,
) -> Answer:
    """Save one answer of the draft, which begins with the first one; an answer may be changed until submission.

    `seconds` the evaluator worked since the last save. The machine's answer is read and kept only now, so that it cannot
    have led the first answer, which is kept beside a later one.
    """
    draft = _draft(actor, assignment, seconds)
    edition = edition_named(draft.edition_hash, draft.edition_ref)
    question = questions_of(form_for(edition)).get(item)
    if question is None or question.by_record:
        raise UnknownItem
    if verdict not in VERDICTS:
        raise InputError(f"{verdict} is no verdict.")
    told = {
        "verdict": verdict,
        "reason": reason.strip(),
        "evidence": [span.to_json() for span in evidence],
        "machine": _machine_word(draft, edition, question),
        "answered_at": draft.touched_at,
    }
    answer, _new = Answer.objects.update_or_create(
        evaluation=draft, item=item, defaults=told, create_defaults={**told, "first_verdict": verdict}
    )
    return answer


@transaction.atomic
def mark_moment(
    actor: User, *, assignment: Assignment, moment: str, message: int | None = None, event: int | None = None
) -> Evaluation:
    """Mark a key moment, the first response or the point of resolution (S3-10), on a message, or on an event where a call
    has no words; neither takes it away."""
    draft = _draft(actor, assignment, 0)
    put_moment(draft, assignment.contact_id, moment, message, event)
    return draft


def put_moment(
    draft: Evaluation | Rating, contact_id: str, moment: str, message: int | None, event: int | None
) -> None:
    """Where a draft's key moment stands from now on."""
    if moment not in MOMENTS:
        raise InputError(f"{moment} is no key moment.")
    if (message, event) != (None, None) and not places_in(contact_id).has(message, event):
        raise OutsideTheText
    fields = {moment: message, f"{moment}_event": event}
    for name, place in fields.items():
        setattr(draft, name, place)
    draft.save(update_fields=list(fields))


@transaction.atomic
def add_comment(
    actor: User, *, assignment: Assignment, words: str, message: int | None = None, start: int = 0, end: int = 0,
    event: int | None = None,
) -> Comment:  # fmt: skip
    """Words on a stretch of a message, code points [start, end) of the stored original, or on an event."""
    draft = _draft(actor, assignment, 0)
    return put_comment(draft, assignment.contact_id, words, message=message, start=start, end=end, event=event)


def put_comment(draft: Evaluation | Rating, contact_id: str, words: str, **place: Any) -> Any:
    """A comment of a draft's on a place of the conversation: `message`, `start`, `end`, or `event`.

    The same words on the same place are the same comment: a page whose answer was lost sends them again.
    """
    if not places_in(contact_id).holds(**place):
        raise OutsideTheText
    return draft.comments.get_or_create(words=_said(words), **place, defaults={"written_at": draft.touched_at})[0]


@transaction.atomic
def change_comment(actor: User, *, assignment: Assignment, comment: int, words: str) -> None:
    """Other words in the place of a comment's; one that is not there any more stays away."""
    reword_comment(_draft(actor, assignment, 0), comment, words)


def reword_comment(draft: Evaluation | Rating, comment: int, words: str) -> None:
    """What one of a draft's comments says from now on."""
    draft.comments.filter(pk=comment).update(words=_said(words), written_at=draft.touched_at)


def _said(words: str) -> str:
    """What a comment says."""
    if not words.strip():
        raise InputError("A comment needs words.")
    return words.strip()


@transaction.atomic
def remove_comment(actor: User, *, assignment: Assignment, comment: int) -> None:
    """Take a comment out of the draft."""
    draft = _draft(actor, assignment, 0)
    draft.comments.filter(pk=comment).delete()


@transaction.atomic
def submit_evaluation(actor: User, *, assignment: Assignment, revision: int, seconds: int = 0) -> Evaluation:
    """Close the draft and score it by the same tree as every other score.

    `revision` is the state the evaluator saw. Of two who submit the same conversation one wins; the other is told who
    has evaluated it, who holds it now, or that another window changed it.
    """
    person = inspector_of(actor)
    work = _held(assignment, person)
    draft = work.evaluations.begun_by(person).select_for_update().first()
    if draft is None or draft.revision != revision:
        raise ChangedElsewhere
    edition = edition_named(draft.edition_hash, draft.edition_ref)
    form = form_for(edition)
    _answer_by_record(draft, edition, form)
    answers = {one.item: one for one in draft.answers.all()}
    open_items = missing(form, {item: Given(one.verdict, one.reason) for item, one in answers.items()})
    if open_items:
        raise Incomplete(count=len(open_items))
    at = now()
    keep_score(draft, score_contact(edition, verdicts_of(answers.values()), judge="people"))
    draft.submitted_at = at
    draft.active_seconds += _worked(draft, seconds)
    draft.touched_at = at
    draft.save()
    work.done_at = at
    work.save(update_fields=["done_at"])
    record(
        actor=actor,
        verb="evaluation.submitted",
        subject=f"evaluation:{draft.pk}",
        data={"contact": work.contact_id, "edition": draft.edition_hash},  # no points: who judges it next may read this
    )
    return draft


@transaction.atomic
def release_evaluations(actor: Actor, *, evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Show submitted evaluations to the evaluated agents, and let the service record be told of them."""
    require(actor, Permission.RELEASE_EVALUATIONS)
    wanted = [one.pk for one in evaluations]
    rows = list(Evaluation.objects.waiting_for_release().filter(pk__in=wanted).select_for_update(of=("self",)))
    if not rows:
        raise NothingToRelease
    at = now()
    for row in rows:
        row.released_at, row.released_by = at, account(actor)
        row.save(update_fields=["released_at", "released_by"])
        record(actor=actor, verb="evaluation.released", subject=f"evaluation:{row.pk}")
    Telling.objects.bulk_create([Telling(evaluation=row, asked_at=at) for row in rows])
    return rows


@transaction.atomic
def acknowledge_evaluation(
    actor: User, *, evaluation: Evaluation, reply: str = "", objects_to: bool = False
) -> Acknowledgement:
    """The evaluated person, and nobody else, has read the version that counts; a reply is kept as it was written.

    Who `objects_to` it says why: the group looks at it again in its week (S3-13).
    """
    person = actor.rights().person
    row = _told_to(person, evaluation)
    assert person is not None  # nobody else is told
    if objects_to and not reply.strip():
        raise ReasonNeeded
    kept = Acknowledgement.objects.create(
        evaluation=row, person=person, reply=reply.strip(), objects_to=objects_to, acknowledged_at=now()
    )
    record(
        actor=actor,
        verb="evaluation.acknowledged",
        subject=f"evaluation:{row.pk}",
        data={"replied": bool(kept.reply), "objects": kept.objects_to},
    )
    return kept


def _told_to(person: Person | None, evaluation: Evaluation) -> Evaluation:
    """The evaluation, held against a further version until the transaction ends, if this person may acknowledge it."""
    Assignment.objects.select_for_update().get(pk=evaluation.assignment_id)
    row = Evaluation.objects.select_related("assignment").get(pk=evaluation.pk)
    if person is None or row.assignment.person != person.number:
        raise NotAllowed
    if row.released_at is None:
        raise NotReleased
    if not Evaluation.objects.in_force().filter(pk=row.pk).exists():
        raise Replaced
    if Acknowledgement.objects.filter(evaluation=row).exists():
        raise AcknowledgedAlready
    return row


def verdicts_of(answers: Iterable[Answer]) -> dict[str, Verdict]:
    """Answers as the scoring rules take them."""
    return {
        one.item: Verdict(one.verdict, "", tuple(Evidence.from_json(span) for span in one.evidence)) for one in answers
    }


def keep_score(evaluation: Evaluation, tree: ScoreNode) -> None:
    """Lay a score down in an evaluation that is not saved yet."""
    evaluation.tree = tree.to_json()
    evaluation.total, evaluation.unfailed, evaluation.coverage = tree.value, tree.unfailed, tree.coverage
    evaluation.fatal = tree.reason == "fatal"


def _draft(actor: User, assignment: Assignment, seconds: int) -> Evaluation:
    """The actor's own draft of a conversation they hold, begun if need be; every call makes a new revision."""
    person = inspector_of(actor)
    work = _held(assignment, person)
    draft = work.evaluations.begun_by(person).select_for_update().first() or _begun(work, person, seconds)
    if edition_of_evaluation(draft) is None:  # a draft goes on by the text that can be read
        edition = edition_for(work)
        draft.edition_hash, draft.edition_ref = edition.hash, edition.id
    draft.active_seconds += _worked(draft, seconds)
    draft.touched_at = now()
    draft.revision += 1
    draft.save(update_fields=["edition_hash", "edition_ref", "active_seconds", "touched_at", "revision"])
    return draft


def _held(assignment: Assignment, person: Person) -> Assignment:
    work = locked(assignment)
    refuse_own(work, person)
    if work.holder is None:
        raise NobodyHolds
    if not work.is_held_by(person):
        raise HeldByAnother(name=work.holder.name)
    return work


def _begun(work: Assignment, person: Person, seconds: int) -> Evaluation:
    """A new draft in the place of one that somebody else began: no answer is taken over that another gave. It is blind
    only where the page of the conversation had not shown its verdicts to this person before it was drawn."""
    edition = edition_for(work)
    form_for(edition)
    at = now()
    began = at - reading_time(edition, seconds)
    blind = is_blind(edition) and not Sighting.exists_of(person, work.contact_id)
    return Evaluation.objects.create(
        assignment=work, edition_ref=edition.id, edition_hash=edition.hash, evaluator=person, blind=blind,
        started_at=began, touched_at=at, laid_aside=_laid_aside(work),
    )  # fmt: skip


def reading_time(edition: Edition, seconds: int) -> timedelta:
    """What counts as reading before the first answer, of the seconds a page tells."""
    return min(
        timedelta(seconds=max(seconds, 0)), timedelta(microseconds=sampling_number(edition, "reading_at_most").micros)
    )


def _laid_aside(work: Assignment) -> list[str]:
    """Who has begun before, now that their draft is taken away; its answers were theirs, led by nobody's but their own."""
    before = work.evaluations.drafts().select_related("evaluator").first()
    if before is None:
        return []
    before.delete()
    return sorted({*before.laid_aside, before.evaluator.number})


def _worked(draft: Evaluation, seconds: int) -> int:
    """What the page counted, but never more in all than has passed since the work began."""
    passed = (now() - draft.started_at) // timedelta(seconds=1)
    return max(min(seconds, passed - draft.active_seconds), 0)


def _machine_word(draft: Evaluation, edition: Edition, question: Question) -> str:
    found = machine_answer(question, machine_verdicts(_reader(), edition.hash, draft.assignment.contact_id))
    return found.verdict if found else ""


def _answer_by_record(draft: Evaluation, edition: Edition, form: Sequence[Section]) -> None:
    """Items that logged times decide are taken from the record; without times they stay open and lower coverage."""
    verdicts = machine_verdicts(_reader(), edition.hash, draft.assignment.contact_id)
    for question in questions_of(form).values():
        found = machine_answer(question, verdicts) if question.by_record else None
        if found is not None:
            Answer.objects.update_or_create(
                evaluation=draft,
                item=question.id,
                defaults={
                    "verdict": found.verdict,
                    "evidence": [span.to_json() for span in found.evidence],
                    "given_by": Answer.Giver.RECORD,
                    "machine": found.verdict,
                    "answered_at": now(),
                },
            )


def _reader() -> Reader:
    return Reader(open_archive())
