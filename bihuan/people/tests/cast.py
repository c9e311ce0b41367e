"""The small fixed cast of this part's tests: two teams, one account per role, one stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from bihuan.people.models import ClassHolding, Leadership, Membership, Person, RoleGrant, StaffKey, Team, User
from bihuan.people.naming import OWN_SOURCE, sort_key

SYSTEM = "system:test"
JOINED = date(2026, 1, 5)


def today() -> date:
    return timezone.localdate()


def tomorrow() -> date:
    return today() + timedelta(days=1)


@dataclass
class Cast:
    """Staff of the tests; `users` holds the account of each role, `stranger` one without a person."""

    east: Team
    west: Team
    people: dict[str, Person]
    stranger: User

    def user(self, name: str) -> User:
        """The account, read afresh so that nothing remembered gets in the way."""
        return self.stranger if name == "stranger" else User.objects.get(username=self.people[name].number)

    def person(self, name: str) -> Person:
        return Person.objects.get(number=self.people[name].number)


_ROLES = {
    "agent": ("1001", "张三", "east"),
    "senior_agent": ("1002", "李四", "east"),
    "technical_support": ("1003", "王五", "west"),
    "complaint_specialist": ("1004", "赵六", "west"),
    "customer_representative": ("1005", "钱七", ""),
    "supervisor": ("2001", "周敏", ""),
    "inspector": ("3001", "孙楠", ""),
    "trainer": ("4001", "吴静", ""),
    "manager": ("5001", "郑强", ""),
    "administrator": ("9001", "冯管", ""),
}


def make_cast() -> Cast:
    """Written row by row in bulk: acts are what the tests are about, not what they should wait for."""
    east, west = Team.objects.bulk_create(
        [
            Team(key="east", name="售后一组", sort_key="shou hou yi"),
            Team(key="west", name="售后二组", sort_key="shou hou er"),
        ]
    )
    teams = {"east": east, "west": west}
    users = User.objects.bulk_create(
        [
            User(username=name, password="!")
            for name in [*(number for number, _name, _team in _ROLES.values()), "stranger"]
        ]
    )
    accounts = {user.username: user for user in users}
    made = Person.objects.bulk_create(
        Person(number=number, name=name, sort_key=sort_key(name), joined=JOINED, user=accounts[number])
        for number, name, _team in _ROLES.values()
    )
    people = dict(zip(_ROLES, made, strict=True))
    RoleGrant.objects.bulk_create(RoleGrant(person=person, role=role, since=JOINED) for role, person in people.items())
    StaffKey.objects.bulk_create(
        StaffKey(person=person, source=OWN_SOURCE, key=person.number, since=JOINED) for person in made
    )
    ClassHolding.objects.bulk_create(ClassHolding(person=person, agent_class="new", since=JOINED) for person in made)
    Membership.objects.bulk_create(
        Membership(person=people[role], team=teams[team], since=JOINED)
        for role, (_n, _name, team) in _ROLES.items()
        if team
    )
    Leadership.objects.create(person=people["supervisor"], team=east, since=JOINED)
    return Cast(east, west, people, accounts["stranger"])
