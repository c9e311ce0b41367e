"""No impatience and no rudeness of agents (S3-4, S0-4)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.absence import settle_absence
from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.scan import AGENT, Scan

# What the tone does to the customer → the reason; the gravest first.
_TONES: Final = {
    "impatience_insult": "insulted",
    "impatience_belittling": "belittled",
    "impatience_dismissal": "dismissed",
    "impatience_indifference": "dismissed",
    "impatience_hurry": "hurried",
    "impatience_reproach": "reproached",
    "impatience_brush_off": "brushed_off",
}


def judge_impatience(scan: Scan, answer: Answer) -> None:
    """Violated by the gravest tone found; the words are the evidence."""
    meant = scan.find("impatience", scan.said(AGENT))
    rude = np.zeros(scan.rows, dtype=np.bool_)
    rude[meant] = True
    for pattern, code in _TONES.items():
        hits = scan.find(pattern, rude)
        answer.settle(scan.any(hits), code, Shown(hits, pattern))
    answer.settle(scan.any(meant), "impatient", Shown(meant, "impatience"))
    settle_absence(scan, answer, "patient")


def _agent(*lines: str) -> dict[str, object]:
    return dialogue("C: 我的快递怎么还没到", *(f"A: {line}" for line in lines))


RUDE: Final = {
    "insulted": ("你脑子有问题吧", "我真是服了你了", "呵呵", "怪我咯", "谁让你自己选错了", "早干嘛去了", "闭嘴", "莫名其妙"),
    "belittled": ("听不懂吗", "没看到吗", "看不懂中文吗", "眼睛瞎吗", "初中没毕业吧", "这么简单都不会", "这也要问", "听明白没有",
                  "能不能听懂人话"),
    "dismissed": ("爱买不买", "随便你", "投诉去吧", "嫌慢就别买", "嫌排队那就别来办", "不服去告啊",
                  "不买拉倒", "关我什么事", "这不归我管", "你想怎么样",
                  "懒得跟你说", "规定就是规定", "爱咋咋地", "想投诉就去投诉，随便", "我又不是神仙", "你要我怎么办"),
    "hurried": ("催什么催", "别烦我", "急什么，等着", "您怎么这么烦", "烦死了", "不要一直催", "有什么事快说",
                "跟您沟通怎么这么费劲"),
    "reproached": ("说了多少遍了", "不是说了吗", "我刚才不是說過了嗎", "我都跟您说了好几遍了", "都说了不行了，还问", "你要我说几遍"),
    "brushed_off": ("你自己看", "找个懂行的人来弄吧", "自己不会看吗", "自己去查吧", "不会看说明书吗", "自己想办法"),
}  # fmt: skip
PATIENT: Final = (
    "您可以自己看一下订单页面", "不好意思让您说了多少遍，我马上记下来", "非常抱歉，师傅跟您说随便你确实不对", "您先别急，我马上帮您查",
    "您反馈的快递员说“爱买不买”，我们会核实", "理解您等得很烦", "这款滚筒洗衣机有货的", "请问您没看到短信吗", "您可以随便看看",
    "真麻烦您了", "如果不满意可以申请退货", "我再跟您说一遍操作步骤", "您都反馈三次了还没解决，确实让人着急",
    "这个问题不归我们部门，我帮您转接给专员", "可能是我没说清楚，抱歉", "一切正常", "知道您赶时间，我抓紧", "有什么事您说", "您急用的话可以选次日达",
)  # fmt: skip

IMPATIENCE: Final = Check(
    id="impatience",
    label={"zh": "不耐烦或失礼", "en": "Impatience or rudeness"},
    sources=("S0-4", "S3-4"),
    reasons={
        "insulted": Reason("violated", "嘲讽、指责或辱骂客户", "The customer was mocked, blamed or insulted"),
        "belittled": Reason("violated", "贬低客户的理解能力", "The customer's understanding was belittled"),
        "dismissed": Reason("violated", "态度冷漠，推开客户", "The customer was dismissed"),
        "hurried": Reason("violated", "催促或嫌烦", "The agent was annoyed or hurried the customer"),
        "reproached": Reason("violated", "责怪客户重复询问", "The customer was reproached for asking again"),
        "brushed_off": Reason("violated", "让客户自己解决，推脱", "The customer was told to see for themselves"),
        "impatient": Reason("violated", "语气不耐烦或失礼", "The tone is impatient or rude"),
        "patient": Reason("met", "没有不耐烦或失礼", "No impatience and no rudeness"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    evaluate=judge_impatience,
    patterns=("impatience", *_TONES),
    examples=(
        *(Example("violated", _agent("您好", line), code) for code, lines in RUDE.items() for line in lines),
        *(Example("met", _agent("您好", line), "patient") for line in PATIENT),
        Example(
            "met", dialogue("C: 你听不懂吗，说了多少遍了", "A: 抱歉，我再核对一下"), note="the customer is impatient"
        ),
        Example("not_applicable", dialogue("C: 烦死了", "B: 您好"), "no_agent_message"),
    ),
)
CHECKS: Final = (IMPATIENCE,)
