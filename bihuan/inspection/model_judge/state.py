"""What the page and the command tell about the model judge: on or off, budget, queue, failures, days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from bihuan.inspection.model_judge.endpoint import Endpoint, WrongSetting, read_endpoint
from bihuan.inspection.model_judge.talks import questions_asked
from bihuan.inspection.models import ModelDay, ModelFault, ModelSpending
from bihuan.standards.checks.authored.asking import Asked
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition

FAULTS_SHOWN: Final = timedelta(days=7)
DAYS_SHOWN: Final = 31


@dataclass(frozen=True)
class JudgeState:
    """`endpoint` None: the judge is off, or (`wrong`) its settings cannot be used. `asked` are the edition's questions."""

    endpoint: Endpoint | None
    wrong: WrongSetting | None
    edition: Edition
    asked: Sequence[Asked]
    requests: int
    tokens: int
    days: Sequence[ModelDay]
    faults: Sequence[ModelFault]

    @property
    def open(self) -> int:
        """Questions of the days that wait for an answer."""
        return sum(row.open for row in self.days)

    @property
    def is_spent(self) -> bool:
        """Whether today's budget is used up."""
        if self.endpoint is None:
            return False
        limits = ((self.requests, self.endpoint.requests), (self.tokens, self.endpoint.tokens))
        return any(limit is not None and used >= limit for used, limit in limits)

    def answered_by(self, one: Asked) -> bool:
        """Whether the model of this installation may answer the question."""
        return self.endpoint is not None and one.model in ("", self.endpoint.model)


def judge_state(at: datetime) -> JudgeState:
    """The state at a moment, under the edition in use."""
    today = timezone.localdate(at)
    edition = edition_in_use(today)
    endpoint, wrong = _endpoint()
    spent = ModelSpending.objects.filter(day=today).first()
    days = ModelDay.objects.filter(edition_hash=edition.hash)[:DAYS_SHOWN]
    faults = ModelFault.objects.filter(day__gte=today - FAULTS_SHOWN, count__gt=0)
    return JudgeState(
        endpoint, wrong, edition, questions_asked(edition), spent.requests if spent else 0, spent.tokens if spent else 0,
        list(days), list(faults),
    )  # fmt: skip


def _endpoint() -> tuple[Endpoint | None, WrongSetting | None]:
    try:
        return read_endpoint(), None
    except WrongSetting as error:
        return None, error


def told(state: JudgeState) -> dict[str, Any]:
    """The state as JSON-like values, without the key."""
    found = state.endpoint
    return {
        "on": found is not None,
        "wrong": str(state.wrong) if state.wrong else None,
        "service": found and found.place,
        "model": found and found.model,
        "edition": {"id": state.edition.id, "version": state.edition.version, "hash": state.edition.hash},
        "questions": [{"item": one.item, "answered_here": state.answered_by(one)} for one in state.asked],
        "budget": {
            "requests": {"used": state.requests, "limit": found and found.requests},
            "tokens": {"used": state.tokens, "limit": found and found.tokens},
            "spent": state.is_spent,
        },
        "open": state.open,
        "days": [
            {
                "day": str(row.day) if row.day else None, "questions": row.questions, "answered": row.answered,
                "model": row.model, "prompt_version": row.prompt_version,
            }
            for row in state.days
        ],
        "failures": [
            {"day": str(row.day), "kind": row.code, "count": row.count, "last": row.detail, "at": row.last_at.isoformat()}
            for row in state.faults
        ],
    }  # fmt: skip
