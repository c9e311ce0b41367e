"""Background work of appraisal."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.appraisal.computing import carry_out
from bihuan.appraisal.models import Computation


@app.task(queue="appraisal", lock="appraisal", retry=3)
def compute(computation_id: str) -> None:
    """Carry out a computation; safe to start again after a kill."""
    carry_out(Computation.objects.get(pk=computation_id))
