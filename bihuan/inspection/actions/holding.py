"""Who works on what: take from the pool, give back, hand everything to a deputy."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from bihuan.inspection.models import Assignment
from bihuan.inspection.refusals import AlreadyEvaluated, HeldByAnother, NotAnInspector, OwnContact, ReasonNeeded
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import Person, User, rights_of
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
    _give(taken, person)
    record(actor=actor, verb="assignment.claimed", subject=f"assignment:{taken.pk}")
    return taken


@transaction.atomic
def return_assignment(actor: User, *, assignment: Assignment, reason: str) -> Assignment:
    """Put own work back into the pool, with a reason. A draft begun is kept for whoever takes it next."""
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


@transaction.atomic
def depute_assignments(actor: User, *, person: Person, deputy: Person) -> int:
    """Hand all open work of `person` to `deputy`; returns how much. By the person, or by who plans inspection."""
    require(actor, Permission.EVALUATE)
    own = actor.rights().person == person
    if not own and not actor.rights().may(Permission.PLAN_INSPECTION):
        raise NotAllowed
    if deputy.user is None or not rights_of(deputy.user).may(Permission.EVALUATE):
        raise NotAnInspector(name=deputy.name)
    open_work = Assignment.objects.open().held_by(person).exclude(person=deputy.number)
    moved = [row.pk for row in open_work.select_for_update()]
    Assignment.objects.filter(pk__in=moved).update(holder=deputy, held_since=now())
    record(
        actor=actor,
        verb="assignment.deputed",
        subject=f"person:{person.number}",
        data={"deputy": deputy.number, "assignments": len(moved), "day": str(timezone.localdate())},
    )
    return len(moved)


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
