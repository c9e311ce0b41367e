"""Calibration: several raters judge the same contacts blind, an expert's answers are the reference; apart from daily work.

Nothing here is an `Evaluation`: what is answered in a calibration can enter no average, sheet, queue or result.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.inspection.models.evaluating import Answer, in_one_place, moments_in_one_place
from bihuan.kit.ids import new_id
from bihuan.people.models import Person
from bihuan.people.models.rights import rights_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.tree import ScoreNode


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    """Sessions read like sentences: `Calibration.objects.visible_to(user).open()`."""

    def visible_to(self, user: Any) -> CalibrationQuerySet:
        """Who made a session, takes part in it, or plans inspection; nobody else."""
        rights = rights_of(user)
        if rights.person is None or not (rights.may(Permission.CALIBRATE) or rights.may(Permission.REVIEW_EVALUATIONS)):
            return self.none()
        if rights.may(Permission.PLAN_INSPECTION):
            return self.all()
        seats = CalibrationSeat.objects.filter(person=rights.person).values(
            "calibration"
        )  # no join: it would narrow counts
        return self.filter(Q(made_by=user) | Q(pk__in=seats))

    def open(self) -> CalibrationQuerySet:
        return self.filter(closed_at__isnull=True)

    def closed(self) -> CalibrationQuerySet:
        return self.filter(closed_at__isnull=False)

    def in_order(self) -> CalibrationQuerySet:
        return self.order_by("-made_at", "pk")


class Calibration(models.Model):
    """One session. `seed` is None where its contacts were chosen; the edition is the one of the day it was made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    manifest = models.CharField(max_length=64)
    seed = models.BigIntegerField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="calibration_has_name"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="calibration_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def state(self, at: datetime) -> str:
        """closed, late or open."""
        if self.is_closed:
            return "closed"
        return "late" if self.due_at < at else "open"


class CalibrationSeat(models.Model):
    """Somebody who answers every contact of a session; exactly one of them is the expert."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calibrations")
    is_expert = models.BooleanField(default=False)

    class Meta:
        ordering = ("-is_expert", "person__number")
        constraints = (
            models.UniqueConstraint(fields=("calibration", "person"), name="calibration_seat_once"),
            models.UniqueConstraint(
                fields=("calibration",), condition=Q(is_expert=True), name="calibration_one_expert"
            ),
        )

    def __str__(self) -> str:
        return f"{self.calibration_id} {self.person_id}"


class CalibrationContact(models.Model):
    """A contact of a session. `by_record`: {item: verdict} of what logged times decided when the session was made."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="contacts")
    place = models.PositiveIntegerField()
    contact_id = models.TextField()
    day = models.DateField(null=True)
    person = models.CharField(max_length=64)
    channel = models.CharField(max_length=16, blank=True)
    category = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    by_record = models.JSONField(default=dict)

    class Meta:
        ordering = ("calibration", "place")
        constraints = (
            models.UniqueConstraint(fields=("calibration", "contact_id"), name="calibration_contact_once"),
            models.UniqueConstraint(fields=("calibration", "place"), name="calibration_place_once"),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.contact_id}"


class RatingQuerySet(models.QuerySet["Rating"]):
    """Ratings: `Rating.objects.submitted()`."""

    def submitted(self) -> RatingQuerySet:
        return self.filter(submitted_at__isnull=False)


class Rating(models.Model):
    """What one rater answered about one contact: a draft until submitted, never changed after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact = models.ForeignKey(CalibrationContact, on_delete=models.PROTECT, related_name="ratings")
    seat = models.ForeignKey(CalibrationSeat, on_delete=models.PROTECT, related_name="ratings")
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    active_seconds = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    first_response = models.PositiveIntegerField(null=True)
    first_response_event = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    resolution_event = models.PositiveIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    total = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    unfailed = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    coverage = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    fatal = models.BooleanField(default=False)
    tree = models.JSONField(null=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("contact", "seat")
        constraints = (
            models.UniqueConstraint(fields=("contact", "seat"), name="rating_once"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(tree__isnull=False), name="rating_scored"
            ),
            models.CheckConstraint(condition=moments_in_one_place(), name="rating_moments_in_one_place"),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} {self.seat_id}"

    @property
    def score(self) -> ScoreNode | None:
        return ScoreNode.from_json(self.tree) if self.tree else None


class RatingAnswer(models.Model):
    """The answer to one item."""

    given_by = Answer.Giver.PERSON

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=80)
    verdict = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("rating", "item")
        constraints = (models.UniqueConstraint(fields=("rating", "item"), name="rating_answer_once"),)

    def __str__(self) -> str:
        return f"{self.item}: {self.verdict}"


class RatingComment(models.Model):
    """Words of a rater on a stretch of a message, code points [start, end) of the stored original, or on an event."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="comments")
    message = models.PositiveIntegerField(null=True)
    event = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("message", "start", "pk")
        constraints = (models.CheckConstraint(condition=in_one_place(), name="rating_comment_in_one_place"),)

    def __str__(self) -> str:
        return f"event {self.event}" if self.message is None else f"#{self.message} [{self.start}, {self.end})"


class ScaleAlarm(models.Model):
    """A rater's severity or drift has passed the edition's limit in a period; settled with words by who answers for it."""

    class Kind(models.TextChoices):
        SEVERITY = "severity", "severity"
        DRIFT = "drift", "drift"

    rater = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scale_alarms")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=6, decimal_places=2)
    low = models.DecimalField(max_digits=6, decimal_places=2)
    high = models.DecimalField(max_digits=6, decimal_places=2)
    n = models.PositiveIntegerField()
    limit = models.DecimalField(max_digits=6, decimal_places=2)
    edition_hash = models.CharField(max_length=64)
    raised_at = models.DateTimeField()
    words = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-raised_at", "rater__number")
        constraints = (
            models.UniqueConstraint(fields=("rater", "kind", "period"), name="scale_alarm_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | (~Q(words="") & Q(settled_by__isnull=False)),
                name="scale_alarm_settled_with_words",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rater_id} {self.kind} {self.period}"
