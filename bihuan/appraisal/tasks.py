"""Background work of appraisal."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from bihuan.appraisal.computing import carry_out
from bihuan.appraisal.models import Computation


@app.task(queue="appraisal", lock="appraisal", retry=3)
def compute(computation_id: str) -> None:
    """Carry out a computation; safe to start again after a kill."""
    carry_out(Computation.objects.get(pk=computation_id))


def hand_over(computation: Computation) -> None:
    """Queue a computation that nobody has finished; what waits in the queue already is not queued twice."""
    if computation.is_finished:
        return
    waiting = compute.configure(queueing_lock=f"computation:{computation.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        waiting.defer(computation_id=str(computation.pk))
