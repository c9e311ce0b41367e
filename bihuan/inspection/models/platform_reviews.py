"""Negative reviews on third-party platforms: what a draw made of them, and which contact people say they are about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.inspection.models.sampling import Draw


class ScreenedReview(models.Model):
    """A negative review and the contact it was found to be about when a draw looked at both. Never changed, once for ever:
    told again, or drawn again, the review puts nobody before an inspector a second time."""

    class Outcome(models.TextChoices):
        QUEUED = "queued", "queued"  # into the risk queue of this draw
        DRAWN = "drawn", "drawn"  # people had the contact before them anyway
        FULL = "full", "full"  # the risk queue held as much as the edition lets it
        UNFIT = "unfit", "unfit"  # nobody served it, or it was a test

    review_id = models.TextField()
    contact_id = models.TextField()
    stars = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="screened")

    class Meta:
        ordering = ("draw", "review_id")
        constraints = (models.UniqueConstraint(fields=("review_id", "contact_id"), name="review_screened_once"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.outcome}"


class ReviewLink(models.Model):
    """Somebody says which contact a review is about; without one, that it is about none of the record's. The latest holds,
    also against what is found by number or by customer and time."""

    review_id = models.TextField(db_index=True)
    contact_id = models.TextField(blank=True)
    why = models.TextField()
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        ordering = ("linked_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(why=""), name="review_link_says_why"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.contact_id}"
