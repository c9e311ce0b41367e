"""What may be seen of the record, and how it is found."""

from __future__ import annotations

import tempfile
import threading
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.archive import word_index
from bihuan.archive.library import Filters
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.scope import Scope
from bihuan.archive.tests.record_world import World, at, chat, contact, table
from bihuan.archive.writer import write_verdicts
from bihuan.kit.errors import InputError

DAY_1, DAY_2 = date(2026, 7, 1), date(2026, 7, 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("record"))
    world.staff(
        {"agent_key": "k1", "person": "8001", "team": "T1"}, {"agent_key": "k2", "person": "8002", "team": "T2"}
    )
    said = {"a": "怎么退款😀呢", "b": "发票怎么开", "c": "我要退款 和 发票", "u": "早年的退款"}
    world.tell(
        contacts=[
            contact("a", 0, 60, external_id="X-1", category="fee"), contact("b", 100, 130), contact("c", 86_400, 86_500),
            contact("u", None),
        ],
        messages=[
            row for key, who in (("a", "k1"), ("b", "k2"), ("c", "k1"), ("u", "k2"))
            for row in (
                {"contact_id": key, "seq": 1, "sender_kind": "customer", "text": said[key]},
                {"contact_id": key, "seq": 2, "sender_kind": "agent", "agent_key": who, "text": "好的"},
            )
        ],
        ratings=[{"rating_id": "r", "contact_id": "b", "kind": "csat", "value": 2, "given_us": at(200)}],
        shifts=[{"shift_id": f"s{n}", "agent_key": f"k{n}", "planned_start_us": at(0)} for n in (1, 2)],
        evaluations=[{"evaluation_id": "e", "item": "tone", "contact_id": "a"}],
    )  # fmt: skip
    world.refresh()
    verdicts = [{"contact_id": "a", "item": "greeting", "verdict": "violated", "day": DAY_1, "person": "8001"}]
    write_verdicts(world.archive, "e1", table("verdicts", verdicts), [DAY_1])
    return world


def test_days_are_both_included_and_undated_rows_come_only_without_days(world: World) -> None:
    reader = Reader(world.archive)
    assert reader.table("contacts").num_rows == 4
    assert reader.table("contacts", days=(DAY_1, DAY_1))["contact_id"].to_pylist() == ["a", "b"]
    assert reader.table("contacts", days=(None, DAY_2)).num_rows == 3
    assert reader.table("contacts", days=(DAY_2, None)).num_rows == 1


def test_columns_and_conditions_narrow_a_table(world: World) -> None:
    reader = Reader(world.archive)
    rows = reader.table("contacts", columns=["contact_id"], where={"category": None, "channel": ["chat", "email"]})
    assert rows.to_pydict() == {"contact_id": ["b", "c", "u"]}
    with pytest.raises(InputError, match="no column"):
        reader.table("contacts", where={"password": "x"})
    with pytest.raises(InputError, match="no table"):
        reader.table("users")


def test_a_value_is_never_read_as_sql(world: World) -> None:
    assert Reader(world.archive).table("contacts", where={"category": "x' OR '1'='1"}).num_rows == 0


@pytest.mark.parametrize("name", list(TABLES))
def test_who_may_see_nothing_finds_no_row_in_any_table(world: World, name: str) -> None:
    assert Reader(world.archive, scope=Scope()).table(name, edition="e1").num_rows == 0


@pytest.mark.parametrize("name", list(TABLES))
def test_a_stranger_team_finds_no_row_in_any_table(world: World, name: str) -> None:
    stranger = Scope(persons=frozenset({"nobody"}), teams=frozenset({"T9"}))
    assert Reader(world.archive, scope=stranger).table(name, edition="e1").num_rows == 0


def test_somebody_sees_own_contacts_with_all_that_belongs_to_them(world: World) -> None:
    mine = Reader(world.archive, scope=Scope(persons=frozenset({"8001"})))
    assert sorted(mine.table("contacts")["contact_id"].to_pylist()) == ["a", "c"]
    assert mine.table("messages").num_rows == 4
    assert mine.table("rollup")["person"].unique().to_pylist() == ["8001"]
    assert mine.table("staff")["person"].to_pylist() == ["8001"]
    assert mine.table("shifts")["shift_id"].to_pylist() == ["s1"]
    assert mine.table("ratings").num_rows == 0
    assert mine.table("evaluations").num_rows == 1
    assert mine.verdicts("e1").num_rows == 1
    team = Reader(world.archive, scope=Scope(teams=frozenset({"T2"})))
    assert sorted(team.table("contacts")["contact_id"].to_pylist()) == ["b", "u"]


def test_a_connection_shows_the_same_narrowed_tables(world: World) -> None:
    connection = Reader(world.archive, scope=Scope(teams=frozenset({"T2"}))).connect(edition="e1")
    found = {name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in TABLES}
    assert (found["contacts"], found["messages"], found["verdicts"], found["rollup"]) == (2, 4, 0, 2)


def test_two_connections_with_different_rights_do_not_mix(world: World) -> None:
    all_seen, none_seen = Reader(world.archive).connect(), Reader(world.archive, scope=Scope()).connect()
    assert all_seen.sql("SELECT count(*) FROM contacts").fetchall() == [(4,)]
    assert none_seen.sql("SELECT count(*) FROM contacts").fetchall() == [(0,)]


def test_S1_9_a_contact_is_found_with_everything_that_belongs_to_it(world: World) -> None:
    record = Reader(world.archive).contact("b")
    assert record is not None
    assert (record.contact["contact_id"], len(record.messages), record.ratings[0]["value"]) == ("b", 2, 2)
    assert [row["person"] for row in record.rollup] == ["8002"]
    assert Reader(world.archive).contact("u") is not None
    assert Reader(world.archive).contact("none") is None


def test_a_contact_out_of_sight_is_as_if_it_were_not(world: World) -> None:
    assert Reader(world.archive, scope=Scope(teams=frozenset({"T1"}))).contact("b") is None
    assert Reader(world.archive, scope=Scope()).contact("b") is None


def test_pages_of_the_library_follow_each_other_without_gap_or_double(world: World) -> None:
    reader = Reader(world.archive)
    for order in ("opened", "contact", "rating", "duration"):
        for descending in (True, False):
            seen, after = [], None
            while True:
                page = reader.contacts_page(Filters(), order=order, descending=descending, limit=1, after=after)
                seen += [row["contact_id"] for row in page.rows]
                after = page.next
                if after is None:
                    break
            assert sorted(seen) == ["a", "b", "c", "u"], (order, descending)
    assert [row["contact_id"] for row in reader.contacts_page(Filters()).rows] == ["c", "b", "a", "u"]
    with pytest.raises(InputError, match="not ordered by"):
        reader.contacts_page(Filters(), order="password")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(days=(DAY_1, DAY_1)), "ba"), (Filters(person=("8001",)), "ca"), (Filters(team=("T2",)), "bu"),
        (Filters(rating=(1, 2)), "b"), (Filters(category=("fee",)), "a"), (Filters(contact="X-1"), "a"),
        (Filters(contact="c"), "c"), (Filters(words="退款"), "cau"), (Filters(words="退款 发票"), "c"),
        (Filters(verdict=("e1", "greeting", ("violated",))), "a"), (Filters(verdict=("e1", "greeting", ("met",))), ""),
        (Filters(contacts=("a", "u")), "au"), (Filters(complaint=True), ""), (Filters(channel=("phone",)), ""),
    ],
)  # fmt: skip
def test_filters_of_the_library(world: World, filters: Filters, expected: str) -> None:
    page = Reader(world.archive).contacts_page(filters)
    assert "".join(row["contact_id"] for row in page.rows) == expected


def test_a_contact_of_which_only_the_day_is_known_stands_at_the_beginning_of_that_day(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tell(contacts=[contact("a", 0), contact("day", None, day=DAY_1), contact("z", 86_400), contact("u", None)])
    reader = world.refresh()
    for descending, expected in ((True, ["z", "a", "day", "u"]), (False, ["day", "a", "z", "u"])):
        seen, after = [], None
        for _ in expected:
            page = reader.contacts_page(Filters(), descending=descending, limit=1, after=after)
            seen += [row["contact_id"] for row in page.rows]
            after = page.next
        assert seen == expected
        assert after is None


@given(words=st.text(min_size=1, max_size=4), texts=st.lists(st.text(max_size=12), max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_index_of_words_never_hides_a_message(words: str, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.parquet"
        pq.write_table(pa.table({"text": pa.array([*texts, None], pa.string())}), path)
        word_index.write(path)
        if any(words in text for text in texts):
            assert word_index.may_hold(path, [words])
        assert not word_index.may_hold(path, ["鲲鹏大厦"]) or any("鲲" in text for text in texts)


def test_the_library_shows_only_what_may_be_seen(world: World) -> None:
    mine = Reader(world.archive, scope=Scope(persons=frozenset({"8001"})))
    assert [row["contact_id"] for row in mine.contacts_page(Filters(words="退款")).rows] == ["c", "a"]
    assert {hit.contact_id for hit in mine.search_words("退款")} == {"a", "c"}
    assert mine.search_words("开") == []


def test_words_of_two_characters_are_found_with_their_place_in_code_points(world: World) -> None:
    hits = Reader(world.archive).search_words("款😀")
    assert [(hit.contact_id, hit.seq, hit.text[hit.start : hit.end]) for hit in hits] == [("a", 1, "款😀")]
    newest = Reader(world.archive).search_words("退款", days=(DAY_1, DAY_2), limit=1)
    assert [hit.contact_id for hit in newest] == ["c"]


def test_threads_read_side_by_side(world: World) -> None:
    found: list[int] = []

    def read() -> None:
        for _ in range(5):
            found.append(Reader(world.archive).table("messages").num_rows)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [8] * 20


def test_a_pinned_reader_does_not_see_what_comes_later(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tell(contacts=[contact("a")])
    reader = Reader(world.archive)
    world.tell(contacts=[contact("b")], messages=chat(("customer", 0), contact_id="b"))
    assert reader.table("contacts").num_rows == 1
    assert reader.contact("b") is None


def test_states_name_the_days_that_have_rows_and_change_with_what_may_be_seen_of_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.tell(contacts=[contact("a"), contact("c", 2 * 86_400), contact("u", None)])
    world.refresh()
    ever = (date.min, date.max)
    before = Reader(world.archive).states_of(ever, ["rollup"])
    assert list(before) == [DAY_1, date(2026, 7, 3)]
    assert list(Reader(world.archive).states_of((DAY_2, DAY_2), ["rollup"])) == []
    world.staff({"agent_key": "k1", "person": "8001", "team": "T1"})
    after = Reader(world.archive).states_of(ever, ["rollup"])
    assert all(after[day] != before[day] for day in before)
