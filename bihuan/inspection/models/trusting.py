"""How far each check is trusted: every move with who, when and on which figures; reckonings; counterfactual runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.kit.ids import new_id
from bihuan.people.models import Person


class TrustMove(models.Model):
    """A check went from one standing to another. Never changed: the newest one tells where the check stands.

    `fingerprint` names what the check looks for: an edition that leaves the check as it is takes its standing over, one
    that changes it starts anew. `figures` are those the move rests on, as `trusting.figures_told` writes them.
    """

    class Cause(models.TextChoices):
        PERSON = "person", "person"
        FIGURES = "figures", "figures"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    standard = models.CharField(max_length=80)  # the edition's id, the same for all of its versions
    check_id = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    edition = models.CharField(max_length=64)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    moved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    codes = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ("standard", "check_id", "sequence")
        constraints = (
            models.UniqueConstraint(fields=("standard", "check_id", "fingerprint", "sequence"), name="trust_move_once"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="trust_move_moves"),
            models.CheckConstraint(
                condition=Q(cause="figures") | (Q(moved_by__isnull=False) & ~Q(reason="")), name="trust_move_named"
            ),
        )
        indexes = (models.Index(fields=("standard", "moved_at"), name="trust_move_of_standard"),)

    def __str__(self) -> str:
        return f"{self.check_id}: {self.before} → {self.after}"


class Reckoning(models.Model):
    """Precision and recall of every check of an edition as of a moment, from the random human sample. Never changed.

    `basis` is the hash of the sample and of the verdicts beside it: the same basis is reckoned once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edition = models.CharField(max_length=64)
    basis = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    contacts = models.PositiveIntegerField()  # drawn from: what the drawn days of the window held
    reviewed = models.PositiveIntegerField()
    figures = models.JSONField()
    reckoned_at = models.DateTimeField()

    class Meta:
        ordering = ("-reckoned_at",)
        constraints = (models.UniqueConstraint(fields=("edition", "basis"), name="reckoning_once"),)
        indexes = (models.Index(fields=("edition", "-reckoned_at"), name="reckoning_of_edition"),)

    def __str__(self) -> str:
        return f"{self.edition[:8]} {self.reckoned_at:%Y-%m-%d %H:%M}"


class FairnessRun(models.Model):
    """One run of the counterfactual suite over an edition: asked for, under way, or finished with what it found.

    `found` is, for every check, what `fairness_suite.told` writes, with the check's fingerprint. Finished ones are never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    standard = models.CharField(max_length=80)
    edition = models.CharField(max_length=64)
    edition_ref = models.TextField()
    engine = models.TextField()
    wanted = models.PositiveIntegerField()  # conversations to try
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    contacts = models.PositiveIntegerField(default=0)
    manifest = models.CharField(max_length=64, blank=True)
    found = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("edition",), condition=Q(finished_at__isnull=True), name="fairness_run_one_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("standard", "-finished_at"), name="fairness_run_of_standard"),)

    def __str__(self) -> str:
        return f"{self.edition_ref} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
