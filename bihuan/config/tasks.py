"""What the worker does for itself: jobs left behind by a killed worker are taken up again."""

from __future__ import annotations

from procrastinate import utils
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

# a worker beats every ten seconds; after three missed beats it is taken for dead
SILENT_SECONDS = 30.0
EVERY = "* * * * * */20"  # the sixth field counts seconds


@app.periodic(cron=EVERY, periodic_id="house")
@app.task(name="house.retry_stalled_jobs", queueing_lock="house.retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> int:
    """Put jobs of dead workers back into their queue; returns how many. Every job may run again from its start."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    return sum([await _taken_up(job) for job in stalled])


async def _taken_up(job: Job) -> bool:
    """Queue a job again. Where its like waits already (a queueing lock says so), the dead one only ends."""
    try:
        await app.job_manager.retry_job(job, retry_at=utils.utcnow())
    except UniqueViolation:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return False
    return True
