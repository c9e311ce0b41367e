"""Files handed in for the service record: where each one stands, how far it came, what it did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from bihuan.kit.ids import new_id
from bihuan.people.models import rights_of
from bihuan.people.rules.roles import Permission


class ImportState(models.TextChoices):
    """Checked first (a dry run), then carried out when somebody says so; `REFUSED` and `FAILED` changed nothing whole."""

    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DISCARDED = "discarded"


RUNNING = (ImportState.CHECKING, ImportState.IMPORTING)
DISCARDABLE = (ImportState.CHECKING, ImportState.CHECKED, ImportState.REFUSED, ImportState.FAILED)
"""Whoever discards stops what is only being checked; what is on its way into the record arrives whole."""


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def visible_to(self, user: Any) -> ImportQuerySet:
        """All of them for who may import; nothing for anybody else."""
        return self if rights_of(user).may(Permission.IMPORT_RECORD) else self.none()


class Import(models.Model):
    """One file on its way into the record.

    `stored` and `mapping_stored` are names below `uploads/`; `source` names a ready mapping where no own one came.
    `preview` and `summary` are `ImportSummary.to_json()` of the dry run and of the import, `aftermath` what followed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    stored = models.CharField(max_length=80)
    source = models.CharField(max_length=80, blank=True)
    mapping_stored = models.CharField(max_length=80, blank=True)
    mapping_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    step = models.CharField(max_length=20, blank=True)
    rows = models.BigIntegerField(default=0)
    share = models.FloatField(default=0.0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    preview = models.JSONField(null=True)
    summary = models.JSONField(null=True)
    aftermath = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    hint = models.TextField(blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def outcome(self) -> dict[str, Any]:
        """What there is to read: what was done, else what would be; empty while nothing is known."""
        told: dict[str, Any] = self.summary or self.preview or {}
        return told

    @property
    def rejects(self) -> Path | None:
        """The file of refused rows, where any were."""
        path = self.outcome.get("rejects_path")
        return Path(path) if path else None

    def rate(self, at: datetime) -> int | None:
        """Rows a second so far; None in the first second."""
        seconds = (at - self.started_at).total_seconds() if self.started_at else 0.0
        return round(self.rows / seconds) if seconds >= 1 and self.rows else None

    def seconds_left(self, at: datetime) -> int | None:
        """At the pace so far; None while there is none."""
        seconds = (at - self.started_at).total_seconds() if self.started_at else 0.0
        return round(seconds * (1 - self.share) / self.share) if seconds >= 1 and 0 < self.share < 1 else None
