"""The small fixed cast of this part's tests: two teams, one account per role, one stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from bihuan.people import actions
from bihuan.people.models import Person, Team, User
from bihuan.people.rules.roles import Role

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
    east = actions.open_team(SYSTEM, key="east", name="售后一组")
    west = actions.open_team(SYSTEM, key="west", name="售后二组")
    teams = {"east": east, "west": west, "": None}
    people = {
        role: actions.hire_person(
            SYSTEM, number=number, name=name, joined=JOINED, team=teams[team], roles=(Role(role),)
        )
        for role, (number, name, team) in _ROLES.items()
    }
    actions.lead_team(SYSTEM, person=people["supervisor"], team=east, since=JOINED)
    stranger = User.objects.create_user("stranger")
    return Cast(east, west, people, stranger)
