"""Brings staged rows into the record's partitions: finds each row's day, lets the later told row hold, keeps order."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.compute as pc

from bihuan.archive import contact_index, engine, word_index
from bihuan.archive.engine import name, quoted
from bihuan.archive.manifest import Manifest, PartitionFile, day_key
from bihuan.archive.merged import Merged, is_in_order
from bihuan.archive.partitions import Written, write_days
from bihuan.archive.schemas import TABLES, UNDATED, Table
from bihuan.archive.store import Archive

GROUP_ROWS = 1_000_000
OWN_MOMENT = {
    "ratings": "given", "complaints": "opened", "follow_ups": "opened", "evaluations": "released",
    "shifts": "planned_start", "platform_reviews": "posted",
}  # fmt: skip
_TOLD = {"fact_id", "recorded_us", "import_id", "day"}


@dataclass
class Merge:
    """One commit under way: where it reads, where it writes, what it has found out."""

    archive: Archive
    head: Manifest
    staged: Mapping[str, str]  # {table: SQL that reads what comes in}
    connection: duckdb.DuckDBPyConnection
    spill: Path
    new: int = 0
    corrected: int = 0
    incoming: int = 0
    days: set[str] = field(default_factory=set)

    def run(self) -> dict[str, dict[str, PartitionFile | None]]:
        """Write the merged partitions; {table: {day: its new file, None when it is empty now}}."""
        self._place_contacts()
        tables = [table for table in TABLES.values() if not table.derived and table.partitioned]
        left = {day_key(day) for (day,) in self.connection.execute("SELECT DISTINCT was FROM moved").fetchall()}
        changes = {}
        for table in tables:
            leaving = left & set(self.head.files(table.name)) if "contact_id" in table.schema.names else set()
            if (table.name in self.staged or leaving) and (changed := self._merge_table(table, leaving)):
                changes[table.name] = changed
        return changes

    def _place_contacts(self) -> None:
        """`placed`: every contact this import names, the day it belongs to now and the day it lay in before."""
        named = [
            f"SELECT contact_id FROM {self._staged(table)}"
            for table in map(TABLES.__getitem__, self.staged)
            if "contact_id" in table.schema.names
        ]
        mentioned = " UNION ".join(named) or "SELECT NULL AS contact_id WHERE false"
        contacts = TABLES["contacts"]
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE placed AS
            WITH mentioned AS ({mentioned}),
            known AS (
                SELECT contact_id, day, recorded_us FROM {self._kept("contacts")} SEMI JOIN mentioned USING (contact_id)
            ),
            told AS (
                SELECT contact_id, coalesce({self._business_day("opened_at")}, day) AS day, recorded_us FROM {self._staged(contacts)}
            ),
            latest AS (
                SELECT contact_id, arg_max({{d: day}}, (recorded_us, rank)).d AS day
                FROM (SELECT *, 0 AS rank FROM known UNION ALL SELECT *, 1 AS rank FROM told) GROUP BY contact_id
            )
            SELECT m.contact_id, l.day, k.day AS was, k.contact_id IS NULL AS fresh
            FROM mentioned m LEFT JOIN latest l USING (contact_id) LEFT JOIN known k USING (contact_id)
            WHERE m.contact_id IS NOT NULL
        """)
        # A contact told later than its messages finds them among the undated ones.
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE moved AS"
            " SELECT contact_id, day, was FROM placed WHERE day IS DISTINCT FROM was"
        )

    def _merge_table(self, table: Table, left: set[str]) -> dict[str, PartitionFile | None]:
        self._collect_incoming(table)
        leaving, arriving = self._collect_moved(table, left)
        sizes = dict(self.connection.execute("SELECT day, count(*) FROM incoming GROUP BY day").fetchall())
        touched = {day_key(day): rows for day, rows in sizes.items()}
        for day in leaving | arriving:
            touched.setdefault(day, 0)
        self.incoming += sum(sizes.values())
        groups = list(self._groups(table, touched))
        self._deal(table, groups)
        changed: dict[str, PartitionFile | None] = {}
        for number, group in enumerate(groups):
            changed |= self._merge_group(table, group, number if len(groups) > 1 else None, leaving | arriving)
        self.days |= set(changed)
        return changed

    def _collect_incoming(self, table: Table) -> None:
        # A day told beside a moment that is not known holds: many files know the date and not the time.
        own = "s.day"
        if table.name in OWN_MOMENT:
            own = f"coalesce({self._business_day(f's.{OWN_MOMENT[table.name]}_at')}, s.day)"
        if "contact_id" in table.schema.names:
            join = "LEFT JOIN placed p ON p.contact_id = s.contact_id"
            day = f"CASE WHEN s.contact_id IS NULL THEN {own} ELSE p.day END"
        else:
            join, day = "", own
        fact = f"coalesce(s.fact_id, {_content_fact(table)})"
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP VIEW incoming AS
            SELECT s.* REPLACE ({day} AS day, {fact} AS fact_id) FROM {self._staged(table)} s {join}
        """)

    def _collect_moved(self, table: Table, left: set[str]) -> tuple[set[str], set[str]]:
        """Rows kept under a day their contact has left: `arrived` holds them; the days they leave and reach."""
        if not left:
            nothing = engine.scan([], table.schema)
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE arrived AS SELECT * FROM {nothing}")
            return set(), set()
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE arrived AS
            SELECT e.* REPLACE (m.day AS day), e.day AS left_day FROM {self._kept(table.name, left)} e
            JOIN moved m ON m.contact_id = e.contact_id AND m.was IS NOT DISTINCT FROM e.day
        """)
        pairs = self.connection.execute("SELECT DISTINCT left_day, day FROM arrived").fetchall()
        self.connection.execute("ALTER TABLE arrived DROP COLUMN left_day")
        return {day_key(left) for left, _ in pairs}, {day_key(day) for _, day in pairs}

    def _groups(self, table: Table, touched: Mapping[str, int]) -> Iterator[list[str]]:
        """Days in portions that fit into memory together."""
        portion: list[str] = []
        rows = 0
        for day in sorted(touched):
            kept = self.head.files(table.name).get(day)
            size = touched[day] + (kept.rows if kept else 0)
            if portion and rows + size > GROUP_ROWS:
                yield portion
                portion, rows = [], 0
            portion.append(day)
            rows += size
        if portion:
            yield portion

    def _deal(self, table: Table, groups: list[list[str]]) -> None:
        """Part what comes in by group of days, so that each group is read once and not once a group."""
        if len(groups) < 2:
            return
        days = ", ".join(f"({_day_sql(day)}, {number})" for number, group in enumerate(groups) for day in group)
        form = "FORMAT parquet, COMPRESSION lz4, PARTITION_BY (portion)"
        self.connection.execute(f"""
            COPY (SELECT i.*, g.portion FROM incoming i JOIN (VALUES {days}) g(of_day, portion)
                  ON i.day IS NOT DISTINCT FROM g.of_day)
            TO {quoted(str(self.spill / table.name))} ({form})
        """)

    def _merge_group(
        self, table: Table, group: list[str], number: int | None, moving: set[str]
    ) -> dict[str, PartitionFile | None]:
        days = self._collect_fresh(table, group, number) | (moving & set(group))
        if not days:
            return {}
        self._collect_existing(table, sorted(days))
        ((before,),) = self.connection.execute("SELECT count(*) FROM existing").fetchall()
        merged = Merged(table, engine.batches(self.connection.sql(self._merged(table, sorted(days)))))
        values = (*contact_index.IDS, "closed_us") if table.name == "contacts" else ()
        written = {one.day: one for one in write_days(self.spill, table, merged, values=values)}
        self.new += merged.rows - before
        self.corrected += merged.fresh - (merged.rows - before)
        kept = {day: self._keep(table, written[day]) if day in written else None for day in sorted(days)}
        old = self.head.files(table.name)
        return {day: file for day, file in kept.items() if file != old.get(day)}

    def _collect_fresh(self, table: Table, group: list[str], number: int | None) -> set[str]:
        """`fresh`: what comes in for these days and is not known yet; the days it is for."""
        files = f"{self.spill / table.name}/portion={number}/*.parquet"
        dealt = f"(SELECT * EXCLUDE (portion) FROM read_parquet({quoted(files)}, hive_partitioning = true))"
        source = "incoming" if number is None else dealt
        kept = [day for day in group if day in self.head.files(table.name)]
        # Nothing known to compare with: then there is nothing to keep in memory either.
        how, known = (
            ("VIEW", "") if not kept else ("TABLE", f"ANTI JOIN {self._kept(table.name, kept)} k USING (fact_id)")
        )
        for kind in ("VIEW", "TABLE"):
            self.connection.execute(f"DROP {kind} IF EXISTS fresh_{kind.lower()}")
        fresh = f"fresh_{how.lower()}"
        self.connection.execute(f"CREATE TEMP {how} {fresh} AS SELECT i.* FROM {source} i {known}")
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW fresh AS SELECT * FROM {fresh}")
        return {day_key(day) for (day,) in self.connection.execute("SELECT DISTINCT day FROM fresh").fetchall()}

    def _collect_existing(self, table: Table, days: list[str]) -> None:
        leaving = "ANTI JOIN moved m ON m.contact_id = e.contact_id AND m.was IS NOT DISTINCT FROM e.day"
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP VIEW existing AS
            SELECT * FROM {self._kept(table.name, days)} e {leaving if "contact_id" in table.schema.names else ""}
            UNION ALL SELECT * FROM arrived WHERE {_days_sql(days)}
        """)

    def _merged(self, table: Table, days: list[str]) -> str:
        """SQL of all tellings of these days in the order of their files, of one row the later told first."""
        key = ", ".join(name(column) for column in table.identity)
        later = "recorded_us DESC, fresh DESC, fact_id"
        # Where rows lie in the order of their identity, `Merged` drops the earlier tellings as they come by.
        last = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {later}) = 1"
        order = ", ".join(name(column) for column in dict.fromkeys((*table.order, *table.identity)))
        return f"""
            SELECT * FROM (
                SELECT *, false AS fresh FROM existing
                UNION ALL SELECT *, true AS fresh FROM fresh WHERE {_days_sql(days)}
            ) {"" if is_in_order(table) else last}
            ORDER BY day NULLS FIRST, {order}, {later}
        """

    def _keep(self, table: Table, written: Written) -> PartitionFile:
        folder = f"{table.name}/day={written.day}"
        if table.name != "contacts":
            kept = self.archive.keep_file(written.scratch, folder, written.rows)
            if table.name == "messages":
                word_index.write(self.archive.root / kept.path)
            return kept
        until_us = pc.max(written.values["closed_us"]).as_py()
        kept = self.archive.keep_file(written.scratch, folder, written.rows, until_us=until_us)
        contact_index.write(self.archive.root / kept.path, written.values)
        return kept

    def _business_day(self, moment: str) -> str:
        zone = quoted(str(self.archive.zone))
        return f"(timezone({zone}, {moment}) - INTERVAL {self.archive.cutover_hour} HOUR)::DATE"

    def _staged(self, table: Table) -> str:
        return self.staged.get(table.name) or engine.scan([], table.schema)

    def _kept(self, table: str, days: set[str] | list[str] | None = None) -> str:
        files = self.head.files(table)
        chosen = [file for day, file in files.items() if days is None or day in days]
        return engine.scan([self.archive.root / file.path for file in chosen], TABLES[table].schema)


def _day_sql(day: str) -> str:
    return "NULL::DATE" if day == UNDATED else f"DATE {quoted(day)}"


def _days_sql(days: list[str]) -> str:
    dated = [f"DATE {quoted(day)}" for day in days if day != UNDATED]
    parts = [f"day IN ({', '.join(dated)})"] if dated else []
    parts += ["day IS NULL"] if UNDATED in days else []
    return "(" + " OR ".join(parts) + ")"


def _content_fact(table: Table) -> str:
    told = [f"s.{name(column)}::VARCHAR" for column in table.schema.names if column not in _TOLD]
    return "md5(" + quoted(table.name) + " || " + " || '\x1f' || ".join(f"coalesce({c}, '')" for c in told) + ")"
