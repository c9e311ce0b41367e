"""What is kept of the model judge: answers for ever, the budget of the day, failures by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from bihuan.inspection.model_judge.client import Failure, Reply
from bihuan.inspection.model_judge.endpoint import Endpoint
from bihuan.inspection.models import ModelAnswer, ModelFault, ModelSpending
from bihuan.inspection.rules.model_judging import PROMPT_VERSION, Finding, Question

_AT_ONCE = 5_000


@dataclass(frozen=True)
class Booking:
    """What was set aside for one request, and on which day."""

    day: date
    tokens: int


@dataclass(frozen=True)
class Ledger:
    """The books of one endpoint. `at` tells the time."""

    endpoint: Endpoint
    at: Callable[[], datetime]

    @property
    def today(self) -> date:
        return timezone.localdate(self.at())

    def known(self, keys: Iterable[str]) -> dict[str, Finding]:
        """The answers that are there, by key."""
        wanted, found = list(dict.fromkeys(keys)), dict[str, Finding]()
        for start in range(0, len(wanted), _AT_ONCE):
            rows = ModelAnswer.objects.filter(key__in=wanted[start : start + _AT_ONCE])
            for key, answer, reason, quotes in rows.values_list("key", "answer", "reason", "quotes"):
                found[key] = Finding(answer, reason, tuple((at, first, last) for at, first, last in quotes))
        return found

    def is_spent(self) -> bool:
        """Whether today's budget holds no further request at all."""
        row = ModelSpending.objects.filter(day=self.today).first()
        requests, tokens = (row.requests, row.tokens) if row else (0, 0)
        limits = ((requests, self.endpoint.requests), (tokens, self.endpoint.tokens))
        return any(limit is not None and used >= limit for used, limit in limits)

    @transaction.atomic
    def book(self, question: Question) -> Booking | None:
        """Set aside what the request may cost; None where today's budget does not hold it."""
        day, most = self.today, question.most_tokens
        ModelSpending.objects.get_or_create(day=day)
        free = ModelSpending.objects.filter(day=day)
        if self.endpoint.requests is not None:
            free = free.filter(requests__lt=self.endpoint.requests)
        if self.endpoint.tokens is not None:
            free = free.filter(tokens__lte=self.endpoint.tokens - most)
        booked = free.update(requests=F("requests") + 1, tokens=F("tokens") + most)
        return Booking(day, most) if booked else None

    def settle(self, booking: Booking, told: int | None) -> None:
        """Book what the service says it cost in place of what was set aside; where it says nothing, that stays."""
        if told is not None:
            used = Greatest(F("tokens") + (told - booking.tokens), Value(0))
            ModelSpending.objects.filter(day=booking.day).update(tokens=used)

    def keep(self, question: Question, finding: Finding, reply: Reply | None = None) -> None:
        """Write down an answer; where somebody else was quicker, theirs stays."""
        answer = ModelAnswer(
            key=question.key,
            item=question.asked.item,
            model=question.model,
            told_model=reply.model if reply else "",
            prompt_version=PROMPT_VERSION,
            answer=finding.code,
            reason=finding.reason,
            quotes=[list(quote) for quote in finding.quotes],
            tokens=(reply.tokens or 0) if reply else 0,
            answered_at=self.at(),
        )
        ModelAnswer.objects.bulk_create([answer], ignore_conflicts=True)

    @transaction.atomic
    def failed(self, failure: Failure) -> None:
        """Count a failed request."""
        row, _ = ModelFault.objects.get_or_create(
            day=self.today, code=failure.fault.value, defaults={"last_at": self.at()}
        )
        ModelFault.objects.filter(pk=row.pk).update(
            count=F("count") + 1, detail=failure.detail[:200], last_at=self.at()
        )
