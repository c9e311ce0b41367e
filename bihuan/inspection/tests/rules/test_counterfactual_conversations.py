"""Exchanging one thing in a conversation leaves everything else as it was."""

from __future__ import annotations

import polars as pl

from bihuan.inspection.rules.counterfactuals import (
    ADDRESS,
    AGENT,
    CUSTOMER_NAME,
    KINDS,
    ORDER,
    REGION,
    ROWS,
    Lists,
    Talks,
    Variant,
    variants,
)
from bihuan.kit.clock import SECOND

LISTS = Lists(surnames=["欧阳"], addresses=["先生", "女士"], regions=["北京", "河南"], agents=["1001"])
MESSAGES = (
    ("a", 1, 0, "customer", None, "王先生的快递在哪"),
    ("a", 2, 5, "customer", None, "我姓王"),
    ("a", 3, 9, "agent", "8001", "王先生您好，工号8001为您服务，王者荣耀的皮肤已发，单号80012"),
    ("a", 4, 20, "agent", "8002", "我是8002，王女士"),
    ("b", 1, 0, "customer", None, "在吗"),
    ("b", 2, 90, "customer", None, "在不在"),
    ("b", 3, 99, "agent", "8001", "在的"),
)


def talks() -> Talks:
    names = ["contact_id", "seq", "sent_us", "sender_kind", "agent_key", "text"]
    messages = pl.DataFrame([(c, s, at * SECOND, *rest) for c, s, at, *rest in MESSAGES], schema=names, orient="row")
    contacts = pl.DataFrame({"contact_id": ["a", "b"], "customer_surname": ["王", None]})
    events = pl.DataFrame({"contact_id": ["a", "b"], "seq": [1, 1], "agent_key": ["8001", "8001"]})
    return Talks(contacts, messages, events)


def of(kind: str, value: str | None = None) -> Variant:
    (found,) = [
        v for v in variants(talks(), LISTS, burst_us=30 * SECOND) if v.kind == kind and value in (None, v.value)
    ]
    return found


def texts(side: Talks, contact: str = "a") -> list[str]:
    return side.messages.filter(pl.col("contact_id") == contact).sort("seq")["text"].to_list()


def test_another_surname_stands_in_the_record_and_in_every_address_but_not_in_other_words() -> None:
    found = of(CUSTOMER_NAME)
    assert found.other.contacts.rows() == [("a", "欧阳")]  # b gave no name: it is not compared
    assert texts(found.other) == [
        "欧阳先生的快递在哪", "我姓欧阳", "欧阳先生您好，工号8001为您服务，王者荣耀的皮肤已发，单号80012", "我是8002，欧阳女士",
    ]  # fmt: skip
    assert texts(found.base) == [row[5] for row in MESSAGES[:4]]


def test_every_address_becomes_the_same_one() -> None:
    assert [text.count("先生") for text in texts(of(ADDRESS, "先生").other)] == [1, 0, 1, 1]
    assert "王女士您好" in texts(of(ADDRESS, "女士").other)[2]


def test_a_region_is_told_on_both_sides_so_that_only_the_region_differs() -> None:
    found = of(REGION)
    assert (texts(found.base)[0], texts(found.other)[0]) == (
        "我是北京的，王先生的快递在哪",
        "我是河南的，王先生的快递在哪",
    )
    assert texts(found.base)[1:] == texts(found.other)[1:]
    assert texts(found.other, "b")[0] == "我是河南的，在吗"


def test_agents_get_other_numbers_everywhere_and_stay_distinct() -> None:
    found = of(AGENT).other
    assert found.messages.sort("contact_id", "seq")["agent_key"].to_list() == [
        None,
        None,
        "1001",
        "1002",
        None,
        None,
        "1001",
    ]
    assert texts(found)[2:] == ["王先生您好，工号1001为您服务，王者荣耀的皮肤已发，单号80012", "我是1002，王女士"]
    assert found.events["agent_key"].to_list() == ["1001", "1001"]


def test_only_customer_messages_in_one_burst_change_places() -> None:
    found = of(ORDER)
    assert found.other.contacts["contact_id"].to_list() == ["a"]  # b waited ninety seconds between its two
    assert texts(found.other) == ["我姓王", "王先生的快递在哪", *(row[5] for row in MESSAGES[2:4])]


def test_rows_told_backwards_are_the_same_rows() -> None:
    found = of(ROWS)
    assert found.other.messages.rows() == found.base.messages.rows()[::-1]


def test_without_a_place_for_it_a_kind_is_not_tried() -> None:
    empty = Talks(*(frame.clear() for frame in (talks().contacts, talks().messages, talks().events)))
    assert list(variants(empty, LISTS, burst_us=SECOND)) == []
    assert {one.kind for one in variants(talks(), LISTS, burst_us=30 * SECOND)} == set(KINDS)
