"""A new version of the program, or another repeat window, finds a record that an earlier one summed up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bihuan.archive.definitions import DERIVED, Making
from bihuan.archive.reader import Reader
from bihuan.archive.rollup import refresh
from bihuan.archive.tests.record_world import WEEK, World, chat, contact
from bihuan.kit.clock import DAY, SECOND


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def older(world: World, built_from: str | None, *columns: str) -> None:
    """Make the record's derived files as another version would have left them: without columns, saying what it says."""
    head = world.archive.head()
    for name in DERIVED:
        for day, file in head.files(name).items():
            rows = pq.ParquetFile(world.archive.root / file.path).read()
            scratch = world.archive.scratch(".parquet")
            pq.write_table(rows.drop_columns([one for one in columns if one in rows.column_names]), scratch)
            kept = world.archive.keep_file(scratch, f"{name}/day={day}", file.rows, built_from=built_from)
            head = head.with_files(name, {day: kept})
    with world.archive.writing():
        world.archive.advance(lambda _: head)


@pytest.mark.parametrize("said", [None, "a:b", "0123456789abcdef.604800000000:kept:hash:staff"])
def test_what_another_version_made_is_readable_told_from_todays_and_made_anew_by_the_next_refresh(
    world: World, said: str | None
) -> None:
    world.tell(contacts=[contact("c", 0), contact("d", 86_400)], messages=chat(("customer", 0), ("a1", 10)))
    built = world.refresh().manifest
    older(world, said, "served", "first_hand")
    reader = Reader(world.archive)
    assert not reader.making().current
    (row,) = reader.table("rollup", where={"contact_id": "c"}).to_pylist()
    assert (row["served"], row["customer_frt_us"]) == (None, 10 * SECOND)
    # an import of one day makes the others anew too, and the same files as if nothing had been before
    anew = refresh(world.archive, days=[date(2026, 7, 2)], repeat_window_us=WEEK)
    assert anew == built
    assert Reader(world.archive).making() == Making(window_us=WEEK)


def test_another_repeat_window_makes_every_day_anew(world: World) -> None:
    one = {"customer_key": "u", "customer_known": True, "category": "fee"}
    world.tell(contacts=[contact("c", 0, **one), contact("d", 2 * 86_400, **one), contact("x", 20 * 86_400)])
    assert world.rollup("c", DAY)[0]["next_contact_us"] is None
    refresh(world.archive, days=[date(2026, 7, 21)], repeat_window_us=WEEK)
    reader = Reader(world.archive)
    assert reader.table("rollup", where={"contact_id": "c"})["next_contact_us"].to_pylist() == [2 * DAY]
    assert reader.making().window_us == WEEK
