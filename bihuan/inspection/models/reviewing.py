"""The weekly re-evaluation: which evaluations the group looks at again, each rater's opinion, the decision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.inspection.models.evaluating import Evaluation
from bihuan.kit.ids import new_id
from bihuan.people.models import Person


class ReviewQuerySet(models.QuerySet["Review"]):
    """Re-evaluations: `Review.objects.open().in_order()`."""

    def open(self) -> ReviewQuerySet:
        return self.filter(decided_at__isnull=True)

    def decided(self) -> ReviewQuerySet:
        return self.filter(decided_at__isnull=False)

    def in_order(self) -> ReviewQuerySet:
        return self.order_by("-week", "gathered_at", "pk")


class Review(models.Model):
    """One evaluation before the group, for the week beginning on Monday `week`.

    `result` is the version the decision made; an upheld evaluation has none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    week = models.DateField()
    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="review")
    reasons = models.JSONField()
    gathered_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    result = models.OneToOneField(Evaluation, null=True, on_delete=models.PROTECT, related_name="made_by")

    objects = ReviewQuerySet.as_manager()
    is_blind = False  # lists say here whether the reader's own opinion is awaited first

    class Meta:
        ordering = ("-week", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | (~Q(reason="") & ~Q(outcome="") & Q(decided_by__isnull=False)),
                name="review_decided_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.week} {self.evaluation_id}"

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None


class Opinion(models.Model):
    """One rater's own answers, given before the others' could be seen: {item: [verdict, reason]}."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="opinions")
    rater = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    total = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("given_at",)
        constraints = (models.UniqueConstraint(fields=("review", "rater"), name="opinion_once"),)

    def __str__(self) -> str:
        return f"{self.review_id} {self.rater_id}"
