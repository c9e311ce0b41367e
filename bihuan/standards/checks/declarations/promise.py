"""No absolute promise about a result (S4-4; X18: forbidden wording is judged by its words)."""

from __future__ import annotations

from typing import Final

from bihuan.standards.checks.absence import settle_absence
from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.scan import AGENT, Scan


def judge_promise(scan: Scan, answer: Answer) -> None:
    """Violated where a person of the company promises a result absolutely; the words are the evidence."""
    hits = scan.find("forbidden_promise", scan.said(AGENT))
    answer.settle(scan.any(hits), "promised_absolutely", Shown(hits, "forbidden_promise"))
    settle_absence(scan, answer, "no_absolute_promise")


def _agent(*lines: str) -> dict[str, object]:
    return dialogue("C: 在吗，我的东西什么时候能处理好", *(f"A: {line}" for line in lines))


PROMISES: Final = (
    "绝对没问题的，您放心", "我们百分百给您解决", "这个 1 0 0 % 能退", "１００％没问题", "肯定没问题的亲", "我保证一定给您退",
    "保证明天送到您家", "永远不会再出现这种情况", "包您满意", "明天一定能送到您手上", "退款一定会到账的", "肯定能修好",
    "我向您保证不会再发生", "絕對不會有問題", "决对可以的", "您放心，明天肯定到", "包在我身上", "稳赚不赔的产品",
    "您说的问题，我们绝对能解决", "24小时内肯定到账", "We guarantee it will arrive", "这个方案绝对有效👍",
    "换过这个阀就一劳永逸了", "我敢说肯定是全市最低价", "You have my word, nothing can go wrong", "一定给您把账号要回来",
)  # fmt: skip
HARMLESS: Final = (
    "这个不能保证100%成功", "我们没办法绝对保证的", "不敢说百分百，但会尽力", "您说的“绝对没问题”我理解", "您提到绝对不能晚，我记下了",
    "这款是100%纯棉的", "充到100%再拔掉电源", "店铺好评率100%", "误差的绝对值很小", "一定会帮您反馈", "验证码一定要保管好",
    "感谢您的肯定", "不一定明天能到", "我们一定尽快处理", "为了保证您的账户安全，需要核实", "您确定100%没有动过吗？",
    "之前客服说肯定能到，是我们的不对", "保证金是500元", "7天内包退包换", "话不能说得太绝对", "请保证手机畅通",
    "下载到100%之后请重启一下", "I can't guarantee that it arrives tomorrow", "No courier can promise 100 % punctuality",
)  # fmt: skip

FORBIDDEN_PROMISE: Final = Check(
    id="forbidden_promise",
    label={"zh": "绝对化承诺", "en": "Absolute promise"},
    sources=("S4-4", "X18"),
    reasons={
        "promised_absolutely": Reason("violated", "对结果作了绝对化承诺", "A result was promised absolutely"),
        "no_absolute_promise": Reason("met", "没有绝对化承诺", "No absolute promise about a result"),
        "no_agent_message": Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    },
    evaluate=judge_promise,
    patterns=("forbidden_promise",),
    examples=(
        *(Example("violated", _agent("您好", line), "promised_absolutely") for line in PROMISES),
        *(Example("met", _agent("您好", line), "no_absolute_promise") for line in HARMLESS),
        Example("met", dialogue("C: 你能100%保证吗", "A: 抱歉，这个没办法保证"), note="the customer's own words"),
        Example("not_applicable", dialogue("C: 绝对能到吗", "B: 绝对能到"), "no_agent_message"),
    ),
)
CHECKS: Final = (FORBIDDEN_PROMISE,)
