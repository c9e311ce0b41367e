"""The roll-up equals its definitions written in plain Python, and the frozen SQL of the benchmark, on random records."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.archive import engine
from bihuan.archive.reader import Reader
from bihuan.archive.rollup import DERIVED, SOURCES
from bihuan.archive.schemas import CHANNELS, EVENTS, TABLES
from bihuan.archive.tests import record_reference as reference
from bihuan.archive.tests.record_world import World, at
from bihuan.kit.clock import DAY, SECOND

REFERENCE_SQL = Path(__file__).parents[3] / "bench" / "reference" / "rollup.sql"
WINDOW = DAY
KEYS = ("a1", "a2", None)
seconds = st.integers(0, 40)


@st.composite
def contacts_with_all(draw: st.DrawFn, number: int) -> dict[str, list[dict[str, Any]]]:
    contact_id, opened = f"c{number}", draw(st.one_of(st.none(), st.integers(0, 3 * 86_400)))
    base = opened or 0
    moment = st.one_of(st.none() if opened is None else seconds.map(lambda s: at(base + s)), st.none())
    usually = seconds.map(lambda s: at(base + s)) if opened is not None else st.none()
    moment = st.one_of(usually, usually, usually, moment)
    events = draw(st.lists(st.fixed_dictionaries({
        "kind": st.sampled_from(EVENTS), "happened_us": moment, "agent_key": st.sampled_from(KEYS),
        "rings": st.sampled_from((None, 2)), "duration_us": st.sampled_from((None, None, 7 * SECOND)),
    }), max_size=7))  # fmt: skip
    messages = draw(st.lists(st.fixed_dictionaries({
        "sender_kind": st.sampled_from(("customer", "customer", "agent", "agent", "bot", "system")), "sent_us": moment,
        "agent_key": st.sampled_from(KEYS), "automatic": st.sampled_from((None, False, False, True)),
        "withdrawn_us": st.sampled_from((None, None, None, at(1))),
    }), max_size=8))  # fmt: skip
    for rows in (events, messages):
        for seq, row in enumerate(rows, start=1):
            row |= {"contact_id": contact_id, "seq": seq}
    contact = {
        "contact_id": contact_id, "channel": draw(st.sampled_from(CHANNELS)), "source": "s",
        "opened_us": None if opened is None else at(opened),
        "closed_us": None if opened is None else draw(st.one_of(st.none(), st.integers(-3, 90_000).map(lambda s: at(base + s)))),
        "parent_id": draw(st.sampled_from((None, "c0", "c1"))), "customer_key": draw(st.sampled_from((None, "u", "v"))),
        "customer_known": draw(st.sampled_from((None, True, True, False))), "category": draw(st.sampled_from((None, "fee"))),
        "outcome": draw(st.sampled_from((None, "solved", "unsolved", "abandoned", "unknown"))),
        "effective": draw(st.sampled_from((None, None, None, True))),
    }  # fmt: skip
    return {"contacts": [contact], "events": events, "messages": messages, **draw(said_after(contact_id, moment))}


@st.composite
def said_after(
    draw: st.DrawFn, contact_id: str, moment: st.SearchStrategy[int | None]
) -> dict[str, list[dict[str, Any]]]:
    """Ratings, complaints and follow-ups of a contact, also about somebody who never served it."""
    keys = st.sampled_from((*KEYS, "a9"))
    tables = {
        "ratings": {"kind": st.sampled_from(("csat", "csat", "nps", "invitation")), "value": st.sampled_from((None, 1, 5)),
                    "given_us": moment},
        "complaints": {"praise": st.sampled_from((None, False, True)), "valid": st.sampled_from((None, True, False)),
                       "responsibility": st.sampled_from((None, "own", "third_party")), "opened_us": moment, "closed_us": moment},
        "follow_ups": {"opened_us": moment, "promised_us": moment, "first_us": moment, "closed_us": moment},
    }  # fmt: skip
    found = {}
    for name, columns in tables.items():
        rows = draw(st.lists(st.fixed_dictionaries({**columns, "agent_key": keys}), max_size=2))
        for number, row in enumerate(rows):
            row |= {"contact_id": contact_id, TABLES[name].identity[0]: f"{contact_id}/{number}"}
        found[name] = rows
    return found


records = st.tuples(*(contacts_with_all(number) for number in range(12))).map(
    lambda parts: {name: [row for part in parts for row in part[name]] for name in SOURCES}
)


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(records)
def test_rollup_and_exchanges_equal_their_definitions(record: dict[str, list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        world = World(Path(root))
        world.tell(**record)
        reader = world.refresh(WINDOW)
        rows = {(r["contact_id"], r["agent_key"]): r for r in reader.table("rollup").to_pylist()}
        kept = {(x["contact_id"], x["seq"]): x for x in reader.table("exchanges").to_pylist()}
        compare_with_frozen_sql(reader)
    wrapping = {e["contact_id"] for e in record["events"] if e["kind"] in ("wrap_up_started", "wrap_up_ended")}
    days = {row["contact_id"]: row["day"] for row in rows.values()}
    wrap_up_told = {row["day"] for row in rows.values() if row["contact_id"] in wrapping}
    expected_rows, expected_exchanges = 0, 0
    for contact in record["contacts"]:
        contact_id = contact["contact_id"]
        events, messages = (reference.of(record[name], contact_id) for name in ("events", "messages"))
        moved = reference.customer_clock(contact, events, messages)[2]
        exchanges = reference.waits(contact, messages, moved)
        for wait in exchanges:
            assert_holds(kept[contact_id, wait["seq"]], wait)
        day = days[contact_id]
        shares = reference.shares(contact, events, messages, exchanges, wrap_up_told=day in wrap_up_told)
        kept_here = reference.kept_on(day, record, days)
        about = reference.whole(contact, events, messages, record["contacts"], WINDOW, kept_here)
        primary = shares[0]["agent_key"] if shares else None
        if not shares:
            passed_on = (about["answered"] if about["transferred"] else 0) if events else None
            assert_holds(rows[contact_id, None], {"first_hand": True, "passed_on": passed_on, "served": None})
        assert_holds(rows[contact_id, primary], {**about, "is_primary": True})
        for share in shares:
            row = rows[contact_id, share["agent_key"]]
            assert_holds(row, {name: value for name, value in share.items() if name != "rank"})
            assert row["is_primary"] == (share["agent_key"] == primary)
            if not row["is_primary"]:
                assert {row[name] for name in about} == {None}
        expected_rows += max(len(shares), 1)
        expected_exchanges += len(exchanges)
    assert (len(rows), len(kept)) == (expected_rows, expected_exchanges)


def assert_holds(row: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {name: row[name] for name in expected} == expected, row["contact_id"]


def compare_with_frozen_sql(reader: Reader) -> None:
    """The benchmark compares times with this SQL, so both must answer the same."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET VARIABLE repeat_window_us = {WINDOW}::BIGINT")
        for name in (*SOURCES, "staff"):
            paths = [reader.archive.root / file.path for file in reader.manifest.files(name).values()]
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {engine.scan(paths, TABLES[name].schema)}")
        connection.execute(REFERENCE_SQL.read_text())
        for name in DERIVED:
            connection.register("built", reader.table(name))
            for one, other in (("built", name), (name, "built")):
                missing = connection.sql(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}").fetchall()
                assert missing == [], (one, name)


@pytest.mark.parametrize("name", DERIVED)
def test_the_built_columns_are_the_declared_ones(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    world.tell(contacts=[{"contact_id": "c", "channel": "chat"}])
    manifest = world.refresh().manifest
    assert list(manifest.files(name)) == ["undated"]
    paths = [world.archive.root / manifest.files(name)["undated"].path]
    found = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{paths[0]}', hive_partitioning = false)").fetchall()
    kinds = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    assert [(row[0], kinds.get(row[1], row[1])) for row in found] == [
        (field.name, engine.sql_type(field.type)) for field in TABLES[name].schema
    ]
