"""What a decided appeal did to an evaluation."""

from __future__ import annotations

from typing import Final

from django.db import models

from bihuan.appeals.models import Appeal
from bihuan.inspection.models.evaluating import Evaluation
from bihuan.kit.ids import new_id

EDITION_GONE: Final = "edition_gone"
"""The text the evaluation was scored by was never published and has changed since: its score cannot be taken again."""


class AppealOutcome(models.Model):
    """A decided appeal about `evaluation` was taken over: `result` is the version it made, None where every answer stood or
    where none could be made: `why` then says so (`EDITION_GONE`).

    One row an appeal, so that no decision is carried out twice. Never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="appeal_outcomes")
    result = models.OneToOneField(Evaluation, null=True, on_delete=models.PROTECT, related_name="made_by_appeal")
    why = models.CharField(max_length=40, default="", blank=True)
    taken_over_at = models.DateTimeField()

    class Meta:
        ordering = ("taken_over_at",)

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.evaluation_id}"
