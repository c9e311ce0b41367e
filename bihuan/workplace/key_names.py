"""Names behind the record's keys: people, teams, checks. One query each, however many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.people.models import Person, Team
from bihuan.standards.rules.edition import Edition
from bihuan.ui.values import language


def team_names() -> dict[str, str]:
    """key → name of every team, in the order of their names."""
    return dict(Team.objects.values_list("key", "name"))


def person_names(numbers: Any = None) -> dict[str, str]:
    """number → name, of these numbers or of everybody."""
    people = Person.objects.all() if numbers is None else Person.objects.filter(number__in=list(numbers))
    return dict(people.by_name().values_list("number", "name"))


def check_names(edition: Edition) -> dict[str, str]:
    """check → its label in the edition."""
    return {name: setting.label.said(language()) or name for name, setting in edition.checks.items()}


def names_of(dimension: str, edition: Edition) -> Mapping[str, str]:
    """Names for the keys of a dimension; empty where keys speak for themselves."""
    if dimension == "team":
        return team_names()
    if dimension == "agent":
        return person_names()
    return check_names(edition) if dimension == "item" else {}
