"""Whom people call back, and what each call brought. Neither ever changes."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

LEAST, MOST = 1, 5
"""The scale of S2-11's ratings, on which a called customer rates too."""
_SCALE: Final = tuple(range(LEAST, MOST + 1))


class CallBackQuerySet(models.QuerySet["CallBack"]):
    """Call-backs by the week they were drawn for."""

    def of_month(self, first: date) -> CallBackQuerySet:
        return self.filter(month=first)


class CallBack(models.Model):
    """A customer drawn to be called in a week of a month, at most once a month. `week` is the week's first day in it.

    Kept once drawn: who is on the list stays on it, however many customers the week still brings (S3-11).
    """

    month = models.DateField()
    week = models.DateField()
    customer = models.TextField()
    contact_id = models.TextField()
    drawn_at = models.DateTimeField()

    objects = CallBackQuerySet.as_manager()

    class Meta:
        ordering = ("week", "contact_id")
        constraints = (models.UniqueConstraint(fields=("month", "customer"), name="callback_once_a_month"),)

    def __str__(self) -> str:
        return f"{self.week} {self.contact_id}"


class Call(models.Model):
    """One call: whether the customer was reached, whether the matter is really solved (S1-8), and, as far as they say, how
    warm the tone was and how clear the answers (S2-12)."""

    callback = models.ForeignKey(CallBack, on_delete=models.PROTECT, related_name="calls")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    tone = models.PositiveSmallIntegerField(null=True)
    clarity = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        ordering = ("called_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("callback",), condition=Q(reached=True), name="call_reached_once"),
            models.CheckConstraint(
                condition=Q(reached=True, solved__isnull=False)
                | Q(reached=False, solved__isnull=True, tone__isnull=True, clarity__isnull=True),
                name="call_tells_what_was_said",
            ),
            models.CheckConstraint(condition=Q(tone__isnull=True) | Q(tone__in=_SCALE), name="call_tone_on_scale"),
            models.CheckConstraint(
                condition=Q(clarity__isnull=True) | Q(clarity__in=_SCALE), name="call_clarity_on_scale"
            ),
        )

    def __str__(self) -> str:
        return f"{self.callback_id} {self.called_at:%Y-%m-%d}"
