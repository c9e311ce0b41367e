"""Where complaints, words of praise, and what befalls a contact on its way are kept at all: a source without a ledger has no
complaints on record, not none; a source that never tells of a transfer has none on record either.

A source is taken to keep a ledger from the first to the last month of which one of its contacts stands in it; of contacts
without a day, where one of them does. What the entries of a day tell is remembered beside their file.
"""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from bihuan.archive import engine
from bihuan.archive.manifest import Manifest, day_of
from bihuan.archive.schemas import DAY, TABLES, TEXT
from bihuan.archive.store import Archive
from bihuan.kit.ids import new_id

COMPLAINT: Final = "complaint"
PRAISE: Final = "praise"
ON_ITS_WAY: Final = ("transferred", "escalated", "reopened")
"""Events that many sources never tell of."""
SCHEMA: Final = pa.schema([("source", TEXT), ("kind", TEXT), ("first_day", DAY), ("last_day", DAY)])
SUFFIX: Final = ".kept"
_DAYS_IN_MEMORY: Final = 16_384
_ENTRIES: Final = {
    "complaints": f"SELECT contact_id, if(praise, {engine.quoted(PRAISE)}, {engine.quoted(COMPLAINT)}) AS kind FROM {{told}}",
    "events": f"SELECT contact_id, kind FROM {{told}} WHERE kind IN ({', '.join(map(engine.quoted, ON_ITS_WAY))})",
    "contacts": "SELECT contact_id, 'reopened' AS kind FROM {told} WHERE parent_id IS NOT NULL",  # opened again as another
}
"""Per table the entries of a ledger that its rows are."""

Kept = tuple[str | None, str]
"""(source, kind): whose ledger, and of which entries."""


@dataclass(frozen=True)
class Ledger:
    """The days over which a source keeps entries of a kind, both included; None for contacts without a day."""

    source: str | None
    kind: str
    first: date | None
    last: date | None

    def covers(self, day: date | None) -> bool:
        if self.first is None or self.last is None or day is None:
            return self.first is None and day is None
        return self.first <= day <= self.last


def ledgers_of(archive: Archive, manifest: Manifest) -> tuple[Ledger, ...]:
    """Every ledger of a state of the record, in order."""
    days: dict[tuple[Kept, bool], list[date]] = {}
    contacts = manifest.files("contacts")
    for table in _ENTRIES:
        for key, file in manifest.files(table).items():
            if key in contacts:
                day, beside = day_of(key), contacts[key]
                for kept in _of_day(table, archive.root / file.path, archive.root / beside.path, beside.hash):
                    days.setdefault((kept, day is None), []).extend([] if day is None else [day])
    return tuple(sorted(_ledgers(days), key=repr))


def table(ledgers: Iterable[Ledger]) -> pa.Table:
    """Ledgers as the roll-up's definitions take them."""
    rows = [{"source": one.source, "kind": one.kind, "first_day": one.first, "last_day": one.last} for one in ledgers]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _ledgers(days: dict[tuple[Kept, bool], list[date]]) -> Iterator[Ledger]:
    for ((source, kind), undated), listed in days.items():
        if undated:
            yield Ledger(source, kind, None, None)
        else:
            yield Ledger(source, kind, min(listed).replace(day=1), _last_of_month(max(listed)))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@lru_cache(maxsize=_DAYS_IN_MEMORY)
def _of_day(table: str, entries: Path, contacts: Path, contacts_hash: str) -> frozenset[Kept]:
    """Whose ledgers the entries of a day's contacts stand in; both files never change."""
    beside = entries.with_suffix(SUFFIX)
    if beside.exists():
        known = json.loads(beside.read_text())
        if known["contacts"] == contacts_hash:
            return frozenset((source, kind) for source, kind in known["kept"])
    found = _asked(table, entries, contacts)
    scratch = entries.with_suffix(f".{new_id().hex}")
    scratch.write_text(json.dumps({"contacts": contacts_hash, "kept": sorted(found, key=repr)}))
    scratch.replace(beside)
    return found


def _asked(table: str, entries: Path, contacts: Path) -> frozenset[Kept]:
    told = _ENTRIES[table].format(told=engine.scan([entries], TABLES[table].schema))
    whose = engine.scan([contacts], TABLES["contacts"].schema)
    rows = engine.reading().sql(f"SELECT DISTINCT c.source, k.kind FROM ({told}) k JOIN {whose} c USING (contact_id)")
    return frozenset((source, kind) for source, kind in rows.fetchall())
