"""Accounts. An account is how a person signs in; what it may do follows from the person's role grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser

from bihuan.people.models.rights import Rights, rights_of
from bihuan.people.rules.roles import Permission


class User(AbstractUser):
    """`username` is the staff number. Nobody signs up: accounts come with the person."""

    _permissions: frozenset[Permission] | None = None

    def __str__(self) -> str:
        return self.username

    def rights(self, on: date | None = None) -> Rights:
        """What this account may do on a day, today by default."""
        return rights_of(self, on)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Permissions are those of `people.rules.Permission`; lower parts ask here without knowing roles.

        Remembered by this object: pages ask often, and a request reads its account afresh.
        """
        if self._permissions is None:
            self._permissions = self.rights().permissions
        return obj is None and perm in self._permissions
