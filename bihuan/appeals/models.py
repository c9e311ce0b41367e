"""Appeals: who asks for a second look at which answers, the blind second view, the decision. Closed, nothing changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bihuan.appeals.rules import CLOSED, OPEN, Outcome, Stage, State
from bihuan.kit.ids import new_id
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission


def _choices(values: Any) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals read like sentences; every page starts from `visible_to`."""

    def visible_to(self, user: Any) -> AppealQuerySet:
        """One's own, those one is to decide or has decided; all of them for who oversees appeals. Strangers see none."""
        person = getattr(user, "person", None)
        if person is None or not user.has_perm(Permission.SEE_OWN):
            return self.none()
        if user.has_perm(Permission.OVERSEE_APPEALS):
            return self
        seen = Q(person=person)
        if user.has_perm(Permission.ADJUDICATE):
            seen |= Q(adjudicator=person)
        return self.filter(seen)

    def open(self) -> AppealQuerySet:
        return self.filter(state__in=OPEN)

    def closed(self) -> AppealQuerySet:
        return self.filter(state__in=CLOSED)

    def overdue(self, *, at: datetime) -> AppealQuerySet:
        return self.open().filter(due_at__lte=at)

    def about(self, kind: str, subject: str) -> AppealQuerySet:
        return self.filter(kind=kind, subject=subject)

    def by_due(self) -> AppealQuerySet:
        """What is due first stands first."""
        return self.order_by("due_at", "id")

    def newest_first(self) -> AppealQuerySet:
        return self.order_by("-submitted_at", "-id")


class Appeal(models.Model):
    """A request to look again at answers about one subject. `edition` is the hash they were given under.

    `team` is the one the work was done in, as the record has it; `told_at` opened the window, `window_until` closed it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appeals")
    team = models.CharField(max_length=64, blank=True)
    edition = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    window_until = models.DateTimeField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    adjudicator = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="adjudications")
    assigned_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=_choices(State), default=State.SUBMITTED)
    closed_at = models.DateTimeField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ("-submitted_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject", "person"), condition=Q(state__in=OPEN), name="appeal_one_open_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, closed_at__isnull=True) | Q(state__in=CLOSED, closed_at__isnull=False),
                name="appeal_closed_with_a_time",
            ),
            models.CheckConstraint(
                condition=Q(adjudicator__isnull=True) | ~Q(adjudicator=F("person")), name="appeal_not_in_own_cause"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.VIEWED, State.DECIDED)) | Q(adjudicator__isnull=False),
                name="appeal_viewed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("submitted_at")), name="appeal_due_after_submission"),
        )
        indexes = (
            models.Index(fields=("adjudicator", "state", "due_at"), name="appeal_to_decide"),
            models.Index(fields=("person", "-submitted_at"), name="appeal_of_person"),
            models.Index(fields=("kind", "subject"), name="appeal_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and at >= self.due_at


class AppealItem(models.Model):
    """One appealed answer as it stood, what the appellant claims instead, and why. Never changes.

    `choices` are the possible answers ({code, label, tone}); `first_rater` a staff number, empty for the machine.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=100)
    check_id = models.CharField(max_length=100, blank=True)
    label = models.JSONField()
    choices = models.JSONField()
    first_answer = models.CharField(max_length=40)
    first_reason = models.JSONField(default=dict)
    first_evidence = models.JSONField(default=list)
    first_rater = models.CharField(max_length=40, blank=True)
    claimed = models.CharField(max_length=40)
    reason = models.TextField()
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ("appeal", "position")
        constraints = (
            models.UniqueConstraint(fields=("appeal", "key"), name="appeal_item_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_item_has_reason"),
            models.CheckConstraint(condition=~Q(claimed=F("first_answer")), name="appeal_item_claims_something_else"),
        )

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.key}"


class SecondView(models.Model):
    """What an adjudicator answered before the first answer was shown. Never changes."""

    item = models.ForeignKey(AppealItem, on_delete=models.PROTECT, related_name="second_views")
    answer = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("given_at", "id")
        constraints = (models.UniqueConstraint(fields=("item", "given_by"), name="second_view_once"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.answer}"


class Decision(models.Model):
    """What became of one item, with the reason; `answer` holds from then on. Never changes."""

    item = models.OneToOneField(AppealItem, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=_choices(Outcome))
    answer = models.CharField(max_length=40)
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("item",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.outcome}"


class Reminder(models.Model):
    """Somebody was told that an appeal is nearly due or overdue; once per stage and person."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=10, choices=_choices(Stage))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at",)
        constraints = (models.UniqueConstraint(fields=("appeal", "stage", "person"), name="reminder_once"),)

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.stage}"


class CheckSuspension(models.Model):
    """A check of an edition stopped counting because its precision fell below the floor.

    It stays stopped under every edition of the same standard that looks for the same; one that changes the check sets it
    anew (`inspection.trust.standing.stands`).

    `precision` is at most this share (0 to 1); `basis` says what it rests on: `appeals` or `sample`.
    """

    edition = models.CharField(max_length=64)
    check_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    basis = models.CharField(max_length=20)
    accusations = models.PositiveIntegerField()
    reviewed = models.PositiveIntegerField()
    overturned = models.PositiveIntegerField()
    precision = models.DecimalField(max_digits=7, decimal_places=6)
    floor = models.DecimalField(max_digits=7, decimal_places=6)
    suspended_at = models.DateTimeField()

    class Meta:
        ordering = ("-suspended_at",)
        constraints = (
            models.UniqueConstraint(fields=("edition", "check_id"), name="check_suspended_once"),
            models.CheckConstraint(condition=Q(precision__lt=F("floor")), name="check_suspended_below_floor"),
        )

    def __str__(self) -> str:
        return f"{self.check_id} {self.precision}"
