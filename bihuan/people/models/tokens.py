"""Keys for programs: what is kept of a token, which is never the token itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bihuan.kit.ids import new_id
from bihuan.people.models.rights import rights_of
from bihuan.people.rules.roles import Permission
from bihuan.people.rules.tokens import is_live


class TokenQuerySet(models.QuerySet["Token"]):
    """Reads of tokens."""

    def visible_to(self, user: Any) -> TokenQuerySet:
        """One's own, for who may have any; nobody sees another's."""
        if not rights_of(user).may(Permission.ISSUE_TOKENS):
            return self.none()
        return self.filter(user=user)


class Token(models.Model):
    """A program may do for this account what the scopes say. Only the digest of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("issued_at")), name="token_dies"),
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="token_opens_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    def is_live(self, at: datetime) -> bool:
        """Does it open anything at this moment, as far as it is up to the token?"""
        return is_live(expires_at=self.expires_at, revoked_at=self.revoked_at, at=at)
