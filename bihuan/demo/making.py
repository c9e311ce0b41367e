"""Makes days of the demo department on all cores. Knows no database, so that processes start quickly."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.demo.bank import load_bank
from bihuan.demo.cast import make_cast
from bihuan.demo.life import live, shifts
from bihuan.demo.plan import Rules
from bihuan.demo.platform_reviews import platform_reviews
from bihuan.kit.processes import die_with_parent
from bihuan.people.naming import OWN_SOURCE


@dataclass(frozen=True)
class _Job:
    day: date
    rules: Rules
    end: date
    zone: str
    asides: bool


def make_days(
    days: Sequence[date], rules: Rules, end: date, zone: ZoneInfo, *, asides: bool = False
) -> Iterator[tuple[date, dict[str, pa.Table]]]:
    """Each day with its tables, in the order given; `end` dates the people's joining."""
    jobs = [_Job(day, rules, end, str(zone), asides) for day in days]
    workers = max(1, min(len(jobs), os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=die_with_parent) as pool:
        with _deaf_to_ctrl_c():
            made = pool.map(_tables, jobs)  # starts the processes
        yield from zip(days, made, strict=True)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C: a terminal sends it to all, and whoever started them ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _tables(job: _Job) -> dict[str, pa.Table]:
    cast, zone = make_cast(job.rules.agents, job.rules.seed, job.end), ZoneInfo(job.zone)
    made = live(job.day, cast, job.rules, load_bank(), zone, asides=job.asides)
    seed = job.rules.seed
    reviews = platform_reviews(job.day, made.tables["contacts"], OWN_SOURCE, seed, zone)
    return made.tables | {"shifts": shifts(job.day, cast, zone, seed), "platform_reviews": reviews}
