"""Opening and closing teams; who leads them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bihuan.journal.actions import record
from bihuan.people.actions.spells import end, here_on, locked
from bihuan.people.authority import Actor, account, require
from bihuan.people.models import Leadership, Membership, Person, Team
from bihuan.people.naming import sort_key
from bihuan.people.refusals import EndsBeforeStart, GrantEnded, TeamClosed, TeamKeyTaken, TeamNotEmpty
from bihuan.people.rules.roles import Permission


@transaction.atomic
def open_team(actor: Actor, *, key: str, name: str) -> Team:
    """A new team; `key` names it in the record and in addresses and never changes."""
    require(actor, Permission.MANAGE_PEOPLE)
    if Team.objects.filter(key=key).exists():
        raise TeamKeyTaken(key=key)
    team = Team.objects.create(key=key, name=name, sort_key=sort_key(name))
    record(actor=actor, verb="people_team.opened", subject=f"team:{key}", data={"name": name})
    return team


@transaction.atomic
def close_team(actor: Actor, *, team: Team, on: date) -> Team:
    """From `on` nobody may enter the team; refused while it has members then."""
    require(actor, Permission.MANAGE_PEOPLE)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if Membership.objects.touching(on, None).filter(team=team).exists():
        raise TeamNotEmpty(team=team.name)
    team.closed_on = on
    team.save(update_fields=["closed_on"])
    for leadership in Leadership.objects.touching(on, None).filter(team=team):
        end(leadership, until=on, by=actor)
    record(actor=actor, verb="people_team.closed", subject=f"team:{team.key}", data={"on": str(on)})
    return team


@transaction.atomic
def lead_team(actor: Actor, *, person: Person, team: Team, since: date) -> Leadership:
    """From `since` the person leads the team; asking twice changes nothing."""
    require(actor, Permission.MANAGE_PEOPLE)
    person = locked(person)
    here_on(person, since)
    if team.closed_on is not None and team.closed_on <= since:
        raise TeamClosed(team=team.name)
    held: Leadership | None = Leadership.objects.touching(since, None).filter(person=person, team=team).first()
    if held is not None:
        return held
    leadership = Leadership.objects.create(
        person=person, team=team, since=since, until=person.left, recorded_by=account(actor)
    )
    data = {"person": person.number, "since": str(since)}
    record(actor=actor, verb="people_team.led", subject=f"team:{team.key}", data=data)
    return leadership


@transaction.atomic
def stop_leading(actor: Actor, *, leadership: Leadership, until: date) -> Leadership:
    """The person leads the team up to the day before `until`; its figures vanish from sight with that day."""
    require(actor, Permission.MANAGE_PEOPLE)
    row = Leadership.objects.select_for_update(of=("self",)).select_related("person", "team").get(pk=leadership.pk)
    if row.until is not None and row.until <= until:
        raise GrantEnded
    if until < row.since:
        raise EndsBeforeStart
    end(row, until=until, by=actor)
    data = {"person": row.person.number, "until": str(until)}
    record(actor=actor, verb="people_team.handed_over", subject=f"team:{row.team.key}", data=data)
    return row
