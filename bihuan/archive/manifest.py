"""A manifest names, for every table and day, the one file that holds its rows: a complete state of the record.

Files never change, so whoever keeps a manifest's hash can read the same state again for as long as it is not pruned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from bihuan.archive.schemas import UNDATED
from bihuan.kit.ids import canonical_json, content_hash

WHOLE = "all"  # the day key of tables that are not partitioned


@dataclass(frozen=True)
class PartitionFile:
    """One immutable file: path below the archive's root, number of rows, SHA-256 of its bytes.

    `until_us` is the last closing among contacts (how far their repeat window reaches), and in the roll-up the moment
    its last share began (how far the staff list matters); `built_from` says from which inputs a derived file was made,
    so that what is already built is not built again.
    """

    path: str
    rows: int
    hash: str
    until_us: int | None = None
    built_from: str | None = None


@dataclass(frozen=True)
class Manifest:
    """{table: {day: file}}; days are ISO dates, `undated`, or `all` for tables without days."""

    tables: Mapping[str, Mapping[str, PartitionFile]] = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """64 hex digits over every partition hash: equal exactly when the record is equal."""
        return content_hash(self._plain())

    @cached_property
    def told_until_us(self) -> int:
        """The last moment the record tells of, 0 where it tells none: what is still open is open as of then.

        Taken from the record and not from the clock, so that the same record gives the same figures on any day.
        """
        return max((file.until_us for file in self.files("contacts").values() if file.until_us is not None), default=0)

    def told_by(self, now_us: int) -> int:
        """The same, or the present where a closing is mistyped into the future: by one wrong year no other wait, no return
        of a customer and no promise is settled."""
        return min(self.told_until_us, now_us)

    def files(self, table: str) -> Mapping[str, PartitionFile]:
        """{day: file} of a table, in order of day; empty when nothing was ever written."""
        return self.tables.get(table, MappingProxyType({}))

    def between(self, table: str, days: tuple[date | None, date | None] | None) -> list[PartitionFile]:
        """The files of the days from–to, both included, None for open; all of them, undated too, without `days`."""
        files = self.files(table)
        if days is None or WHOLE in files:
            return list(files.values())
        first, last = (day.isoformat() if day else None for day in days)
        return [
            file
            for day, file in files.items()
            if day != UNDATED and (first is None or day >= first) and (last is None or day <= last)
        ]

    def with_files(self, table: str, changed: Mapping[str, PartitionFile | None]) -> Manifest:
        """A manifest in which these days have these files; None takes the day away."""
        files = {**self.files(table), **changed}
        kept = {day: file for day, file in sorted(files.items()) if file is not None}
        return Manifest({**{name: days for name, days in self.tables.items() if name != table}, table: kept})

    def paths(self) -> Iterable[str]:
        """Every file this state needs."""
        return (file.path for files in self.tables.values() for file in files.values())

    def to_json(self) -> str:
        return canonical_json(self._plain())

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        plain = json.loads(text)
        tables = {
            name: {day: PartitionFile(**file) for day, file in sorted(files.items())} for name, files in plain.items()
        }
        return cls(tables)

    def _plain(self) -> dict[str, Any]:
        return {
            name: {day: vars(file) for day, file in files.items()}  # thousands of files: no copies of their fields
            for name, files in self.tables.items()
            if files
        }


def day_key(day: date | None) -> str:
    """How a manifest spells a day."""
    return UNDATED if day is None else day.isoformat()


def day_of(key: str) -> date | None:
    """The day a manifest's key means."""
    return None if key == UNDATED else date.fromisoformat(key)
