"""The blind second view and the decision: by the adjudicator the appeal waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from bihuan.appeals.actions.locking import locked_open, person_of
from bihuan.appeals.models import Appeal, AppealItem, Decision, SecondView
from bihuan.appeals.queries import objection_to
from bihuan.appeals.refusals import (
    OBJECTIONS,
    RULING_ISSUES,
    HandedOver,
    NotIndependent,
    ViewedAlready,
    ViewFirst,
)
from bihuan.appeals.rules import (
    Ruling,
    State,
    answer_after,
    ruling_issue,
)
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission


@dataclass(frozen=True)
class Viewed:
    """A blind answer to one item."""

    answer: str
    note: str = ""


@transaction.atomic
def give_second_view(actor: User, *, appeal: Appeal, answers: Mapping[str, Viewed]) -> Appeal:
    """Keep the adjudicator's own answers to every appealed item; only then are the first ones shown."""
    row, person = _locked_for(actor, appeal)
    items = list(row.items.all())
    if row.state != State.SUBMITTED:
        raise ViewedAlready
    if any(item.key not in answers or answers[item.key].answer not in _codes(item) for item in items):
        raise InputError(_("Answer every item."))
    at = now()
    SecondView.objects.bulk_create(
        SecondView(
            item=item, answer=answers[item.key].answer, note=answers[item.key].note, given_by=person, given_at=at
        )
        for item in items
    )
    row.state = State.VIEWED
    row.save(update_fields=["state"])
    told = {"items": sorted(item.key for item in items)}  # no answers: who judges the same next may read this
    record(actor=actor, verb="appeal.viewed", subject=f"appeal:{row.pk}", data=told)
    return row


@transaction.atomic
def decide_appeal(actor: User, *, appeal: Appeal, rulings: Mapping[str, Ruling]) -> Appeal:
    """Decide every item of an appeal, with reasons. Of two who decide at once one wins, the other gets AppealClosed."""
    row, person = _locked_for(actor, appeal)
    if row.state != State.VIEWED:
        raise ViewFirst
    at = now()
    items = list(row.items.all())
    decisions = [_decision(item, rulings.get(item.key), person, at) for item in items]
    Decision.objects.bulk_create(decisions)
    row.state, row.closed_at = State.DECIDED, at
    row.save(update_fields=["state", "closed_at"])
    told = {
        "kind": row.kind,
        "subject": row.subject,
        "person": row.person.number,
        "edition": row.edition,
        "items": {one.item.key: {"outcome": one.outcome, "answer": one.answer} for one in decisions},
    }
    record(actor=actor, verb="appeal.decided", subject=f"appeal:{row.pk}", data=told)
    return row


def _locked_for(actor: User, appeal: Appeal) -> tuple[Appeal, Person]:
    """The appeal under its lock, if it still waits for this adjudicator, who is still independent.

    Whoever has come to lead the appellant since, or had a hand in what is appealed, is refused; the sweep finds another.
    """
    require(actor, Permission.ADJUDICATE)
    person = person_of(actor)
    row = locked_open(appeal)
    if row.adjudicator_id != person.pk:
        raise HandedOver
    issue = objection_to(person, row, timezone.localdate(now()))
    if issue:
        raise NotIndependent(OBJECTIONS[issue], name=person.name)
    return row, person


def _decision(item: AppealItem, ruling: Ruling | None, person: Person, at: datetime) -> Decision:
    if ruling is None:
        raise InputError(_("Decide every item."))
    issue = ruling_issue(ruling, first=item.first_answer, claimed=item.claimed, answers=_codes(item))
    if issue:
        raise InputError(RULING_ISSUES[issue])
    return Decision(
        item=item,
        outcome=ruling.outcome,
        answer=answer_after(ruling, first=item.first_answer, claimed=item.claimed),
        reason=ruling.reason.strip(),
        decided_by=person,
        decided_at=at,
    )


def _codes(item: AppealItem) -> set[str]:
    return {choice["code"] for choice in item.choices}
