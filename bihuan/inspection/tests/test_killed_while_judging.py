"""A worker killed at any step of writing verdicts: the job started again ends as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bihuan.inspection.actions import request_judging
from bihuan.inspection.judging import is_judged
from bihuan.inspection.models import JudgingRun
from bihuan.inspection.tasks import judge_run
from bihuan.inspection.tests.test_judging import FIRST, LAST, SYSTEM, filled, verdicts
from bihuan.journal.models import Entry
from bihuan.standards.editions import load_edition

KILLED = """
import os, sys, django
django.setup()
from django.conf import settings
from bihuan.archive.store import Archive
from bihuan.inspection.tasks import judge_run

settings.ARCHIVE_ROOT, settings.TIME_ZONE = os.environ["TEST_ARCHIVE"], "Asia/Shanghai"
step, run = sys.argv[1:]
kept, moved, advanced = Archive.keep_file, Archive._replace, Archive.advance
days = 0

def die(when):
    if when == step and days == 2:
        os.kill(os.getpid(), 9)

def keep_file(*args, **named):
    global days
    days += 1
    die("file is moved")
    found = kept(*args, **named)
    die("file is there")
    return found

def replace(self, target, text):
    if target.name == "HEAD":
        die("manifest is there")
    moved(self, target, text)

def advance(self, change):
    found = advanced(self, change)
    die("day is kept")
    return found

Archive.keep_file, Archive._replace, Archive.advance = keep_file, replace, advance
judge_run(run_id=run)
"""


def killed(root: Path, run: JudgingRun, step: str) -> int:
    """Runs the job in a process of its own that dies by signal 9 at this step of the second day."""
    values = connection.settings_dict
    url = f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "TEST_ARCHIVE": str(root),
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
    }
    command = [sys.executable, "-c", KILLED, step, str(run.pk)]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "judged"),
    [("file is moved", 1), ("file is there", 1), ("manifest is there", 1), ("day is kept", 2)],
)
def test_no_verdict_is_lost_or_doubled_when_the_worker_is_killed(
    tmp_path: Path, settings, step: str, judged: int
) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path / "killed", "Asia/Shanghai"
    world, whole, edition = filled(tmp_path / "killed"), filled(tmp_path / "whole"), load_edition("recommended")
    run = request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST)
    assert killed(tmp_path / "killed", run, step) == -9
    days = [day for day in run.days if is_judged(world.archive.head(), edition, day)]
    assert len(days) == judged
    assert not JudgingRun.objects.get(pk=run.pk).is_finished

    judge_run(run_id=str(run.pk))
    done = JudgingRun.objects.get(pk=run.pk)
    assert (done.is_finished, done.days_done) == (True, 3)
    settings.ARCHIVE_ROOT = tmp_path / "whole"
    judge_run(run_id=str(request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST).pk))
    rows = verdicts(world, edition)
    assert len(rows) == len({row[:2] for row in rows}) == 3 * len(edition.checks)
    assert rows == verdicts(whole, edition)
    assert Entry.objects.filter(verb="judging.finished", subject=f"judging_run:{run.pk}").count() == 1
