"""Who staff keys were, as far as one day of the record depends on it: so that a new list rebuilds the days it changes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.kit.ids import content_hash

KEYS: Final = ("source", "agent_key")
Keys = frozenset[tuple[str | None, str | None]]
_DAYS_IN_MEMORY: Final = 1_024
_SAID: Final = ("source", "agent_key", "person", "team", "post", "agent_class", "from_us", "to_us")


class StaffList:
    """The staff list of one state of the record, read when it is first needed."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = list(files)

    def hash_of(self, keys: Keys, until_us: int | None) -> str:
        """A hash over the stretches of these keys that begin by `until_us`, and of their ends those that lie by then.

        What happens to somebody later does not touch the day. Without `until_us` every stretch counts.
        """
        sources: dict[str | None, set[str | None]] = {}
        for source, key in keys:
            sources.setdefault(key, set()).add(source)
        told = [
            _cut(row, until_us)
            for key, theirs in sources.items()
            for row in self._rows.get(key, ())
            if (row["source"] is None or row["source"] in theirs) and _begins_by(row, until_us)
        ]
        return content_hash(sorted(told, key=repr))

    @cached_property
    def _rows(self) -> dict[str | None, list[dict[str, Any]]]:
        found: dict[str | None, list[dict[str, Any]]] = {}
        for file in self._files:
            for row in pq.ParquetFile(file).read(columns=list(_SAID)).to_pylist():
                found.setdefault(row["agent_key"], []).append(row)
        return found


def different_keys(rows: pa.Table) -> Keys:
    """The pairs of source and staff key that occur in rows with the columns KEYS."""
    pairs = rows.group_by(list(KEYS)).aggregate([])
    return frozenset(zip(*(pairs[name].to_pylist() for name in KEYS), strict=True))


@lru_cache(maxsize=_DAYS_IN_MEMORY)
def keys_of(path: Path) -> Keys:
    """The pairs of source and staff key of a roll-up file; such a file never changes."""
    return different_keys(pq.ParquetFile(path).read(columns=list(KEYS)))


def _begins_by(row: dict[str, Any], until_us: int | None) -> bool:
    return until_us is None or row["from_us"] is None or row["from_us"] <= until_us


def _cut(row: dict[str, Any], until_us: int | None) -> list[Any]:
    told = [row[name] for name in _SAID]
    if until_us is not None and row["to_us"] is not None and row["to_us"] > until_us:
        told[-1] = None
    return told
