"""The real files: what comes out of the roll-up equals what anybody counts from the file with csv and plain Python."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.archive import rollup
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources.importer import ImportSummary, import_file
from bihuan.archive.store import Archive
from bihuan.kit.clock import DAY, SECOND
from bihuan.kit.numbers import divided

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real records in ../shared/data are not here"),
]
WEEK = 7 * DAY
NOBODY = "NO_SERVER"


def brought_in(tmp_path: Path, file: str, source: str) -> tuple[Archive, ImportSummary]:
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    return archive, import_file(SHARED / file, source, archive)


def reader(archive: Archive) -> Reader:
    return Reader(archive, scope=Scope.all())


def seconds(clock: str) -> int:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def calls_by_hand() -> dict[str, dict[str, list[int] | int]]:
    """Per server name: calls answered, queue times and service times of those, calls abandoned in the queue."""
    figures: dict[str, dict] = defaultdict(lambda: {"answered": 0, "abandoned": 0, "queue": [], "service": []})
    with (SHARED / "bank_calls.tsv").open(encoding="utf-8", newline="") as file:
        for call in csv.DictReader(file, delimiter="\t"):
            queued = call["q_start"] != "0:00:00" or call["q_exit"] != "0:00:00"
            mine = figures[call["server"]]
            if call["outcome"] == "HANG" and queued:
                mine["abandoned"] += 1
            if call["outcome"] == "AGENT":
                mine["answered"] += 1
                mine["queue"].append(int(call["q_time"]))
                if call["ser_start"] != "0:00:00" or call["ser_time"] != "0":
                    mine["service"].append(int(call["ser_time"]))
    return figures


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, ImportSummary]:
    archive, summary = brought_in(tmp_path_factory.mktemp("bank"), "bank_calls.tsv", "bank-calls")
    rollup.refresh(archive, repeat_window_us=WEEK)
    return archive, summary


def test_bank_calls_per_server_equal_the_figures_counted_by_hand(bank: tuple[Archive, ImportSummary]) -> None:
    by_hand = calls_by_hand()
    rows = reader(bank[0]).table("rollup").to_pylist()
    found: dict[str, dict] = defaultdict(lambda: {"answered": 0, "abandoned": 0, "queue": [], "service": []})
    for row in rows:
        mine = found[row["agent_key"] or NOBODY]
        mine["abandoned"] += row["abandoned"] or 0
        if row["answered"]:
            mine["answered"] += 1
            mine["queue"].append(row["queue_us"])
        if row["active_us"] is not None:
            mine["service"].append(row["active_us"])
    assert set(found) == set(by_hand)
    for server, expected in sorted(by_hand.items()):
        mine = found[server]
        assert (mine["answered"], mine["abandoned"]) == (expected["answered"], expected["abandoned"]), server
        assert mean(mine["queue"], SECOND) == mean(expected["queue"], 1), server
        if server != NOBODY:  # service by nobody has no person to be booked to
            assert mean(mine["service"], SECOND) == mean(expected["service"], 1), server
            assert len(mine["service"]) == len(expected["service"]), server


def mean(values: list[int], unit: int) -> Decimal | None:
    return divided(sum(values), len(values) * unit, 6)


def test_bank_calls_count_offered_answered_and_abandoned(bank: tuple[Archive, ImportSummary]) -> None:
    archive, summary = bank
    assert summary.rows_read == 17_456
    assert summary.skipped == {"phantom": 143}
    assert summary.rejected == {}
    primary = [row for row in reader(archive).table("rollup").to_pylist() if row["is_primary"]]
    assert len(primary) == 17_313
    assert sum(row["answered"] for row in primary) == 14_405
    assert sum(row["abandoned"] for row in primary) == 1_885
    assert sum(row["offered"] for row in primary) == 14_405 + 1_885


def test_bank_calls_over_midnight_end_on_the_next_day(bank: tuple[Archive, ImportSummary]) -> None:
    contacts = {row["external_id"]: row for row in reader(bank[0]).table("contacts").to_pylist()}
    call = contacts["AA0104-22869"]
    zone = ZoneInfo("Asia/Jerusalem")
    assert call["opened_at"].astimezone(zone).strftime("%m-%d %H:%M:%S") == "02-08 23:51:29"
    assert call["closed_at"].astimezone(zone).strftime("%m-%d") == "02-09"


def test_bank_customer_zero_is_an_unknown_customer(bank: tuple[Archive, ImportSummary]) -> None:
    known = Counter(row["customer_known"] for row in reader(bank[0]).table("contacts").to_pylist())
    with (SHARED / "bank_calls.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["outcome"] != "PHANTOM"]
    assert known[False] == sum(1 for row in rows if row["customer_id"] == "0")


def test_chats_without_times_become_undated_contacts_in_file_order(tmp_path: Path) -> None:
    archive, summary = brought_in(tmp_path, "jddc_chats.tsv", "jddc-chats")
    assert summary.tables["contacts"].new == 532
    assert summary.tables["messages"].new == 6_547
    assert summary.days == (None,)
    assert summary.rejected == {}
    rows = reader(archive).table("messages").to_pylist()
    assert Counter(row["sender_kind"] for row in rows) == {"customer": 3_293, "agent": 3_254}
    by_contact: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["contact_id"], row["seq"])):
        by_contact[row["contact_id"]].append(row["text"])
    ids = {row["external_id"]: row["contact_id"] for row in reader(archive).table("contacts").to_pylist()}
    with (SHARED / "jddc_chats.tsv").open(encoding="utf-8", newline="") as file:
        expected: dict[str, list[str]] = defaultdict(list)
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            expected[row["session_id"]].append(row["text"].strip())
    assert {ids[key]: texts for key, texts in expected.items()} == by_contact


def test_helpdesk_cases_go_on_in_a_new_episode_after_they_were_closed(tmp_path: Path) -> None:
    with gzip.open(SHARED / "helpdesk_events.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    cases: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        cases[row[0]].append(row[1])
    # A year of days would only make the test slow: the cases that went on, and the first of the others.
    cases = {case: done for n, (case, done) in enumerate(cases.items()) if n < 20 or "Closed" in done[:-1]}
    few = tmp_path / "few.csv"
    with few.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[0] in cases)])
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    summary = import_file(few, "helpdesk-events", archive)
    assert summary.rejected == {}
    contacts = reader(archive).table("contacts").to_pylist()
    by_id = {row["contact_id"]: row for row in contacts}
    again = sum(activities[:-1].count("Closed") for activities in cases.values())
    assert len(contacts) == len(cases) + again
    children = [row for row in contacts if row["parent_id"]]
    assert len(children) == again
    assert all(by_id[child["parent_id"]]["closed_us"] <= child["opened_us"] for child in children)
    kinds = Counter(row["kind"] for row in reader(archive).table("events").to_pylist())
    assert kinds["closed"] == sum(activities.count("Closed") for activities in cases.values())
    assert kinds["accepted"] == sum(activities.count("Take in charge ticket") for activities in cases.values())


def test_city_complaints_hold_message_reply_and_ledger_row(tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    with (SHARED / "city_complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[:60]
    with few.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    summary = import_file(few, "city-complaints", archive)
    assert {name: count.new for name, count in summary.tables.items()} == {
        "contacts": 59, "events": 118, "messages": 118, "complaints": 59,
    }  # fmt: skip
    complaint = next(row for row in reader(archive).table("complaints").to_pylist() if row["opened_us"])
    assert complaint["valid"] is None
    assert complaint["closed_us"] > complaint["opened_us"]


def test_rated_turns_keep_the_raw_scale_under_their_own_name(tmp_path: Path) -> None:
    archive, summary = brought_in(tmp_path, "jddc_satisfaction.txt.gz", "jddc-satisfaction")
    assert summary.tables["contacts"].new == 330
    ratings = reader(archive).table("ratings").to_pylist()
    assert Counter(row["value"] for row in ratings) == {1: 2_602, 0: 1_218, 2: 1_186}
    assert {row["kind"] for row in ratings} == {"satisfaction_0_2"}
