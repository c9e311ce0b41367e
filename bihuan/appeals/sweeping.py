"""What the clock does for appeals: find adjudicators, remind, end what has no object any more, stop failing checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bihuan.appeals.actions import assign_by_rule, take_back
from bihuan.appeals.actions.assigning import ACTOR
from bihuan.appeals.kinds import Kind, UnknownKind, kind_named, kinds
from bihuan.appeals.models import Appeal, CheckSuspension, Reminder
from bihuan.appeals.policy import edition_of, terms_of
from bihuan.appeals.queries import objection_to, overseers, reviewed_accusations, suspended_checks
from bihuan.appeals.rules import Stage, State, best_precision, stage_at, stops_counting
from bihuan.journal.actions import record
from bihuan.people.models import Person

BASIS: Final = "appeals"
_SHARE: Final = Decimal("0.000001")


def sweep(*, at: datetime) -> dict[str, int]:
    """One round over open appeals and failing checks; safe to repeat. Returns how many of each were done."""
    done = {"lapsed": 0, "assigned": 0, "reminded": 0}
    for pk in list(Appeal.objects.open().by_due().values_list("pk", flat=True)):
        done["lapsed"] += _once(pk, at, _lapse)
        done["assigned"] += _once(pk, at, _find_adjudicator)
        done["reminded"] += _once(pk, at, _remind)
    return {**done, "suspended": sum(_suspend_checks(kind, at) for kind in kinds())}


@transaction.atomic
def _once(pk: UUID, at: datetime, act: Callable[[Appeal, datetime], bool]) -> int:
    """One act on one appeal under its lock; an appeal that somebody else holds waits for the next round."""
    found = Appeal.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk)
    appeal = found.open().select_related("person", "adjudicator").first()
    return int(appeal is not None and act(appeal, at))


def _lapse(appeal: Appeal, at: datetime) -> bool:
    """An appeal ends undecided when its appellant has left or what it is about is no longer kept."""
    if appeal.person.works_on(timezone.localdate(at)):
        try:
            if kind_named(appeal.kind).find(appeal.subject) is not None:
                return False
        except UnknownKind:  # a kind that is switched off for now says nothing about its subjects
            return False
        why = "gone"
    else:
        why = "left"
    appeal.state, appeal.closed_at = State.LAPSED, at
    appeal.save(update_fields=["state", "closed_at"])
    record(actor=ACTOR, verb="appeal.lapsed", subject=f"appeal:{appeal.pk}", data={"why": why})
    return True


def _find_adjudicator(appeal: Appeal, at: datetime) -> bool:
    """Where nobody was free, or whoever was chosen may no longer decide; without another it is nobody's meanwhile."""
    objection = objection_to(appeal.adjudicator, appeal, timezone.localdate(at)) if appeal.adjudicator else ""
    if appeal.adjudicator is not None and not objection:
        return False
    found = assign_by_rule(appeal, at=at)
    if found is None and objection:
        take_back(appeal, objection=objection)
    return found is not None


def _remind(appeal: Appeal, at: datetime) -> bool:
    """Tell the adjudicator once that an appeal is nearly due, and once, with the overseers, that it is overdue."""
    stage = stage_at(at, appeal.due_at, appeal.remind_at)
    if stage is None:
        return False
    told = [person for person in _recipients(appeal, stage, at) if _told_first_time(appeal, stage, person, at)]
    if not told:
        return False
    data = {"stage": stage, "told": [person.number for person in told]}
    record(actor=ACTOR, verb="appeal.reminded", subject=f"appeal:{appeal.pk}", data=data)
    return True


def _recipients(appeal: Appeal, stage: Stage, at: datetime) -> Iterable[Person]:
    watching = overseers(timezone.localdate(at)) if stage == Stage.OVERDUE or appeal.adjudicator is None else []
    people = [appeal.adjudicator, *watching]
    return {person.pk: person for person in people if person is not None}.values()


def _told_first_time(appeal: Appeal, stage: Stage, person: Person, at: datetime) -> bool:
    _row, is_new = Reminder.objects.get_or_create(appeal=appeal, stage=stage, person=person, defaults={"sent_at": at})
    return is_new


def _suspend_checks(kind: Kind, at: datetime) -> int:
    """Stop checks of which so many accusations were overturned that even the rest cannot lift them over the floor."""
    if kind.accusations is None:
        return 0
    done = 0
    for edition, check, reviewed, overturned in reviewed_accusations(kind.name, kind.accusing):
        terms = terms_of(edition_of(edition, timezone.localdate(at)))
        if reviewed < terms.least_reviewed or check in suspended_checks(edition):
            continue
        accusations = max(kind.accusations(edition, [check]).get(check, 0), reviewed)
        precision = best_precision(accusations, overturned)
        if precision is not None and stops_counting(precision, reviewed, terms):
            done += suspend_check(
                kind=kind.name, edition=edition, check=check, basis=BASIS, accusations=accusations, reviewed=reviewed,
                overturned=overturned, precision=precision, floor=terms.precision_floor, at=at,
            )  # fmt: skip
    return done


@transaction.atomic
def suspend_check(
    *, kind: str, edition: str, check: str, basis: str, accusations: int, reviewed: int, overturned: int,
    precision: Decimal, floor: Decimal, at: datetime,
) -> bool:  # fmt: skip
    """Keep that a check of an edition no longer counts, and say so in the journal; False where it is known already."""
    shown = precision.quantize(_SHARE, ROUND_DOWN)  # never up to the floor
    _row, is_new = CheckSuspension.objects.get_or_create(
        edition=edition,
        check_id=check,
        defaults={
            "kind": kind, "basis": basis, "accusations": accusations, "reviewed": reviewed, "overturned": overturned,
            "precision": shown, "floor": floor, "suspended_at": at,
        },
    )  # fmt: skip
    if is_new:
        data = {"edition": edition, "check": check, "precision": str(shown), "reviewed": reviewed}
        record(actor=ACTOR, verb="appeal_check.suspended", subject=f"check:{check}", data=data)
    return is_new
