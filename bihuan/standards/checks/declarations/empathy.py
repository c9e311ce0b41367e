"""Empathy with a customer's negative emotion (S0-4, S3-4, S4-1, S4-2, S4-5)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.emotion import SHADES, first_emotion
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, Ints, Scan


def judge_empathy(scan: Scan, answer: Answer) -> None:
    """Met where one of the next agent messages (`reply_messages`) after the first negative one shows understanding."""
    agent = scan.said(AGENT)
    answer.settle(~scan.any(np.flatnonzero(agent)), "no_agent_message")
    emotion = first_emotion(scan)
    answer.settle(emotion.first < 0, "no_negative_emotion")
    replies = _replies(scan, agent, emotion.first, int(answer.params["reply_messages"]))
    answer.settle(~scan.any(np.flatnonzero(replies)), "no_reply_after", *emotion.shown)
    rows = scan.first(scan.find("empathy", replies))
    shown = (*emotion.shown, Shown(rows[rows >= 0], "empathy"))
    answer.settle(scan.any(_only_apologies(scan, rows[rows >= 0])), "apologised", *shown)
    answer.settle(rows >= 0, "understood", *shown)
    answer.settle(answer.open, "no_empathy", *emotion.shown, Shown(np.flatnonzero(replies), role="looked"))


def _replies(scan: Scan, agent: Flags, marks: Ints, most: int) -> Flags:
    """Rows that are among the `most` next agent messages after their contact's mark."""
    spoken = np.cumsum(agent)
    mark = marks[scan.contact]
    behind = (mark >= 0) & (np.arange(scan.rows) > mark) & agent
    return behind & (spoken - spoken[np.maximum(mark, 0)] <= most)


def _only_apologies(scan: Scan, rows: Ints) -> Ints:
    """Those of the rows with a word of apology and none of understanding."""
    asked = np.zeros(scan.rows, dtype=np.bool_)
    asked[rows] = True
    return np.setdiff1d(scan.find("apology", asked), scan.find("understanding", asked))


def _answered(*lines: str) -> dict[str, object]:
    return dialogue(
        "C: 在吗", "A: 您好，很高兴为您服务", "C: 都三天了还没发货，太让人失望了", *(f"A: {line}" for line in lines)
    )


EMPATHIC: Final = {
    "understood": (
        "非常理解您的心情", "我能理解您着急的心情", "换作是我也会很着急的", "您先别着急，我马上帮您查", "您消消气，我来处理",
        "遇到这种情况确实让人生气", "这件事换谁都会不高兴", "您的心情我完全理解", "明白您的着急", "感同身受", "真的很抱歉给您带来不便",
        "给您添麻烦了", "让您跑了两趟真是辛苦了", "是我们没做好", "實在抱歉，讓您等了這麼久", "听得出来您很失望",
    ),
    "apologised": ("实在抱歉，我马上帮您处理", "对不起，我这就催", "向您道歉，我去核实"),
}  # fmt: skip
COLD: Final = (
    "请您理解", "感谢您的理解", "抱歉，这个不能退", "不好意思，请问您贵姓", "抱歉，我们无法操作", "好的，我查一下",
    "麻烦您提供一下订单号", "希望您能理解", "这是规定", "抱歉，我没听清", "不好意思刚才在忙",
)  # fmt: skip
UPSET: Final = (
    "你们这是什么态度", "等了一个星期了，一点消息都没有", "急死了，明天就要用", "怎么这么慢啊", "催了好几遍了没人管",
    "到底什么时候能到", "又坏了！第三次了", "害我白跑一趟", "感觉被骗了", "用了两天就坏了什么破东西", "這服務也太差了吧", "急！！！",
    "😡😡", "失忘透了", "简直无法接受", "别再敷衍我了", "垃圾平台，再也不买了", "凭什么不给我退", "浪费我时间",
)  # fmt: skip
CALM: Final = (
    "你好，请问什么时候发货", "不着急，慢慢来", "不用担心，我自己来", "这个垃圾袋多大", "从不让人失望", "差价怎么退", "怎么换货",
    "不是投诉，就是问一下", "衣服有点大，想换小一码", "好的麻烦你帮我查一下", "我担心尺码不合适", "没有不满意，挺好的",
)  # fmt: skip

EMPATHY: Final = Check(
    id="empathy",
    label={"zh": "同理心", "en": "Empathy"},
    sources=("S0-4", "S3-4", "S4-2", "S4-5"),
    params={"reply_messages": 2},
    reasons={
        "understood": Reason("met", "客户不满后，客服表达了理解", "The agent showed understanding of the feeling"),
        "apologised": Reason("met", "客户不满后，客服表达了歉意", "The agent apologised for the trouble"),
        "no_empathy": Reason(
            "violated", "客户情绪不满，客服没有表达理解或歉意", "Negative emotion met with no understanding"
        ),
        "no_negative_emotion": Reason("not_applicable", "客户没有负面情绪", "The customer showed no negative emotion"),
        "no_reply_after": Reason(
            "not_applicable", "客户表达不满后客服没有再发言", "No agent message after the emotion"
        ),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    evaluate=judge_empathy,
    patterns=("negative_emotion", *SHADES, "empathy", "understanding", "apology"),
    examples=(
        *(Example("met", _answered(line), code) for code, lines in EMPATHIC.items() for line in lines),
        *(Example("violated", _answered(line, "预计明天发出"), "no_empathy") for line in COLD),
        *(Example("violated", dialogue(f"C: {line}", "A: 请提供订单号"), "no_empathy") for line in UPSET),
        *(Example("not_applicable", dialogue(f"C: {line}", "A: 好的"), "no_negative_emotion") for line in CALM),
        Example("violated", _answered("收到", "我看看", "非常抱歉让您久等了"), note="too late: the third message"),
        Example("violated", dialogue("A: 抱歉让您久等了", "C: 气死我了", "A: 订单号发一下"), note="an opening formula"),
        Example("not_applicable", dialogue("C: 气死我了", "B: 抱歉"), "no_agent_message"),
        Example("not_applicable", dialogue("A: 您好", "C: 差评"), "no_reply_after"),
    ),
)
CHECKS: Final = (EMPATHY,)
