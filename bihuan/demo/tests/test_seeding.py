"""Making the world is safe to repeat, and days that are there are never lived twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from bihuan.archive.rollup import refresh
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import append, write_verdicts
from bihuan.demo.actions import cast_of, make_world
from bihuan.demo.bank import load_bank
from bihuan.demo.life import live
from bihuan.demo.standing import are_whole, missing_days
from bihuan.demo.tests.conftest import DAY, END, ZONE
from bihuan.demo.world import World, keep_world, load_world
from bihuan.kit.clock import DAY as DAY_US
from bihuan.people.models import Person

WORLD = World(end=END, days=4, agents=6, scale=0.1)


def _quiet(_what: str, _at: int, _of: int) -> None:
    """Nobody watches."""


@pytest.mark.django_db
def test_a_world_is_made_once_and_found_again(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    first = make_world(tmp_path, days=3, agents=6, scale=0.1, progress=lambda *one: told.append(one))
    hired = Person.objects.count()
    again = make_world(tmp_path, days=90, agents=60, scale=1.0, progress=_quiet)
    assert again == first
    assert Person.objects.count() == hired == len(cast_of(first).everybody)
    assert told[-1] == ("people hired", hired, hired)
    assert {role for role, *_ in first.accounts} >= {"agent", "supervisor", "manager", "administrator"}


def test_a_world_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    keep_world(tmp_path, WORLD)
    assert load_world(tmp_path) == WORLD
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0


def test_seeding_goes_on_with_the_days_that_are_missing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, ZoneInfo("Asia/Shanghai"))
    assert missing_days(archive, WORLD.all_days) == WORLD.all_days
    _enter(archive, WORLD.all_days[1])
    assert missing_days(archive, WORLD.all_days) == [WORLD.all_days[0], *WORLD.all_days[2:]]


def test_a_day_told_again_adds_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, ZONE)
    first, second = _enter(archive, DAY), _enter(archive, DAY)
    assert first > 0
    assert second == 0


def test_days_stand_once_they_are_rolled_up_and_judged_under_one_edition(tmp_path: Path) -> None:
    archive = Archive(tmp_path, ZONE)
    days = WORLD.all_days[:2]
    assert not are_whole(archive, days)
    for day in days:
        _enter(archive, day)
    refresh(archive, days=days, repeat_window_us=DAY_US)
    assert not are_whole(archive, days)
    none = TABLES["verdicts"].schema.empty_table()
    write_verdicts(archive, "e1", none, days[:1])
    write_verdicts(archive, "e2", none, days[1:])
    assert not are_whole(archive, days)
    write_verdicts(archive, "e1", none, days[1:])
    assert are_whole(archive, days)
    assert not are_whole(archive, WORLD.all_days)


def _enter(archive: Archive, day: date) -> int:
    tables: dict[str, pa.Table] = live(day, cast_of(WORLD), WORLD.rules, load_bank("seen"), ZONE).tables
    filled = {name: table for name, table in tables.items() if table.num_rows}
    return append(archive, filled, import_id=f"demo-{day}", recorded_us=1).rows_new


def test_days_are_told_newest_first() -> None:
    assert WORLD.all_days[0] == END
    assert WORLD.all_days[-1] == END - timedelta(days=3)
