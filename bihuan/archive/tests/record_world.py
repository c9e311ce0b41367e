"""A small record to write tests on: rows as dicts, times as seconds after the first morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.reader import Reader
from bihuan.archive.rollup import refresh
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import AppendResult, append, write_staff
from bihuan.kit.clock import DAY, SECOND, to_us

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = to_us(datetime(2026, 7, 1, 1, tzinfo=UTC))  # nine o'clock in Shanghai
WEEK = 7 * DAY
Rows = list[dict[str, Any]]


def at(seconds: float, day: int = 0) -> int:
    return MORNING + int(seconds * SECOND) + day * DAY


def table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    listed = list(rows)
    schema = TABLES[name].schema
    used = [field for field in schema if any(field.name in row for row in listed)]
    return pa.table({f.name: pa.array([row.get(f.name) for row in listed], f.type) for f in used})


def tables(**rows: Rows) -> dict[str, pa.Table]:
    return {name: table(name, listed) for name, listed in rows.items() if listed}


class World:
    """An archive in a folder, with short ways to tell it things and to read its roll-up."""

    def __init__(self, root: Path, zone: ZoneInfo = SHANGHAI, cutover_hour: int = 0) -> None:
        self.archive = Archive(root, zone, cutover_hour)
        self._told = 0

    def tell(self, **rows: Rows) -> AppendResult:
        self._told += 1
        return append(self.archive, tables(**rows), import_id=f"told {self._told}", recorded_us=self._told)

    def staff(self, *rows: dict[str, Any]) -> None:
        write_staff(self.archive, table("staff", rows))

    def refresh(self, repeat_window_us: int = WEEK) -> Reader:
        return Reader(self.archive, refresh(self.archive, repeat_window_us=repeat_window_us))

    def rollup(self, contact_id: str = "c", repeat_window_us: int = WEEK) -> Rows:
        """Roll-up rows of a contact, the primary one first."""
        rows = self.refresh(repeat_window_us).table("rollup", where={"contact_id": contact_id}).to_pylist()
        return sorted(rows, key=lambda row: (not row["is_primary"], row["agent_key"] or ""))

    def exchanges(self, contact_id: str = "c") -> Rows:
        return self.refresh().table("exchanges", where={"contact_id": contact_id}).to_pylist()

    def afterwards(self, contact_id: str = "c") -> Rows:
        """What came after a contact, in order of kind and entry."""
        return self.refresh().table("afterwards", where={"contact_id": contact_id}).to_pylist()


def chat(*words: tuple[str, float | None], contact_id: str = "c", **more: Any) -> Rows:
    """Messages from pairs (who, seconds): who is customer, bot, system, or an agent's key."""
    rows = []
    for seq, (who, seconds) in enumerate(words, start=1):
        kind = who if who in ("customer", "bot", "system") else "agent"
        moment = None if seconds is None else at(seconds)
        key = who if kind == "agent" else None
        rows.append(
            {"contact_id": contact_id, "seq": seq, "sender_kind": kind, "agent_key": key, "sent_us": moment, **more}
        )
    return rows


def course(*steps: tuple[str, float | None, str | None], contact_id: str = "c") -> Rows:
    """Events from triples (kind, seconds, agent key)."""
    return [
        {"contact_id": contact_id, "seq": seq, "kind": kind, "agent_key": key,
         "happened_us": None if seconds is None else at(seconds)}
        for seq, (kind, seconds, key) in enumerate(steps, start=1)
    ]  # fmt: skip


def contact(
    contact_id: str = "c", opened: float | None = 0, closed: float | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "contact_id": contact_id, "channel": "chat", "opened_us": None if opened is None else at(opened),
        "closed_us": None if closed is None else at(closed), **more,
    }  # fmt: skip
