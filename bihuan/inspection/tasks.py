"""Background work of inspection."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from bihuan.inspection.actions import carry_out_judging, draw_due_days, gather_reviews
from bihuan.inspection.actions.fairness import carry_out_fairness
from bihuan.inspection.actions.model_judging import ask_due_days
from bihuan.inspection.actions.reviewing import last_week
from bihuan.inspection.actions.scaling import raise_scale_alarms
from bihuan.inspection.actions.trusting import tend_trust
from bihuan.inspection.facts import tell_record
from bihuan.inspection.models import FairnessRun, JudgingRun
from bihuan.kit.clock import now

CLOCK = "system:clock"


@app.task(queue="judging", lock="judging", retry=3)
def judge_run(run_id: str) -> None:
    """Carry out a judging run; safe to start again after a kill."""
    carry_out_judging(JudgingRun.objects.get(pk=run_id))


@app.periodic(cron="*/30 * * * *", periodic_id="inspection.draw")
@app.task(name="inspection.draw", queue="judging", lock="judging", queueing_lock="inspection.draw", retry=3)
def draw_days(timestamp: int) -> int:
    """Draw the sample of every day that is over and not drawn yet; returns how many days."""
    return len(draw_due_days(CLOCK))


@app.periodic(cron="*/5 * * * *", periodic_id="inspection.tell")
@app.task(name="inspection.tell", queueing_lock="inspection.tell", retry=3)
def tell_released(timestamp: int) -> int:
    """Write released evaluations into the service record; returns how many."""
    return tell_record()


@app.periodic(cron="40 * * * *", periodic_id="inspection.review")
@app.task(name="inspection.review", queueing_lock="inspection.review", retry=3)
def gather_last_week(timestamp: int) -> int:
    """Fill the group's queue with last week's evaluations that deserve a second look; returns how many came in."""
    return len(gather_reviews(CLOCK, week=last_week(timezone.localdate())))


@app.periodic(cron="20 * * * *", periodic_id="inspection.scale")
@app.task(name="inspection.scale", queueing_lock="inspection.scale", retry=3)
def watch_scales(timestamp: int) -> int:
    """Raise alarms about raters whose severity or drift passed the edition's limit; returns how many are new."""
    return len(raise_scale_alarms())


@app.periodic(cron="*/10 * * * *", periodic_id="inspection.model")
@app.task(name="inspection.model", queue="model", lock="model", queueing_lock="inspection.model")
def ask_the_model(timestamp: int) -> int:
    """Put what is open of the newest judged days to the model, if there is one; returns how many requests were made.

    Nothing is tried again by the queue: the next tick goes on where this one stopped."""
    return sum(one.round.requests for one in ask_due_days(CLOCK))


def hand_over_model_round() -> None:
    """Queue a round now; one that waits already is not queued twice."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        asked = app.configure_task("inspection.model", queue="model", lock="model", queueing_lock="inspection.model")
        asked.defer(timestamp=int(now().timestamp()))


@app.periodic(cron="*/15 * * * *", periodic_id="inspection.trust")
@app.task(name="inspection.trust", queue="judging", lock="judging", queueing_lock="inspection.trust", retry=3)
def tend_checks(timestamp: int) -> int:
    """Reckon how far checks are trusted, every night and after each release; returns how many fell by their figures."""
    return len(list(tend_trust(now())))


@app.task(name="inspection.fairness", queue="judging", retry=3)
def try_exchanges(run_id: str) -> None:
    """Carry out a counterfactual run; safe to start again after a kill."""
    carry_out_fairness(FairnessRun.objects.get(pk=run_id))


def hand_over_fairness(run: FairnessRun) -> None:
    """Queue a run that nobody has finished; what waits in the queue already is not queued twice."""
    if not run.is_finished:
        with suppress(AlreadyEnqueued), transaction.atomic():
            try_exchanges.configure(queueing_lock=f"fairness:{run.pk}").defer(run_id=str(run.pk))
