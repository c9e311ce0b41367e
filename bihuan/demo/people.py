"""Hires the cast of the demo department through the same acts a department uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from bihuan.demo.cast import NEW_DAYS, TEAMS, Cast, Member
from bihuan.people.actions import hire_person, lead_team, open_team, reset_password, set_class
from bihuan.people.models import Person, Team
from bihuan.people.rules.roles import Role

ACTOR: Final = "system:demo"

Accounts = tuple[tuple[str, str, str, str], ...]


@transaction.atomic
def hire_cast(cast: Cast, *, until: date, progress: Callable[[int, int], None] | None = None) -> None:
    """Open the teams and hire everybody who is not there yet."""
    teams = {team.key: _team(team.key, team.name) for team in TEAMS}
    known = set(Person.objects.values_list("number", flat=True))
    for at, member in enumerate(cast.everybody, 1):
        if member.number not in known:
            _hire(member, teams, until)
        if progress:
            progress(at, len(cast.everybody))


def show_accounts(cast: Cast) -> Accounts:
    """One account per role with a fresh random password, as (role, number, name, password)."""
    first: dict[str, Member] = {}
    for member in cast.everybody:
        role = member.post if member.post == "complaint_specialist" else member.role
        first.setdefault(role, member)
    accounts = []
    for role, member in sorted(first.items()):
        password = reset_password(ACTOR, person=Person.objects.get(number=member.number))
        accounts.append((role, member.number, member.name, password))
    return tuple(accounts)


def _team(key: str, name: str) -> Team:
    return Team.objects.filter(key=key).first() or open_team(ACTOR, key=key, name=name)


def _hire(member: Member, teams: dict[str, Team], until: date) -> None:
    roles = {Role(member.role)}
    if member.post == "complaint_specialist":
        roles.add(Role.COMPLAINT_SPECIALIST)
    serves = member.role in ("agent", "senior_agent")
    person = hire_person(
        ACTOR,
        number=member.number,
        name=member.name,
        joined=member.joined,
        team=teams.get(member.team),
        post=member.post,
        step=member.role if serves or member.role in ("supervisor", "trainer") else "",
        agent_class="new" if serves else "",
        roles=roles,
    )
    matured = member.joined + timedelta(days=NEW_DAYS)
    if serves and matured <= until:
        set_class(ACTOR, person=person, agent_class="mature", on=matured)
    if member.role == "supervisor":
        lead_team(ACTOR, person=person, team=teams[member.team], since=member.joined)
