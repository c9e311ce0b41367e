"""Rows of the workplace: who looked behind the masks of which conversation, when, why and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.workplace.calling.models import Call as Call
from bihuan.workplace.calling.models import CallBack as CallBack
from bihuan.workplace.drafts.models import CheckDraft as CheckDraft
from bihuan.workplace.drafts.models import CheckProposal as CheckProposal
from bihuan.workplace.drafts.models import DraftVersion as DraftVersion
from bihuan.workplace.drafts.models import ProposalDecline as ProposalDecline
from bihuan.workplace.editions.models import EditionComparison as EditionComparison
from bihuan.workplace.imports.models import Import as Import
from bihuan.workplace.saved_views.models import SavedView as SavedView


class RevelationQuerySet(models.QuerySet["Revelation"]):
    """Reads of revelations."""

    def open_for(self, user: Any, contact_id: str, *, at: datetime) -> RevelationQuerySet:
        """Those of this account and conversation that still hold."""
        return self.filter(revealed_by=user, contact_id=contact_id, until__gt=at)


class Revelation(models.Model):
    """The unmasked text of one conversation was shown to one account, for a reason, until a moment."""

    contact_id = models.TextField(db_index=True)
    reason = models.TextField()
    revealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField()
    until = models.DateTimeField()

    objects = RevelationQuerySet.as_manager()

    class Meta:
        ordering = ["-revealed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="revelation_has_reason"),
            models.CheckConstraint(condition=Q(until__gt=models.F("revealed_at")), name="revelation_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.revealed_by_id}"
