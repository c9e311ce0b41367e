"""Two weeks of July 2026, served by 1001 and 1002 (east) and 1003 (west), made so that every figure can be worked out.

1001 answers in 10 s and is rated 5; 1003 answers in 60 s, is rated 2, and every tenth of the contacts is complained about.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bihuan.archive.rollup import refresh
from bihuan.archive.store import Archive
from bihuan.archive.tests.record_world import WEEK, World, at, chat, contact, course
from bihuan.inspection.judging import ensure_judged
from bihuan.standards.editions import load_edition

DAYS = 14
NEWEST = "2026-07-14"
A_DAY = 6
PEOPLE = {"1001": ("east", 10, 5), "1002": ("east", 20, 4), "1003": ("west", 60, 2)}
PHONE = "13812345678"


def make_record(root: Path) -> Archive:
    """`DAYS` days with `A_DAY` chats of each person, rolled up and judged by the recommended edition."""
    world = World(root)
    rows: dict[str, list[dict[str, Any]]] = {n: [] for n in ("contacts", "messages", "events", "ratings", "complaints")}
    for day in range(DAYS):
        for person, (_team, wait, rating) in PEOPLE.items():
            for number in range(A_DAY):
                _chat(rows, f"{person}-{day:02d}-{number}", person, day, number, wait, rating)
    world.tell(**rows)
    world.staff(
        *({"agent_key": who, "person": who, "name": who, "team": team} for who, (team, _w, _r) in PEOPLE.items())
    )
    refresh(world.archive, repeat_window_us=WEEK)
    ensure_judged(world.archive, load_edition("recommended"), [_day(day) for day in range(DAYS)])
    return world.archive


def _day(day: int) -> date:
    return date(2026, 7, 1) + timedelta(days=day)


def _chat(
    rows: dict[str, list[dict[str, Any]]], key: str, person: str, day: int, number: int, wait: int, rating: int
) -> None:
    start = day * 86_400 + number * 3_600
    rows["contacts"].append(
        contact(
            key, start, start + 300, outcome="solved", customer_key=f"customer {key}", customer_known=True,
            category="refund" if number % 2 else "order", level="L1", effective=True, subject=f"电话 {PHONE}",
        )
    )  # fmt: skip
    rows["messages"] += chat(
        ("customer", start + 1), (person, start + 1 + wait), contact_id=key, text="您好", kind="text"
    )
    rows["events"] += course(
        ("queued", start, None), ("assigned", start + 1, person), ("accepted", start + 1, person),
        ("resolved", start + 200, person), ("closed", start + 300, person), contact_id=key,
    )  # fmt: skip
    if number % 2:
        rows["ratings"].append(
            {"rating_id": f"r-{key}", "contact_id": key, "agent_key": person, "kind": "csat", "mode": "chat",
             "value": rating, "given_us": at(start + 320)}
        )  # fmt: skip
    if person == "1003" and number == 0:
        rows["complaints"].append(
            {"complaint_id": f"k-{key}", "contact_id": key, "agent_key": person, "praise": False, "valid": True,
             "decided_by": "2001", "opened_us": at(start + 400), "closed_us": at(start + 500)}
        )  # fmt: skip
