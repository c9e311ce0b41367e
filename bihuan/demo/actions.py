"""Fills an installation with the demo department: people, days of life, verdicts, results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.inputs import last_day
from bihuan.archive.rollup import refresh
from bihuan.archive.store import Archive, open_archive
from bihuan.archive.writer import append, write_staff
from bihuan.demo.cast import Cast, make_cast
from bihuan.demo.making import make_days
from bihuan.demo.people import ACTOR, hire_cast, show_accounts
from bihuan.demo.standing import missing_days
from bihuan.demo.world import World, keep_world, load_world
from bihuan.inspection.actions import carry_out_judging, request_judging
from bihuan.inspection.judging import ensure_judged
from bihuan.kit.clock import day_bounds, now, to_us
from bihuan.kit.errors import Refusal
from bihuan.people.facts import staff_table
from bihuan.standards.actions import publish_edition
from bihuan.standards.choosing import choose_edition
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.models import Edition

EDITION = "recommended"
IMPORT_ID = "demo"
CHUNK_DAYS = 7

Progress = Callable[[str, int, int], None]


class NoDemo(Refusal):
    message = "There is no demo department here. Start it with: bihuan up --demo"


def make_world(home: Path, *, days: int, agents: int, scale: float, progress: Progress) -> World:
    """The installation's world, hired on first use. Its last day is yesterday, so that every day is whole."""
    known = load_world(home)
    if known:
        return known
    world = World(end=now().astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1), days=days)
    world = replace(world, agents=agents, scale=scale)
    cast = cast_of(world)
    publish_standard(world.all_days[-1])
    hire_cast(cast, until=world.end, progress=lambda at, of: progress("people hired", at, of))
    world = replace(world, accounts=show_accounts(cast))
    keep_world(home, world)
    return world


def seed_days(world: World, days: Sequence[date], progress: Progress) -> int:
    """Live the days that the record does not hold yet, judge them; returns how many were new.

    May be killed and called again at any point: a day enters the record whole, once.
    """
    archive = open_archive()
    write_staff(archive, staff_table())
    missing = missing_days(archive, days)
    for start in range(0, len(missing), CHUNK_DAYS):
        _seed_chunk(archive, world, missing[start : start + CHUNK_DAYS], partial(_told, progress, start, len(missing)))
    _catch_up(archive, days)
    return len(missing)


def publish_standard(effective_from: date) -> None:
    """The demo's standard in force, published like any other, so that its results outlive the next shipped text."""
    edition = load_edition(EDITION)
    if not Edition.objects.filter(slug=edition.id, version=edition.version).exists():
        text = (LIBRARY / f"{EDITION}.yaml").read_text(encoding="utf-8")
        publish_edition(ACTOR, text=text, author=edition.author or "house", effective_from=effective_from)


def _catch_up(archive: Archive, days: Sequence[date]) -> None:
    """Derive and judge what an earlier start was killed over; days that are current cost nothing."""
    held = [day for day in days if day not in set(missing_days(archive, days))]
    _derive(archive, held)
    ensure_judged(archive, choose_edition(EDITION), held)


def _seed_chunk(archive: Archive, world: World, chunk: Sequence[date], told: Callable[[str, int], None]) -> None:
    _live(archive, world, chunk, partial(told, "days written"))
    _derive(archive, chunk)
    _judge(chunk, partial(told, "days judged"))


def _told(progress: Progress, start: int, of: int, what: str, done: int) -> None:
    progress(what, start + done, of)


def appraise_seeded(world: World, progress: Progress) -> None:
    """Results of every month that lies wholly in the record, and of the one that is running."""
    archive = open_archive()
    edition = choose_edition(EDITION)
    for first in months_of(world):
        span = [day for day in world.all_days if first <= day <= last_day(first)]
        missing = missing_days(archive, span)
        is_running = first <= world.end <= last_day(first)
        if not missing or (is_running and len(missing) < len(span)):
            told = partial(_results_told, progress, f"days of {first:%Y-%m} added up")
            appraise_month(ACTOR, month=first, edition=edition, edition_ref=EDITION, progress=told)


def _results_told(progress: Progress, name: str, _what: str, at: int, of: int) -> None:
    progress(name, at, of)


def months_of(world: World) -> list[date]:
    """First days of the months the world touches, in order."""
    return sorted({day.replace(day=1) for day in world.all_days})


def cast_of(world: World) -> Cast:
    return make_cast(world.agents, world.seed, world.end)


def _live(archive: Archive, world: World, days: Sequence[date], told: Callable[[int], None]) -> None:
    for done, (day, tables) in enumerate(make_days(days, world.rules, world.end, archive.zone), 1):
        told_us = to_us(day_bounds(day, archive.zone, archive.cutover_hour)[1])
        append(archive, tables, import_id=f"{IMPORT_ID}-{day}", recorded_us=told_us)
        told(done)


def _derive(archive: Archive, days: Sequence[date]) -> None:
    window = choose_edition(EDITION).metric_parameters["repeat_window"].micros
    refresh(archive, days=days, repeat_window_us=window)


def _judge(days: Sequence[date], told: Callable[[int], None]) -> None:
    run = request_judging(ACTOR, edition=EDITION, first=min(days), last=max(days))
    done = iter(range(1, len(days) + 1))
    carry_out_judging(run, progress=lambda _day, _contacts: told(next(done, len(days))))


def world_of(home: Path) -> World:
    """The installation's world; refused where there is none."""
    world = load_world(home)
    if world is None:
        raise NoDemo
    return world
