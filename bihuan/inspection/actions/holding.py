"""Who works on what: take from the pool, give back, hand everything to a deputy."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bihuan.inspection.blindness import inspects
from bihuan.inspection.forms_of_editions import edition_for
from bihuan.inspection.models import Assignment
from bihuan.inspection.refusals import (
    AlreadyEvaluated,
    HasSeen,
    HeldByAnother,
    NotAnInspector,
    OwnContact,
    ReasonNeeded,
)
from bihuan.inspection.sampling.plans import is_blind
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import Person, Rights, User, rights_of
from bihuan.people.rules.roles import Permission


def inspector_of(actor: User) -> Person:
    """The person behind an account that may evaluate; refused for all others."""
    require(actor, Permission.EVALUATE)
    person = actor.rights().person
    assert person is not None  # the permission came from this person's roles
    return person


@transaction.atomic
def claim_assignment(actor: User, *, assignment: Assignment) -> Assignment:
    """Take a conversation from the pool. Of two who take it at once one gets it and the other is told who has it."""
    person = inspector_of(actor)
    taken = locked(assignment)
    refuse_own(taken, person)
    if taken.is_held_by(person):
        return taken
    if taken.holder is not None:
        raise HeldByAnother(name=taken.holder.name)
    if not may_hold(actor.rights(), taken):
        raise HasSeen
    _give(taken, person)
    record(actor=actor, verb="assignment.claimed", subject=f"assignment:{taken.pk}")
    return taken


@transaction.atomic
def return_assignment(actor: User, *, assignment: Assignment, reason: str) -> Assignment:
    """Put own work back into the pool, with a reason. A draft begun waits for its author; who else takes it begins anew."""
    person = inspector_of(actor)
    taken = locked(assignment)
    if not taken.is_held_by(person):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    taken.holder, taken.held_since = None, None
    taken.save(update_fields=["holder", "held_since"])
    record(actor=actor, verb="assignment.returned", subject=f"assignment:{taken.pk}", data={"reason": reason})
    return taken


@dataclass(frozen=True)
class Deputed:
    """How much went to the deputy, and how much to the pool because the deputy may not evaluate it."""

    moved: int
    pooled: int


@transaction.atomic
def depute_assignments(actor: User, *, person: Person, deputy: Person) -> Deputed:
    """Hand all open work of `person` to `deputy`, and to the pool what is about the deputy; nothing stays behind.

    By the person, or by who plans inspection.
    """
    require(actor, Permission.EVALUATE)
    own = actor.rights().person == person
    if not own and not actor.rights().may(Permission.PLAN_INSPECTION):
        raise NotAllowed
    if deputy.user is None or not inspects(rights_of(deputy.user)):
        raise NotAnInspector(name=deputy.name)
    open_work = list(Assignment.objects.open().held_by(person).select_for_update())
    theirs = [row.pk for row in open_work if row.person == deputy.number]
    moved = [row.pk for row in open_work if row.person != deputy.number]
    Assignment.objects.filter(pk__in=moved).update(holder=deputy, held_since=now())
    Assignment.objects.filter(pk__in=theirs).update(holder=None, held_since=None)
    record(
        actor=actor,
        verb="assignment.deputed",
        subject=f"person:{person.number}",
        data={
            "deputy": deputy.number,
            "assignments": len(moved),
            "pooled": len(theirs),
            "day": str(timezone.localdate()),
        },
    )
    return Deputed(len(moved), len(theirs))


def may_hold(rights: Rights, work: Assignment) -> bool:
    """Whether nothing told this account yet what the machine found, or the plan does not mind."""
    return inspects(rights) or not is_blind(edition_for(work))


def locked(assignment: Assignment) -> Assignment:
    """The row as it is now, held against everybody else until the transaction ends; refused when it is done."""
    # without a join: a joined holder would be the one from before the wait for the lock
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if row.is_done:
        first = row.evaluations.submitted().order_by("version").select_related("evaluator").first()
        raise AlreadyEvaluated(name=first.evaluator.name if first else "")
    return row


def refuse_own(assignment: Assignment, person: Person) -> None:
    """Nobody judges themselves."""
    if assignment.person == person.number:
        raise OwnContact


def _give(assignment: Assignment, person: Person) -> None:
    assignment.holder, assignment.held_since = person, now()
    assignment.save(update_fields=["holder", "held_since"])
