"""Classes of wording that were once misread: products, numbers, greetings, transcripts without punctuation."""

from __future__ import annotations

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.phrases import all_patterns


def verdict(check: str, *lines: str, **fields: object) -> str:
    table = Engine.for_edition(None, [check]).judge(Batch.of_one(dialogue(*lines, **fields)))
    return str(table["verdict"][0])


@pytest.mark.parametrize("line", ["空气炸锅有货吗", "想问下空气炸烤箱怎么清洗", "火大小怎么调", "天然气到了吗"])
def test_S0_4_a_product_or_a_thing_whose_name_holds_an_angry_word_is_no_emotion(line: str) -> None:
    assert verdict("empathy", f"C: {line}", "A: 您好，有的") == "not_applicable"


@pytest.mark.parametrize(
    "line", ["8051号为您服务", "中午好，很高兴为您服务", "麻烦您给我一两分钟", "我们支持7天无理由"]
)
def test_S1_6_numbers_of_agents_greetings_and_rules_are_no_deadline(line: str) -> None:
    assert verdict("progress_told", "C: 还没修好", f"A: {line}", "A: 已为您转交技术部门") == "violated"


def test_S1_6_who_and_when_must_be_said_side_by_side() -> None:
    apart = ("A: 预计明天完成安装", "A: 好的", "A: 收到", "A: 已为您转交技术部门")
    assert verdict("progress_told", "C: 还没修好", *apart) == "violated"
    assert verdict("progress_told", "C: 还没修好", "A: 已为您转交技术部门", "A: 24小时内给您回电") == "met"


@pytest.mark.parametrize(
    "line",
    [
        "你好欢迎咨询售后客服罗奕辰为您服务您的问题我看到了",
        "您好客服工号8044收到您的问题请稍等",
        "我叫孙子涵接下来由我为您处理",
    ],
)
def test_S0_3_a_transcript_without_punctuation_keeps_the_name(line: str) -> None:
    assert verdict("self_introduction", "C: 喂", f"A: {line}", channel="phone") == "met"


@pytest.mark.parametrize(
    "line", ["8044号客服为您服务杨先生您的问题交给我", "后续有问题随时联系我们杨先生感谢您的信任再见"]
)
def test_S4_1_a_transcript_without_punctuation_keeps_the_surname(line: str) -> None:
    assert verdict("surname", "C: 喂", f"A: {line}", channel="phone", customer={"surname": "杨"}) == "met"


def test_S4_1_an_invitation_to_write_again_is_no_question_left_open() -> None:
    lines = ("C: 好的", "A: 还有疑问可以再发消息给我们")
    assert verdict("contact_promise", *lines) == "met"
    assert verdict("ask_satisfied", *lines) == "violated"
    assert verdict("closing_thanks", *lines) == "violated"


@pytest.mark.parametrize(
    ("item", "lines", "shown"),
    [
        ("complaint_steps", ("C: 我要投诉", "A: 24小时内给您答复"), "24小时内给您答复"),
        ("complaint_steps", ("C: 我要投诉", "A: 10月15日前书面答复"), "10月15日前书面答复"),
        ("progress_told", ("C: 还没修好", "A: 已转交技术部门，最晚12月15日答复您"), "最晚12月15日"),
        ("identity_first", ("C: 查账单", "A: 您账户里有一笔1221.30元的扣款"), "您账户里有一笔1221.30"),
    ],
)
def test_evidence_never_cuts_a_number(item: str, lines: tuple[str, ...], shown: str) -> None:
    contact = dialogue(*lines)
    spans = Engine.for_edition(None, [item]).judge(Batch.of_one(contact))["evidence"][0]
    texts = [contact["messages"][span["message"]]["text"][span["start"] : span["end"]] for span in spans]
    assert shown in texts


# What may stand anywhere has no long literal: the familiar 你, any number, a question mark at the end.
_SHORT_LINES = {
    ("polite_word", 0), ("curt_you", 0), ("identity_given", 0), ("open_question", 0), ("self_introduction", 35),
    ("forbidden_promise", 1),
}  # fmt: skip


def test_every_line_of_wording_asks_for_a_literal_longer_than_one_character() -> None:
    lines = {
        (name, number)
        for name, pattern in all_patterns().items()
        for number, line in enumerate(pattern.lines)
        if not any(len(anchor) > 1 for anchor in pattern.anchors[line])
    }
    assert lines <= _SHORT_LINES


@pytest.mark.parametrize(
    ("line", "promise"),
    [
        ("我百分百理解您的心情", "百分百能给您退"),
        ("没有人可以百分百保证", "我可以百分百保证没问题"),
        ("我们包上门安装，费用已含", "我们包您满意"),
        ("审核后一定会通过短信通知您", "审核一定会通过的"),
        ("不过退货需要您寄回", "退货绝对没问题"),
        ("积分永久有效", "永远不会再坏了"),
    ],
)
def test_S4_4_facts_and_services_are_no_promise(line: str, promise: str) -> None:
    assert verdict("forbidden_promise", "C: 在吗", f"A: {line}") == "met"
    assert verdict("forbidden_promise", "C: 在吗", f"A: {promise}") == "violated"
    assert verdict("forbidden_promise", "C: 在吗", f"A: {line}", f"A: {promise}") == "violated"
