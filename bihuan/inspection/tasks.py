"""Background work of inspection."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.inspection.actions import carry_out_judging
from bihuan.inspection.models import JudgingRun


@app.task(queue="judging", lock="judging", retry=3)
def judge_run(run_id: str) -> None:
    """Carry out a judging run; safe to start again after a kill."""
    carry_out_judging(JudgingRun.objects.get(pk=run_id))
