"""Results of a month: never changed, only joined by newer ones."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bihuan.appeals.models import Appeal
from bihuan.kit.ids import new_id
from bihuan.people.models import Person


class KeptEdition(models.Model):
    """The text of an edition that results rest on, so that they can be explained when its file has changed."""

    hash = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.hash


class ResultSet(models.Model):
    """All results of one month under one edition, and everything needed to make them again.

    `content` is the hash of all results and of the engine: the same record (`manifest`), edition and engine give the
    same content, and then no second set is kept. `provisional` names the checks that entered the scores without counting
    yet (None: kept before anybody asked); while there are any, the results are for information and decide nobody's pay.
    `by_edition_in_use`: the edition held for the month when it was computed; other sets are comparisons and never what the
    month shows unasked. `lent` are the numbers another edition lent where this one is silent, by place. `scope` is the
    part of the department the edition is for, and how many contacts of the month are of it; empty for the whole.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField()
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    edition_title = models.JSONField(default=dict)
    manifest = models.CharField(max_length=64)
    engine = models.TextField()
    content = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    provisional = models.JSONField(null=True)
    by_edition_in_use = models.BooleanField(default=True)
    lent = models.JSONField(default=dict)
    scope = models.JSONField(default=dict)

    class Meta:
        ordering = ("-month", "-sequence")
        constraints = (
            models.UniqueConstraint(fields=("month", "edition_hash", "manifest", "content"), name="result_set_once"),
            models.UniqueConstraint(fields=("month", "sequence"), name="result_set_in_sequence"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} #{self.sequence}"

    @property
    def is_provisional(self) -> bool:
        return self.provisional is None or bool(self.provisional)


class ResultQuerySet(models.QuerySet["Result"]):
    """Results read like sentences: `Result.objects.of(month_set).by_scheme("…").in_order()`."""

    def of(self, result_set: ResultSet) -> ResultQuerySet:
        return self.filter(set=result_set)

    def by_scheme(self, scheme: str) -> ResultQuerySet:
        return self.filter(scheme=scheme)

    def in_order(self) -> ResultQuerySet:
        """Ranked ones first, by rank; then those without a rank, by name of their number."""
        return self.order_by(models.F("rank").asc(nulls_last=True), "person")

    def within(self, *, everything: bool, persons: frozenset[str], teams: frozenset[str]) -> ResultQuerySet:
        """Those a right to see admits (`archive.scope.Scope`)."""
        if everything:
            return self
        return self.filter(models.Q(person__in=persons) | models.Q(team__in=teams))


class Result(models.Model):
    """One person's total under one scheme. `tree` is the `ScoreNode` it opens to.

    `days` are the sums behind the daily scores: [ISO day, contacts judged, scored, score_milli, coverage_milli, fatal].
    `quality` holds what people's sample, the machine, and both together say of the month (`appraisal.quality`).
    `period` is the scorecard's own score of the month, its fourth dimension joined (X6), as a `ScoreNode`; empty where the
    scorecard has no such dimension or nothing was scored. `scope` says how much of what the person served is of the
    edition's part (`appraisal.scoping`); empty for the whole department.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    set = models.ForeignKey(ResultSet, on_delete=models.PROTECT, related_name="results")
    scheme = models.CharField(max_length=80)
    person = models.CharField(max_length=64)
    name = models.TextField()
    team = models.CharField(max_length=64, blank=True)
    total = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    low = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    high = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    coverage = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    contacts = models.PositiveIntegerField()
    fatal_contacts = models.PositiveIntegerField()
    rank = models.PositiveIntegerField(null=True)
    rank_best = models.PositiveIntegerField(null=True)
    rank_worst = models.PositiveIntegerField(null=True)
    standing = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, blank=True)
    tree = models.JSONField()
    days = models.JSONField(default=list)
    quality = models.JSONField(default=dict)
    period = models.JSONField(default=dict)
    scope = models.JSONField(default=dict)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ("set", "scheme", "rank", "person")
        constraints = (models.UniqueConstraint(fields=("set", "scheme", "person"), name="result_once_per_scheme"),)
        indexes = (models.Index(fields=("person", "scheme"), name="result_of_person"),)

    def __str__(self) -> str:
        return f"{self.person} {self.scheme} {self.total}"


class Computation(models.Model):
    """One request to compute a month in the background: its results, or (`against_hash`) a replay that keeps none.

    A row is the request and how far it came; `result_set` or `moves` is what came out, `refusal` why nothing did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField()
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    against_ref = models.TextField(blank=True)
    against_hash = models.CharField(max_length=64, blank=True)
    scheme = models.CharField(max_length=80, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=16, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=64, blank=True)
    result_set = models.ForeignKey(ResultSet, null=True, on_delete=models.PROTECT, related_name="+")
    moves = models.JSONField(null=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ("-requested_at",)
        indexes = (models.Index(fields=("month", "-requested_at"), name="computation_of_month"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.edition_ref}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class NotedAppeal(models.Model):
    """What was decided about somebody's result, beside the `result` that stood then. Never changed, one row an appeal.

    Where an input did not hold (`is_upheld`), `computation` computed the month again: it makes a new version where the
    record or what people decided has changed since. `subject` names month, scheme and person, whatever version.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="noted_appeals")
    is_upheld = models.BooleanField()
    computation = models.ForeignKey(Computation, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("noted_at",)
        indexes = (models.Index(fields=("subject",), name="noted_appeal_subject"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.appeal_id}"


class CutReason(models.Model):
    """Why somebody whom the score cannot place is among the best of the month or not (X16, X17). Never changed: who thinks
    again writes another, and the newest holds.

    It is about the figures of `result`; `subject` names month, scheme and person, whatever version.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=200)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="cut_reasons")
    is_in = models.BooleanField()
    reason = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "pk")
        indexes = (models.Index(fields=("subject",), name="cut_reason_subject"),)
        constraints = (models.CheckConstraint(condition=~models.Q(reason=""), name="cut_reason_said"),)

    def __str__(self) -> str:
        return f"{self.subject} {'in' if self.is_in else 'out'}"
