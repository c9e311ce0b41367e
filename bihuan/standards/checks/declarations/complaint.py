"""A complaint goes through four steps: soothe, record, feed back, follow up; a missing one is a fault (S2-7, S1-7)."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, CUSTOMER, Scan

# Step → its name and the patterns that show it; feeding back means saying what will be done and when.
_STEPS: Final = {
    "soothe": ("安抚", "soothe", ("complaint_soothe",)),
    "record": ("记录", "record", ("complaint_record",)),
    "feed_back": ("反馈（做什么、何时）", "feed back (what and when)", ("complaint_feedback",)),
    "follow_up": ("跟进", "follow up", ("complaint_follow_up",)),
}


def judge_complaint_steps(scan: Scan, answer: Answer) -> None:
    """Met where all four steps were taken, in words or by the ledger; otherwise the reason names the missing ones.

    A complaint that no person answered went through none of them.
    """
    agent = scan.said(AGENT)
    _settle_others(scan, answer)
    asked = agent & answer.open[scan.contact]
    taken: dict[str, Flags] = {}
    shown: list[Shown] = []
    for step, (_, _, patterns) in _STEPS.items():
        taken[step] = np.zeros(scan.n, dtype=np.bool_)
        for pattern in patterns:
            rows = scan.first(scan.find(pattern, asked & ~taken[step][scan.contact]))
            taken[step] |= rows >= 0
            shown.append(Shown(rows[rows >= 0], pattern))
    answer.settle(np.logical_and.reduce(list(taken.values())), "all_steps", *shown)
    for step, logged in _logged(scan).items():
        taken[step] = taken[step] | logged
    answer.settle(np.logical_and.reduce(list(taken.values())), "all_steps_logged", *shown)
    ends = Shown(np.flatnonzero(agent & ((scan.nth == 1) | (scan.nth_last == 1))), role="looked")
    for missing in _MISSING:
        lacks = np.logical_and.reduce([taken[step] != (step in missing) for step in _STEPS])
        answer.settle(lacks, _code(missing), *shown, ends)


def _settle_others(scan: Scan, answer: Answer) -> None:
    """What is no complaint, and complaints that no person answered or of which no word is recorded."""
    customer = np.flatnonzero(scan.said(CUSTOMER))
    grievance = scan.first(scan.find("complaint_words", scan.said(CUSTOMER)))
    complaint = _is_complaint(scan, grievance >= 0)
    answer.settle(~complaint & scan.true("complained_later"), "complained_later")
    answer.settle(~complaint, "no_complaint")
    silent = scan.once("no_agent", FLAGS["no_agent"])
    asked = np.where(grievance >= 0, grievance, scan.first(customer))
    answer.settle(silent & scan.any(customer), "nobody_answered", Shown(asked[asked >= 0], role="looked"))
    answer.settle(silent, "no_words")


def _is_complaint(scan: Scan, worded: Flags) -> Flags:
    """By category or by the ledger. The customer's clear words tell where no category is given, and where the ledger has
    a complaint about the contact that was raised later."""
    open_ = scan.facts.unknown("category") | scan.true("complained_later")
    return FLAGS["complaint"](scan) | (open_ & worded)


def _logged(scan: Scan) -> dict[str, Flags]:
    """Steps that the record's ledgers show: a complaint in the ledger is recorded, a follow-up in a log was made."""
    return {
        "record": scan.true("complained") | scan.true("complained_later"),
        "follow_up": scan.true("followed_up"),
    }


def _code(missing: tuple[str, ...]) -> str:
    return "missing_" + "_and_".join(missing)


_MISSING: Final = [missing for size in range(1, len(_STEPS) + 1) for missing in combinations(_STEPS, size)]


def _handled(*lines: str) -> dict[str, object]:
    return dialogue(
        "C: 我要投诉，冰箱修了两次还是坏的", *(f"A: {line}" for line in lines), facts={"category": "complaint"}
    )


SOOTHED: Final = ("非常抱歉给您带来困扰", "您先别着急", "理解您的心情", "是我们没做好，向您道歉", "這確實讓人生氣")
RECORDED: Final = (
    "您说的我都写进投诉单里了", "给您挂了个加急的投诉工单", "边听边记着呢",
    "我已经把您的问题记录下来了", "已为您登记", "这边给您建了工单", "工单号是A1234", "我帮您提交一个加急工单", "投诉已受理", "我給您記錄好了",
)  # fmt: skip
FED_BACK: Final = (
    "24小时内给您答复", "会在今天18点前给您回电", "明天上午安排师傅上门", "预计3个工作日退款到账", "我马上给您退款", "最晚明天中午12点前回复您",
)  # fmt: skip
FOLLOWED: Final = (
    "我会全程跟进", "处理完我再给您打电话确认", "有结果第一时间通知您", "后续我会主动联系您", "后面会有专人回访您",
    "这单归我跟", "到账后我再跟您核对", "不用您催，我来催", "有进展我同步给您",
)  # fmt: skip
# Looking at once, hours of service, calling us again and weekends wished well name no deadline.
NO_FEEDBACK: Final = (
    "我这边立刻为您核实", "要是又坏了马上联系我们", "客服24小时在线", "早9点到晚10点都有人，随时联系，祝您周末愉快", "有消息马上通知您",
    "您想解决的是冰箱拖了10天没有修好",
)  # fmt: skip
NO_FOLLOW_UP: Final = ("有问题再来电就行感谢您的来电", "点一下客服就能再找到我们")
_WHOLE: Final = ("非常抱歉给您带来困扰", "已为您登记", "24小时内给您答复", "我会全程跟进")

COMPLAINT_STEPS: Final = Check(
    id="complaint_steps",
    label={"zh": "投诉处理四步", "en": "Four steps of a complaint"},
    sources=("S2-7", "S1-7"),
    reasons={
        "all_steps": Reason("met", "安抚、记录、反馈、跟进齐全", "Soothed, recorded, fed back and followed up"),
        "all_steps_logged": Reason(
            "met",
            "安抚、记录、反馈、跟进齐全（部分见于投诉台账或跟进记录）",
            "Soothed, recorded, fed back and followed up, in part by the ledger or the log of follow-ups",
        ),
        **{
            _code(missing): Reason(
                "violated",
                "投诉处理缺少：" + "、".join(_STEPS[step][0] for step in missing),
                "Missing: " + ", ".join(_STEPS[step][1] for step in missing),
            )
            for missing in _MISSING
        },
        "no_complaint": Reason("not_applicable", "不是投诉", "Not a complaint"),
        "complained_later": Reason("not_applicable", "投诉在会话结束后才提出", "The complaint was raised after the contact"),
        "nobody_answered": Reason("violated", "投诉无人应答", "No person answered the complaint"),
        "no_words": Reason("cannot_tell", "是投诉，但没有对话内容", "A complaint, of which no word is recorded"),
    },
    evaluate=judge_complaint_steps,
    patterns=("complaint_words", *(pattern for _, _, patterns in _STEPS.values() for pattern in patterns)),
    examples=(
        *(Example("met", _handled(line, *_WHOLE[1:]), "all_steps") for line in SOOTHED),
        *(Example("met", _handled(_WHOLE[0], line, *_WHOLE[2:]), "all_steps") for line in RECORDED),
        *(Example("met", _handled(*_WHOLE[:2], line, _WHOLE[3]), "all_steps") for line in FED_BACK),
        *(Example("met", _handled(*_WHOLE[:3], line), "all_steps") for line in FOLLOWED),
        Example("violated", _handled(*_WHOLE[1:]), "missing_soothe"),
        Example("violated", _handled(_WHOLE[0], "没有查到您的记录", *_WHOLE[2:]), "missing_record"),
        Example("violated", _handled(*_WHOLE[:2], "我们会尽快处理", _WHOLE[3]), "missing_feed_back"),
        Example("violated", _handled(*_WHOLE[:3], "有问题您可以随时联系我们"), "missing_follow_up"),
        *(Example("violated", _handled(*_WHOLE[:2], line, _WHOLE[3]), "missing_feed_back") for line in NO_FEEDBACK),
        *(Example("violated", _handled(*_WHOLE[:3], line), "missing_follow_up") for line in NO_FOLLOW_UP),
        Example("violated", _handled(_WHOLE[0], "已经帮您催过仓库了", *_WHOLE[2:]), "missing_record"),
        Example("violated", _handled("谢谢您的理解，祝您生活愉快", *_WHOLE[1:]), "missing_soothe"),
        Example("violated", _handled(*_WHOLE[:2]), "missing_feed_back_and_follow_up"),
        Example("violated", _handled("好的"), "missing_soothe_and_record_and_feed_back_and_follow_up"),
        Example("violated", dialogue("C: 我要去12315投诉你们", "A: 好的"), note="no category, clear words"),
        Example("not_applicable", dialogue("C: 我不是投诉，就是问问", "A: 好的"), "no_complaint"),
        Example("not_applicable", dialogue("C: 投诉", "A: 好的", facts={"category": "enquiry"}), "no_complaint"),
        Example("violated", dialogue("C: 我要投诉", "B: 收到"), "nobody_answered"),
        Example("not_applicable", dialogue("C: 几点开门", "B: 九点"), "no_complaint"),
        Example("cannot_tell", dialogue(channel="phone", facts={"category": "complaint"}), "no_words"),
        Example("violated", dialogue("C: 要退款", "A: 好的", facts={"category": "refund", "complained": True}),
                "missing_soothe_and_feed_back_and_follow_up", "the ledger has it, whatever the category"),
        Example("met", dialogue("C: 我要投诉", *(f"A: {line}" for line in (_WHOLE[0], *_WHOLE[2:3])),
                                facts={"complained": True, "followed_up": True}), "all_steps_logged"),
        Example("violated", dialogue("C: 我要投诉", "A: 好的", facts={"category": "complaint", "followed_up": True}),
                "missing_soothe_and_record_and_feed_back"),
    ),
)  # fmt: skip
CHECKS: Final = (COMPLAINT_STEPS,)
