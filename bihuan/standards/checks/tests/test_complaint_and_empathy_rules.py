"""Rules of attitude and process held by the checks: S0-4, S0-5, S1-7, S2-7, S4-1, S4-4, S4-5, X18."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine

IDS = ("empathy", "restate", "complaint_steps", "forbidden_promise", "impatience", "personal_data_leak")
ENGINE = Engine.for_edition(only=IDS)
STEPS = {
    "soothe": "非常抱歉给您带来困扰",
    "record": "已为您登记",
    "feed_back": "24小时内给您答复",
    "follow_up": "我会全程跟进",
}


def judged(item: str, contact: dict[str, Any]) -> dict[str, Any]:
    rows = ENGINE.judge(Batch.of_one(contact)).to_dicts()
    return next(row for row in rows if row["item"] == item)


@pytest.mark.parametrize("missing", STEPS)
def test_S2_7_each_missing_step_of_a_complaint_is_a_fault_and_named(missing: str) -> None:
    lines = [f"A: {line}" for step, line in STEPS.items() if step != missing]
    row = judged("complaint_steps", dialogue("C: 我要投诉", *lines, facts={"category": "complaint"}))
    assert (row["verdict"], row["reason"]) == ("violated", f"missing_{missing}")
    assert {part["role"] for part in row["evidence"]} == {"hit", "looked"}


def test_S2_7_all_four_steps_meet_the_check_with_a_span_each() -> None:
    row = judged("complaint_steps", dialogue("C: 我要投诉", *(f"A: {line}" for line in STEPS.values())))
    assert row["verdict"] == "met"
    assert [part["message"] for part in row["evidence"]] == [1, 2, 3, 4]


def test_S1_7_understanding_must_be_shown_in_a_complaint() -> None:
    lines = ("A: 已为您登记", "A: 24小时内给您答复", "A: 我会全程跟进")
    assert judged("complaint_steps", dialogue("C: 我要投诉", *lines))["reason"] == "missing_soothe"


@pytest.mark.parametrize(("place", "verdict"), [(0, "met"), (1, "met"), (2, "violated")])
def test_S0_4_empathy_belongs_in_one_of_the_next_two_messages(place: int, verdict: str) -> None:
    lines = ["A: 我看看", "A: 稍等", "A: 查到了"]
    lines[place] = "A: 非常理解您的心情"
    assert judged("empathy", dialogue("C: 气死我了", *lines))["verdict"] == verdict


def test_S4_1_an_apology_before_any_complaint_is_no_empathy() -> None:
    assert judged("empathy", dialogue("A: 抱歉让您久等了", "C: 气死我了", "A: 订单号"))["verdict"] == "violated"


def test_S0_4_evidence_of_emotion_is_the_words_that_carry_it() -> None:
    row = judged("empathy", dialogue("C: 你们真的让我很失望啊", "A: 好的"))
    part = row["evidence"][0]
    assert "失望" in "你们真的让我很失望啊"[part["start"] : part["end"]]


def test_S0_5_restating_is_a_question_about_the_problem_not_about_the_person() -> None:
    problem = "C: 洗衣机坏了，想换一台"
    assert judged("restate", dialogue(problem, "A: 您是说洗衣机坏了想换新的对吗"))["verdict"] == "met"
    assert judged("restate", dialogue(problem, "A: 您的手机号是尾号5678对吗"))["verdict"] == "violated"


def test_S0_5_a_simple_question_needs_no_restating() -> None:
    assert judged("restate", dialogue("C: 这件多少钱", "A: 99元"))["verdict"] == "not_applicable"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [("绝对没问题", "violated"), ("这个1 0 0 %能退", "violated"), ("不能保证100%", "met"), ("您说的“绝对没问题”我理解", "met"),
     ("这款100%纯棉", "met"), ("一定会帮您反馈", "met")],
)  # fmt: skip
def test_X18_forbidden_promises_are_judged_by_what_is_promised(line: str, verdict: str) -> None:
    assert judged("forbidden_promise", dialogue("C: 在吗", f"A: {line}"))["verdict"] == verdict


CAREFUL = ("forbidden_promise", "personal_data_leak")


def test_S4_4_the_customers_own_words_are_no_promise_and_no_disclosure() -> None:
    by_customer = dialogue("C: 绝对没问题，我电话13812345678", "A: 好的，我来处理")
    by_agent = dialogue("C: 好的，我来处理", "A: 绝对没问题，您电话13812345678")
    told = {item: [judged(item, one)["verdict"] for one in (by_customer, by_agent)] for item in CAREFUL}
    assert told == {item: ["met", "violated"] for item in CAREFUL}


def test_S2_6_every_disclosed_value_is_evidence() -> None:
    row = judged("personal_data_leak", dialogue("C: 查一下", "A: 手机13812345678，订单号2026112200014417"))
    assert (row["reason"], len(row["evidence"])) == ("mobile_disclosed", 2)


PLAN = "A: 您可以选择换新，或者退一半运费"
AGREES = "A: 非常理解您的心情"


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ((AGREES, "A: 破损是运输中造成的", PLAN), "met"),
        (("A: 破损是运输中造成的", PLAN), "violated"),
        (("A: 破损是运输中造成的", PLAN, AGREES), "violated"),
    ],
)
def test_S4_5_an_objection_is_met_by_agreeing_with_the_emotion_before_it_is_taken_apart(
    lines: tuple[str, ...], verdict: str
) -> None:
    assert judged("empathy", dialogue("C: 太让人失望了，这也能算正品？", *lines))["verdict"] == verdict


def test_annoyance_quoted_from_a_courier_is_not_the_agents() -> None:
    assert judged("impatience", dialogue("C: 在吗", "A: 师傅跟您说爱买不买确实不对"))["verdict"] == "met"
    assert judged("impatience", dialogue("C: 在吗", "A: 爱买不买"))["verdict"] == "violated"
