"""One batch of many and many batches of one agree; hostile input never crashes; offsets are code points."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.standards.checks import lexicon, scan
from bihuan.standards.checks.anchors import anchors_of
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import load_edition

EDITION = load_edition("recommended")
ENGINE = Engine.for_edition(EDITION)
CHECKS = checks_of(EDITION)
CONTACTS = [dict(example.contact) for check in CHECKS.values() for example in check.examples]


def verdicts(contacts: list[dict[str, Any]]) -> pl.DataFrame:
    return ENGINE.judge(Batch.of_many(contacts)).drop("contact_id")


def test_a_batch_gives_what_its_contacts_give_one_by_one() -> None:
    some = CONTACTS[::2]
    assert len(some) > lexicon.SMALL
    single = pl.concat([verdicts([contact]) for contact in some])
    assert verdicts(some).equals(single)


def test_columnar_and_small_paths_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    small = verdicts(CONTACTS[:40])
    monkeypatch.setattr(scan, "SMALL", -1)
    monkeypatch.setattr(lexicon, "SMALL", -1)
    assert verdicts(CONTACTS[:40]).equals(small)


HOSTILE: list[dict[str, Any]] = [
    {"messages": []},
    {},
    {"channel": None, "customer": None, "facts": None, "messages": None},
    {"channel": 5, "customer": [], "facts": "x", "messages": [None, 3, "text", {}]},
    dialogue("A: ", "C:  ", "A: 　"),
    {"channel": "chat", "messages": [{"sender": "agent", "text": None}, {"sender": "robot", "text": "您好"}]},
    {"channel": "chat", "messages": [{"sender": "agent", "text": "您好\x00再见"}, {"sender": None, "text": 7}]},
    {"channel": "chat", "messages": [{"sender": "agent", "text": "\ud800您好"}, {"sender": "customer", "text": "\udfff"}]},
    {"channel": "chat", "messages": [{"sender": "agent", "text": "您" * 300_000}]},
    {"channel": "chat", "messages": [{"sender": "customer", "at": "yesterday", "text": "?"}, {"sender": "agent", "text": "您好"}]},
    {"channel": "phone", "facts": {"rings": -1, "ring_seconds": float("nan"), "queue_seconds": 1e300}, "messages": []},
    {"channel": "chat", "facts": {"level": "L9", "solved": "yes"}, "customer": {"surname": "(["},
     "messages": [{"sender": "agent", "text": "([女士"}]},
]  # fmt: skip


@pytest.mark.parametrize("contact", HOSTILE)
def test_hostile_input_gets_an_answer_for_every_check(contact: dict[str, Any]) -> None:
    assert verdicts([contact])["item"].to_list() == sorted(CHECKS)


@given(st.lists(st.tuples(st.sampled_from("ACBS"), st.text(max_size=30)), max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_words_get_four_state_verdicts_with_spans_inside_the_text(lines: list[tuple[str, str]]) -> None:
    contact = dialogue(*(f"{who}: {text}" for who, text in lines))
    for row in verdicts([contact]).rows(named=True):
        for span in row["evidence"]:
            if span["message"] is not None:
                assert 0 <= span["start"] <= span["end"] <= len(contact["messages"][span["message"]]["text"])


@pytest.mark.parametrize(
    ("text", "item", "shown"),
    [("😀👍🏽您好", "greeting", "您好"), ("𠮷您好", "greeting", "您好"), ("🙏工號８０１２為您服務", "self_introduction", "工號８０１２"),
     ("ＨＥＬＬＯ　亲", "greeting", "ＨＥＬＬＯ")],
)  # fmt: skip
def test_offsets_are_code_points_of_the_original(text: str, item: str, shown: str) -> None:
    table = ENGINE.judge(Batch.of_one(dialogue("C: 在吗", f"A: {text}")))
    span = table.filter(pl.col("item") == item)["evidence"][0][0]
    assert text[span["start"] : span["end"]] == shown
    many = verdicts([dialogue("C: 在吗", f"A: {text}")] * (lexicon.SMALL + 1)).filter(pl.col("item") == item)
    assert many["evidence"][-1][0] == span


@given(st.text())
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_automatic_and_withdrawn_messages_do_not_count() -> None:
    contact = dialogue("C: 在吗", "A: 您好", "A: 说", "A: 讲")
    contact["messages"][1]["automatic"] = True
    assert verdicts([contact]).row(0, named=True)["verdict"] == "violated"
    contact["messages"][1] = {**contact["messages"][1], "automatic": False, "withdrawn": True}
    assert verdicts([contact]).row(0, named=True)["verdict"] == "violated"


def test_every_anchor_list_is_sound_for_its_own_hits() -> None:
    assert anchors_of("(?:您|你)好|早安") == {"您好", "你好", "早安"}
    assert anchors_of("a.{0,3}") == frozenset()
    assert anchors_of("(?:谢谢)?(?:光临|惠顾)") <= {"光临", "惠顾", "谢谢光临", "谢谢惠顾"}
