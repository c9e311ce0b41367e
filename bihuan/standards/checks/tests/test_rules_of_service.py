"""The rules of the source documents that checks carry out."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

ENGINE = Engine.for_edition(load_edition("recommended"))


def judged(contact: dict[str, Any]) -> dict[str, tuple[str, str]]:
    rows = ENGINE.judge(Batch.of_one(contact)).rows(named=True)
    return {row["item"]: (row["verdict"], row["reason"]) for row in rows}


def test_S0_3_the_opening_greets_and_gives_name_or_number() -> None:
    good = judged(dialogue("C: 在吗", "A: 您好，8012号客服为您服务"))
    bad = judged(dialogue("C: 在吗", "A: 说", "A: 什么事"))
    assert good["greeting"][0] == good["self_introduction"][0] == "met"
    assert bad["greeting"][0] == bad["self_introduction"][0] == "violated"


def test_S0_3_a_bots_greeting_is_not_the_agents() -> None:
    assert judged(dialogue("C: 在吗", "B: 您好", "A: 说", "A: 讲"))["greeting"][0] == "violated"


def test_S0_8_steps_and_time_are_told_when_others_are_needed() -> None:
    assert judged(dialogue("C: 坏了", "A: 已转交维修部门，明天上午联系您"))["progress_told"][0] == "met"


def test_S0_9_an_escalation_without_explanation_is_a_fault() -> None:
    assert judged(dialogue("C: 坏了", "A: 帮您升级处理了"))["progress_told"][0] == "violated"


def test_S0_10_result_then_question_then_thanks() -> None:
    good = judged(dialogue("C: 好", "A: 请问还有其他可以帮您的吗？", "C: 没有了", "A: 感谢您的支持，再见"))
    bad = judged(dialogue("C: 好", "A: 嗯", "C: 行", "A: 嗯"))
    assert (good["ask_satisfied"][0], good["closing_thanks"][0]) == ("met", "met")
    assert (bad["ask_satisfied"][0], bad["closing_thanks"][0]) == ("violated", "violated")


@pytest.mark.parametrize(("second", "verdict"), [(30, "met"), (31, "violated")])
def test_S1_3_first_response_within_30_seconds(second: int, verdict: str) -> None:
    assert judged(dialogue("C0: 在吗", f"A{second}: 您好"))["first_response"][0] == verdict


def test_S1_5_a_simple_problem_is_solved_on_the_spot() -> None:
    facts = {"level": "L1", "solved": True}
    assert judged(dialogue("C0: 几点关门", "A20: 九点", facts=facts))["simple_resolution"][0] == "met"


def test_S1_6_a_hand_over_tells_the_customer_who_and_when() -> None:
    told = judged(dialogue("C: 坏了", "A: 已反馈给技术部门，两小时内给您答复", facts={"level": "L3"}))
    silent = judged(dialogue("C: 坏了", "A: 知道了", facts={"level": "L3"}))
    assert (told["progress_told"][0], silent["progress_told"][0]) == ("met", "violated")


@pytest.mark.parametrize(("facts", "verdict"), [({"rings": 3}, "met"), ({"rings": 4}, "violated"), ({}, "cannot_tell")])
def test_S2_2_the_phone_is_answered_within_three_rings(facts: dict[str, Any], verdict: str) -> None:
    found = judged(dialogue("A0: 您好", channel="phone", facts=facts))
    assert found["rings"][0] == verdict
    assert found["first_response"] == ("not_applicable", "phone")


def test_S2_3_the_share_of_timely_answers_is_judged_per_exchange() -> None:
    slow = judged(dialogue("C0: 1", "A10: 2", "C20: 3", "A500: 4", "C510: 5", "A515: 6"))
    assert slow["response_time"] == ("violated", "slow?exchanges=3&share=66&target=120")


def test_S2_6_identity_is_verified_before_account_data_is_touched() -> None:
    good = dialogue("C: 查余额", "A: 请提供预留手机号后四位", "C: 1234", "A: 您的余额为300元")
    assert judged(good)["identity_first"][0] == "met"
    assert judged(dialogue("C: 查余额", "A: 您的账户余额为300元"))["identity_first"][0] == "violated"


def test_S3_6_queue_of_one_minute_and_simple_problem_of_five() -> None:
    facts = {"queue_seconds": 61, "level": "L1", "solved": True}
    found = judged(dialogue("C0: 问", "A301: 答", facts=facts))
    assert (found["queue_time"][0], found["simple_resolution"][0]) == ("violated", "violated")


def test_S4_1_surname_and_a_promise_where_to_reach_us() -> None:
    good = judged(dialogue("C: 好", "A: 张女士，有问题随时联系我们，再见", customer={"surname": "张"}))
    bad = judged(dialogue("C: 好", "A: 请张贴好，再见", customer={"surname": "张"}))
    assert (good["surname"][0], good["contact_promise"][0]) == ("met", "met")
    assert (bad["surname"][0], bad["contact_promise"][0]) == ("violated", "violated")


@pytest.mark.parametrize(("context", "seconds", "verdict"), [("training", 15, "met"), ("training", 16, "violated")])
def test_S4_3_in_training_the_first_response_has_15_seconds(context: str, seconds: int, verdict: str) -> None:
    found = judged(dialogue("C0: 在吗", f"A{seconds}: 您好", facts={"context": context}))
    assert found["first_response"] == (verdict, found["first_response"][1])
    assert "target=15" in found["first_response"][1]


def test_S4_7_only_L1_is_measured_as_simple() -> None:
    found = judged(dialogue("C0: 问", "A600: 答", facts={"level": "L2", "solved": True}))
    assert found["simple_resolution"] == ("not_applicable", "not_simple")


def test_X1_the_verdict_stores_the_target_it_used() -> None:
    assert judged(dialogue("C0: 在吗", "A31: 您好"))["first_response"] == ("violated", "late?target=30&took=31")
    assert "target=14400" in judged(dialogue("C0: 在吗", "A31: 您好", channel="email"))["first_response"][1]


def test_X2_the_queue_is_no_part_of_the_agents_response() -> None:
    batch = Batch.of_one(dialogue("C0: 在吗", "A80: 您好"))
    start = batch.messages["sent_us"][0]
    queue = [("queued", 0), ("accepted", 60)]
    events = batch.events.clear()
    rows = [
        {"contact_id": "00000000", "seq": seq, "kind": kind, "happened_us": start + after * 1_000_000}
        for seq, (kind, after) in enumerate(queue, start=1)
    ]
    events = events.vstack(events.__class__(rows, schema=events.schema))
    verdicts = ENGINE.judge(Batch(batch.contacts, batch.messages, events)).rows(named=True)
    found = {row["item"]: row for row in verdicts}
    assert found["first_response"]["reason"] == "in_time?target=30&took=20"
    assert found["queue_time"]["reason"] == "in_time?target=60&took=60"
    assert found["queue_time"]["evidence"][0]["event"] == 1


def test_X18_scripts_are_met_by_meaning_not_by_one_sentence() -> None:
    for words in ("有需要再喊我哦", "遇到问题随时来找小妹", "后续有疑问可拨打95000", "Feel free to contact us"):
        assert judged(dialogue("C: 好", f"A: {words}"))["contact_promise"][0] == "met", words
