"""Jobs of a killed worker: taken up again, and never in the way of their like that waits already."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.config.tasks import retry_stalled_jobs
from bihuan.inspection.tasks import judge_run
from bihuan.journal.tasks import seal_journal

DEAD_WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"


def _left_behind(job_id: int) -> None:
    """Make a job look as a worker killed an hour ago left it."""
    with connection.cursor() as cursor:
        cursor.execute(DEAD_WORKER)
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job_id])


def _retried() -> int:
    """In a thread of its own: a browser of an earlier test may keep a loop running in this one."""

    def run() -> int:
        try:
            return asyncio.run(retry_stalled_jobs(0))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_a_job_left_behind_is_queued_again() -> None:
    job = judge_run.defer(run_id="any")
    _left_behind(job)
    assert _retried() == 1
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"


@pytest.mark.django_db(transaction=True)
def test_a_job_left_behind_ends_where_its_like_waits_already_and_holds_up_no_other() -> None:
    dead = seal_journal.defer(timestamp=0)
    _left_behind(dead)
    waiting = seal_journal.defer(timestamp=1)
    other = judge_run.defer(run_id="any")
    _left_behind(other)
    assert _retried() == 1
    mine = ProcrastinateJob.objects.filter(pk__in=[dead, waiting, other])
    states = dict(mine.values_list("pk", "status"))
    assert states == {dead: "failed", waiting: "todo", other: "todo"}
