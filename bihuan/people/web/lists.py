"""The declared columns and filters of staff lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.people import labels
from bihuan.people.models.staff import PersonQuerySet
from bihuan.people.queries import Standing, TeamLine
from bihuan.people.rules.roster import HEADINGS
from bihuan.ui.tables import Column
from bihuan.ui.values import language, listed

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
    return labels.post_and_step(row.post.post, row.post.step) if row.post else ""


def _team_url(row: Standing) -> str:
    return f"{reverse('people:people')}?team={row.team.key}" if row.team else ""


PEOPLE: Final = (
    Column(
        "name", pgettext_lazy("of a person", "Name"), get=lambda row: row.person.name, url=_person_url, sortable=True
    ),
    Column("number", _("Staff number"), get=lambda row: row.person.number, sortable=True),
    Column("team", _("Team"), get=lambda row: row.team.name if row.team else "", url=_team_url, sortable=True),
    Column("post", _("Post and step"), get=_post, sortable=True),
    Column("class", _("Agent class"), get=lambda row: labels.said(labels.CLASSES, row.agent_class), sortable=True),
    Column(
        "roles", _("Roles"), get=lambda row: listed(labels.said(labels.ROLES, one) for one in row.roles), sortable=True
    ),
    Column("joined", _("Joined"), kind="day", get=lambda row: row.person.joined, sortable=True),
    Column("left", _("Left on"), kind="day", get=lambda row: row.person.left, sortable=True),
)
_NOT_OF_THE_WORKING: Final = {"left"}
TEAMS: Final = (
    Column(
        "name", pgettext_lazy("of a team", "Name"), get=lambda row: row.team.name, url=lambda row: _members_url(row),
        sortable=True, order=lambda row: row.team.sort_key,
    ),
    Column("key", pgettext_lazy("of a team", "Key"), get=lambda row: row.team.key, sortable=True),
    Column(
        "leads", _("Leads"), get=lambda row: listed(person.name for person in row.leads),
        sortable=True, order=lambda row: [person.sort_key for person in row.leads] or None,
    ),
    Column("size", _("Members"), kind="number", get=lambda row: row.size, sortable=True),
    Column("closed", _("Closed on"), kind="day", get=lambda row: row.team.closed_on, sortable=True),
)  # fmt: skip


def people_columns(query: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns a list of people shows: nobody who works here has left."""
    if query.get("state", "working") != "working":
        return PEOPLE
    return tuple(column for column in PEOPLE if column.name not in _NOT_OF_THE_WORKING)


def _members_url(row: TeamLine) -> str:
    return f"{reverse('people:people')}?team={row.team.key}"


def heading_list() -> list[tuple[str, tuple[str, ...]]]:
    """The columns a roster may have, named by the first heading in the reader's language."""
    named = []
    for aliases in HEADINGS.values():
        latin = next((one for one in aliases if one.isascii()), aliases[0])
        named.append((aliases[0] if language() == "zh" else latin.capitalize(), aliases))
    return named
