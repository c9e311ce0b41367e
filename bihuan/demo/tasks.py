"""Background work of the demo: the days that were not seeded at the start."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from bihuan.archive.store import open_archive
from bihuan.demo.actions import appraise_seeded, seed_days, world_of
from bihuan.demo.calibrated import calibrate_some
from bihuan.demo.disputes import dispute_some
from bihuan.demo.inspected import inspect_some
from bihuan.demo.standing import missing_days
from bihuan.demo.trusted import review_days, trust_some

DAYS_A_JOB = 7


@app.task(queue="demo", lock="demo", retry=3)
def seed_more_days() -> None:
    """Seed a week of the missing days, then queue the next week; results follow the last one.

    Queued twice, the second finds nothing missing: no queueing lock is needed, and none can be in a killed job's way.
    """
    world = world_of(settings.HOME)
    missing = missing_days(open_archive(), world.all_days)
    seed_days(world, missing[:DAYS_A_JOB], _quiet)
    if len(missing) > DAYS_A_JOB:
        seed_more_days.defer()
    else:
        seed_days(world, world.all_days, _quiet)  # a day that a kill left without verdicts is caught up with
        review_days(world)
        inspect_some(world)
        calibrate_some(world)
        trust_some(world)
        appraise_seeded(world, _quiet)
        dispute_some(world)


@app.task(queue="demo", lock="demo", retry=3)
def catch_up() -> None:
    """Derive and judge anew what a kill left behind or a newer engine would tell otherwise; what is current costs little."""
    world = world_of(settings.HOME)
    missing = set(missing_days(open_archive(), world.all_days))
    seed_days(world, [day for day in world.all_days if day not in missing], _quiet)


def _quiet(_what: str, _at: int, _of: int) -> None:
    """A worker's progress is what the record already holds."""
