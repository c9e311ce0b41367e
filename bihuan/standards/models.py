"""Published editions: what was said, by whom, from when. The database refuses to change any of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bihuan.standards.editions import parse_edition
from bihuan.standards.rules import edition as values
from bihuan.standards.rules.edition import AppliesTo


class EditionQuerySet(models.QuerySet["Edition"]):
    """Sentences about editions."""

    def standing(self) -> EditionQuerySet:
        """Those nobody withdrew."""
        return self.filter(withdrawal__isnull=True)

    def in_force_on(self, day: date) -> EditionQuerySet:
        """Those that took effect by then, were not yet withdrawn, and whose successor was not yet in effect."""
        replaced = Edition.objects.filter(effective_from__lte=day, supersedes__isnull=False)
        replaced = replaced.exclude(withdrawal__effective_on__lte=day)
        return (
            self.filter(effective_from__lte=day)
            .exclude(withdrawal__effective_on__lte=day)
            .exclude(pk__in=replaced.values("supersedes"))
        )

    def for_everybody(self) -> EditionQuerySet:
        """Those for the whole department. One for a part of it can be judged by, but holds on no day (decision 0021)."""
        return self.filter(business_lines=[], teams=[], channels=[])


class Edition(models.Model):
    """A published edition, for ever as it was published."""

    slug = models.SlugField(max_length=80)
    version = models.CharField(max_length=40)
    hash = models.CharField(max_length=64, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text = models.TextField()
    effective_from = models.DateField()
    business_lines = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    teams = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    author = models.CharField(max_length=150)
    approver = models.CharField(max_length=150)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    published_at = models.DateTimeField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-effective_from", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "version"], name="standards_edition_version"),
            models.CheckConstraint(condition=models.Q(hash__regex=r"^[0-9a-f]{64}$"), name="standards_edition_hash"),
            models.CheckConstraint(
                condition=~models.Q(author=models.F("approver")), name="standards_edition_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    @property
    def applies_to(self) -> AppliesTo:
        return AppliesTo(tuple(self.business_lines), tuple(self.teams), tuple(self.channels))

    def content(self) -> values.Edition:
        """What the edition says."""
        return _content(self.text)


class Withdrawal(models.Model):
    """An edition taken back: by whom, from when and why."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="withdrawal")
    effective_on = models.DateField()
    reason = models.TextField()
    withdrawn_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.edition} until {self.effective_on}"


@lru_cache(maxsize=32)
def _content(text: str) -> values.Edition:
    return parse_edition(text)
