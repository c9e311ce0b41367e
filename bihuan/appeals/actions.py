"""The only writers of appeals: submit, assign, answer blind, decide, withdraw. What the clock does is in `sweeping`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from bihuan.appeals.kinds import Item, Kind, Matter, Span, kind_named
from bihuan.appeals.models import Appeal, AppealItem, Decision, SecondView
from bihuan.appeals.queries import Window, candidates, parties_of, window_of
from bihuan.appeals.refusals import (
    OBJECTIONS,
    RULING_ISSUES,
    AppealClosed,
    AppealedAlready,
    HandedOver,
    NothingAppealed,
    NotIndependent,
    OpenAlready,
    ViewedAlready,
    ViewFirst,
    WindowClosed,
)
from bihuan.appeals.rules import (
    Ruling,
    State,
    answer_after,
    choose,
    closes_at,
    objection,
    reminded_from,
    ruling_issue,
)
from bihuan.appeals.wording import deadline
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import Actor, require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission

SHORTEST_REASON: Final = 4
"""Characters: a few words; a dot is no reason."""


@dataclass(frozen=True)
class Plea:
    """What the appellant says about one item: the answer that should hold, why, and where it shows."""

    key: str
    claimed: str
    reason: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Viewed:
    """A blind answer to one item."""

    answer: str
    note: str = ""


def submit_appeal(actor: User, *, kind: str, subject: str, pleas: Sequence[Plea]) -> Appeal:
    """Appeal against answers about oneself; an independent adjudicator is chosen at once.

    Raises NotAllowed to anybody else than the person concerned, WindowClosed, OpenAlready, AppealedAlready,
    NothingAppealed, and InputError for a plea that says nothing or points nowhere.
    """
    require(actor, Permission.APPEAL)
    asked, at = kind_named(kind), now()
    matter = asked.find(subject)
    if matter is None or matter.person != _me(actor).number:
        raise NotAllowed
    window = window_of(kind, matter, at=at)
    _refuse_closed(window, pleas, at)
    items = {item.key: item for item in matter.items}
    for plea in pleas:
        _check_plea(asked, subject, items.get(plea.key), plea)
    try:
        with transaction.atomic():
            appeal = _create(actor, asked, matter, window, at)
            AppealItem.objects.bulk_create(
                [_row(appeal, place, items[plea.key], plea) for place, plea in enumerate(pleas)]
            )
            told = {"kind": kind, "subject": subject, "items": [plea.key for plea in pleas]}
            record(actor=actor, verb="appeal.submitted", subject=f"appeal:{appeal.pk}", data=told)
            assign_by_rule(appeal, at=at)
    except IntegrityError as clash:
        raise OpenAlready from clash
    return appeal


def assign_by_rule(appeal: Appeal, *, at: datetime) -> Person | None:
    """Give an appeal to the independent adjudicator with the least work; None where there is nobody yet.

    Part of the caller's transaction, which holds the appeal's lock.
    """
    on = timezone.localdate(at)
    chosen = choose(candidates(on), parties_of(appeal, on))
    if chosen is None:
        return None
    person = Person.objects.get(number=chosen.number)
    _assign("system:appeals", appeal, person, at, reason="")
    return person


@transaction.atomic
def assign_adjudicator(actor: Actor, *, appeal: Appeal, person: Person, reason: str) -> Appeal:
    """A named person hands an open appeal to another independent adjudicator, who then gives an own blind view."""
    require(actor, Permission.OVERSEE_APPEALS)
    row = _locked_open(appeal)
    at = now()
    on = timezone.localdate(at)
    candidate = next((one for one in candidates(on) if one.number == person.number), None)
    issue = "no_right" if candidate is None else objection(candidate, parties_of(row, on))
    if candidate is not None and isinstance(actor, User) and person.user_id == actor.pk:
        issue = issue or "has_read"
    if issue:
        raise NotIndependent(OBJECTIONS[issue], name=person.name)
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputError(_("Say why, in a few words."))
    _assign(actor, row, person, at, reason=reason.strip())
    return row


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
    told = {item.key: answers[item.key].answer for item in items}
    record(actor=actor, verb="appeal.viewed", subject=f"appeal:{row.pk}", data={"answers": told})
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


@transaction.atomic
def withdraw_appeal(actor: User, *, appeal: Appeal) -> Appeal:
    """The appellant takes an open appeal back; the first answers stand and may be appealed again within the window."""
    require(actor, Permission.APPEAL)
    if appeal.person_id != _me(actor).pk:
        raise NotAllowed
    row = _locked_open(appeal)
    row.state, row.closed_at = State.WITHDRAWN, now()
    row.save(update_fields=["state", "closed_at"])
    record(actor=actor, verb="appeal.withdrawn", subject=f"appeal:{row.pk}", data={"kind": row.kind})
    return row


def _me(actor: User) -> Person:
    person: Person | None = getattr(actor, "person", None)
    if person is None:
        raise NotAllowed
    return person


def _locked_open(appeal: Appeal) -> Appeal:
    row = Appeal.objects.select_for_update(of=("self",)).select_related("person").get(pk=appeal.pk)
    if not row.is_open:
        raise AppealClosed
    return row


def _locked_for(actor: User, appeal: Appeal) -> tuple[Appeal, Person]:
    """The appeal under its lock, if it still waits for this adjudicator."""
    require(actor, Permission.ADJUDICATE)
    person = _me(actor)
    row = _locked_open(appeal)
    if row.adjudicator_id != person.pk:
        raise HandedOver
    return row, person


def _refuse_closed(window: Window, pleas: Sequence[Plea], at: datetime) -> None:
    if not pleas:
        raise NothingAppealed
    if not window.is_open(at):
        raise WindowClosed(until=deadline(window.until))
    if window.pending is not None:
        raise OpenAlready
    if any(plea.key in window.spent for plea in pleas):
        raise AppealedAlready


def _check_plea(kind: Kind, subject: str, item: Item | None, plea: Plea) -> None:
    if item is None:
        raise InputError(_("This answer cannot be appealed."))
    if plea.claimed == item.answer or plea.claimed not in {choice.code for choice in item.choices}:
        raise InputError(_("Say which answer should hold instead."))
    if len(plea.reason.strip()) < SHORTEST_REASON:
        raise InputError(_("Say why, in a few words."))
    if any(kind.quote(subject, span) is None for span in plea.evidence):
        raise InputError(_("There is no such place in the conversation."))


def _create(actor: User, kind: Kind, matter: Matter, window: Window, at: datetime) -> Appeal:
    due = closes_at(at, window.terms.decided_within, window.working)
    return Appeal.objects.create(
        kind=kind.name,
        subject=matter.subject,
        title=matter.title,
        person=_me(actor),
        team=matter.team,
        edition=matter.edition,
        told_at=matter.told_at,
        window_until=window.until,
        submitted_at=at,
        submitted_by=actor,
        due_at=due,
        remind_at=reminded_from(due, window.terms.remind_before, window.working),
    )


def _row(appeal: Appeal, place: int, item: Item, plea: Plea) -> AppealItem:
    return AppealItem(
        appeal=appeal,
        position=place,
        key=item.key,
        check_id=item.check,
        label=item.label.to_json(),
        choices=[choice.to_json() for choice in item.choices],
        first_answer=item.answer,
        first_reason=item.reason.to_json(),
        first_evidence=[span.to_json() for span in item.evidence],
        first_rater=item.rater,
        claimed=plea.claimed,
        reason=plea.reason.strip(),
        evidence=[span.to_json() for span in plea.evidence],
    )


def _assign(actor: Actor, appeal: Appeal, person: Person, at: datetime, *, reason: str) -> None:
    before = appeal.adjudicator.number if appeal.adjudicator else ""
    has_viewed = SecondView.objects.filter(item__appeal=appeal, given_by=person).exists()
    appeal.adjudicator, appeal.assigned_at = person, at
    appeal.state = State.VIEWED if has_viewed else State.SUBMITTED
    appeal.save(update_fields=["adjudicator", "assigned_at", "state"])
    told: dict[str, Any] = {"adjudicator": person.number, "before": before, "reason": reason}
    record(actor=actor, verb="appeal.assigned", subject=f"appeal:{appeal.pk}", data=told)


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
