"""The declared columns and filters of staff lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.people import labels
from bihuan.people.models.staff import PersonQuerySet
from bihuan.people.queries import Standing, TeamLine
from bihuan.ui.tables import Column

STATES: Final[Mapping[str, Any]] = {"working": _("Working here"), "gone": _("No longer here"), "all": _("All")}
_LONGEST_SEARCH = 80


def people_filter(people: PersonQuerySet, query: Mapping[str, str], day: date) -> PersonQuerySet:
    """The people an address asks for: `q`, `team`, `state`."""
    state, team, words = query.get("state", "working"), query.get("team", ""), query.get("q", "").strip()
    if state == "gone":
        people = people.gone(day)
    elif state != "all":
        people = people.working(day)
    if team:
        people = people.in_team(team.replace("\x00", ""), day)
    return people.named(words[:_LONGEST_SEARCH].replace("\x00", "")) if words else people


def _person_url(row: Standing) -> str:
    return reverse("people:person", args=[row.person.number])


def _post(row: Standing) -> str:
    if row.post is None:
        return ""
    step = labels.said(labels.STEPS, row.post.step) if row.post.step else ""
    return " · ".join(part for part in (labels.said(labels.POSTS, row.post.post), step) if part)


PEOPLE: Final = (
    Column("name", _("Name"), get=lambda row: row.person.name, url=_person_url),
    Column("number", _("Staff number"), get=lambda row: row.person.number),
    Column("team", _("Team"), get=lambda row: row.team.name if row.team else ""),
    Column("post", _("Post and step"), get=_post),
    Column("class", _("Agent class"), get=lambda row: labels.said(labels.CLASSES, row.agent_class)),
    Column("roles", _("Roles"), get=lambda row: _listed(labels.said(labels.ROLES, role) for role in row.roles)),
    Column("joined", _("Joined"), kind="day", get=lambda row: row.person.joined),
    Column("left", _("Left on"), kind="day", get=lambda row: row.person.left),
)
TEAMS: Final = (
    Column("name", _("Name"), get=lambda row: row.team.name, url=lambda row: _members_url(row)),
    Column("key", _("Key"), get=lambda row: row.team.key),
    Column("leads", _("Leads"), get=lambda row: _listed(person.name for person in row.leads)),
    Column("size", _("Members"), kind="number", get=lambda row: row.size),
    Column("closed", _("Closed on"), kind="day", get=lambda row: row.team.closed_on),
)


def _members_url(row: TeamLine) -> str:
    return f"{reverse('people:people')}?team={row.team.key}"


def _listed(names: Any) -> str:
    return "、".join(names)
