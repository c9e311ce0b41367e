"""Builds the derived tables `exchanges`, `afterwards` and `rollup` from the source tables, a few days at a time.

The definitions are the SQL files in `derived/` (see `definitions`). Each built file remembers the inputs it was made
from, so only days whose inputs changed are built: their own rows, who their staff keys were, the contacts that a repeat
window leads to or from, the ledgers kept on that day, the window, and the definitions themselves.
"""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from bihuan.archive import engine
from bihuan.archive.definitions import DERIVED, SHORT, STAGES, mark, stage
from bihuan.archive.ledgers import Ledger, ledgers_of
from bihuan.archive.ledgers import table as ledger_table
from bihuan.archive.manifest import Manifest, PartitionFile, day_key, day_of
from bihuan.archive.partitions import Written, write_days, write_empty
from bihuan.archive.schemas import TABLES, UNDATED
from bihuan.archive.staff_list import KEYS, Keys, StaffList, different_keys, keys_of
from bihuan.archive.store import Archive
from bihuan.kit.clock import business_day, from_us
from bihuan.kit.ids import content_hash

SOURCES = ("contacts", "events", "messages", "ratings", "complaints", "follow_ups")
NAMING = ("afterwards", "rollup")  # those that say who a staff key was
BATCH_ROWS = 4_000_000
MEMORY = "1500MB"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Plan:
    """What a state of the record asks for: the inputs of each day that has contacts."""

    archive: Archive
    head: Manifest
    repeat_window_us: int

    def stale(self, wanted: set[str] | None) -> list[str]:
        """Days to build, in order: among `wanted` (None: all), the days a window joins to them, and those built by
        other definitions, with another window or other ledgers than now."""
        asked = [day for day in self.head.files("contacts") if wanted is None or self._is_concerned(day, wanted)]
        return [day for day in asked if not self._is_current(day)]

    def orphans(self) -> list[str]:
        """Days whose contacts are gone."""
        return sorted(set(self.head.files("rollup")) - set(self.head.files("contacts")))

    def batches(self, days: list[str]) -> Iterator[list[str]]:
        """Days in portions that one workbench holds."""
        batch: list[str] = []
        rows = 0
        for day in days:
            size = sum(self.head.files(table)[day].rows for table in SOURCES if day in self.head.files(table))
            if batch and rows + size > BATCH_ROWS:
                yield batch
                batch, rows = [], 0
            batch.append(day)
            rows += size
        if batch:
            yield batch

    def later(self, days: Iterable[str]) -> list[str]:
        """Days of contacts that the repeat windows of these days reach, themselves included."""
        return sorted(set().union(*(self._reach(day) for day in days)))

    def earlier(self, days: Collection[str]) -> list[str]:
        """Days before, and not among, these whose repeat windows reach one of them."""
        return sorted(set().union(*(self._reaching.get(day, ()) for day in days)).difference(days))

    def inputs(self, day: str) -> str:
        """Over all but the staff list that the day's derived rows depend on: its making, then a hash of its rows."""
        own = {table: self.head.files(table)[day].hash for table in SOURCES if day in self.head.files(table)}
        joined = [*self._reach(day), *self._reaching.get(day, ())]
        reached = [self.head.files("contacts")[other].hash for other in joined]
        return f"{self._making(day)}:{content_hash([own, reached])}"

    def built_from(self, day: str, keys: Keys, until_us: int | None) -> str:
        """What a day's derived files rest on: its inputs, and who its keys were until its last share began."""
        return f"{self.inputs(day)}:{self.staff.hash_of(keys, until_us)}"

    @cached_property
    def ledgers(self) -> tuple[Ledger, ...]:
        return ledgers_of(self.archive, self.head)

    @cached_property
    def staff(self) -> StaffList:
        return StaffList([self.archive.root / file.path for file in self.head.files("staff").values()])

    def _is_current(self, day: str) -> bool:
        kept = [self.head.files(table).get(day) for table in DERIVED]
        roll = self.head.files("rollup").get(day)
        if roll is None or not all(file and (file.built_from or "").startswith(self.inputs(day)) for file in kept):
            return False
        naming = [self.head.files(table)[day] for table in NAMING]
        keys = frozenset().union(*(keys_of(self.archive.root / file.path) for file in naming))
        wanted = self.built_from(day, keys, roll.until_us)
        return all(file is not None and file.built_from == wanted for file in kept)

    def _is_concerned(self, day: str, wanted: set[str]) -> bool:
        """A window joins the day to a wanted one, or it was made otherwise than days are made now."""
        joined = not wanted.isdisjoint(self._reach(day)) or not wanted.isdisjoint(self._reaching.get(day, ()))
        roll = self.head.files("rollup").get(day)
        return joined or (roll is not None and not (roll.built_from or "").startswith(f"{self._making(day)}:"))

    def _making(self, day: str) -> str:
        """The definitions, the window, and a hash over the ledgers kept on a day."""
        at = day_of(day)
        kept = content_hash([(one.source, one.kind) for one in self.ledgers if one.covers(at)])[:SHORT]
        return f"{mark(self.repeat_window_us)}:{kept}"

    def _reach(self, day: str) -> Sequence[str]:
        """Days of contacts within the repeat window of this one, itself included, in order."""
        start = day_of(day)
        if start is None:
            return [UNDATED]
        until_us = self.head.files("contacts")[day].until_us
        last = start + timedelta(days=1)
        if until_us is not None:
            last = max(last, business_day(from_us(until_us), self.archive.zone, self.archive.cutover_hour))
        last += timedelta(microseconds=self.repeat_window_us) + timedelta(days=1)
        dated = self._dated
        return dated[bisect_left(dated, day) : bisect_right(dated, last.isoformat())]

    @cached_property
    def _reaching(self) -> Mapping[str, Sequence[str]]:
        """Per day the earlier ones whose repeat window reaches it."""
        found: dict[str, list[str]] = {}
        for day in self._dated:
            for other in self._reach(day):
                if other != day:
                    found.setdefault(other, []).append(day)
        return found

    @cached_property
    def _dated(self) -> list[str]:
        return sorted(key for key in self.head.files("contacts") if key != UNDATED)


def refresh(
    archive: Archive, *, days: Iterable[date | None] | None = None, repeat_window_us: int,
    progress: Progress | None = None,
) -> Manifest:  # fmt: skip
    """Bring exchanges and roll-up up to date and return the new state.

    `days` limits the work to these business days (None: undated) and the earlier ones whose repeat window reaches them;
    without it every day is looked at. What is current is left alone, so an interrupted refresh goes on where it stopped.
    `progress(done, all)` counts days.
    """
    wanted = None if days is None else {day_key(day) for day in days}
    total = len(_Plan(archive, archive.head(), repeat_window_us).stale(wanted))
    done = 0
    while True:
        with archive.writing():
            plan = _Plan(archive, archive.head(), repeat_window_us)
            batch = next(plan.batches(plan.stale(wanted)), [])
            changed = _build(plan, batch) if batch else {}
            for orphan in plan.orphans():
                changed = {table: {**changed.get(table, {}), orphan: None} for table in DERIVED}
            manifest = archive.advance(lambda head, files=changed: _with(head, files)) if changed else plan.head  # type: ignore[misc]
        if not batch:
            return manifest
        done += len(batch)
        if progress:
            progress(done, max(done, total))


def run_stages(connection: duckdb.DuckDBPyConnection, repeat_window_us: int) -> None:
    """Run the definitions on a connection that has the views named in `derived/*.sql`."""
    connection.execute(f"SET VARIABLE repeat_window_us = {repeat_window_us}::BIGINT")
    for name in STAGES:
        connection.execute(stage(name))


def _build(plan: _Plan, days: list[str]) -> dict[str, dict[str, PartitionFile | None]]:
    spill = plan.archive.scratch()
    with engine.working(spill, MEMORY) as connection:
        _hand_in(connection, plan, days)
        run_stages(connection, plan.repeat_window_us)
        written = {table: _written(connection, table, days, spill) for table in DERIVED}
        last_shares = {day_key(day): last for day, last in connection.execute(_LAST_SHARES).fetchall()}
        return _kept(plan, written, last_shares)


def _hand_in(connection: duckdb.DuckDBPyConnection, plan: _Plan, days: list[str]) -> None:
    views = {f"day_{table}": (table, days) for table in SOURCES}
    views |= {"later_contacts": ("contacts", plan.later(days)), "earlier_contacts": ("contacts", plan.earlier(days))}
    views |= {"staff": ("staff", ["all"])}
    for view, (table, chosen) in views.items():
        files = plan.head.files(table)
        paths = [plan.archive.root / files[day].path for day in chosen if day in files]
        source = engine.scan(paths, TABLES[table].schema)
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {source}")
    connection.register("ledgers", ledger_table(plan.ledgers))


# When the last share of a day began; null where one has no time at all.
_LAST_SHARES = """
    SELECT c.day, CASE WHEN bool_and(coalesce(s.first_us, c.opened_us) IS NOT NULL)
                       THEN max(coalesce(s.first_us, c.opened_us)) END
    FROM shares s JOIN told_contacts c USING (n) GROUP BY c.day
"""


def _written(connection: duckdb.DuckDBPyConnection, name: str, days: list[str], spill: Path) -> dict[str, Written]:
    table = TABLES[name]
    # Sums are wider than what is declared, and Parquet would keep them as floating numbers.
    columns = ", ".join(
        f"CAST({engine.name(field.name)} AS {engine.sql_type(field.type)}) AS {engine.name(field.name)}"
        for field in table.schema
    )
    order = ", ".join(f"{engine.name(column)} NULLS FIRST" for column in ("day", *table.order))
    rows = connection.sql(f"SELECT {columns} FROM {name} ORDER BY {order}")
    made = {one.day: one for one in write_days(spill, table, engine.batches(rows), values=KEYS)}
    return {day: made.get(day) or write_empty(spill, table, day, values=KEYS) for day in days}


def _kept(
    plan: _Plan, written: Mapping[str, Mapping[str, Written]], last_shares: Mapping[str, int | None]
) -> dict[str, dict[str, PartitionFile | None]]:
    files: dict[str, dict[str, PartitionFile | None]] = {table: {} for table in DERIVED}
    for day in written["rollup"]:
        last = last_shares.get(day)
        keys = frozenset().union(*(different_keys(written[table][day].values) for table in NAMING))
        built_from = plan.built_from(day, keys, last)
        for table in DERIVED:
            one = written[table][day]
            facts = {"until_us": last} if table == "rollup" else {}
            files[table][day] = plan.archive.keep_file(
                one.scratch, f"{table}/day={day}", one.rows, built_from=built_from, **facts
            )
    return files


def _with(head: Manifest, changed: Mapping[str, Mapping[str, PartitionFile | None]]) -> Manifest:
    for table, files in changed.items():
        head = head.with_files(table, files)
    return head
