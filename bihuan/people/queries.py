"""Reads across staff: what a user may see of the record, one person's history, keys the record holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db.models import Case, F, OuterRef, Prefetch, Subquery, Value, When
from django.utils import timezone

from bihuan.archive.scope import Scope
from bihuan.people.models import (
    ClassHolding,
    Leadership,
    Membership,
    Person,
    PostHolding,
    RoleGrant,
    StaffKey,
    Team,
    rights_of,
)
from bihuan.people.models.staff import PersonQuerySet
from bihuan.people.rules.posts import POSTS
from bihuan.people.rules.roles import Permission, Role


class Sight(StrEnum):
    """What is looked at: conversations themselves, or figures and results about people."""

    CONTACTS = "contacts"
    FIGURES = "figures"


_ALL = {Sight.CONTACTS: Permission.SEE_ALL_CONTACTS, Sight.FIGURES: Permission.SEE_ALL_FIGURES}


def scope_of(user: Any, *, sight: Sight = Sight.CONTACTS, on: date | None = None) -> Scope:
    """Which rows of the record `user` may see today; the table stands in `people.rules.roles`.

    A supervisor sees rows of the teams led now, whoever served them, and all rows of these teams' present members:
    whoever explains a month to somebody must see the part served in another team. Strangers see nothing.
    """
    day = on or timezone.localdate()
    rights = rights_of(user, day)
    if rights.person is None or not rights.roles:
        return Scope()
    if rights.may(_ALL[sight]):
        return Scope.all()
    persons = {rights.person.number} if rights.may(Permission.SEE_OWN) else set()
    teams: set[str] = set()
    if rights.may(Permission.SEE_TEAM):
        led = list(Leadership.objects.on(day).filter(person=rights.person).values_list("team_id", "team__key"))
        members = Membership.objects.on(day).filter(team__in=[pk for pk, _key in led])
        teams = {key for _pk, key in led}
        persons |= set(members.values_list("person__number", flat=True))
    return Scope(persons=frozenset(persons), teams=frozenset(teams))


@dataclass(frozen=True)
class Standing:
    """A person as of a day, for one line of a list."""

    person: Person
    team: Team | None
    post: PostHolding | None
    agent_class: str
    roles: tuple[str, ...]


def standings(people: Any, day: date) -> list[Standing]:
    """The people with what they are on `day`; five queries however many they are."""
    wanted = people.prefetch_related(
        Prefetch("memberships", Membership.objects.on(day).select_related("team"), to_attr="now_in"),
        Prefetch("posts", PostHolding.objects.on(day), to_attr="now_as"),
        Prefetch("classes", ClassHolding.objects.on(day), to_attr="now_class"),
        Prefetch("grants", RoleGrant.objects.on(day), to_attr="now_may"),
    )
    return [
        Standing(
            person=person,
            team=person.now_in[0].team if person.now_in else None,
            post=person.now_as[0] if person.now_as else None,
            agent_class=person.now_class[0].agent_class if person.now_class else "",
            roles=tuple(grant.role for grant in person.now_may),
        )
        for person in wanted
    ]


ORDERS: Final = ("name", "number", "team", "post", "class", "roles", "joined", "left")


def people_in_order(people: PersonQuerySet, name: str, *, descending: bool, day: date) -> PersonQuerySet:
    """The people by what they are on `day`, in the database so that a page of many is cheap.

    Posts and roles go in the order of the department, not of the alphabet; who has none stands last both ways, and
    equals go by name. A name that is not of `ORDERS` means by name.
    """
    if name not in ORDERS[1:]:
        return people.order_by("-sort_key", "number") if descending else people.by_name()
    place = _PLACES.get(name, lambda _day: F(name))(day)
    placed = F("place").desc(nulls_last=True) if descending else F("place").asc(nulls_last=True)
    return people.annotate(place=place).order_by(placed, "sort_key", "number")


def _of_today(rows: Any, column: Any) -> Subquery:
    return Subquery(rows.filter(person=OuterRef("pk")).annotate(at=column).order_by("at").values("at")[:1])


def _rank(column: str, keys: Iterable[str]) -> Case:
    return Case(*(When(**{column: key}, then=Value(place)) for place, key in enumerate(keys)))


_PLACES: Final[Mapping[str, Callable[[date], Any]]] = {
    "team": lambda day: _of_today(Membership.objects.on(day), F("team__sort_key")),
    "post": lambda day: _of_today(PostHolding.objects.on(day), _rank("post", POSTS)),
    "class": lambda day: _of_today(ClassHolding.objects.on(day), F("agent_class")),
    "roles": lambda day: _of_today(RoleGrant.objects.on(day), _rank("role", Role)),
}


@dataclass(frozen=True)
class History:
    """Everything dated about a person, newest first."""

    memberships: list[Membership]
    leaderships: list[Leadership]
    posts: list[PostHolding]
    classes: list[ClassHolding]
    grants: list[RoleGrant]
    keys: list[StaffKey]


def history_of(person: Person) -> History:
    """All dated rows of a person with who recorded them."""
    newest = ("-since", "-id")
    return History(
        memberships=list(person.memberships.select_related("team", "recorded_by__person").order_by(*newest)),
        leaderships=list(person.leaderships.select_related("team", "recorded_by__person").order_by(*newest)),
        posts=list(person.posts.select_related("recorded_by__person").order_by(*newest)),
        classes=list(person.classes.select_related("recorded_by__person").order_by(*newest)),
        grants=list(person.grants.select_related("recorded_by__person").order_by(*newest)),
        keys=list(person.keys.select_related("recorded_by__person").order_by(*newest)),
    )


@dataclass(frozen=True)
class TeamLine:
    """A team for one line of a list: who leads it now and how many serve in it."""

    team: Team
    leads: tuple[Person, ...]
    size: int


def team_lines(teams: Any, day: date) -> list[TeamLine]:
    """The teams with leads and size on `day`; three queries however many they are."""
    wanted = teams.prefetch_related(
        Prefetch("leaderships", Leadership.objects.on(day).select_related("person"), to_attr="now_led"),
        Prefetch("memberships", Membership.objects.on(day), to_attr="now_members"),
    )
    return [TeamLine(team, tuple(lead.person for lead in team.now_led), len(team.now_members)) for team in wanted]
