"""Brings staged rows into the record's partitions: finds each row's day, lets the later told row hold, keeps order."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from bihuan.archive import contact_index, engine
from bihuan.archive.engine import name, quoted
from bihuan.archive.manifest import Manifest, PartitionFile, day_key
from bihuan.archive.schemas import TABLES, UNDATED, Table
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError

# DuckDB closes row groups at multiples of its vector size, so this is the largest that stays within 50,000 rows.
ROW_GROUP = 24 * 2_048
GROUP_ROWS = 1_500_000
OWN_MOMENT = {
    "ratings": "given", "complaints": "opened", "follow_ups": "opened", "evaluations": "released",
    "shifts": "planned_start",
}  # fmt: skip
_TOLD = {"fact_id", "recorded_us", "import_id", "day"}


@dataclass
class Merge:
    """One commit under way: where it reads, where it writes, what it has found out."""

    archive: Archive
    head: Manifest
    staged: Mapping[str, list[Path]]
    connection: duckdb.DuckDBPyConnection
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
                SELECT contact_id, {self._business_day("opened_at")} AS day, recorded_us FROM {self._staged(contacts)}
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
        changed: dict[str, PartitionFile | None] = {}
        for group in self._groups(table, touched):
            changed |= self._merge_group(table, group, leaving | arriving)
        self.days |= set(changed)
        return changed

    def _collect_incoming(self, table: Table) -> None:
        own = self._business_day(f"s.{OWN_MOMENT[table.name]}_at") if table.name in OWN_MOMENT else "NULL::DATE"
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

    def _merge_group(self, table: Table, days: list[str], moving: set[str]) -> dict[str, PartitionFile | None]:
        self._build_merged(table, days)
        self._refuse_gaps(table)
        counts = self.connection.execute(
            "SELECT day, count(*), count(*) FILTER (fresh) FROM merged GROUP BY day"
        ).fetchall()
        ((before,),) = self.connection.execute("SELECT count(*) FROM existing").fetchall()
        self.new += sum(rows for _, rows, _ in counts) - before
        self.corrected += sum(fresh for _, _, fresh in counts) - (sum(rows for _, rows, _ in counts) - before)
        sizes = {day_key(day): (rows, fresh) for day, rows, fresh in counts}
        changed: dict[str, PartitionFile | None] = {}
        for day in days:
            rows, fresh = sizes.get(day, (0, 0))
            if fresh or day in moving:
                changed[day] = self._write_day(table, day, rows) if rows else None
        return changed

    def _build_merged(self, table: Table, days: list[str]) -> None:
        listed = _days_sql(days)
        leaving = "ANTI JOIN moved m ON m.contact_id = e.contact_id AND m.was IS NOT DISTINCT FROM e.day"
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP VIEW existing AS
            SELECT * FROM {self._kept(table.name, days)} e {leaving if "contact_id" in table.schema.names else ""}
            UNION ALL SELECT * FROM arrived WHERE {listed}
        """)
        key = ", ".join(name(column) for column in table.identity)
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE merged AS
            SELECT * FROM (
                SELECT *, false AS fresh FROM existing
                UNION ALL
                SELECT *, true AS fresh FROM incoming ANTI JOIN existing USING (fact_id) WHERE {listed}
            )
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY recorded_us DESC, fresh DESC, fact_id) = 1
        """)

    def _refuse_gaps(self, table: Table) -> None:
        if table.name != "messages":
            return
        broken = self.connection.execute(
            "SELECT contact_id FROM merged GROUP BY contact_id HAVING count(*) <> max(seq) ORDER BY 1 LIMIT 3"
        ).fetchall()
        if broken:
            shown = ", ".join(contact for (contact,) in broken)
            raise InputError(
                f"Messages of a contact are numbered 1, 2, 3 … without gaps; not so in {shown}.",
                hint="Number them after leaving out what is rejected.",
            )

    def _write_day(self, table: Table, day: str, rows: int) -> PartitionFile:
        scratch = self.archive.scratch(".parquet")
        columns = ", ".join(name(column) for column in table.schema.names)
        order = ", ".join(name(column) for column in (*table.order, *table.identity))
        copy_sorted(self.connection, f"SELECT {columns} FROM merged WHERE {_days_sql([day])} ORDER BY {order}", scratch)
        facts: dict[str, int | None] = {}
        if table.name == "contacts":
            ((until_us,),) = self.connection.execute(
                f"SELECT max(closed_us) FROM merged WHERE {_days_sql([day])}"
            ).fetchall()
            facts["until_us"] = until_us
        kept = self.archive.keep_file(scratch, f"{table.name}/day={day}", rows, **facts)
        if table.name == "contacts":
            contact_index.build(self.archive.root / kept.path)
        return kept

    def _business_day(self, moment: str) -> str:
        zone = quoted(str(self.archive.zone))
        return f"(timezone({zone}, {moment}) - INTERVAL {self.archive.cutover_hour} HOUR)::DATE"

    def _staged(self, table: Table) -> str:
        return engine.scan(self.staged.get(table.name, []), table.schema)

    def _kept(self, table: str, days: set[str] | list[str] | None = None) -> str:
        files = self.head.files(table)
        chosen = [file for day, file in files.items() if days is None or day in days]
        return engine.scan([self.archive.root / file.path for file in chosen], TABLES[table].schema)


def copy_sorted(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write a query's rows, in its order, as one Parquet file of the record's form."""
    form = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
    connection.execute(f"COPY ({query}) TO {quoted(str(target))} ({form})")


def _days_sql(days: list[str]) -> str:
    dated = [f"DATE {quoted(day)}" for day in days if day != UNDATED]
    parts = [f"day IN ({', '.join(dated)})"] if dated else []
    parts += ["day IS NULL"] if UNDATED in days else []
    return "(" + " OR ".join(parts) + ")"


def _content_fact(table: Table) -> str:
    told = [f"s.{name(column)}::VARCHAR" for column in table.schema.names if column not in _TOLD]
    return "md5(" + quoted(table.name) + " || " + " || '\x1f' || ".join(f"coalesce({c}, '')" for c in told) + ")"
