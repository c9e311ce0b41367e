"""What people answered about a contact, and what became of it: draft, submitted, released, acknowledged."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf

from bihuan.inspection.models.sampling import Assignment
from bihuan.kit.ids import new_id
from bihuan.people.models import Person
from bihuan.people.models.rights import rights_of
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.tree import ScoreNode


def moments_in_one_place() -> Q:
    """A key moment is a message or an event, never both."""
    first = Q(first_response__isnull=True) | Q(first_response_event__isnull=True)
    return first & (Q(resolution__isnull=True) | Q(resolution_event__isnull=True))


def in_one_place() -> Q:
    """A comment stands on a stretch of a message, or on an event, which has no extent."""
    in_words = Q(message__isnull=False, event__isnull=True, end__gt=models.F("start"))
    return in_words | Q(message__isnull=True, event__isnull=False, start=0, end=0)


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Evaluations read like sentences: `Evaluation.objects.visible_to(user).released()`."""

    def visible_to(self, user: Any) -> EvaluationQuerySet:
        """Inspectors see what is submitted and their own drafts; others what is released about those they may see."""
        rights = rights_of(user)
        if rights.person is None:
            return self.none()
        if rights.may(Permission.EVALUATE):
            return self.filter(Q(submitted_at__isnull=False) | Q(evaluator=rights.person))
        scope = scope_of(user, sight=Sight.FIGURES)
        seen = self.filter(released_at__isnull=False)
        if scope.everything:
            return seen
        return seen.filter(Q(assignment__person__in=scope.persons) | Q(assignment__team__in=scope.teams))

    def drafts(self) -> EvaluationQuerySet:
        return self.filter(submitted_at__isnull=True)

    def begun_by(self, person: Person) -> EvaluationQuerySet:
        """Drafts of this person: nobody goes on with what another began."""
        return self.drafts().filter(evaluator=person)

    def submitted(self) -> EvaluationQuerySet:
        return self.filter(submitted_at__isnull=False)

    def released(self) -> EvaluationQuerySet:
        return self.filter(released_at__isnull=False)

    def waiting_for_release(self) -> EvaluationQuerySet:
        return self.submitted().filter(released_at__isnull=True)

    def in_force(self, until: datetime | None = None) -> EvaluationQuerySet:
        """The newest released version of each contact's evaluation: the one that counts, or that did at a moment.

        Released versions never change, so what counted at a moment can always be found again.
        """
        later = Evaluation.objects.released().filter(assignment=OuterRef("assignment"), version__gt=OuterRef("version"))
        released = self.released()
        if until is not None:
            released, later = (rows.filter(released_at__lte=until) for rows in (released, later))
        return released.filter(~Exists(later))

    def of_random_sample(self) -> EvaluationQuerySet:
        """Drawn at random with a known probability and answered before the machine's answer could be seen.

        A version by which the group decided keeps the word of the first one, so that a disagreement it settled stays in.
        """
        return self.filter(assignment__kind=Assignment.Kind.RANDOM, assignment__inclusion_ppm__gt=0, blind=True)

    def between(self, first: date, last: date) -> EvaluationQuerySet:
        return self.filter(assignment__day__gte=first, assignment__day__lte=last)


class Evaluation(models.Model):
    """One version of people's judgement of a drawn contact.

    A draft may be changed by whoever holds the assignment; once released no version is ever changed, and a
    re-evaluation adds the next one with its `reason`. `tree` is the `ScoreNode` of `standards.rules.scoring`.
    Key moments are the sequence of a message, or of an event where a call has no words.
    `laid_aside` are staff numbers of who had begun before and handed the conversation on: their answers are gone, but
    they have seen the machine's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="evaluations")
    version = models.PositiveIntegerField(default=1)
    edition_ref = models.TextField()
    edition_hash = models.CharField(max_length=64)
    evaluator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evaluations")
    laid_aside = models.JSONField(default=list)
    blind = models.BooleanField()
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    active_seconds = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    first_response = models.PositiveIntegerField(null=True)
    first_response_event = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    resolution_event = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    total = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    unfailed = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    coverage = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    fatal = models.BooleanField(default=False)
    tree = models.JSONField(null=True)

    objects = EvaluationQuerySet.as_manager()
    agent_name = ""  # lists put the evaluated person's name here, one query for all rows
    opens = True  # and here whether the reader may open it

    class Meta:
        ordering = ("assignment", "version")
        constraints = (
            models.UniqueConstraint(fields=("assignment", "version"), name="evaluation_version_once"),
            models.UniqueConstraint(
                fields=("assignment",), condition=Q(submitted_at__isnull=True), name="evaluation_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(submitted_at__isnull=False), name="evaluation_released_after"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(tree__isnull=False), name="evaluation_scored"
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="evaluation_change_has_reason"),
            models.CheckConstraint(condition=moments_in_one_place(), name="evaluation_moments_in_one_place"),
        )
        indexes = (models.Index(fields=("released_at",), name="evaluation_released"),)

    def __str__(self) -> str:
        return f"{self.assignment_id} v{self.version}"

    @property
    def state(self) -> str:
        """draft, submitted or released; `acknowledged` once the agent has answered."""
        if self.submitted_at is None:
            return "draft"
        if self.released_at is None:
            return "submitted"
        return "acknowledged" if hasattr(self, "acknowledgement") else "released"

    @property
    def score(self) -> ScoreNode | None:
        return ScoreNode.from_json(self.tree) if self.tree else None


class Answer(models.Model):
    """The answer to one item. `given_by` says whether a person answered or the record's own times did.

    `machine` is what the machine had answered, kept when the person's answer was saved; neither changes the other.
    `first_verdict` is what the person said before that answer was shown to them; empty where nobody was asked blind.
    """

    class Giver(models.TextChoices):
        PERSON = "person", "person"
        RECORD = "record", "record"

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=80)
    verdict = models.CharField(max_length=16)
    first_verdict = models.CharField(max_length=16, blank=True, default="")
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    given_by = models.CharField(max_length=10, choices=Giver.choices, default=Giver.PERSON)
    machine = models.CharField(max_length=16, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("evaluation", "item")
        constraints = (models.UniqueConstraint(fields=("evaluation", "item"), name="answer_once_per_item"),)

    def __str__(self) -> str:
        return f"{self.item}: {self.verdict}"

    @property
    def said_blind(self) -> str:
        """The same word as the expression below, of an answer at hand."""
        return self.first_verdict or self.verdict


def said_blind() -> Coalesce:
    """The word that nobody's answer has led: what estimates of the machine's accuracy rest on."""
    return Coalesce(NullIf("first_verdict", Value("")), "verdict")


class Comment(models.Model):
    """Words of the evaluator on a stretch of a message, code points [start, end) of the stored original, or on an event."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="comments")
    message = models.PositiveIntegerField(null=True)
    event = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("message", "start", "pk")
        constraints = (models.CheckConstraint(condition=in_one_place(), name="comment_in_one_place"),)

    def __str__(self) -> str:
        return f"event {self.event}" if self.message is None else f"#{self.message} [{self.start}, {self.end})"


class Acknowledgement(models.Model):
    """The evaluated person has read a released evaluation, with their reply if they wrote one.

    One who `objects_to` it asks the group to look again; unlike an appeal, against no answer in particular.
    """

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="acknowledgement")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reply = models.TextField(blank=True)
    objects_to = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(objects_to=False) | ~Q(reply=""), name="acknowledgement_objects_in_words"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.acknowledged_at:%Y-%m-%d}"


class Telling(models.Model):
    """A released evaluation that the service record has not been told of yet."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="telling")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.evaluation_id)
