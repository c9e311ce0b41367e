"""The weekly re-evaluation (S3-13): gathered by itself, looked at by several raters, decided with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.actions.evaluating import keep_score, verdicts_of
from bihuan.inspection.drawing import complaints_until
from bihuan.inspection.forms_of_editions import edition_named, form_for
from bihuan.inspection.models import Answer, Evaluation, Opinion, Review, Telling
from bihuan.inspection.plans import review_plan, sampling_number
from bihuan.inspection.refusals import (
    FirstRater,
    Incomplete,
    OpinionGiven,
    OwnContact,
    ReasonNeeded,
    ReviewDecided,
    TooFewOpinions,
)
from bihuan.inspection.rules.form import Given, missing
from bihuan.inspection.rules.review import AMENDED, UPHELD, Candidate, changed, chosen
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import Actor, account, require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import VERDICTS, Verdict

WEEK = timedelta(days=7)
Answers = Mapping[str, tuple[str, str]]  # item: verdict, reason


def last_week(day: date) -> date:
    """The Monday of the week before a day's own."""
    return day - timedelta(days=day.weekday()) - WEEK


@transaction.atomic
def gather_reviews(actor: Actor, *, week: date) -> list[Review]:
    """Put the week's evaluations that deserve a second look before the group; what was gathered stays, nothing doubles.

    Those are disputed ones, those of agents with many complaints, and full marks (S3-13).
    """
    require(actor, Permission.EVALUATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.review'))")
    last = week + WEEK - timedelta(days=1)
    edition = edition_in_use(last)
    plan = review_plan(edition)
    known = Review.objects.filter(week=week).count()
    found = _candidates(week, last)
    wanted = chosen(list(found), plan, occasion=week.isoformat())[: max(plan.most - known, 0)]
    at = now()
    rows = [Review(week=week, evaluation_id=key, reasons=list(reasons), gathered_at=at) for key, reasons in wanted]
    Review.objects.bulk_create(rows)
    if rows:
        data = {"week": str(week), "evaluations": len(rows)}
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
    record(actor=actor, verb="review.opined", subject=f"review:{row.pk}", data={"total": str(tree.value)})
    return opinion


@transaction.atomic
def decide_review(actor: User, *, review: Review, answers: Mapping[str, str], reason: str) -> Review:
    """Close a re-evaluation with a reason. Where an answer changes, the result is a new version that takes the place
    of the first in every figure; the first is kept as it was."""
    decider, row = _rater(actor, review)
    evaluation = row.evaluation
    least = sampling_number(edition_named(evaluation.edition_hash, evaluation.edition_ref), "review_raters").whole
    if row.opinions.count() < least:
        raise TooFewOpinions(least=least, given=row.opinions.count())
    if not reason.strip():
        raise ReasonNeeded
    asked = {one.item: one.verdict for one in evaluation.answers.filter(given_by=Answer.Giver.PERSON)}
    differing = changed(asked, {item: word for item, word in answers.items() if word in VERDICTS})
    row.decided_by, row.decided_at, row.reason = decider, now(), reason.strip()
    row.outcome = AMENDED if differing else UPHELD
    row.result = _next_version(actor, row, answers, decider) if differing else None
    row.save()
    record(
        actor=actor,
        verb="review.decided",
        subject=f"review:{row.pk}",
        data={"outcome": row.outcome, "changed": differing, "reason": row.reason},
    )
    return row


def _next_version(actor: User, review: Review, answers: Mapping[str, str], decider: Person) -> Evaluation:
    before = review.evaluation
    at = now()
    new = Evaluation.objects.create(
        assignment=before.assignment, version=before.version + 1, edition_ref=before.edition_ref,
        edition_hash=before.edition_hash, evaluator=decider, blind=before.blind, started_at=review.gathered_at,
        touched_at=at, reason=review.reason, first_response=before.first_response, resolution=before.resolution,
    )  # fmt: skip
    Answer.objects.bulk_create([_carried(new, one, answers.get(one.item)) for one in before.answers.all()])
    edition = edition_named(new.edition_hash, new.edition_ref)
    keep_score(new, score_contact(edition, verdicts_of(new.answers.all()), judge="people"))
    new.submitted_at, new.released_at, new.released_by = at, at, account(actor)
    new.save()
    Telling.objects.create(evaluation=new, asked_at=at)
    return new


def _carried(new: Evaluation, one: Answer, decided: str | None) -> Answer:
    """An answer as the decision leaves it; what logged times decided stays."""
    may_change = one.given_by == Answer.Giver.PERSON and decided in VERDICTS
    verdict = decided if may_change and decided else one.verdict
    return Answer(
        evaluation=new, item=one.item, verdict=verdict, reason=one.reason,
        evidence=one.evidence, given_by=one.given_by, machine=one.machine, answered_at=new.touched_at,
    )  # fmt: skip


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


def _candidates(first: date, last: date) -> list[Candidate]:
    rows = Evaluation.objects.in_force().between(first, last).filter(review__isnull=True, made_by__isnull=True)
    listed = list(rows.select_related("assignment").prefetch_related("answers").defer("tree"))
    complaints = complaints_until(Reader(open_archive()), edition_in_use(last), last) if listed else {}
    return [
        Candidate(
            id=str(one.pk),
            total=one.total,
            differing=sum(bool(a.machine) and a.machine != a.verdict for a in one.answers.all()),
            complaints=complaints.get(one.assignment.person, 0),
        )
        for one in listed
    ]
