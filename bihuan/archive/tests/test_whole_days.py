"""A day read whole is what a query tells of it: the same rows, columns and kinds, and nothing where nothing is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.tests.record_world import World, chat, contact
from bihuan.archive.whole_day import whole_day

MONDAY = date(2026, 7, 6)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "archive")
    made.tell(
        contacts=[contact("c"), contact("d", outcome="solved"), contact("undated", None)],
        messages=chat(("customer", 0), ("a1", 9)),
    )
    made.refresh()
    return made


def read(world: World, name: str, day: date | None, columns: list[str]) -> pl.DataFrame:
    return whole_day(world.archive, world.archive.head(), name, day, columns)


def days(world: World, name: str) -> list[date | None]:
    listed = pl.from_arrow(Reader(world.archive).table(name, columns=["day"]))
    return listed["day"].unique(maintain_order=True).to_list()


@pytest.mark.parametrize("name", ["contacts", "messages", "rollup", "exchanges"])
def test_the_rows_of_a_day_are_those_that_a_query_tells(world: World, name: str) -> None:
    columns, reader = TABLES[name].schema.names, Reader(world.archive)
    assert days(world, name)
    for day in days(world, name):
        where = {"where": {"day": None}} if day is None else {"days": (day, day)}
        told = pl.from_arrow(reader.table(name, **where))
        found = read(world, name, day, columns)
        assert found.schema == told.schema
        assert found.rows() == told.rows()


def test_a_day_without_a_file_has_no_rows_and_all_columns(world: World) -> None:
    assert read(world, "ratings", MONDAY, ["rating_id", "value"]).schema.names() == ["rating_id", "value"]
    assert read(world, "ratings", MONDAY, ["rating_id", "value"]).height == 0


def test_a_column_that_an_older_file_lacks_is_null(world: World) -> None:
    [day] = [one for one in days(world, "contacts") if one]
    path = world.archive.root / world.archive.head().files("contacts")[str(day)].path
    pq.write_table(pq.read_table(path).drop_columns(["outcome"]), path)
    found = read(world, "contacts", day, ["contact_id", "outcome"])
    assert found.height == 2
    assert found["outcome"].to_list() == [None, None]
