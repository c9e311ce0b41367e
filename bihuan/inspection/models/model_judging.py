"""What the model judge was asked and answered, how far it came with each day, and what it cost."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ModelAnswer(models.Model):
    """The answer to one question about one masked conversation. Never changed, so that nothing is asked twice.

    `key` is the hash of everything the model was shown, of its name and of the prompt's version. `answer` is the code of a
    closed answer, empty where none could be used; `reason` is the verdict's reason; `quotes` are [line, start, end] in code
    points of the stored text. No words of the conversation are kept.
    """

    key = models.CharField(primary_key=True, max_length=64)
    item = models.CharField(max_length=80)
    model = models.CharField(max_length=200)
    told_model = models.CharField(max_length=200, blank=True)  # what the service calls the model that answered
    prompt_version = models.CharField(max_length=20)
    answer = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=100)
    quotes = models.JSONField(default=list)
    tokens = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"


class ModelDay(models.Model):
    """How far the judge came with a day (null: the records without times) under an edition: `answered` of `questions`.

    `verdicts_file` is the hash of the day's verdicts with these answers in them: another file, and they are put in again.
    """

    edition_hash = models.CharField(max_length=64)
    edition_ref = models.TextField()
    day = models.DateField(null=True)
    model = models.CharField(max_length=200)
    prompt_version = models.CharField(max_length=20)
    questions = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    verdicts_file = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        ordering = (F("day").desc(nulls_last=True),)
        constraints = (
            models.UniqueConstraint(fields=("edition_hash", "day"), name="model_day_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(answered__lte=F("questions")), name="model_day_in_bounds"),
        )

    def __str__(self) -> str:
        return f"{self.edition_ref} {self.day or 'undated'}: {self.answered}/{self.questions}"

    @property
    def open(self) -> int:
        return self.questions - self.answered


class ModelSpending(models.Model):
    """What a calendar day cost; requests and tokens are booked before they are spent."""

    day = models.DateField(primary_key=True)
    requests = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.requests} requests, {self.tokens} tokens"


class ModelFault(models.Model):
    """How often a request failed in one way on a calendar day, and what the last one said."""

    day = models.DateField()
    code = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=200, blank=True)
    last_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-last_at")
        constraints = (models.UniqueConstraint(fields=("day", "code"), name="model_fault_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.code}: {self.count}"
