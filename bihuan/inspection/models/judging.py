"""Judging runs: who asked for which days to be judged by which edition, and how far it came."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bihuan.kit.ids import new_id


class JudgingRun(models.Model):
    """One request to judge a span of days, or (without days) the records without times, by an edition.

    What is judged already is not judged again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    engine = models.TextField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    days_done = models.PositiveIntegerField(default=0)
    contacts_done = models.PositiveBigIntegerField(default=0)
    manifest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="judging_run_days_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.edition_ref} {self.first_day or 'undated'}–{self.last_day or 'undated'}"

    @property
    def days(self) -> list[date | None]:
        """Every day of the run, in order; [None] for the records without times."""
        if self.first_day is None or self.last_day is None:
            return [None]
        span = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=offset) for offset in range(span)]

    @property
    def days_total(self) -> int:
        return len(self.days)

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
