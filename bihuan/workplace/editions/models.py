"""What two editions say of the same conversations: asked for by a person, carried out by the worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bihuan.kit.ids import new_id


class EditionComparison(models.Model):
    """One request to judge a draw of conversations by two editions, and how far it came.

    The draw is of those the owner may see; `manifest`, days, `size` and `seed` repeat it. `found` is what
    `edition_effects.effects` told, `refusal` why it told nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    before_ref = models.TextField()
    before_hash = models.CharField(max_length=64)
    after_ref = models.TextField()
    after_hash = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    size = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    requested_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=64, blank=True)
    found = models.JSONField(null=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="edition_comparison_days_in_order"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(found__isnull=False) | ~Q(refusal=""),
                name="edition_comparison_answers",
            ),
        )
        indexes = (models.Index(fields=("owner", "before_hash", "after_hash"), name="edition_comparison_of_owner"),)

    def __str__(self) -> str:
        return f"{self.before_ref} {self.before_hash[:8]} → {self.after_ref} {self.after_hash[:8]}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
