"""Granting and withdrawing roles."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from bihuan.journal.actions import record
from bihuan.people.actions.spells import end, here_on, locked
from bihuan.people.actions.staff import hire_person
from bihuan.people.authority import Actor, account, refuse_self, require
from bihuan.people.models import Person, RoleGrant
from bihuan.people.refusals import EndsBeforeStart, GrantEnded, LastAdministrator, RoleHeldAlready
from bihuan.people.rules.roles import Permission, Role


@transaction.atomic
def grant_role(actor: Actor, *, person: Person, role: Role, since: date, until: date | None = None) -> RoleGrant:
    """From `since` the person's account has the rights of `role`; nobody grants to themselves."""
    require(actor, Permission.GRANT_ROLES)
    refuse_self(actor, person)
    person = locked(person)
    here_on(person, since)
    if until is not None and until < since:
        raise EndsBeforeStart
    end_of_grant = min((day for day in (until, person.left) if day is not None), default=None)
    if RoleGrant.objects.touching(since, end_of_grant).filter(person=person, role=role).exists():
        raise RoleHeldAlready(name=person.name)
    grant = RoleGrant.objects.create(
        person=person, role=role, since=since, until=end_of_grant, recorded_by=account(actor)
    )
    data = {"role": role.value, "since": str(since), "until": str(end_of_grant or "")}
    record(actor=actor, verb="people_role.granted", subject=f"person:{person.number}", data=data)
    return grant


@transaction.atomic
def revoke_role(actor: Actor, *, grant: RoleGrant, until: date | None = None) -> RoleGrant:
    """The right ends with the day before `until`; by default at once. One administrator must remain."""
    require(actor, Permission.GRANT_ROLES)
    refuse_self(actor, grant.person)
    day = until or timezone.localdate()
    # Every withdrawal of a role waits here, so that two cannot take the last two administrators at once.
    grants = list(RoleGrant.objects.select_for_update(of=("self",)).filter(role=grant.role).select_related("person"))
    row = next(candidate for candidate in grants if candidate.pk == grant.pk)
    if row.until is not None and row.until <= day:
        raise GrantEnded
    if row.role == Role.ADMINISTRATOR and not any(_remains(other, day) for other in grants if other.pk != row.pk):
        raise LastAdministrator
    end(row, until=day, by=actor)
    data = {"role": row.role, "until": str(row.until)}
    record(actor=actor, verb="people_role.revoked", subject=f"person:{row.person.number}", data=data)
    return row


def first_administrator(actor: Actor, *, number: str, name: str, password: str, on: date) -> Person:
    """The account a new installation starts with; refused as soon as somebody administers."""
    if RoleGrant.objects.on(on).filter(role=Role.ADMINISTRATOR).exists():
        raise RoleHeldAlready(name=number)
    roles = (Role.ADMINISTRATOR,)
    return hire_person(actor, number=number, name=name, joined=on, agent_class="", roles=roles, password=password)


def _remains(grant: RoleGrant, day: date) -> bool:
    return grant.holds_on(day) and grant.until is None and grant.person.works_on(day)
