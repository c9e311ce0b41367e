"""Restating the problem so that the customer can agree (S0-5)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.emotion import SHADES
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, CUSTOMER, Scan

_ENQUIRY: Final = (
    "enquiry",
    "inquiry",
    "consultation",
    "query",
    "question",
    "look_up",
    "lookup",
    "咨询",
    "查询",
    "咨询类",
)


def judge_restate(scan: Scan, answer: Answer) -> None:
    """Met where an agent, after the customer spoke, says the problem again for confirmation."""
    agent, customer = scan.said(AGENT), scan.said(CUSTOMER)
    asked = scan.first(np.flatnonzero(customer))
    answer.settle(~scan.any(np.flatnonzero(agent)), "no_agent_message")
    answer.settle(asked < 0, "no_customer_message")
    first_asked = asked[scan.contact]
    heard = agent & (first_asked >= 0) & (np.arange(scan.rows) > first_asked)
    rows = scan.first(scan.find("restate", heard))
    answer.settle(rows >= 0, "restated", Shown(rows[rows >= 0], "restate"))
    simple = _is_simple(scan, customer & answer.open[scan.contact], int(answer.params["short_messages"]))
    answer.settle(simple, "simple_question")
    ends = np.flatnonzero(agent & ((scan.nth == 1) | (scan.nth_last == 1)))
    answer.settle(answer.open, "not_restated", Shown(ends, role="looked"))


def _is_simple(scan: Scan, customer: Flags, short: int) -> Flags:
    """Contacts about one simple question or look-up: no trouble, no emotion, and a plain question or very few words. Each
    wording is only looked for where the ones before it have not decided."""
    enquiry = np.zeros(scan.n, dtype=np.bool_)
    for word in _ENQUIRY:
        enquiry |= scan.fact("category", word)
    simple = enquiry & scan.fact("level", "L1")
    troubled = FLAGS["complaint"](scan)
    for trouble in ("problem", "negative_emotion"):
        troubled |= scan.any(scan.find(trouble, customer & ~(simple | troubled)[scan.contact]))
    plain = enquiry | (scan.count(np.flatnonzero(customer)) <= short)
    plain |= scan.any(scan.find("lookup_question", customer & ~(simple | troubled | plain)[scan.contact]))
    return simple | (~troubled & plain)


def _answered(*lines: str) -> dict[str, object]:
    return dialogue("C: 你好，我上周买的洗衣机坏了，脱水的时候声音特别大，想换一台", *(f"A: {line}" for line in lines))


RESTATED: Final = (
    "跟您核对一下，您是上周买的洗衣机脱水声音大对吗", "您是说脱水的时候响是吧", "也就是说您的洗衣机脱水时有异响", "您反馈的是洗衣机脱水噪音大对吗",
    "我理解您的问题是脱水异响，对吗？", "您的意思是想换一台新的是吗", "是需要换一台新的洗衣机是吗", "所以您是想换一台，对吧",
    "我复述一下，您上周买的机器脱水声音大", "您遇到的情况是脱水时声音大，是这样吗", "好的，您的洗衣机脱水的时候声音很大，是吗？",
    "那我跟您确认一下：您是要换一台新机", "我总结一下您的诉求", "脱水一开就响，要换新的，我没听错吧",
    "您打来是因为机器脱水声音大，理解得准确吗", "上周买的，脱水响，您想换一台，对不对", "您是想換一台新的對嗎",
    "just to confirm, you want a new machine, right?", "Let me make sure I understand: it rattles when it spins. Correct?",
    "听明白了您是想把机器换成新的是不", "一是脱水响，二是想换新，是这两点吧", "跟您核对：机器上周买的，脱水响，要换新，没错的话我提交",
)  # fmt: skip
NOT_RESTATED: Final = (
    "请问还有其他可以帮您的吗", "您的手机号是尾号5678对吗", "请问是张女士吗", "好的，马上帮您查询", "这边帮您反馈一下可以吗",
    "请问您的订单号是多少", "您对这次服务满意吗", "这样可以是吧", "请稍等，我确认一下", "您还需要别的吗",
    "行，情况就是这样", "我理解您这几天有多着急", "[订单x] 是这个吗", "先核对一下信息，然后帮您操作",
)  # fmt: skip
_SIMPLE: Final = (
    "这件多少钱",
    "你们几点下班",
    "我的余额还有多少",
    "包邮吗",
    "门店在哪里",
    "有货吗",
    "这款保修多久",
    "什么时候发货",
)

RESTATE: Final = Check(
    id="restate",
    label={"zh": "复述确认问题", "en": "Restating the problem"},
    sources=("S0-5",),
    params={"short_messages": 1},
    reasons={
        "restated": Reason("met", "复述了问题并请客户确认", "The problem was restated for confirmation"),
        "not_restated": Reason("violated", "没有复述确认客户的问题", "The problem was not restated"),
        "simple_question": Reason("not_applicable", "只是简单咨询或查询", "One simple question or look-up"),
        "no_customer_message": Reason("not_applicable", "客户没有发言", "The customer said nothing"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    evaluate=judge_restate,
    patterns=("restate", "lookup_question", "problem", "negative_emotion", *SHADES),
    examples=(
        *(Example("met", _answered("您好", line), "restated") for line in RESTATED),
        *(Example("violated", _answered("您好", line), "not_restated") for line in NOT_RESTATED),
        *(Example("not_applicable", dialogue(f"C: {line}", "A: 您好，稍等"), "simple_question") for line in _SIMPLE),
        Example("not_applicable", dialogue("C: 坏了", "B: 您是说坏了对吗"), "no_agent_message"),
    ),
)
CHECKS: Final = (RESTATE,)
