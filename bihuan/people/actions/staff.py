"""Joining, moving, leaving; posts, ladder and class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bihuan.journal.actions import record
from bihuan.people.actions.accounts import close_account, open_account
from bihuan.people.actions.spells import end, here_on, locked, turn
from bihuan.people.authority import Actor, account, require
from bihuan.people.models import (
    ClassHolding,
    Leadership,
    Membership,
    Person,
    PostHolding,
    RoleGrant,
    StaffKey,
    Team,
    User,
)
from bihuan.people.models.dated import Dated
from bihuan.people.naming import OWN_SOURCE, sort_key
from bihuan.people.refusals import (
    AlreadyGone,
    EndsBeforeStart,
    NoPostYet,
    NumberTaken,
    NumberUnusable,
    PostDoesNotFit,
    ReasonMissing,
    TeamClosed,
    TopOfLadder,
)
from bihuan.people.rules.posts import issue_of, next_step, post_for
from bihuan.people.rules.roles import Permission, Role
from bihuan.people.rules.roster import is_number

_DATED: tuple[type[Dated], ...] = (Membership, Leadership, PostHolding, ClassHolding, RoleGrant, StaffKey)


@transaction.atomic
def hire_person(
    actor: Actor,
    *,
    number: str,
    name: str,
    joined: date,
    team: Team | None = None,
    post: str = "",
    step: str = "",
    agent_class: str = "new",
    roles: Iterable[Role] = (Role.AGENT,),
    password: str | None = None,
) -> Person:
    """Enter somebody with account, first team, post, class and roles, all from the day of joining.

    Without `password` nobody can sign in until `reset_password`. Roles other than agent need the right to grant.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    granted = frozenset(roles)
    if granted - {Role.AGENT}:
        require(actor, Permission.GRANT_ROLES)
    if not is_number(number):
        raise NumberUnusable
    if Person.objects.filter(number=number).exists() or User.objects.filter(username=number).exists():
        raise NumberTaken(number=number)
    user = open_account(number, name, password)
    by = account(actor)
    person = Person.objects.create(
        number=number, name=name, sort_key=sort_key(name), joined=joined, user=user, recorded_by=by
    )
    for role in sorted(granted):
        RoleGrant.objects.create(person=person, role=role, since=joined, recorded_by=by)
    StaffKey.objects.create(person=person, source=OWN_SOURCE, key=number, since=joined, recorded_by=by)
    if team is not None:
        _enter_team(person, team, joined, actor)
    if post:
        _hold_post(person, post, step, joined, actor)
    if agent_class:
        turn(ClassHolding, person, on=joined, by=actor, agent_class=agent_class)
    first = {"joined": str(joined), "team": team.key if team else "", "post": post, "step": step}
    told = {"name": name, "roles": sorted(granted), "class": agent_class, **first}
    record(actor=actor, verb="people_person.hired", subject=f"person:{number}", data=told)
    return person


@transaction.atomic
def rename_person(actor: Actor, *, person: Person, name: str) -> Person:
    """A new name from now on; the journal keeps the old one."""
    require(actor, Permission.MANAGE_PEOPLE)
    person = locked(person)
    if person.name == name:
        return person
    before, person.name, person.sort_key = person.name, name, sort_key(name)
    person.save(update_fields=["name", "sort_key"])
    data = {"from": before, "to": name}
    record(actor=actor, verb="people_person.renamed", subject=f"person:{person.number}", data=data)
    return person


@transaction.atomic
def move_person(actor: Actor, *, person: Person, team: Team, on: date) -> Membership:
    """From `on` the person serves in `team`; nothing happens when that is so already."""
    require(actor, Permission.MANAGE_PEOPLE)
    membership, before = _enter_team(locked(person), team, on, actor)
    if membership is not before:
        origin = before.team.key if before else ""
        data = {"from": origin, "to": team.key, "on": str(on)}
        record(actor=actor, verb="people_person.moved", subject=f"person:{person.number}", data=data)
    return membership


@transaction.atomic
def leave(actor: Actor, *, person: Person, on: date) -> Person:
    """`on` is the first day no longer here: every open row ends, and the account closes on that day."""
    require(actor, Permission.MANAGE_PEOPLE)
    person = locked(person)
    if person.left is not None:
        raise AlreadyGone(name=person.name)
    if on < person.joined:
        raise EndsBeforeStart
    person.left = on
    person.save(update_fields=["left"])
    for model in _DATED:
        rows: Any = model._default_manager
        open_rows = rows.filter(person=person).filter(Q(until__isnull=True) | Q(until__gt=on))
        for row in open_rows:
            end(row, until=on, by=actor)
    if on <= timezone.localdate():
        close_account(person)
    record(actor=actor, verb="people_person.left", subject=f"person:{person.number}", data={"on": str(on)})
    return person


@transaction.atomic
def assign_post(actor: Actor, *, person: Person, post: str, step: str = "", on: date, reason: str = "") -> PostHolding:
    """From `on` the person holds a post (S1-1) at a step of the ladder (S4-16); the former post ends."""
    require(actor, Permission.MANAGE_PEOPLE)
    holding, before = _hold_post(locked(person), post, step, on, actor, reason)
    if holding is not before:
        data = {"from": before.post if before else "", "post": post, "step": step, "on": str(on), "reason": reason}
        record(actor=actor, verb="people_post.assigned", subject=f"person:{person.number}", data=data)
    return holding


@transaction.atomic
def promote_person(actor: Actor, *, person: Person, on: date, reason: str) -> PostHolding:
    """One step up the ladder, never two (S4-16), with a written reason."""
    require(actor, Permission.MANAGE_PEOPLE)
    if not reason.strip():
        raise ReasonMissing
    person = locked(person)
    here_on(person, on)
    held = PostHolding.objects.on(on).filter(person=person).first()
    if held is None:
        raise NoPostYet(name=person.name, day=on)
    above = next_step(held.step)
    if above is None:
        raise TopOfLadder(name=person.name)
    holding, _before = _hold_post(person, post_for(above.key, held.post), above.key, on, actor, reason)
    data = {"from": held.step, "to": above.key, "post": holding.post, "on": str(on), "reason": reason}
    record(actor=actor, verb="people_post.promoted", subject=f"person:{person.number}", data=data)
    return holding


@transaction.atomic
def set_class(actor: Actor, *, person: Person, agent_class: str, on: date) -> ClassHolding:
    """From `on` the person counts as `new` or `mature` (S2-4)."""
    require(actor, Permission.MANAGE_PEOPLE)
    value = ClassHolding.AgentClass(agent_class)
    holding, before = turn(ClassHolding, locked(person), on=on, by=actor, agent_class=value)
    if holding is not before:
        data = {"class": agent_class, "on": str(on)}
        record(actor=actor, verb="people_class.changed", subject=f"person:{person.number}", data=data)
    return holding


def _enter_team(person: Person, team: Team, on: date, by: Actor) -> tuple[Membership, Membership | None]:
    if team.closed_on is not None and team.closed_on <= on:
        raise TeamClosed(team=team.name)
    return turn(Membership, person, on=on, by=by, team=team)


def _hold_post(
    person: Person, post: str, step: str, on: date, by: Actor, reason: str = ""
) -> tuple[PostHolding, PostHolding | None]:
    if issue_of(post, step):
        raise PostDoesNotFit
    holding, before = turn(PostHolding, person, on=on, by=by, post=post, step=step)
    if holding is not before and reason:
        holding.reason = reason
        holding.save(update_fields=["reason"])
    return holding, before
