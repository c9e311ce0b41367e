"""Draws and what they gave people to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.kit.ids import new_id
from bihuan.people.models import Person
from bihuan.standards.rules.sampling import Stratum


class Draw(models.Model):
    """A draw of one day: everything needed to make it again, and what it gave. Never changed.

    `number` 0 is the day's own draw; 1, 2, … are supplements, each from the contacts that reached the record after the
    draw before it (`contacts` counts these alone, and inclusion probabilities are of these).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    manifest = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    contacts = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    risk_drawn = models.PositiveIntegerField()
    strata = models.JSONField(default=list)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day", "number")
        constraints = (models.UniqueConstraint(fields=("day", "number"), name="draw_once_a_day_and_number"),)

    def __str__(self) -> str:
        return f"{self.day}#{self.number}: {self.drawn}/{self.contacts}"

    @property
    def parts(self) -> list[Stratum]:
        """The strata as they were counted and drawn."""
        return [Stratum(*row) for row in self.strata]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Work that was drawn: `Assignment.objects.open().held_by(me).in_order()`."""

    def open(self) -> AssignmentQuerySet:
        return self.filter(done_at__isnull=True)

    def done(self) -> AssignmentQuerySet:
        return self.filter(done_at__isnull=False)

    def held_by(self, person: Person | None) -> AssignmentQuerySet:
        return self.filter(holder=person) if person else self.none()

    def in_pool(self) -> AssignmentQuerySet:
        """Open, and nobody's."""
        return self.open().filter(holder__isnull=True)

    def overdue(self, at: datetime) -> AssignmentQuerySet:
        return self.open().filter(due_at__lt=at)

    def random(self) -> AssignmentQuerySet:
        """Drawn at random: only these enter estimates without further weighing."""
        return self.filter(kind=Assignment.Kind.RANDOM)

    def reviewed(self) -> AssignmentQuerySet:
        """Drawn at random and submitted by somebody: what counts towards the share of a day to evaluate (S3-10). The risk
        queue shows faults, not the day."""
        return self.random().done()

    def between(self, first: date, last: date) -> AssignmentQuerySet:
        return self.filter(day__gte=first, day__lte=last)

    def in_order(self) -> AssignmentQuerySet:
        return self.order_by("due_at", "opened_at", "contact_id")


class Assignment(models.Model):
    """One drawn contact and who is to evaluate it.

    `day` is the contact's own, which a negative review may bring into the risk queue of a later one (S3-11). `inclusion_ppm` is
    the probability with which it was drawn, in millionths: from its stratum, or (`risk`) from its kind.
    """

    class Kind(models.TextChoices):
        RANDOM = "random", "random"
        RISK = "risk", "risk"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="assignments")
    contact_id = models.TextField()
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    stratum = models.TextField(blank=True)
    inclusion_ppm = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    person = models.CharField(max_length=64)
    team = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    category = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    holder = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="inspections")
    held_since = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "contact_id")
        constraints = (
            models.UniqueConstraint(fields=("draw", "contact_id"), name="assignment_once_per_draw"),
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | Q(held_since__isnull=False), name="assignment_held_since"
            ),
            models.CheckConstraint(condition=Q(inclusion_ppm__lte=1_000_000), name="assignment_probability"),
        )
        indexes = (
            models.Index(fields=("holder", "due_at"), name="assignment_queue", condition=Q(done_at__isnull=True)),
            models.Index(fields=("day", "kind"), name="assignment_of_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.contact_id}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def state(self, at: datetime) -> str:
        """done, overdue, held or waiting."""
        if self.is_done:
            return "done"
        return "overdue" if self.due_at < at else ("held" if self.holder_id else "waiting")

    def is_held_by(self, person: Any) -> bool:
        return person is not None and self.holder_id == person.pk
