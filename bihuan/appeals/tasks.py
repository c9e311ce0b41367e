"""The sweeper's clockwork."""

from __future__ import annotations

from typing import Final

from procrastinate.contrib.django import app

from bihuan.appeals.sweeping import sweep
from bihuan.kit.clock import now

EVERY: Final = "*/5 * * * *"  # deadlines are days; a few minutes late is in time


@app.periodic(cron=EVERY, periodic_id="appeals")
@app.task(name="appeals.sweep", queueing_lock="appeals.sweep", pass_context=False)
def sweep_appeals(timestamp: int) -> dict[str, int]:
    """Assign, remind, end and stop what is due."""
    return sweep(at=now())
