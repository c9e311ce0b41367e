"""Roles with dates, and what they amount to for an account on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from bihuan.people.models.dated import Dated, DatedQuerySet, not_backwards, one_at_a_time
from bihuan.people.rules.roles import Permission, Role, permissions_of

if TYPE_CHECKING:
    from bihuan.people.models.staff import Person


class RoleGrant(Dated):
    """The right of a role from a day on; withdrawn by its `until`, never deleted."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])

    objects = DatedQuerySet["RoleGrant"].as_manager()

    class Meta:
        ordering = ["since", "role"]
        constraints = [
            one_at_a_time("rolegrant_once_at_a_time", "person", "role"),
            not_backwards("rolegrant_not_backwards"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


@dataclass(frozen=True)
class Rights:
    """An account's standing on a day. Without a person who works here, nothing at all."""

    person: Person | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def rights_of(user: Any, on: date | None = None) -> Rights:
    """The roles `user`'s person holds on a day; anonymous, closed and personless accounts have none."""
    day = on or timezone.localdate()
    person = getattr(user, "person", None) if getattr(user, "is_active", False) else None
    if person is None or not person.works_on(day):
        return Rights()
    roles = RoleGrant.objects.on(day).filter(person=person).values_list("role", flat=True)
    return Rights(person, frozenset(Role(role) for role in roles))
