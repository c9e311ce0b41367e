"""What comes into the record, and to which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bihuan.archive import merging
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.tests.record_world import World, at, chat, contact, course, table, tables
from bihuan.archive.vocabulary import faults, shaped
from bihuan.archive.writer import ImportSession, append, drain, write_verdicts
from bihuan.kit.clock import to_us
from bihuan.kit.errors import InputError

JULY_1 = date(2026, 7, 1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_same_facts_twice_add_nothing_and_change_nothing(world: World) -> None:
    rows = {"contacts": [contact()], "messages": chat(("customer", 0), ("a1", 5))}
    first = world.tell(**rows)
    second = world.tell(**rows)
    assert (first.rows_new, first.rows_known, first.rows_corrected) == (3, 0, 0)
    assert (second.rows_new, second.rows_known, second.rows_corrected) == (0, 3, 0)
    assert second.manifest.hash == first.manifest.hash
    assert second.days_touched == ()


def test_of_two_tellings_of_a_row_the_later_holds_whatever_arrives_first(world: World) -> None:
    late, early = (tables(contacts=[contact(outcome=outcome)]) for outcome in ("solved", "unsolved"))
    append(world.archive, late, import_id="b", recorded_us=20)
    result = append(world.archive, early, import_id="a", recorded_us=10)
    assert (result.rows_new, result.rows_known, result.rows_corrected) == (0, 1, 0)
    assert Reader(world.archive).table("contacts")["outcome"].to_pylist() == ["solved"]
    result = append(world.archive, early, import_id="c", recorded_us=30)
    assert (result.rows_new, result.rows_known, result.rows_corrected) == (0, 0, 1)
    assert Reader(world.archive).table("contacts")["outcome"].to_pylist() == ["unsolved"]


def test_an_earlier_state_can_be_read_after_a_correction(world: World) -> None:
    before = world.tell(contacts=[contact(outcome="unsolved")]).manifest
    world.tell(contacts=[contact(outcome="solved")])
    kept = Reader(world.archive, world.archive.manifest(before.hash)).table("contacts")
    assert kept["outcome"].to_pylist() == ["unsolved"]


def test_everything_of_a_contact_lies_on_the_day_it_opened(world: World) -> None:
    world.tell(contacts=[contact("c", 0)])
    result = world.tell(
        messages=chat(("customer", 20 * 3600), ("a1", 30 * 3600)), events=course(("closed", 40 * 3600, None)),
        ratings=[{"rating_id": "r", "contact_id": "c", "kind": "csat", "given_us": at(0, day=5)}],
        complaints=[{"complaint_id": "k", "contact_id": "c"}],
    )  # fmt: skip
    assert result.days_touched == (JULY_1,)
    assert set(result.manifest.files("messages")) == {"2026-07-01"}


def test_what_has_no_contact_lies_on_its_own_day_and_what_has_no_time_is_undated(world: World) -> None:
    result = world.tell(
        contacts=[contact("u", None)],
        messages=chat(("customer", 5), contact_id="u"),
        ratings=[{"rating_id": "r", "kind": "csat", "value": 5, "given_us": at(0, day=2)}],
        shifts=[{"shift_id": "s", "agent_key": "a1", "planned_start_us": at(0, day=1)}],
    )
    days = {name: list(files) for name, files in result.manifest.tables.items()}
    assert days == {
        "contacts": ["undated"],
        "messages": ["undated"],
        "ratings": ["2026-07-03"],
        "shifts": ["2026-07-02"],
    }
    assert Reader(world.archive).table("messages", days=(JULY_1, None)).num_rows == 0


def test_a_date_without_a_time_of_day_keeps_its_day(world: World) -> None:
    result = world.tell(
        contacts=[contact("c", None, day=JULY_1)],
        messages=chat(("customer", None)),
        ratings=[{"rating_id": "r", "kind": "csat", "day": date(2026, 7, 3)}],
    )
    assert {name: list(files) for name, files in result.manifest.tables.items()} == {
        "contacts": ["2026-07-01"], "messages": ["2026-07-01"], "ratings": ["2026-07-03"],
    }  # fmt: skip
    world.tell(contacts=[contact("d", 0, day=date(2026, 7, 9))])
    assert set(Reader(world.archive).table("contacts")["day"].to_pylist()) == {JULY_1}, "a known moment tells the day"


def test_a_history_larger_than_one_portion_is_merged_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "GROUP_ROWS", 3)
    days = range(5)
    rows = {
        "contacts": [contact(f"c{day}", day * 86_400) for day in days],
        "messages": [row for day in days for row in chat(("customer", day * 86_400), ("a1", 5), contact_id=f"c{day}")],
    }
    for known in (0, 15):
        result = world.tell(**rows)
        assert (result.rows_new, result.rows_known) == (15 - known, known)
    assert sorted(Reader(world.archive).table("messages")["contact_id"].to_pylist()) == sorted(
        2 * [f"c{d}" for d in days]
    )


def test_a_contact_told_after_its_messages_brings_them_to_its_day(world: World) -> None:
    world.tell(messages=chat(("customer", 0), ("a1", 5)))
    result = world.tell(contacts=[contact()])
    assert {name: list(files) for name, files in result.manifest.tables.items()} == {
        "contacts": ["2026-07-01"], "messages": ["2026-07-01"],
    }  # fmt: skip
    assert result.rows_new == 1


def test_a_corrected_opening_moves_the_whole_contact(world: World) -> None:
    world.tell(
        contacts=[contact("c"), contact("d")], messages=[*chat(("customer", 0)), *chat(("bot", 0), contact_id="d")]
    )
    result = world.tell(contacts=[contact("c", 86_400)])
    assert result.days_touched == (JULY_1, date(2026, 7, 2))
    reader = Reader(world.archive)
    assert dict(zip(*reader.table("messages").select(["contact_id", "day"]).to_pydict().values(), strict=True)) == {
        "c": date(2026, 7, 2), "d": JULY_1,
    }  # fmt: skip
    assert (result.rows_new, result.rows_corrected) == (0, 1)


@pytest.mark.parametrize(
    ("zone", "cutover", "moment", "day"),
    [
        ("Asia/Shanghai", 0, datetime(2026, 7, 1, 16, tzinfo=UTC), date(2026, 7, 2)),
        ("Asia/Shanghai", 0, datetime(2026, 7, 1, 15, 59, tzinfo=UTC), JULY_1),
        ("Asia/Shanghai", 4, datetime(2026, 7, 1, 19, 59, tzinfo=UTC), JULY_1),
        ("Asia/Shanghai", 4, datetime(2026, 7, 1, 20, tzinfo=UTC), date(2026, 7, 2)),
        # The night the clocks of Berlin go back is 25 hours long: both two-thirty o'clocks belong to it.
        ("Europe/Berlin", 2, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        ("Europe/Berlin", 3, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 24)),
        ("Europe/Berlin", 0, datetime(2026, 3, 28, 23, tzinfo=UTC), date(2026, 3, 29)),
    ],
)
def test_the_day_is_the_business_day_of_the_zone(
    tmp_path: Path, zone: str, cutover: int, moment: datetime, day: date
) -> None:
    world = World(tmp_path, ZoneInfo(zone), cutover)
    row = {"contact_id": "c", "channel": "chat", "opened_us": to_us(moment)}
    assert world.tell(contacts=[row]).days_touched == (day,)


def test_both_spellings_of_a_moment_are_kept(world: World) -> None:
    world.tell(contacts=[{"contact_id": "c", "channel": "chat", "opened_at": datetime(2026, 7, 1, 1, tzinfo=UTC)}])
    (row,) = Reader(world.archive).table("contacts").to_pylist()
    assert row["opened_us"] == at(0) == to_us(row["opened_at"])


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("contacts", {"contact_id": "c", "channel": "fax"}, "channel: unknown word fax"),
        ("contacts", {"contact_id": None, "channel": "chat"}, "contact_id: missing"),
        ("messages", {"contact_id": "c", "seq": 0, "sender_kind": "customer"}, "seq: not positive 0"),
        ("messages", {"contact_id": "c", "seq": 1, "sender_kind": "robot"}, "sender_kind: unknown word robot"),
        ("events", {"contact_id": "c", "seq": 1, "kind": "exploded"}, "kind: unknown word exploded"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused_and_nothing_is_written(
    world: World, name: str, row: dict, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        world.tell(**{name: [row]})
    assert world.archive.head().tables == {}
    assert list((world.archive.root / "staging").iterdir()) == []


def test_faults_name_row_and_column_so_that_an_importer_can_reject_them() -> None:
    rows = shaped(TABLES["contacts"], table("contacts", [contact(), contact(channel="fax"), contact(None)]))
    assert [(f.row, f.column, f.reason) for f in faults(TABLES["contacts"], rows)] == [
        (2, "contact_id", "missing"), (1, "channel", "unknown word"),
    ]  # fmt: skip


def test_messages_with_a_gap_are_refused_and_nothing_is_written(world: World) -> None:
    said = chat(("customer", 0), ("a1", 1), ("a1", 2))
    with pytest.raises(InputError, match="not so in c"):
        world.tell(contacts=[contact()], messages=[said[0], said[2]])
    assert world.archive.head().tables == {}


def test_an_unknown_column_or_table_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="no column colour"):
        append(world.archive, {"contacts": pa.table({"colour": ["red"]})}, import_id="x", recorded_us=1)
    with pytest.raises(InputError, match="no source table rollup"):
        append(world.archive, {"rollup": pa.table({"contact_id": ["c"]})}, import_id="x", recorded_us=1)


def test_an_interrupted_import_goes_on_after_the_last_staged_chunk(world: World) -> None:
    halves = [tables(contacts=[contact("c")]), tables(messages=chat(("customer", 0)))]
    ImportSession(world.archive, "history").add(halves[0], chunk="1", recorded_us=1)
    resumed = ImportSession(world.archive, "history")
    assert resumed.chunks == ("1",)
    assert [resumed.add(half, chunk=str(n), recorded_us=1) for n, half in enumerate(halves, start=1)] == [0, 1]
    assert resumed.commit().rows_new == 2
    assert ImportSession(world.archive, "history").chunks == ()


def test_chunks_in_any_order_make_the_same_bytes(tmp_path: Path) -> None:
    hashes = set()
    parts = [tables(contacts=[contact("c")]), tables(contacts=[contact("d")]), tables(messages=chat(("customer", 0)))]
    for n, order in enumerate([parts, parts[::-1]]):
        session = ImportSession(World(tmp_path / str(n)).archive, "history")
        for k, part in enumerate(order):
            session.add(part, chunk=str(k), recorded_us=1)
        hashes.add(session.commit().manifest.hash)
    assert len(hashes) == 1


def test_files_are_sorted_and_their_row_groups_small(world: World) -> None:
    ids = [f"c{n:06d}" for n in range(60_000, 0, -1)]
    many = pa.table({"contact_id": ids, "channel": ["chat"] * 60_000, "opened_us": [at(0)] * 60_000})
    manifest = append(world.archive, {"contacts": many}, import_id="x", recorded_us=1).manifest
    file = pq.ParquetFile(world.archive.root / manifest.files("contacts")["2026-07-01"].path)
    assert max(file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)) <= 50_000
    ids = file.read(columns=["contact_id"])["contact_id"].to_pylist()
    assert ids == sorted(ids)
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_verdicts_of_an_edition_are_replaced_day_by_day(world: World) -> None:
    def judged(contact_id: str, verdict: str, day: date | None = JULY_1) -> dict:
        return {"contact_id": contact_id, "item": "greeting", "verdict": verdict, "day": day}

    world.tell(contacts=[contact("c"), contact("u", None)])
    rows = [judged("c", "met"), judged("u", "cannot_tell", None)]
    write_verdicts(world.archive, "e1", table("verdicts", rows), [JULY_1, None])
    write_verdicts(world.archive, "e2", table("verdicts", [judged("c", "violated")]), [JULY_1])
    write_verdicts(world.archive, "e1", table("verdicts", [judged("c", "not_applicable")]), [JULY_1])
    reader = Reader(world.archive)
    assert reader.verdicts("e1")["verdict"].to_pylist() == ["not_applicable", "cannot_tell"]
    assert reader.verdicts("e2", contact_ids=["c"])["verdict"].to_pylist() == ["violated"]
    assert reader.verdicts("never").num_rows == 0
    with pytest.raises(ValueError, match="not named"):
        write_verdicts(world.archive, "e1", table("verdicts", rows), [JULY_1])


def test_verdicts_of_a_day_may_come_in_portions_that_follow_each_other(world: World) -> None:
    def judged(contact_id: str) -> dict[str, object]:
        return {"contact_id": contact_id, "item": "greeting", "verdict": "met", "day": JULY_1}

    world.tell(contacts=[contact(id_) for id_ in "abcd"])
    portions = [table("verdicts", [judged(id_) for id_ in ids]) for ids in ("ba", "dc")]
    write_verdicts(world.archive, "e1", iter(portions), [JULY_1])
    assert Reader(world.archive).verdicts("e1")["contact_id"].to_pylist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="does not follow"):
        write_verdicts(world.archive, "e1", reversed(portions), [JULY_1])
    assert Reader(world.archive).verdicts("e1").num_rows == 4


def test_the_outbox_is_settled_only_after_its_facts_are_in_the_record(world: World) -> None:
    waiting = [(tables(contacts=[contact("c")]), "live", 1), (tables(messages=chat(("customer", 0))), "live", 2)]
    settled: list[int] = []

    def settle(count: int) -> None:
        assert Reader(world.archive).table("messages").num_rows == 1
        settled.append(count)

    assert drain(world.archive, lambda limit: waiting[:limit], settle) == 2
    assert settled == [2]


def test_pruning_keeps_what_is_cited_and_the_present(world: World) -> None:
    cited = world.tell(contacts=[contact(outcome="unsolved")]).manifest
    world.tell(contacts=[contact(outcome="unknown")])
    now = world.tell(contacts=[contact(outcome="solved")]).manifest
    assert world.archive.prune(keep=[cited.hash]) == 2, "one file and one manifest nobody cites"
    for manifest, outcome in ((cited, "unsolved"), (now, "solved")):
        rows = Reader(world.archive, world.archive.manifest(manifest.hash)).table("contacts")
        assert rows["outcome"].to_pylist() == [outcome]


def test_pruning_sweeps_what_killed_work_left_and_spares_work_under_way(world: World) -> None:
    left = world.archive.scratch()
    left.mkdir()
    (left / "half.parquet").touch()

    def portions() -> Iterator[pa.Table]:
        world.archive.prune(keep=[])
        assert not left.exists()
        yield table("verdicts", [{"contact_id": "c", "item": "greeting", "verdict": "met", "day": JULY_1}])
        world.archive.prune(keep=[])

    world.tell(contacts=[contact("c")])
    write_verdicts(world.archive, "e1", portions(), [JULY_1])
    assert Reader(world.archive).verdicts("e1").num_rows == 1
