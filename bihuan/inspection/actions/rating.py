"""Rating the contacts of a calibration: saved as they are answered, submitted once; nobody else's answers are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from bihuan.inspection.actions.calibrating import locked_session
from bihuan.inspection.actions.evaluating import put_comment, put_moment, reading_time, reword_comment
from bihuan.inspection.calibration.refusals import RatedAlready
from bihuan.inspection.calibration.terms import edition_of_session
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import CalibrationContact, CalibrationSeat, Rating, RatingAnswer, RatingComment
from bihuan.inspection.refusals import ChangedElsewhere, Incomplete, UnknownItem
from bihuan.inspection.rules.form import Given, missing, questions_of
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import VERDICTS, Verdict

SECOND = timedelta(seconds=1)


@transaction.atomic
def rate_item(
    actor: User,
    *,
    contact: CalibrationContact,
    item: str,
    verdict: str,
    reason: str = "",
    evidence: Sequence[Evidence] = (),
    seconds: int = 0,
) -> RatingAnswer:
    """Save one answer of one's own draft, which begins with the first one; it may be changed until submission."""
    draft = _draft(actor, contact, seconds)
    question = questions_of(form_for(edition_of_session(contact.calibration))).get(item)
    if question is None or question.by_record:
        raise UnknownItem
    if verdict not in VERDICTS:
        raise InputError(f"{verdict} is no verdict.")
    kept = {
        "verdict": verdict, "reason": reason.strip(), "evidence": [span.to_json() for span in evidence],
        "answered_at": draft.touched_at,
    }  # fmt: skip
    return RatingAnswer.objects.update_or_create(rating=draft, item=item, defaults=kept)[0]


@transaction.atomic
def mark_in_rating(
    actor: User, *, contact: CalibrationContact, moment: str, message: int | None = None, event: int | None = None
) -> Rating:
    """Mark a key moment (S3-10) in one's own draft, on a message or an event; neither takes it away."""
    draft = _draft(actor, contact, 0)
    put_moment(draft, contact.contact_id, moment, message, event)
    return draft


@transaction.atomic
def comment_in_rating(
    actor: User, *, contact: CalibrationContact, words: str, message: int | None = None, start: int = 0, end: int = 0,
    event: int | None = None,
) -> RatingComment:  # fmt: skip
    """Words on a stretch of a message, code points [start, end) of the stored original, or on an event."""
    draft = _draft(actor, contact, 0)
    return put_comment(draft, contact.contact_id, words, message=message, start=start, end=end, event=event)


@transaction.atomic
def recomment_in_rating(actor: User, *, contact: CalibrationContact, comment: int, words: str) -> None:
    """Other words in the place of a comment's in one's own draft."""
    reword_comment(_draft(actor, contact, 0), comment, words)


@transaction.atomic
def uncomment_in_rating(actor: User, *, contact: CalibrationContact, comment: int) -> None:
    """Take a comment out of one's own draft."""
    draft = _draft(actor, contact, 0)
    draft.comments.filter(pk=comment).delete()


@transaction.atomic
def submit_rating(actor: User, *, contact: CalibrationContact, revision: int, seconds: int = 0) -> Rating:
    """Close one's own draft and score it as every other form is scored. Submitted twice, the second is refused."""
    seat = _seat(actor, contact)
    draft = Rating.objects.select_for_update().filter(contact=contact, seat=seat).first()
    if draft is None:
        raise ChangedElsewhere
    if draft.submitted_at is not None:
        raise RatedAlready
    if draft.revision != revision:
        raise ChangedElsewhere
    edition = edition_of_session(contact.calibration)
    answers = list(draft.answers.all())
    open_items = missing(form_for(edition), {one.item: Given(one.verdict, one.reason) for one in answers})
    if open_items:
        raise Incomplete(count=len(open_items))
    at = now()
    given = {one.item: one.verdict for one in answers}
    _score(draft, edition, {**contact.by_record, **given})
    draft.submitted_at, draft.touched_at = at, at
    draft.active_seconds += _worked(draft, seconds)
    draft.save()
    record(
        actor=actor,
        verb="calibration.rated",
        subject=f"calibration:{contact.calibration_id}",
        data={"contact": contact.contact_id, "rating": str(draft.pk)},  # no points: who rates next may read the journal
    )
    return draft


def _score(draft: Rating, edition: Edition, answers: dict[str, str]) -> None:
    tree = score_contact(edition, {item: Verdict(word) for item, word in answers.items()}, judge="people")
    draft.tree = tree.to_json()
    draft.total, draft.unfailed, draft.coverage = tree.value, tree.unfailed, tree.coverage
    draft.fatal = tree.reason == "fatal"


def _seat(actor: User, contact: CalibrationContact) -> CalibrationSeat:
    """The actor's seat in the session, which is held open until the transaction ends."""
    require(actor, Permission.REVIEW_EVALUATIONS)
    locked_session(contact.calibration)
    seat = contact.calibration.seats.filter(person=actor.rights().person).first()
    if seat is None:
        raise NotAllowed
    return seat


def _draft(actor: User, contact: CalibrationContact, seconds: int) -> Rating:
    """One's own draft, begun if need be; every call makes a new revision."""
    seat, at = _seat(actor, contact), now()
    began = at - reading_time(edition_of_session(contact.calibration), seconds)
    draft, _new = Rating.objects.get_or_create(
        contact=contact, seat=seat, defaults={"started_at": began, "touched_at": at}
    )
    if draft.submitted_at is not None:
        raise RatedAlready
    draft.active_seconds += _worked(draft, seconds)
    draft.touched_at = at
    draft.revision += 1
    draft.save(update_fields=["active_seconds", "touched_at", "revision"])
    return draft


def _worked(draft: Rating, seconds: int) -> int:
    """What the page counted, but never more in all than has passed since the work began."""
    passed = (now() - draft.started_at) // SECOND
    return max(min(seconds, passed - draft.active_seconds), 0)
