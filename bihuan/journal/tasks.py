"""The sealer's clockwork: the worker calls it every few seconds."""

from __future__ import annotations

from typing import Final

from procrastinate.contrib.django import app

from bihuan.journal import actions
from bihuan.journal.reacting import carry_out_reactions

EVERY: Final = "* * * * * */5"  # the sixth field counts seconds


@app.periodic(cron=EVERY, periodic_id="journal")
@app.task(name="journal.seal", queueing_lock="journal.seal", pass_context=False)
def seal_journal(timestamp: int) -> int:
    """Chain what has been committed since the last run; returns how many entries."""
    return actions.seal()


@app.periodic(cron=EVERY, periodic_id="journal.react")
@app.task(name="journal.react", queueing_lock="journal.react", pass_context=False)
def react(timestamp: int) -> int:
    """Let every part answer what was sealed since the last run; returns how many entries were answered."""
    return carry_out_reactions()
