"""The library: what an address asks, pages that hold still, searches and how far they looked, who sees what."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.archive.library import Filters as Kept
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.inspection.review_rate import ReviewRate
from bihuan.journal.models import Entry
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition
from bihuan.workplace.contacts.library import Found, Wanted, find_page, neighbour, read_wanted, token_text
from bihuan.workplace.contacts.rows import contact_rows
from bihuan.workplace.contacts.searching import read_search
from bihuan.workplace.filters import Filters
from bihuan.workplace.tests.contacts.record import ADDRESS, MOBILE, TODAY

SignIn = Callable[[str], Client]
EVERYTHING = Wanted(None)
PERIOD = {"from": "2026-03-11", "to": "2026-03-11"}
SEES_ALL = {"manager", "inspector"}


def read(**query: str) -> Wanted:
    checks = load_edition("recommended").checks
    return read_wanted(query, Filters(TODAY, TODAY), undated_only=False, checks=checks)


def walk(reader: Reader, wanted: Wanted, filters: Kept, size: int) -> list[str]:
    """Every id, page after page."""
    ids: list[str] = []
    page = Found([], None)
    while True:
        page = find_page(reader, filters, replace(wanted, after=page.next), limit=size)
        ids += [row["contact_id"] for row in page.rows]
        if page.next is None:
            return ids


def ids_on(client: Client, **query: str) -> set[str]:
    listed = client.get("/contacts/", {**PERIOD, **query}).context["list"]
    return {row.contact_id for row in listed.looked.rows}


def test_an_address_is_read_and_written_back_and_nonsense_is_left_out() -> None:
    asked = {"q": "退款", "channel": "chat", "rating": "5", "check": "greeting", "verdict": "met", "sort": "-duration"}
    assert read(**asked).query() == {**asked, "from": "2026-03-11", "to": "2026-03-11"}
    junk = read(channel="fax", rating="9", check="password", sort="password", after="x", level="'", q="\x00")
    assert junk == Wanted((TODAY, TODAY))
    assert read(after="9" * 40 + "~x").after is None
    assert read(after="123~a~b").after == (123, "a~b")
    assert token_text((None, "x")) == "~x"


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_of_any_size_join_to_the_same_list_with_ties_and_contacts_without_times(
    reader: Reader, size: int
) -> None:
    ids = walk(reader, EVERYTHING, Kept(), size)
    assert len(ids) == len(set(ids)) == 12
    assert ids[-2:] == ["undated-a", "undated-b"]
    assert [one for one in ids if one.startswith("tie")] == ["tie-a", "tie-b", "tie-c"]


def test_next_and_previous_walk_the_whole_list_both_ways(reader: Reader) -> None:
    ids = walk(reader, EVERYTHING, Kept(), 50)
    opened = {row["contact_id"]: row["opened_us"] for row in find_page(reader, Kept(), EVERYTHING).rows}
    for place, contact_id in enumerate(ids):
        row = {"contact_id": contact_id, "opened_us": opened[contact_id]}
        after = neighbour(reader, Kept(), EVERYTHING, row, ahead=True)
        before = neighbour(reader, Kept(), EVERYTHING, row, ahead=False)
        assert after == (ids[place + 1] if place + 1 < len(ids) else None)
        assert before == (ids[place - 1] if place else None)


def test_two_characters_are_found_and_an_early_stop_says_how_far_it_came(reader: Reader) -> None:
    wanted, filters = Wanted(None, "发票"), Kept(words="发票")
    assert set(walk(reader, wanted, filters, 2)) == {"tie-a", "tie-b", "tie-c"}
    assert set(walk(reader, Wanted(None, "退款"), Kept(words="退款"), 1)) == {"undated-a", "undated-b"}
    hours = count(0, 3600)
    stopped = find_page(reader, Kept(words="没有人说过"), Wanted(None, "没有人说过"), clock=lambda: next(hours))
    assert (stopped.rows, stopped.exhausted, stopped.looked) == ([], False, (TODAY, TODAY))


def test_a_search_is_read_as_a_number_an_agent_a_customer_or_words(reader: Reader, cast: Cast) -> None:
    manager, days = cast.user("manager"), Kept(days=(TODAY, TODAY))
    kinds = {
        words: read_search(reader, manager, words, days).kind
        for words in ("leak", "X-leak", "undated-a", "1001", "张三", "C0026170", MOBILE, "发票", "钱没到")
    }
    assert kinds == {
        "leak": "contact", "X-leak": "contact", "undated-a": "contact", "1001": "agent", "张三": "agent",
        "C0026170": "customer", MOBILE: "customer", "发票": "words", "钱没到": "words",
    }  # fmt: skip
    assert read_search(reader, manager, "张三", days, wanted_kind="words").kind == "words"
    unseen = Reader(reader.archive, scope=Scope(persons=frozenset({"1003"})))
    assert read_search(unseen, cast.user("technical_support"), "leak", days).kind == "words"


def test_rows_are_masked_and_carry_score_violations_and_the_fatal_mark(reader: Reader, cast: Cast) -> None:
    found = find_page(reader, Kept(days=(TODAY, TODAY)), Wanted((TODAY, TODAY))).rows
    rows = {row.contact_id: row for row in contact_rows(reader, load_edition("recommended"), found)}
    assert (rows["leak"].fatal, rows["leak"].score, rows["leak"].agent) == (True, 0, "张三")
    assert (rows["leak"].unfailed or 0) > 0
    assert (rows["leak"].violations or 0) >= 2
    assert rows["west"].team == cast.west.name
    assert rows["phone-number"].customer_key == "13****21"


def test_the_filters_narrow_by_agent_team_rating_check_and_verdict(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    assert ids_on(manager, team="west") == {"west", "long", "letter"}
    assert ids_on(manager, agent="1003", channel="email") == {"letter"}
    assert ids_on(manager, rating="2") == {"leak"}
    assert ids_on(manager, check="personal_data_leak") == {"leak"}
    assert "leak" not in ids_on(manager, check="personal_data_leak", verdict="met")
    assert ids_on(manager, q="发票") == {"tie-a", "tie-b", "tie-c"}


EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor", "inspector",
    "trainer", "manager", "administrator", "stranger",
]  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_lists_what_they_may_see_and_nothing_of_a_foreign_team(signed_in: SignIn, who: str) -> None:
    client = signed_in(who)
    if who == "stranger":
        assert client.get("/contacts/").status_code == 404
        return
    east, west = {"leak", "tie-a"}, {"west", "letter"}
    seen = {"agent": east, "supervisor": east, "technical_support": west}.get(
        who, east | west if who in SEES_ALL else set()
    )
    assert ids_on(client) & (east | west) == seen
    assert ids_on(client, q="换货") == (seen & {"west"})
    assert ids_on(client, team="west") & (east | west) == (seen & west)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_file_is_for_who_may_export_masked_and_written_down(signed_in: SignIn, who: str) -> None:
    before = Entry.objects.count()
    answer = signed_in(who).get("/contacts.csv", {**PERIOD, "q": "钱没到"})
    if who not in SEES_ALL | {"supervisor"}:
        assert (answer.status_code, Entry.objects.count()) == (404, before)
        return
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["会话"] for row in rows] == ["leak"]
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.data["rows"], entry.data["filters"]["q"]) == ("workplace_contacts.exported", 1, "钱没到")


def test_S2_6_S4_4_no_file_holds_personal_data_or_a_formula(signed_in: SignIn) -> None:
    for query in ({}, {"q": "电话"}, {"q": "您好"}):
        text = signed_in("manager").get("/contacts.csv", {**PERIOD, **query}).content.decode("utf-8-sig")
        assert MOBILE not in text
        assert ADDRESS not in text
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [
            cell
            for cell in cells
            if cell.startswith(("=", "+", "@", "\t")) or (cell[:1] == "-" and not cell[1:2].isdigit())
        ]


def test_a_page_takes_a_fixed_number_of_queries(signed_in: SignIn) -> None:
    manager, counts = signed_in("manager"), set()
    for query in ({"agent": "1003"}, {}, {"period": "all"}):
        with CaptureQueriesContext(connection) as made:
            manager.get("/contacts/", {**PERIOD, **query})
        counts.add(len(made))
    assert len(counts) == 1
    assert counts.pop() <= 26


def test_an_address_of_nonsense_answers_and_links_keep_what_was_asked(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    junk: dict[str, Any] = {
        "q": "'; DROP\x00 TABLE",
        "team": "\x00",
        "after": "~~~",
        "sort": "--",
        "from": "x",
        "as": "y",
        "rating": "1e9",
    }
    assert manager.get("/contacts/", junk).status_code == 200
    page = manager.get("/contacts/", {**PERIOD, "q": "发票"}).content.decode()
    assert 'data-url="/contacts/tie-a/?q=%E5%8F%91%E7%A5%A8' in page
    assert "<mark>发票</mark>" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("1380", set()),  # 138****5621 is shown: four digits would be the first of those that are hidden
        ("0005621", set()),
        ("138000056", set()),
        ("１３９１２", set()),
        ("路18号", set()),
        ("138", {"phone-number"}),
        ("5621", {"phone-number"}),
        ("电话是138", {"phone-number"}),
        (MOBILE, {"phone-number"}),
        ("已登记", {"phone-number"}),
        ("鼓楼区", {"leak"}),
        (f"寄到{ADDRESS}", {"leak"}),
        ("您好 1380", set()),
    ],
)
def test_S2_6_a_search_finds_what_is_shown_or_wholly_known_and_spells_out_nothing_masked(
    signed_in: SignIn, words: str, found: set[str]
) -> None:
    assert ids_on(signed_in("manager"), q=words, **{"as": "words"}) == found


def test_S2_6_a_search_goes_on_past_conversations_it_may_not_find(reader: Reader) -> None:
    texts = {"您好": lambda text: "王五" in text}
    filters = Kept(words="您好", finds=lambda word, text: texts[word](text))
    assert [row["contact_id"] for row in reader.contacts_page(filters, limit=1).rows] == ["west"]
    assert reader.contacts_page(replace(filters, finds=lambda word, text: False), limit=2).rows == []


def test_X12_the_list_and_a_conversation_tell_how_much_people_reviewed(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    assert manager.get("/contacts/", PERIOD).context["list"].reviewed == ReviewRate(0, 10)
    assert manager.get("/contacts/", {**PERIOD, "agent": "1003"}).context["list"].reviewed == ReviewRate(0, 3)
    assert signed_in("agent").get("/contacts/", PERIOD).context["list"].reviewed == ReviewRate(0, 7)
    for address in ("/contacts/", "/contacts/leak/"):
        assert "人工复核率 0.0 % · 0 / 10" in manager.get(address, PERIOD).content.decode()
