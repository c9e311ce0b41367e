"""Names of the people and teams that rows of the record mention; two queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bihuan.people.models import Person, Team


@dataclass(frozen=True)
class Names:
    """Staff numbers and team keys to what they are called; a key that is nobody's yet stands as it is."""

    persons: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    def person(self, number: str | None) -> str:
        return self.persons.get(number or "", number or "")

    def team(self, key: str | None) -> str:
        return self.teams.get(key or "", key or "")


def names_of(persons: Iterable[str | None], teams: Iterable[str | None]) -> Names:
    """The names behind these staff numbers and team keys. They stand in conversations the reader may see anyway."""
    numbers, keys = {one for one in persons if one}, {one for one in teams if one}
    return Names(
        dict(Person.objects.filter(number__in=numbers).values_list("number", "name")),
        dict(Team.objects.filter(key__in=keys).values_list("key", "name")),
    )
