"""How other systems call our people: their keys with dates, and keys nobody has settled yet."""

from __future__ import annotations

from typing import Any

from django.db import models

from bihuan.kit.ids import new_id
from bihuan.people.models.dated import Dated, DatedQuerySet, not_backwards, one_at_a_time
from bihuan.people.models.rights import rights_of
from bihuan.people.models.staff import Person
from bihuan.people.rules.roles import Permission


class StaffKey(Dated):
    """`key` in `source` meant this person on these days; never two people on one day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)

    objects = DatedQuerySet["StaffKey"].as_manager()

    class Meta:
        ordering = ["source", "key", "since"]
        constraints = [
            one_at_a_time("staffkey_one_person", "source", "key"),
            not_backwards("staffkey_not_backwards"),
            models.CheckConstraint(condition=~models.Q(key=""), name="staffkey_has_key"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class UnresolvedKeyQuerySet(models.QuerySet["UnresolvedKey"]):
    """Reads of the waiting list."""

    def visible_to(self, user: Any) -> UnresolvedKeyQuerySet:
        """All of it for who may settle keys; nothing for anybody else."""
        return self if rights_of(user).may(Permission.SETTLE_KEYS) else self.none()

    def waiting(self) -> UnresolvedKeyQuerySet:
        return self.filter(settled_at__isnull=True)


class UnresolvedKey(models.Model):
    """A key the record holds and nobody has said whose it is. Settled rows stay, with who and when."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    contacts = models.BigIntegerField(default=0)
    noticed_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = UnresolvedKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-contacts", "source", "key"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="unresolvedkey_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class RosterUpload(models.Model):
    """A roster handed in: tried out first, carried out when somebody says so; both outcomes stay readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    trial = models.JSONField(default=dict)
    landed = models.JSONField(null=True)
    landed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    landed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def outcome(self) -> dict[str, Any]:
        """What there is to read: what was done, else what would be."""
        told: dict[str, Any] = self.landed if self.landed is not None else self.trial
        return told
