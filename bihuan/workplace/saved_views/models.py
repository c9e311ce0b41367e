"""Searches of the conversation library that somebody named, for oneself, for a team or for everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from bihuan.people.models import Leadership, Membership, Team
from bihuan.people.rules.roles import Permission


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Reads of saved views; every page starts from `visible_to`."""

    def present(self) -> SavedViewQuerySet:
        return self.filter(removed_at=None)

    def visible_to(self, user: Any) -> SavedViewQuerySet:
        """One's own, those for everybody, and those for teams one serves in or leads today. Strangers see none."""
        if not user.has_perm(Permission.SEE_OWN):
            return self.none()
        day, person = timezone.localdate(), user.person
        teams = Q(team__in=Membership.objects.on(day).filter(person=person).values("team")) | Q(
            team__in=Leadership.objects.on(day).filter(person=person).values("team")
        )
        return self.present().filter(Q(owner=user) | Q(audience=SavedView.Audience.ALL) | teams)


class SavedView(models.Model):
    """A named set of filters. `filters` are those of the library's address; `days` in it stands for a span that moves
    with the record: its last so many days. Removed ones are kept a while, so that removing can be undone."""

    class Audience(models.TextChoices):
        OWNER = "owner", "owner"
        TEAM = "team", "team"
        ALL = "all", "all"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.OWNER)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team__isnull=True)),
                name="saved_view_team_of_its_audience",
            ),
            models.UniqueConstraint(
                "owner", Lower("name"), condition=Q(removed_at__isnull=True), name="saved_view_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
