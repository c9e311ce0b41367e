"""Roles with dates, what they allow, and what of the record each account sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bihuan.archive.scope import Scope
from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed
from bihuan.people import actions, refusals
from bihuan.people.authority import MayNotTouchPerson
from bihuan.people.models import Person, Team
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.roles import TABLE, Permission, Role, may, permissions_of
from bihuan.people.tests.cast import SYSTEM, Cast, today, tomorrow


def test_every_role_has_a_row_and_no_role_allows_nothing() -> None:
    assert set(TABLE) == set(Role)
    assert permissions_of([]) == frozenset()
    assert not may([], Permission.SEE_OWN)


def test_permissions_are_held_by_these_roles_only() -> None:
    holders = {p: {role for role in Role if may([role], p)} for p in Permission}
    assert holders[Permission.GRANT_ROLES] == {Role.ADMINISTRATOR}
    assert holders[Permission.PUBLISH_STANDARDS] == {Role.MANAGER}
    assert holders[Permission.APPRAISE] == holders[Permission.RELEASE_RESULTS] == {Role.MANAGER}
    assert holders[Permission.SEE_ALL_CONTACTS] == {Role.MANAGER, Role.INSPECTOR}
    assert holders[Permission.SEE_ALL_FIGURES] == {Role.MANAGER, Role.INSPECTOR, Role.TRAINER}
    assert holders[Permission.READ_JOURNAL] == {Role.MANAGER, Role.ADMINISTRATOR}
    assert holders[Permission.MANAGE_PEOPLE] == {Role.MANAGER, Role.ADMINISTRATOR}
    assert holders[Permission.SEE_OWN] == set(Role)
    assert all(holders.values())


OWN = {
    "agent": "1001",
    "senior_agent": "1002",
    "technical_support": "1003",
    "complaint_specialist": "1004",
    "customer_representative": "1005",
    "administrator": "9001",
}


@pytest.mark.parametrize("sight", list(Sight))
def test_the_table_of_scopes_holds(cast: Cast, sight: Sight) -> None:
    seen = {who: scope_of(cast.user(who), sight=sight) for who in cast.people}
    assert {who: seen[who] for who in OWN} == {who: Scope(persons=frozenset({n})) for who, n in OWN.items()}
    assert seen["manager"] == seen["inspector"] == Scope.all()
    assert seen["supervisor"] == Scope(persons=frozenset({"2001", "1001", "1002"}), teams=frozenset({"east"}))
    own = Scope(persons=frozenset({"4001"}))
    assert seen["trainer"] == (own if sight is Sight.CONTACTS else Scope.all())


def test_strangers_closed_accounts_and_the_departed_see_nothing(cast: Cast) -> None:
    assert scope_of(cast.stranger) == Scope()
    assert not Person.objects.visible_to(cast.stranger).exists()
    assert not Team.objects.visible_to(cast.stranger).exists()
    manager = cast.user("manager")
    manager.is_active = False
    assert scope_of(manager) == Scope()
    gone = actions.leave(SYSTEM, person=cast.person("inspector"), on=tomorrow())
    assert scope_of(gone.user) == Scope.all()
    assert scope_of(gone.user, on=tomorrow()) == Scope()


def test_people_and_teams_are_seen_as_far_as_the_role_reaches(cast: Cast) -> None:
    def numbers(who: str) -> set[str]:
        return set(Person.objects.visible_to(cast.user(who)).values_list("number", flat=True))

    assert numbers("agent") == {"1001"}
    assert numbers("supervisor") == {"1001", "1002", "2001"}
    everybody = {person.number for person in cast.people.values()}
    assert numbers("manager") == numbers("administrator") == numbers("inspector") == numbers("trainer") == everybody
    assert [team.key for team in Team.objects.visible_to(cast.user("supervisor"))] == ["east"]
    assert [team.key for team in Team.objects.visible_to(cast.user("technical_support"))] == ["west"]


def test_a_supervisor_sees_with_the_day_of_taking_over_and_no_longer_after_handing_over(cast: Cast) -> None:
    actions.lead_team(SYSTEM, person=cast.person("supervisor"), team=cast.west, since=tomorrow())
    assert scope_of(cast.user("supervisor")).teams == {"east"}
    assert scope_of(cast.user("supervisor"), on=tomorrow()).teams == {"east", "west"}
    leadership = cast.person("supervisor").leaderships.get(team=cast.east)
    actions.stop_leading(SYSTEM, leadership=leadership, until=today())
    assert scope_of(cast.user("supervisor")) == Scope(persons=frozenset({"2001"}))


def test_a_grant_holds_from_its_day_and_its_withdrawal_at_once(cast: Cast) -> None:
    administrator, agent = cast.user("administrator"), cast.person("agent")
    grant = actions.grant_role(administrator, person=agent, role=Role.MANAGER, since=tomorrow())
    assert scope_of(cast.user("agent")) != Scope.all()
    assert scope_of(cast.user("agent"), on=tomorrow()) == Scope.all()
    now = actions.grant_role(administrator, person=agent, role=Role.INSPECTOR, since=today())
    assert scope_of(cast.user("agent")) == Scope.all()
    actions.revoke_role(administrator, grant=now)
    actions.revoke_role(administrator, grant=grant, until=tomorrow())
    assert scope_of(cast.user("agent"), on=tomorrow()).persons == {"1001"}
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))[-4:]
    assert verbs == ["people_role.granted"] * 2 + ["people_role.revoked"] * 2


def test_grants_are_refused_twice_before_joining_backwards_and_after_their_end(cast: Cast) -> None:
    agent = cast.person("agent")
    with pytest.raises(refusals.RoleHeldAlready):
        actions.grant_role(SYSTEM, person=agent, role=Role.AGENT, since=today())
    with pytest.raises(refusals.NotHereThen):
        actions.grant_role(SYSTEM, person=agent, role=Role.TRAINER, since=date(2020, 1, 1))
    with pytest.raises(refusals.EndsBeforeStart):
        actions.grant_role(SYSTEM, person=agent, role=Role.TRAINER, since=today(), until=today() - timedelta(days=1))
    grant = agent.grants.get()
    actions.revoke_role(SYSTEM, grant=grant)
    with pytest.raises(refusals.GrantEnded):
        actions.revoke_role(SYSTEM, grant=grant)


@pytest.mark.parametrize("who", ["agent", "supervisor", "manager", "inspector", "stranger"])
def test_only_administrators_grant_withdraw_and_reset(cast: Cast, who: str) -> None:
    actor, person = cast.user(who), cast.person("senior_agent")
    before = Entry.objects.count()
    for act in (
        lambda: actions.grant_role(actor, person=person, role=Role.MANAGER, since=today()),
        lambda: actions.revoke_role(actor, grant=person.grants.get()),
        lambda: actions.reset_password(actor, person=person),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Entry.objects.count() == before


def test_nobody_changes_their_own_rights_and_one_administrator_remains(cast: Cast) -> None:
    administrator = cast.person("administrator")
    with pytest.raises(MayNotTouchPerson):
        actions.grant_role(cast.user("administrator"), person=administrator, role=Role.MANAGER, since=today())
    with pytest.raises(refusals.LastAdministrator):
        actions.revoke_role(SYSTEM, grant=administrator.grants.get())
    with pytest.raises(refusals.RoleHeldAlready):
        actions.first_administrator(SYSTEM, number="9002", name="新", password="x" * 12, on=today())


@pytest.mark.django_db
def test_a_new_installation_gets_its_first_administrator() -> None:
    person = actions.first_administrator(SYSTEM, number="9001", name="冯管", password="x" * 12, on=today())
    assert person.user is not None
    assert person.user.has_perm("people.grant_roles")
    assert not person.user.has_perm("appraisal.release")
    assert not person.user.has_perm("people.no_such_thing")


def test_a_name_without_the_system_prefix_is_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.open_team("manager", key="x", name="x")
