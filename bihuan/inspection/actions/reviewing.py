"""The weekly re-evaluation (S3-13): gathered by itself, looked at by several raters, decided with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction

from bihuan.inspection.actions.versions import Changed, locked_in_force, next_version, settled_by_appeal
from bihuan.inspection.candidates import WEEK, candidates
from bihuan.inspection.forms_of_editions import edition_named, form_for
from bihuan.inspection.models import Answer, Evaluation, Opinion, Review
from bihuan.inspection.refusals import (
    FirstRater,
    Incomplete,
    OpinionGiven,
    OwnContact,
    OwnOpinionFirst,
    ReasonNeeded,
    ReviewDecided,
    TooFewOpinions,
)
from bihuan.inspection.rules.form import Given, missing, needs_reason
from bihuan.inspection.rules.review import AMENDED, UPHELD, changed, chosen
from bihuan.inspection.sampling.plans import review_plan, sampling_number
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import Actor, require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import VERDICTS, Verdict

Answers = Mapping[str, tuple[str, str]]  # item: verdict, reason


def last_week(day: date) -> date:
    """The Monday of the week before a day's own."""
    return day - timedelta(days=day.weekday()) - WEEK


@transaction.atomic
def gather_reviews(actor: Actor, *, week: date) -> list[Review]:
    """Put the evaluations that deserve a second look before the group's session about a week; nothing comes twice.

    Those are disputed ones (the agent objects or appeals, or people and machine differ), those of agents with many
    complaints, and full marks (S3-13). What becomes known later, or what a session has no room for, waits for the next.
    """
    require(actor, Permission.EVALUATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.review'))")
    edition = edition_in_use(week + WEEK - timedelta(days=1))
    plan = review_plan(edition)
    taken = [tuple(reasons) for reasons in Review.objects.filter(week=week).values_list("reasons", flat=True)]
    if len(taken) >= plan.most:
        return []
    wanted, waiting = chosen(candidates(week, edition, plan), plan, occasion=week.isoformat(), taken=taken)
    at = now()
    rows = [Review(week=week, evaluation_id=key, reasons=list(reasons), gathered_at=at) for key, reasons in wanted]
    Review.objects.bulk_create(rows)
    if rows:
        data = {"week": str(week), "evaluations": len(rows), "waiting": waiting}
        record(actor=actor, verb="reviews.gathered", subject=f"week:{week}", data=data)
    return rows


@transaction.atomic
def give_opinion(actor: User, *, review: Review, answers: Answers) -> Opinion:
    """A rater's own view of every item; once, and never by who evaluated first or is evaluated."""
    rater, row = _rater(actor, review)
    evaluation = row.evaluation
    edition = edition_named(evaluation.edition_hash, evaluation.edition_ref)
    given = {item: Given(*pair) for item, pair in answers.items() if pair[0] in VERDICTS}
    open_items = missing(form_for(edition), given)
    if open_items:
        raise Incomplete(count=len(open_items))
    by_record = {one.item: Verdict(one.verdict) for one in evaluation.answers.filter(given_by=Answer.Giver.RECORD)}
    verdicts = {**by_record, **{item: Verdict(one.verdict) for item, one in given.items()}}
    tree = score_contact(edition, verdicts, judge="people")
    kept = {item: [one.verdict, one.reason] for item, one in given.items()}
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(review=row, rater=rater, answers=kept, total=tree.value, given_at=now())
    except IntegrityError as error:
        raise OpinionGiven from error
    # without points: who gives the next opinion may read the journal
    record(actor=actor, verb="review.opined", subject=f"review:{row.pk}", data={"evaluation": str(evaluation.pk)})
    return opinion


@transaction.atomic
def decide_review(actor: User, *, review: Review, answers: Mapping[str, str], reason: str) -> Review:
    """Close a re-evaluation with a reason. Where an answer changes, the result is a new version that takes the place
    of the first in every figure; the first is kept as it was. The group's lead decides (S3-2), after an own opinion that
    nobody's has led."""
    require(actor, Permission.LEAD_REVIEWS)
    decider, row = _rater(actor, review)
    evaluation = row.evaluation
    least = sampling_number(edition_named(evaluation.edition_hash, evaluation.edition_ref), "review_raters").whole
    if row.opinions.count() < least:
        raise TooFewOpinions(least=least, given=row.opinions.count())
    if not row.opinions.filter(rater=decider).exists():
        raise OwnOpinionFirst
    if not reason.strip():
        raise ReasonNeeded
    newest = locked_in_force(evaluation.assignment)
    said = _open_answers(newest, answers)
    asked = {one.item: one.verdict for one in newest.answers.filter(given_by=Answer.Giver.PERSON)}
    differing = changed(asked, said)
    row.decided_by, row.decided_at, row.reason = decider, now(), reason.strip()
    row.outcome = AMENDED if differing else UPHELD
    if differing:
        changes = {item: Changed(said[item], row.reason if needs_reason(said[item]) else None) for item in differing}
        row.result = next_version(newest, changes=changes, decider=decider, reason=row.reason, since=row.gathered_at)
    row.save()
    record(
        actor=actor,
        verb="review.decided",
        subject=f"review:{row.pk}",
        data={"outcome": row.outcome, "changed": differing, "reason": row.reason},
    )
    return row


def _open_answers(newest: Evaluation, answers: Mapping[str, str]) -> dict[str, str]:
    """What the group says to items that no appeal has decided meanwhile; those are final."""
    final = settled_by_appeal(newest.assignment)
    return {item: word for item, word in answers.items() if word in VERDICTS and item not in final}


def _rater(actor: User, review: Review) -> tuple[Person, Review]:
    """The person who acts and the locked re-evaluation; refused for who evaluated first, is evaluated, or comes late."""
    require(actor, Permission.REVIEW_EVALUATIONS)
    person = actor.rights().person
    assert person is not None  # the permission came from this person's roles
    row = Review.objects.select_for_update().get(pk=review.pk)
    if row.decided_by is not None:
        raise ReviewDecided(name=row.decided_by.name)
    if row.evaluation.evaluator_id == person.pk:
        raise FirstRater
    if row.evaluation.assignment.person == person.number:
        raise OwnContact
    return person, row
