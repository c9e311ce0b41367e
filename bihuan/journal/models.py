"""What happened: entries nobody can change, and the seals that chain them."""

from __future__ import annotations

from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads of the journal; newest first is the order of every page."""

    def newest_first(self) -> EntryQuerySet:
        return self.order_by("-id")

    def of_verb(self, prefix: str) -> EntryQuerySet:
        """Entries of one verb (`case.closed`) or of one part (`case`)."""
        return self.filter(verb__startswith=prefix)

    def older_than(self, entry_id: int) -> EntryQuerySet:
        return self.filter(id__lt=entry_id)


class Entry(models.Model):
    """One business act, written in the transaction of the act itself. The database refuses UPDATE and DELETE."""

    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    day = models.DateField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["verb", "-id"], name="journal_entry_verb"),
            models.Index(fields=["subject", "-id"], name="journal_entry_subject"),
            models.Index(fields=["actor", "-id"], name="journal_entry_actor"),
            models.Index(fields=["day", "-id"], name="journal_entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.subject}"


class Unsealed(models.Model):
    """Committed entries the sealer has not chained yet. Filled by a trigger, emptied by the sealer alone.

    Sequence numbers of open transactions leave gaps that fill later, so "everything above the last sealed id" would
    skip late commits; a row here appears exactly when its entry does.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="waiting")

    def __str__(self) -> str:
        return str(self.entry_id)


class Seal(models.Model):
    """A link of the chain: `number` counts from 1 without gaps, `digest` covers the entry and the digest before it."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_on = models.DateField(db_index=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class ReactionCursor(models.Model):
    """How far a reaction has followed the chain: the `number` of the last seal it has answered or passed by, and how many
    `tries` at its next entry failed, which is not tried again before `again_at`."""

    name = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
