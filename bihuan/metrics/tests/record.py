"""A small fixed record with the cases that go wrong, and parameters to read it with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.scope import Scope
from bihuan.kit import clock
from bihuan.metrics.engine.duckdb import TablesEngine
from bihuan.metrics.params import MetricParams

S = clock.SECOND
ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 10, 20, 0, 0, tzinfo=UTC)
PARAMS = MetricParams.from_mapping(
    {
        "confidence": "0.95",
        "decimals": {"share": 4, "seconds": 3, "points": 2, "nps": 1},
        "numbers": {"short_abandon": "5s", "fcr_window": "7d", "fcr_early_window": "72h"},
        "targets": {
            "customer_first_response_time": [
                {"value": "30s", "where": {"channel": "chat"}},
                {"value": "4h", "where": {"channel": "email"}},
                {"value": "60s", "where": {"channel": "phone"}},
            ],
            "first_response_time": [{"value": "15s", "where": {"channel": "chat", "level": "L1"}}, {"value": "30s"}],
            "queue_time": "1min",
            "service_level": "20s",
            "rings": 3,
            "response_time": "30s",
            "simple_resolution_time": "5min",
            "hand_over_time": [{"value": "10min", "where": {"level": "L3"}}, {"value": "1h"}],
            "complaint_resolution_time": [
                {"value": "24h"},
                {"value": "72h", "where": {"context": "other_departments"}},
            ],
            "follow_up_first": "24h",
            "follow_up_closed": "72h",
            "daily_volume": [
                {"value": 2, "where": {"agent_class": "new"}},
                {"value": 4, "where": {"agent_class": "mature"}},
                {"value": 8, "where": {"agent_class": "mature", "day": "2026-10-11"}},
            ],
        },
        "edition": "e1",
    }
)


def at(day: int, hour: int = 10, minute: int = 0, second: int = 0) -> int:
    """A moment of October 2026 in the department's zone, in microseconds."""
    return clock.to_us(datetime(2026, 10, day, hour, minute, second, tzinfo=ZONE))


_DEFAULTS: dict[str, Any] = {
    "source": "desk", "channel": "chat", "queue": "general", "business_line": "shop", "category": "order", "level": "L1",
    "team": "north", "post": "representative", "agent_class": "mature", "is_primary": True, "customer_known": True,
}  # fmt: skip
_OF_A_CONTACT: dict[str, Any] = {
    "effective": True, "offered": 1, "answered": 1, "abandoned": 0, "solved": 1, "reopened": 0, "transferred": 0,
    "escalated": 0, "handed_over": 0, "surveyed": 0, "complaints": 0, "praises": 0, "outcome": "solved", "passed_on": 0,
}  # fmt: skip


def contact(contact_id: str, opened_us: int, *, zone: ZoneInfo = ZONE, **given: Any) -> dict[str, Any]:
    """A roll-up row; whatever is not given is the ordinary case."""
    person = given.get("person")
    opened = clock.from_us(opened_us)
    row = _DEFAULTS | {"contact_id": contact_id, "opened_us": opened_us, "opened_at": opened, "agent_key": person}
    row |= {"day": clock.business_day(opened, zone, 0), "customer_key": f"customer-{contact_id}"}
    row |= _OF_A_CONTACT if given.get("is_primary", True) else {}
    row |= {"first_hand": given.get("is_primary", True), "served": None if person is None else 1}
    if "closed_us" not in given:
        row["closed_us"] = opened_us + 600 * S
    return row | given


def rollup(*rows: dict[str, Any]) -> pa.Table:
    """Rows in the declared schema; what a row does not name is null."""
    return pa.Table.from_pylist([*rows], schema=TABLES["rollup"].schema)


ANN: dict[str, Any] = {"person": "A", "assigned_us": at(5)}
BEN: dict[str, Any] = {"person": "B", "team": "south", "agent_class": "new", "assigned_us": at(5)}

ROLLUP = rollup(
    contact("c01", at(5), **ANN, customer_key="u1", customer_frt_us=10 * S, agent_frt_us=8 * S, queue_us=2 * S, exchanges=2,
            exchange_wait_us=30 * S, active_us=200 * S, hold_us=10 * S, wrap_up_us=20 * S, handle_us=230 * S,
            duration_us=280 * S, csat=5, nps=9, surveyed=1),
    # exactly at the limits: 30 s, 15 s, 60 s, 5 min are met
    contact("c02", at(5, 11), **ANN, customer_frt_us=30 * S, agent_frt_us=15 * S, queue_us=60 * S, exchanges=1,
            exchange_wait_us=15 * S, active_us=100 * S, hold_us=0, wrap_up_us=0, handle_us=100 * S, duration_us=300 * S,
            csat=4, nps=6, surveyed=1, praises=1),
    # came back with the same question a day later, on the phone
    contact("c03", at(5, 12), **ANN, customer_key="u2", customer_frt_us=31 * S, agent_frt_us=16 * S, queue_us=61 * S,
            exchanges=3, exchange_wait_us=100 * S, handle_us=400 * S, duration_us=301 * S, next_contact_us=clock.DAY,
            csat=1, nps=0, surveyed=1, complaints=1),
    contact("c04", at(6, 12), **ANN, customer_key="u2", channel="phone", queue_us=20 * S, rings=3, customer_frt_us=25 * S,
            solved=0, outcome="unsolved", effective=False, ineffective_reason="repeat", handle_us=500 * S,
            duration_us=520 * S, complaints=1, transferred=2, passed_on=1, next_contact_us=None),
    # shared by two: Ann passed it on, Ben is the last who served it
    contact("c05", at(6, 13), **BEN, level="L3", customer_frt_us=5 * S, agent_frt_us=40 * S, transferred=1, escalated=1,
            handed_over=1, hand_over_us=600 * S, exchanges=1, exchange_wait_us=40 * S, handle_us=70 * S, duration_us=900 * S,
            surveyed=1, first_hand=False, passed_on=None),
    contact("c05", at(6, 13), **(ANN | {"assigned_us": at(6, 13)}), level="L3", is_primary=False, first_hand=True, passed_on=1, agent_frt_us=5 * S,
            exchanges=1, exchange_wait_us=5 * S, handle_us=50 * S),
    # hung up after 3 s, and after 40 s
    contact("c06", at(6, 14), person=None, team=None, channel="phone", answered=0, abandoned=1, queue_us=3 * S, solved=None,
            outcome="abandoned", closed_us=at(6, 14, 0, 3), customer_waiting_since_us=at(6, 14), customer_key=None,
            customer_known=False),
    contact("c07", at(6, 15), person=None, team=None, channel="phone", answered=0, abandoned=1, queue_us=70 * S, solved=None,
            outcome="abandoned", closed_us=at(6, 15, 1, 10), customer_waiting_since_us=at(6, 15)),
    # nobody has replied: long overdue
    contact("c08", at(6, 16), **BEN, served=0, agent_messages=0, answered=0, solved=None, outcome=None, closed_us=None,
            customer_waiting_since_us=at(6, 16)),
    # an e-mail of an hour ago: open, not due yet
    contact("c09", clock.to_us(AS_OF) - clock.HOUR, **(BEN | {"assigned_us": clock.to_us(AS_OF) - 10 * S}), channel="email",
            served=0, agent_messages=0, answered=0, solved=None, outcome=None, closed_us=None,
            customer_waiting_since_us=clock.to_us(AS_OF) - clock.HOUR),
    # no customer known: first-contact resolution cannot be told; nothing known about effectiveness
    contact("c10", at(6, 17), **BEN, customer_key=None, customer_known=False, customer_frt_us=12 * S, agent_frt_us=9 * S,
            effective=None, duration_us=100 * S, handle_us=90 * S, csat=3, surveyed=None),
    # two days before the moment told: the window still runs
    contact("c11", at(18, 10), **BEN, customer_key="u1", category="refund", customer_frt_us=20 * S, agent_frt_us=20 * S,
            csat=5, surveyed=1, duration_us=200 * S, handle_us=180 * S, reopened=0),
    contact("c12", at(11, 10), **ANN, effective=False, ineffective_reason="test", reopened=1, handle_us=10 * S,
            duration_us=20 * S, handed_over=1, level="L2"),
    contact("c13", at(11, 11), **ANN, channel="phone", rings=4, queue_us=21 * S, handed_over=1, hand_over_us=3601 * S,
            complaints=3, level="L2", handle_us=60 * S, duration_us=None, solved=None, outcome=None),
    contact("c14", at(11, 12), **ANN, channel="phone", rings=None, queue_us=None, complaints=1, closed_us=at(11, 13),
            handle_us=None, duration_us=30 * S, answered=1),
    # without any time, of a source that keeps no ledger
    contact("c15", at(11, 12), **ANN, complaints=None, praises=None) | {"opened_us": None, "opened_at": None, "closed_us": None, "day": None},
)  # fmt: skip


def entry(contact_id: str, kind: str, day: int = 5, **given: Any) -> dict[str, Any]:
    """Something said or promised after a contact of a day of October; on Ann where not said otherwise."""
    opened_us = given.get("opened_us", at(day))
    row = {name: value for name, value in (_DEFAULTS | ANN).items() if name in TABLES["afterwards"].schema.names}
    row |= {"contact_id": contact_id, "entry_id": f"{contact_id}/{kind}", "kind": kind, "opened_us": opened_us}
    row |= {"day": clock.business_day(clock.from_us(opened_us), ZONE, 0)}
    row |= {"context": "live", "begun_us": opened_us} if kind == "complaint" else {}
    return row | given | {"agent_key": given.get("person", "A")}


def afterwards(*entries: dict[str, Any]) -> pa.Table:
    """Entries in the declared schema."""
    return pa.Table.from_pylist([*entries], schema=TABLES["afterwards"].schema)


_BEN = {"person": "B", "team": "south", "agent_class": "new"}
_NOW = clock.to_us(AS_OF)
AFTERWARDS = afterwards(
    entry("c01", "csat", value=5), entry("c01", "nps", value=9),
    entry("c02", "csat", value=4), entry("c02", "nps", value=6), entry("c02", "praise"),
    entry("c03", "csat", value=1), entry("c03", "nps", value=0),
    entry("c03", "complaint", valid=True, closed_us=at(5) + clock.DAY),
    entry("c04", "complaint", 6, channel="phone"),
    # Ben served last, and the customer rated Ann
    entry("c05", "csat", 6, level="L3", value=2),
    # the first word within a day, as promised; and a day after what was promised
    entry("c05", "follow_up", 6, **_BEN, begun_us=at(6), promised_us=at(7), first_us=at(7), closed_us=at(9)),
    entry("c05", "follow_up", 6, **_BEN, entry_id="f2", begun_us=at(6), promised_us=at(6, 12), first_us=at(7), closed_us=at(7)),
    entry("c10", "csat", 6, **_BEN, value=3),
    entry("c11", "csat", 18, **_BEN, category="refund", value=5),
    # nothing promised: the limit alone binds; still running; begun nobody knows when
    entry("c13", "follow_up", 11, channel="phone", level="L2", begun_us=at(11), first_us=at(11, 20), closed_us=at(12)),
    entry("c13", "follow_up", 11, channel="phone", level="L2", entry_id="f2", begun_us=_NOW - clock.HOUR),
    entry("c13", "follow_up", 11, channel="phone", level="L2", entry_id="f3", first_us=at(12)),
    entry("c13", "complaint", 11, channel="phone", level="L2", valid=True, closed_us=at(11) + clock.DAY + 1),
    entry("c13", "complaint", 11, channel="phone", level="L2", entry_id="k2", valid=False, context="other_departments",
          closed_us=at(11) + 2 * clock.DAY),
    entry("c13", "complaint", 11, channel="phone", level="L2", entry_id="k3", valid=True, begun_us=_NOW - clock.HOUR),
    # closed, opened nobody knows when
    entry("c14", "complaint", 11, channel="phone", begun_us=None, closed_us=at(12)),
)  # fmt: skip


def _exchange(contact_id: str, seq: int, person: str, wait: int, asked: int) -> dict[str, Any]:
    team, kind = ("north", "mature") if person == "A" else ("south", "new")
    place = {
        name: _DEFAULTS[name] for name in ("source", "channel", "queue", "business_line", "category", "level", "post")
    }
    told = {
        "contact_id": contact_id,
        "seq": seq,
        "reply_seq": seq + 1,
        "person": person,
        "agent_key": person,
        "team": team,
    }
    told |= {"agent_class": kind, "asked_us": asked, "replied_us": asked + wait, "wait_us": wait, "first": seq == 1}
    return place | told | {"day": clock.business_day(clock.from_us(asked), ZONE, 0)}


EXCHANGES = pa.Table.from_pylist(
    [
        _exchange("c01", 1, "A", 10 * S, at(5)),
        _exchange("c01", 3, "A", 20 * S, at(5)),
        _exchange("c02", 1, "A", 15 * S, at(5, 11)),
        _exchange("c03", 1, "A", 31 * S, at(5, 12)),
        _exchange("c03", 3, "A", 30 * S, at(5, 12)),
        _exchange("c03", 5, "A", 39 * S, at(5, 12)),
        _exchange("c05", 1, "A", 5 * S, at(6, 13)),
        _exchange("c05", 4, "B", 40 * S, at(6, 13)),
    ],
    schema=TABLES["exchanges"].schema,
)


def _verdict(contact_id: str, item: str, verdict: str, person: str, day: int, edition: str = "e1") -> dict[str, Any]:
    told = {"contact_id": contact_id, "item": item, "verdict": verdict, "person": person, "agent_key": person}
    return told | {"day": date(2026, 10, day), "edition": edition, "engine": "1"}


VERDICTS = pa.Table.from_pylist(
    [
        _verdict("c01", "identity_first", "met", "A", 5),
        _verdict("c02", "identity_first", "violated", "A", 5),
        _verdict("c03", "identity_first", "cannot_tell", "A", 5),
        _verdict("c05", "identity_first", "not_applicable", "B", 6),
        _verdict("c01", "identity_first", "violated", "A", 5, edition="other"),
        _verdict("c03", "complaint_steps", "violated", "A", 5),
        _verdict("c13", "complaint_steps", "met", "A", 11),
        _verdict("c01", "personal_data_leak", "met", "A", 5),
        _verdict("c05", "personal_data_leak", "violated", "B", 6),
    ],
    schema=TABLES["verdicts"].schema,
)
TABLES_HERE = {"rollup": ROLLUP, "exchanges": EXCHANGES, "afterwards": AFTERWARDS, "verdicts": VERDICTS}


def engine(scope: Scope | None = None, threads: int | None = None, **tables: pa.Table) -> TablesEngine:
    """An engine over this record, or over one's own tables."""
    return TablesEngine(TABLES_HERE | tables, ZONE, scope or Scope.all(), threads)
