"""The model judge: put an edition's questions about days to the model, and try a question's own examples."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from bihuan.archive.store import open_archive
from bihuan.inspection.model_judge.asking import Round, Timing
from bihuan.inspection.model_judge.days import Judge, due_days
from bihuan.inspection.model_judge.endpoint import Endpoint, WrongSetting, read_endpoint
from bihuan.inspection.model_judge.ledger import Ledger
from bihuan.inspection.model_judge.refusals import ModelJudgeBusy, ModelJudgeOff, NothingAsked
from bihuan.inspection.model_judge.talks import questions_asked
from bihuan.inspection.models import ModelDay
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import Actor, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import choose_edition, edition_in_use
from bihuan.standards.rules.edition import Edition

Progress = Callable[[ModelDay], None]
_TURN: Final = 8 * 60.0  # seconds: the worker's other jobs wait no longer for its place


@dataclass(frozen=True)
class DayTold:
    """How far a day came, and how its round went."""

    day: ModelDay
    round: Round


def ask_model(
    actor: Actor, *, days: Sequence[date | None], edition: str | None = None, progress: Progress | None = None,
    timing: Timing | None = None,
) -> list[DayTold]:  # fmt: skip
    """Ask what is open of judged days, one after the other; ends early where the budget or the service says stop.

    Answers stand in the verdicts of each day before the next begins. Without an edition by the one in use today.
    """
    require(actor, Permission.JUDGE)
    endpoint = read_endpoint()
    if endpoint is None:
        raise ModelJudgeOff
    chosen = choose_edition(edition) if edition else edition_in_use(timezone.localdate())
    if not questions_asked(chosen, endpoint.model):
        raise NothingAsked(edition=f"{chosen.id} {chosen.version}", model=endpoint.model)
    return _asked(
        actor, Judge(open_archive(), chosen, edition or chosen.id, endpoint, timing or Timing()), days, progress
    )


def ask_due_days(actor: Actor, *, timing: Timing | None = None) -> list[DayTold]:
    """What the clock asks by itself, for some minutes: the newest days of the edition in use.

    Nothing where the judge is off, at work, or set up so that it cannot be used (which its page says).
    """
    try:
        endpoint = read_endpoint()
    except WrongSetting:
        return []
    edition = edition_in_use(timezone.localdate())
    if endpoint is None or not questions_asked(edition, endpoint.model):
        return []
    timing = timing or Timing(until=time.monotonic() + _TURN)
    archive = open_archive()
    days = due_days(archive.head(), edition, endpoint, spent=Ledger(endpoint, now).is_spent())
    try:
        return _asked(actor, Judge(archive, edition, edition.id, endpoint, timing), days, None)
    except ModelJudgeBusy:
        return []


def _asked(actor: Actor, judge: Judge, days: Sequence[date | None], progress: Progress | None) -> list[DayTold]:
    told: list[DayTold] = []
    for day in days:
        one = DayTold(*judge.judge_day(day, progress))
        _tell(actor, judge.edition, judge.endpoint, one)
        told.append(one)
        if one.round.stopped:
            break
    return told


@transaction.atomic
def _tell(actor: Actor, edition: Edition, endpoint: Endpoint, one: DayTold) -> None:
    if one.round.requests:
        record(
            actor=actor,
            verb="model_judge.asked",
            subject=f"model_day:{one.day.pk}",
            data={
                "edition": edition.hash, "day": str(one.day.day or ""), "model": endpoint.model,
                "requests": one.round.requests, "answered": one.day.answered, "questions": one.day.questions,
                "stopped": one.round.stopped,
            },
        )  # fmt: skip
