"""The worker's clockwork ticks as often as it says: a cron with six fields counts seconds in the last one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import django; django.setup()
import datetime
from procrastinate.contrib.django import app
app.perform_import_paths()
for (name, _), task in sorted(app.periodic_registry.periodic_tasks.items()):
    times = [task.croniter.get_next(float, start_time=0.0)]
    times.append(task.croniter.get_next(float, start_time=times[0]))
    print(name, times[1] - times[0])
"""


@pytest.fixture(scope="module")
def seconds_between() -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "BIHUAN_WORKER": "1", "DJANGO_SETTINGS_MODULE": "bihuan.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: float(seconds) for name, seconds in (line.split() for line in answer.stdout.splitlines())}


def test_the_journal_is_sealed_every_five_seconds(seconds_between: dict[str, float]) -> None:
    assert seconds_between["journal.seal"] == 5


def test_jobs_of_a_killed_worker_are_looked_for_every_twenty_seconds(seconds_between: dict[str, float]) -> None:
    assert seconds_between["house.retry_stalled_jobs"] == 20
