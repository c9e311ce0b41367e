"""What every dated row has: its span of days, and who wrote and who ended it, when."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

M = TypeVar("M", bound="Dated")


class DatedQuerySet(models.QuerySet[M]):
    """Rows that hold on a day. `until` is exclusive."""

    def on(self, day: date) -> Any:
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))

    def touching(self, since: date, until: date | None) -> Any:
        """Rows that share a day with the half-open span."""
        later = self.filter(Q(until__isnull=True) | Q(until__gt=since))
        return later if until is None else later.filter(since__lt=until)


class Dated(models.Model):
    """A fact about staff that holds from `since` until the day before `until`."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Is `day` inside the span?"""
        return self.since <= day and (self.until is None or day < self.until)


def one_at_a_time(name: str, *columns: str) -> ExclusionConstraint:
    """No two rows equal in `columns` share a day: kept by the database, also against two writers at once."""
    span = Func(F("since"), F("until"), function="daterange", output_field=DateRangeField())
    equal = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(name=name, expressions=[*equal, (span, RangeOperators.OVERLAPS)])


def not_backwards(name: str) -> models.CheckConstraint:
    """A span may be empty (granted and withdrawn on one day) but never runs backwards."""
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name)
