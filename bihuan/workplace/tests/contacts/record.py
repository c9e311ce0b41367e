"""A small record made to be hard to show: full-width digits, emoji, markup, right-to-left marks, no times, ties, letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.rollup import refresh
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import append, write_staff
from bihuan.inspection.judging import ensure_judged
from bihuan.kit.clock import DAY, SECOND
from bihuan.standards.editions import load_edition

ZONE = ZoneInfo("Asia/Shanghai")
OPENED_US = 1_773_190_800 * SECOND  # 2026-03-11 09:00 in Shanghai
TODAY = date(2026, 3, 11)
MOBILE, WIDE_MOBILE = "13800005621", "１３９１２３４５６７８"
ADDRESS = "南京市鼓楼区中山路18号5栋301室"
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
TURNED = "\u202e反转\u2066\x00\x07"
LONG = "长" * 1_000_000

Said = tuple[str, str]  # sender, text


def make_record(root: Path) -> Archive:
    """The record, rolled up and judged by the recommended edition. Agent 1001 is of team east, 1003 of west."""
    archive = Archive(root, ZONE)
    write_staff(archive, _staff())
    tables: dict[str, list[dict[str, Any]]] = {
        "contacts": [],
        "events": [],
        "messages": [],
        "ratings": [],
        "complaints": [],
    }
    for at, (contact_id, agent, said, extra) in enumerate(_CONVERSATIONS):
        _add(tables, contact_id, agent, said, at, **extra)
    _add_letter_and_ratings(tables)
    rows = {name: pa.Table.from_pylist(listed, schema=_schema(name, listed)) for name, listed in tables.items()}
    append(archive, rows, import_id="test", recorded_us=OPENED_US + DAY)
    refresh(archive, repeat_window_us=7 * DAY)
    ensure_judged(archive, load_edition("recommended"), [TODAY])
    return archive


_CONVERSATIONS: Sequence[tuple[str, str, Sequence[Said], dict[str, Any]]] = (
    ("leak", "1001", (("customer", "你好😀，钱没到"), ("agent", f"😀😀您好，我是张三，保证100%今天到账，寄到{ADDRESS}，电话{WIDE_MOBILE}对吗")), {}),
    ("script", "1001", (("customer", SCRIPT), ("agent", f"您好{TURNED}"), ("customer", "مرحبا")), {"subject": SCRIPT}),
    ("phone-number", "1001", (("customer", f"我的电话是{MOBILE}"), ("agent", "您好，已登记")), {"customer_key": MOBILE}),
    ("tie-a", "1001", (("customer", "发票"), ("agent", "您好")), {"opened": 90}),
    ("tie-b", "1001", (("customer", "发票"), ("agent", "您好")), {"opened": 90}),
    ("tie-c", "1001", (("customer", "发票"), ("agent", "您好")), {"opened": 90}),
    ("west", "1003", (("customer", "换货"), ("agent", "您好，我是王五")), {}),
    ("long", "1003", (("customer", LONG), ("agent", "您好")), {}),
    ("undated-a", "1001", (("customer", "退款呢"), ("agent", "您好")), {"opened": None}),
    ("undated-b", "1001", (("customer", "退款呢"), ("agent", "您好")), {"opened": None}),
    ("silent", "1001", (("customer", "在吗"), ("agent", "您好，请讲"), ("customer", "好")), {"pauses": (0, 10, 400)}),
)  # fmt: skip


def _add(
    tables: dict[str, list[dict[str, Any]]], contact_id: str, agent: str, said: Sequence[Said], at: int, *,
    opened: int | None = -1, subject: str | None = None, customer_key: str = "C0026170", pauses: Sequence[int] = (),
) -> None:  # fmt: skip
    start = None if opened is None else OPENED_US + (60 * at if opened == -1 else opened) * SECOND
    times = [_at(start, pauses[place] if pauses else 10 * place) for place in range(len(said))]
    tables["contacts"].append(
        {
            "contact_id": contact_id, "external_id": f"X-{contact_id}", "source": "desk", "channel": "chat",
            "category": "refund", "level": "L1", "subject": subject, "customer_key": customer_key, "customer_known": True,
            "customer_surname": "张", "opened_us": start, "closed_us": None if start is None else times[-1], "outcome": "solved",
        }
    )  # fmt: skip
    kinds = (("queued", "system", None), ("accepted", "agent", agent))
    tables["events"] += [
        {"contact_id": contact_id, "seq": seq, "kind": kind, "happened_us": _at(start, seq), "actor_kind": actor, "agent_key": key}
        for seq, (kind, actor, key) in enumerate(kinds, 1)
    ]  # fmt: skip
    tables["messages"] += [
        {
            "contact_id": contact_id, "seq": seq, "sent_us": times[seq - 1], "sender_kind": sender, "kind": "text",
            "agent_key": agent if sender == "agent" else None, "text": text, "automatic": False,
        }
        for seq, (sender, text) in enumerate(said, 1)
    ]  # fmt: skip


def _add_letter_and_ratings(tables: dict[str, list[dict[str, Any]]]) -> None:
    letter = (("customer", "您好：\n东西坏了。\n\n此致"), ("agent", "张女士您好，\n已为您登记。"))
    _add(tables, "letter", "1003", letter, 30)
    tables["contacts"][-1]["channel"] = "email"
    tables["ratings"].append(
        {"rating_id": "r1", "contact_id": "leak", "agent_key": "1001", "kind": "csat", "mode": "chat", "value": 2,
         "words": f"打{MOBILE}没人接", "given_us": OPENED_US + 300 * SECOND}
    )  # fmt: skip
    tables["complaints"].append(
        {"complaint_id": "c1", "contact_id": "leak", "agent_key": "1001", "praise": False, "opened_us": OPENED_US + 400 * SECOND,
         "words": f"=HYPERLINK(\"http://x\") {MOBILE}"}
    )  # fmt: skip


def _at(start: int | None, seconds: int) -> int | None:
    return None if start is None else start + seconds * SECOND


def _schema(name: str, rows: Sequence[dict[str, Any]]) -> pa.Schema:
    """The declared columns that the rows fill, and both spellings of each moment."""
    whole = TABLES[name].schema
    for row in rows:
        row.update(
            {f"{key[:-3]}_at": row[key] for key in list(row) if key.endswith("_us") and f"{key[:-3]}_at" in whole.names}
        )
    return pa.schema([field for field in whole if field.name in rows[0]])


def _staff() -> pa.Table:
    rows = [
        {"source": "desk", "agent_key": number, "person": number, "name": name, "team": team, "from_us": 0}
        for number, name, team in (("1001", "张三", "east"), ("1003", "王五", "west"))
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["staff"].schema)
