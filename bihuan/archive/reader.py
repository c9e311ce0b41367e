"""Reading the record: one pinned state, the right to see applied to every row."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from bihuan.archive import contact_index, engine, library, one_contact, sight
from bihuan.archive.definitions import DERIVED, Making, making_of
from bihuan.archive.manifest import WHOLE, Manifest, PartitionFile, day_of
from bihuan.archive.schemas import TABLES, Table
from bihuan.archive.scope import Scope
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of
from bihuan.kit.errors import InputError

Days = tuple[date | None, date | None]
Value = str | int | bool | date | None
Row = dict[str, Any]


@dataclass(frozen=True)
class ContactRecord:
    """Everything the record holds about one contact, rows as dicts in the order of `archive.schemas`."""

    contact: Row
    events: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    ratings: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    follow_ups: list[Row] = field(default_factory=list)
    evaluations: list[Row] = field(default_factory=list)
    exchanges: list[Row] = field(default_factory=list)
    rollup: list[Row] = field(default_factory=list)


class Reader:
    """One state of the record as somebody may see it. Cheap to make; make one per request."""

    def __init__(self, archive: Archive, manifest: Manifest | None = None, scope: Scope | None = None) -> None:
        """`manifest` defaults to the current one. `scope` defaults to everything, for commands of the machine's owner;
        whatever answers a person passes `people.queries.scope_of(user)`, and `Scope()` sees nothing.
        """
        self.archive = archive
        self.manifest = archive.head() if manifest is None else manifest
        self.scope = Scope.all() if scope is None else scope

    def table(
        self, name: str, *, days: Days | None = None, columns: Sequence[str] | None = None,
        where: Mapping[str, Value | Sequence[Value]] | None = None, edition: str | None = None,
    ) -> pa.Table:  # fmt: skip
        """Rows of a table in the declared order of columns.

        `days` = (from, to), both included, None for open; undated rows come only without `days`. `where` compares
        columns with a value (None: is null) or a list. `verdicts` needs the `edition`'s hash. Raises InputError for a
        table or column that does not exist.
        """
        schema = _table_schema(name, columns)
        rows = self.relation(name, days=days, columns=columns, where=where, edition=edition)
        return rows.to_arrow_table().cast(schema)

    def relation(
        self, name: str, *, days: Days | None = None, columns: Sequence[str] | None = None,
        where: Mapping[str, Value | Sequence[Value]] | None = None, edition: str | None = None,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> duckdb.DuckDBPyRelation:  # fmt: skip
        """The same rows, lazily, as a DuckDB relation."""
        chosen = ", ".join(engine.name(column) for column in _table_schema(name, columns).names)
        conditions = [_condition(name, column, value) for column, value in (where or {}).items()]
        condition = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        query = f"SELECT {chosen} FROM {self.sql(name, days=days, edition=edition)} t{condition}"
        return (connection or engine.reading()).sql(query)

    def sql(
        self, name: str, *, days: Days | None = None, edition: str | None = None, keys: Collection[str] | None = None
    ) -> str:
        """A table expression of the visible rows, to stand after FROM; `keys` names single days as a manifest does."""
        table = _declared(name)
        whole = self._scan(verdicts_of(edition or "") if name == "verdicts" else name, table, days, keys)
        roll = self._scan("rollup", TABLES["rollup"], days, keys)
        staff = self._scan("staff", TABLES["staff"], None, None)
        return sight.narrowed(table, whole, self.scope, rollup=roll, staff=staff)

    def _scan(self, listed: str, table: Table, days: Days | None, keys: Collection[str] | None) -> str:
        named = self.manifest.files(listed)
        files = self.manifest.between(listed, days) if keys is None else [named[day] for day in keys if day in named]
        scan = engine.scan if listed not in DERIVED or making_of(files).current else engine.scan_any
        return scan([self.archive.root / file.path for file in files], table.schema)

    def connect(
        self, *, days: Days | None = None, edition: str | None = None, tables: Iterable[str] = tuple(TABLES)
    ) -> duckdb.DuckDBPyConnection:
        """A connection with one view per table (`verdicts` of the given edition), right to see applied.

        Naming only the `tables` that are needed saves opening the others. Memory is limited and shared by the process;
        close it after use. Not for two threads at once: each connects.
        """
        connection = engine.reading()
        for name in tables:
            source = self.sql(name, days=days, edition=edition)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {source}")
        return connection

    def making(self, days: Days | None = None) -> Making:
        """By which definitions the roll-up of these days was made, and how far it looks for a customer's return."""
        return making_of(self.manifest.between("rollup", days))

    def states_of(self, period: tuple[date, date], names: Iterable[str]) -> dict[date, list[str | None]]:
        """Per day of the period that has rows what names those of these tables, and of those that say who may see them; None
        for no rows. In order of day."""
        held = [self.manifest.files(name) for name in sorted({*names, *_DECIDING})]
        first, last = (day.isoformat() for day in period)
        days = sorted({day for files in held for day in files if first <= day <= last})
        return {date.fromisoformat(day): [_hash(files.get(WHOLE) or files.get(day)) for files in held] for day in days}

    def contact(self, contact_id: str) -> ContactRecord | None:
        """One contact with all that belongs to it; None when there is none or it may not be seen. Milliseconds."""
        for day in contact_index.days_holding(self.archive, self.manifest, contact_id):
            found = self._rows("contacts", day, contact_id)
            if not found:
                continue
            roll = self._rows("rollup", day, contact_id)
            if not any(self.scope.admits(person=row["person"], team=row["team"]) for row in roll or [_NOBODY]):
                return None
            parts = {
                name: self._rows(name, day, contact_id)
                for name in ("events", "messages", "ratings", "complaints", "follow_ups", "evaluations", "exchanges")
            }
            return ContactRecord(found[0], **parts, rollup=roll)
        return None

    def verdicts(
        self, edition_hash: str, *, days: Days | None = None, contact_ids: Iterable[str] | None = None,
        items: Sequence[str] | None = None,
    ) -> pa.Table:  # fmt: skip
        """Verdicts under an edition, of these days, contacts and items; without `days` or contacts all of them."""
        where: dict[str, Value | Sequence[Value]] = {}
        if items is not None:
            where["item"] = list(items)
        if contact_ids is not None:
            wanted = list(contact_ids)
            where["contact_id"] = wanted
            days = days or self._span_of(wanted)
        return self.table("verdicts", days=days, where=where, edition=edition_hash)

    def contacts_page(self, filters: library.Filters, **paging: Any) -> library.Page:
        """One page of the conversation library; see `library.contacts_page`."""
        return library.contacts_page(self, filters, **paging)

    def search_words(self, words: str, **bounds: Any) -> list[library.Hit]:
        """Messages that hold these words; see `library.search_words`."""
        return library.search_words(self, words, **bounds)

    def _rows(self, name: str, day: str, contact_id: str) -> list[Row]:
        file = self.manifest.files(name).get(day)
        if file is None:
            return []
        return one_contact.rows_of(self.archive.root / file.path, contact_id)

    def _span_of(self, contact_ids: Sequence[str]) -> Days | None:
        found = {
            day for one in contact_ids for day in contact_index.days_holding(self.archive, self.manifest, one)
        }  # fmt: skip
        dated = sorted(day for key in found if (day := day_of(key)) is not None)
        return (dated[0], dated[-1]) if dated and len(dated) == len(found) else None


_DECIDING = ("rollup", "staff")
"""Tables that decide who sees a row of another one (`sight.narrowed`)."""
_NOBODY: Row = {"person": None, "team": None}


def _hash(file: PartitionFile | None) -> str | None:
    return file.hash if file else None


def _declared(name: str) -> Table:
    if name not in TABLES:
        raise InputError(f"There is no table {name}.", hint=f"There are {', '.join(TABLES)}.")
    return TABLES[name]


def _table_schema(name: str, columns: Sequence[str] | None) -> pa.Schema:
    schema = _declared(name).schema
    return schema if columns is None else pa.schema([_field(name, schema, column) for column in columns])


def _field(name: str, schema: pa.Schema, column: str) -> pa.Field:
    if column not in schema.names:
        raise InputError(f"{name} has no column {column}.")
    return schema.field(column)


def _condition(name: str, column: str, value: Value | Sequence[Value]) -> str:
    _field(name, TABLES[name].schema, column)
    if isinstance(value, (list, tuple, set, frozenset)):
        return f"{engine.name(column)} IN {engine.one_of(value)}"
    return f"{engine.name(column)} IS NOT DISTINCT FROM {engine.literal(value)}"  # type: ignore[arg-type]  # scalar here
