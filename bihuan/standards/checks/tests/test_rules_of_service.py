"""The rules of the source documents that checks carry out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import Verdict

EDITION = load_edition("recommended")
ENGINE = Engine.for_edition(EDITION)


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
    early = dialogue(
        "C: 好", "A: 有问题随时联系我们", "C: 嗯", "A: 明天送到", "C: 行", "A: 已登记", "C: 好", "A: 感谢您的支持，再见"
    )
    assert judged(early)["contact_promise"][0] == "violated"  # it belongs to the closing


@pytest.mark.parametrize(("context", "seconds", "verdict"), [("training", 15, "met"), ("training", 16, "violated")])
def test_S4_3_in_training_the_first_response_has_15_seconds(context: str, seconds: int, verdict: str) -> None:
    found = judged(dialogue("C0: 在吗", f"A{seconds}: 您好", facts={"context": context}))
    assert found["first_response"] == (verdict, found["first_response"][1])
    assert "target=15" in found["first_response"][1]


def test_S4_7_an_L1_question_is_answered_at_once_and_no_other_level_is_measured_so() -> None:
    for level, told in (("L1", ("violated", "late?target=300&took=600")), ("L2", ("not_applicable", "not_simple"))):
        found = judged(dialogue("C0: 问", "A600: 答", facts={"level": level, "solved": True}))
        assert found["simple_resolution"] == told


CONFIRMED = {
    "problem": "A: 您是说冰箱修过两次仍然不制冷，对吗",
    "responsibility": "A: 核实过了，这件事的责任在我们这边",
    "solution": "A: 给您换一台新机，这个处理方案您同意吗",
}


@pytest.mark.parametrize("missing", ["", *CONFIRMED])
def test_S4_7_an_L2_complaint_is_confirmed_three_times_and_what_is_missing_is_named(missing: str) -> None:
    lines = [line for step, line in CONFIRMED.items() if step != missing]
    talk = dialogue("C: 修了两次还是坏的，我要投诉", *lines, facts={"level": "L2", "category": "complaint"})
    told = ("violated", f"missing_{missing}") if missing else ("met", "met")
    assert judged(talk)["three_confirmations"] == told
    assert judged({**talk, "facts": {"level": "L1"}})["three_confirmations"][0] == "not_applicable"


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("responsibility", "A: 责任还在认定，暂时不能给出赔付"),
        ("responsibility", "A: 目前还没有认定是谁的责任"),
        ("solution", "A: 之后我会回电跟您确认处理结果"),
    ],
)
def test_S4_7_what_is_undecided_or_left_for_later_confirms_nothing(step: str, line: str) -> None:
    lines = {**CONFIRMED, step: line}.values()
    talk = dialogue("C: 修了两次还是坏的，我要投诉", *lines, facts={"level": "L2", "category": "complaint"})
    assert judged(talk)["three_confirmations"] == ("violated", f"missing_{step}")


def test_S4_7_a_problem_that_nobody_solved_is_confirmed_like_any_other() -> None:
    lines = {**CONFIRMED, "problem": "A: 您反映的是冰箱修了十天没有解决是吗"}.values()
    talk = dialogue("C: 修了两次还是坏的，我要投诉", *lines, facts={"level": "L2", "category": "complaint"})
    assert judged(talk)["three_confirmations"] == ("met", "met")


@pytest.mark.parametrize(
    ("missing", "level", "off"), [("", "L2", 0), ("problem", "L2", 5), ("solution", "L2", 5), ("solution", "L1", 0)]
)
def test_S4_7_a_missing_confirmation_of_an_L2_complaint_takes_points_off(missing: str, level: str, off: int) -> None:
    lines = ["A: 嗯嗯" if step == missing else line for step, line in CONFIRMED.items()]
    talk = dialogue("C: 修了两次还是坏的，我要投诉", *lines, facts={"level": level, "category": "complaint"})
    said = Verdict(judged(talk)["three_confirmations"][0])
    others = dict.fromkeys((*EDITION.checks, "correct_answers"), Verdict("met"))
    assert score_contact(EDITION, {**others, "three_confirmations": said}).value == 100 - off


STAGES = {
    "access": "A: 您好，8012号客服为您服务",
    "understand": "A: 请问订单号是多少",
    "handle": "A: 已为您催促，预计明天送到",
    "close": "A: 感谢您的支持，再见",
}


@pytest.mark.parametrize("missing", ["", *STAGES])
def test_S0_1_a_contact_goes_through_four_stages_and_the_missing_one_is_named(missing: str) -> None:
    lines = ["A: 嗯" if step == missing else line for step, line in STAGES.items()]
    talk = dialogue("C: 快递没到", *lines[:2], "C: 123", *lines[2:], facts={"level": "L2"})
    assert judged(talk)["service_stages"] == (("violated", f"missing_{missing}") if missing else ("met", "met"))


def test_S0_1_the_stages_bear_on_no_score_because_no_source_weighs_them() -> None:
    setting = EDITION.checks["service_stages"]
    assert not setting.counts
    assert setting.why.zh
    assert setting.why.en


def handed(level: str | None, *events: tuple[str, int | None], edition: Edition | None = None) -> dict[str, Any]:
    """The verdict on a hand-over with these (kind, second) events; the contact was opened at second 0."""
    batch = Batch.of_one(dialogue("C: 没到", "A: 好的", facts={"level": level} if level else {}))
    rows = [
        {"contact_id": "00000000", "seq": seq, "kind": kind, "happened_us": None if at is None else at * SECOND}
        for seq, (kind, at) in enumerate(events, start=1)
    ]
    contacts = batch.contacts.with_columns(opened_us=pl.lit(0), closed_us=pl.lit(900 * SECOND))
    told = Batch(contacts, batch.messages, pl.DataFrame(rows, schema=batch.events.schema))
    engine = Engine.for_edition(edition or EDITION, only=["hand_over"])
    return engine.judge(told).row(0, named=True)


@pytest.mark.parametrize(
    ("level", "second", "told"),
    [
        ("L3", 600, "in_time?target=600&took=600"),
        ("L3", 601, "late?target=600&took=601"),
        ("L3", 3 * 3600, "late?target=600&took=10800"),
        ("L2", 3600, "in_time?target=3600&took=3600"),
        ("L1", 3601, "late?target=3600&took=3601"),
        (None, 601, "level_unknown"),
        (None, 600, "in_time?took=600"),
        ("L3", -1, "times_disagree"),
    ],
)
def test_S4_7_X11_S1_6_L3_is_handed_over_in_ten_minutes_others_in_an_hour_by_its_events(
    level: str | None, second: int, told: str
) -> None:
    row = handed(level, ("opened", 0), ("accepted", 5), ("handed_over", second))
    assert row["reason"] == told
    assert [one["event"] for one in row["evidence"]] == [1, 3]


def test_S4_7_the_minutes_are_the_editions() -> None:
    text = (LIBRARY / "recommended.yaml").read_text("utf-8")
    given = "level_3_within: {value: 10, unit: min"
    assert given in text
    strict = parse_edition(text.replace(given, given.replace("10", "5")))
    assert handed("L3", ("opened", 0), ("handed_over", 400), edition=strict)["verdict"] == "violated"
    assert handed("L3", ("opened", 0), ("handed_over", 400))["verdict"] == "met"


@pytest.mark.parametrize(
    ("level", "events", "told"),
    [
        ("L3", [("accepted", 5), ("handed_over", None)], ("cannot_tell", "times_unknown")),
        ("L3", [("accepted", 5), ("closed", 900)], ("violated", "not_handed_over")),
        ("L3", [("accepted", 5), ("transferred", 300), ("closed", 900)], ("met", "in_time?target=600&took=300")),
        ("L3", [("escalated", 300), ("handed_over", 700)], ("violated", "late?target=600&took=700")),
        ("L3", [], ("cannot_tell", "hand_over_unknown")),
        ("L2", [("accepted", 5), ("escalated", 300)], ("met", "in_time?target=3600&took=300")),
        ("L2", [("accepted", 5), ("transferred", 300)], ("not_applicable", "nothing_to_hand_over")),
        ("L2", [("accepted", 5), ("closed", 900)], ("not_applicable", "nothing_to_hand_over")),
    ],
)
def test_S4_7_what_the_log_does_not_tell_accuses_nobody_and_a_whole_log_without_a_hand_over_does(
    level: str, events: list[tuple[str, int | None]], told: tuple[str, str]
) -> None:
    row = handed(level, *events)
    assert (row["verdict"], row["reason"]) == told


def test_S4_7_S3_5_a_late_hand_over_costs_half_of_timely_escalation() -> None:
    verdicts = {"progress_told": Verdict("met"), "hand_over": Verdict("violated")}
    item = score_contact(EDITION, verdicts).find("item", "timely_escalation")
    assert item is not None
    assert (item.earned, item.possible) == (5, 10)


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
