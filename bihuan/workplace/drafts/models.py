"""Drafts of checks of one's own, what they said before, and new editions handed in for somebody else's approval."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from bihuan.people.models import rights_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.models import Edition


class CheckDraft(models.Model):
    """One person's work at one check. `base` is the hash of the edition it starts from, `base_slug` its id: a shipped
    edition may have changed since, and then the newest of that id is meant."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base = models.CharField(max_length=64)
    base_slug = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        ordering = ["-touched_at", "-pk"]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def newest(self) -> DraftVersion:
        """What it says now; every draft has at least one version."""
        return self.versions.all()[0]

    @property
    def text(self) -> str:
        return self.newest.text


class DraftVersion(models.Model):
    """What a draft said. One that `stays` is never written over by later typing: it was started from, run or restored."""

    draft = models.ForeignKey(CheckDraft, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    saved_at = models.DateTimeField()
    stays = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.pk}"


class CheckProposalQuerySet(models.QuerySet["CheckProposal"]):
    """Reads of proposals."""

    def undecided(self) -> CheckProposalQuerySet:
        """Neither published nor declined."""
        published = Edition.objects.filter(hash=OuterRef("hash"))
        return self.filter(~Exists(published), decline__isnull=True)

    def visible_to(self, user: Any) -> CheckProposalQuerySet:
        """One's own, and all of them for who may publish."""
        return self if rights_of(user).may(Permission.PUBLISH_STANDARDS) else self.filter(author=user)


class CheckProposal(models.Model):
    """A complete new edition with one check added or replaced, waiting for somebody who may publish it.

    `base` is the hash of the edition it differs from; `hash` that of its content, by which it is found once published.
    """

    draft = models.ForeignKey(CheckDraft, null=True, on_delete=models.SET_NULL, related_name="proposals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    base = models.CharField(max_length=64)
    check_id = models.CharField(max_length=80)
    slug = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    handed_in_at = models.DateTimeField()

    objects = CheckProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-handed_in_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="check_proposal_hash"),
            models.UniqueConstraint(fields=["author", "hash"], name="check_proposal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}: {self.check_id}"


class ProposalDecline(models.Model):
    """Who may publish did not take a proposal over, and says why; it goes with the proposal when its author takes it back."""

    proposal = models.OneToOneField(CheckProposal, on_delete=models.CASCADE, related_name="decline")
    reason = models.TextField()
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="proposal_decline_has_reason")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reason[:20]}"
