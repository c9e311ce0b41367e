"""Whoever cannot solve a matter passes it on in time: across departments in ten minutes, else in an hour (S4-7, S1-6, X11)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.answer import Answer, Shown, ShownEvent
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.facts import UNKNOWN_TIME
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags
from bihuan.standards.checks.scan import AGENT, Ints, Scan

LEVEL_3: Final = "hand_over.level_3_within"
OTHERS: Final = "hand_over.complex_within"
_ANNOUNCED: Final = ("hand_over", "hand_who")


def judge_hand_over(scan: Scan, answer: Answer) -> None:
    """From the contact's opening to the event that passed it on, or the time told with it, within the edition's limit.

    An L3 matter has to be passed on, others where they were. A transfer to a colleague passes on an L3 matter only.
    """
    level3, took = scan.fact("level", "L3"), scan.micros("hand_over_us")
    timed = took != UNKNOWN_TIME
    passed = (scan.true("handed_over") & ~scan.true("only_transferred")) | (timed & ~scan.true("only_transferred"))
    passed |= level3 & scan.true("handed_over")
    words = [scan.find(name, scan.said(AGENT)) for name in _ANNOUNCED]
    announced = scan.any(words[0])
    answer.settle(~level3 & ~passed & ~announced, "nothing_to_hand_over")
    _settle_timed(scan, answer, passed & timed, took)
    answer.settle(passed, "times_unknown", _hand_over(scan))
    said = np.concatenate(words)
    told = [Shown(_firsts(scan, rows), name) for rows, name in zip(words, _ANNOUNCED, strict=True)]
    answer.settle(scan.any(said), "times_unknown", *told)
    _settle_never(scan, answer)


def _settle_timed(scan: Scan, answer: Answer, timed: Flags, took: Ints) -> None:
    """Where the level is not known, what both limits say alike is sure."""
    level3, levelled = scan.fact("level", "L3"), ~scan.facts.unknown("level")
    own, other = _limit(answer, LEVEL_3), _limit(answer, OTHERS)
    least, most = (np.where(levelled, np.where(level3, own, other), of(own, other)) for of in (min, max))
    target = np.where(least == most, least, UNKNOWN_TIME)
    values = {"took": _seconds(took), "target": _seconds(target)}
    events = (_opening(scan), _hand_over(scan))
    for opened, shown in ((scan.micros("opened_seq") >= 0, events), (np.full(scan.n, True), events[1:])):
        known = timed & opened
        answer.settle(known & (took < 0), "times_disagree", *shown)
        answer.settle(known & (least == UNKNOWN_TIME), "no_target")
        answer.settle(known & (took <= least), "in_time", *shown, **values)
        answer.settle(known & (took > most), "late", *shown, **values)
        answer.settle(known, "level_unknown", *shown)


def _settle_never(scan: Scan, answer: Answer) -> None:
    """L3 matters of which nothing tells a hand-over: a fault where the log of the contact is whole, or the record says so."""
    silent = scan.once("no_agent", FLAGS["no_agent"])
    agent = scan.said(AGENT)
    ends = Shown(np.flatnonzero(agent & ((scan.nth == 1) | (scan.nth_last == 1))), role="looked")
    denied = scan.micros("handed_over") == 0
    over = (scan.micros("closed_us") != UNKNOWN_TIME) | (scan.micros("resolved_us") != UNKNOWN_TIME)
    logged = (scan.micros("assigned_us") != UNKNOWN_TIME) & over
    answer.settle(silent & scan.fact("outcome", "abandoned"), "left_early")
    answer.settle((denied | logged) & ~silent, "not_handed_over", ends)
    answer.settle(answer.open, "hand_over_unknown", ends)


def _limit(answer: Answer, number: str) -> int:
    found = answer.edition.number(number) if answer.edition else None
    return found.micros if found else UNKNOWN_TIME


def _opening(scan: Scan) -> ShownEvent:
    return ShownEvent(np.maximum(scan.micros("opened_seq"), -1))


def _hand_over(scan: Scan) -> ShownEvent:
    return ShownEvent(np.maximum(scan.micros("hand_over_seq"), -1))


def _firsts(scan: Scan, rows: Ints) -> Ints:
    first = scan.first(rows)
    return first[first >= 0]


def _seconds(micros: Ints) -> Ints:
    return np.where(micros == UNKNOWN_TIME, UNKNOWN_TIME, -(-micros // SECOND))


HAND_OVER: Final = Check(
    id="hand_over",
    label={"zh": "及时移交", "en": "Handed over in time"},
    sources=("S4-7", "S1-6", "S3-5", "X11"),
    numbers=(LEVEL_3, OTHERS),
    evaluate=judge_hand_over,
    patterns=_ANNOUNCED,
    reasons={
        "in_time": Reason("met", "{took} 秒移交，时限 {target} 秒", "Handed over after {took} s, limit {target} s"),
        "late": Reason("violated", "{took} 秒才移交，时限 {target} 秒", "Handed over only after {took} s, limit {target} s"),
        "not_handed_over": Reason("violated", "跨部门问题没有移交", "A matter for another department was not handed over"),
        "nothing_to_hand_over": Reason("not_applicable", "无需移交", "Nothing had to be handed over"),
        "left_early": Reason("not_applicable", "客户在接起前离开", "The customer left before anybody took the matter up"),
        "no_target": Reason("not_applicable", "标准没有规定移交时限", "The edition sets no limit for hand-overs"),
        "times_unknown": Reason("cannot_tell", "没有记录移交时间", "When it was handed over is not recorded"),
        "times_disagree": Reason("cannot_tell", "移交时间早于进线时间", "The hand-over is recorded before the opening"),
        "level_unknown": Reason("cannot_tell", "不知道问题级别，无法确定时限", "The level, and with it the limit, is not known"),
        "hand_over_unknown": Reason("cannot_tell", "记录中看不出是否移交", "The record does not tell whether it was handed over"),
    },
    examples=(
        Example("met", dialogue("C: 没到", "A: 好的", facts={"level": "L3", "hand_over_seconds": 600}), "in_time", "ten minutes exactly"),
        Example("violated", dialogue("C: 没到", "A: 好的", facts={"level": "L3", "hand_over_seconds": 601}), "late"),
        Example("met", dialogue("C: 没到", "A: 好的", facts={"level": "L2", "hand_over_seconds": 3600}), "in_time"),
        Example("violated", dialogue("C: 没到", "A: 好的", facts={"level": "L1", "hand_over_seconds": 3601}), "late"),
        Example("met", dialogue("C: 没到", "A: 好的", facts={"hand_over_seconds": 500}), "in_time", "in time at any level"),
        Example("cannot_tell", dialogue("C: 没到", "A: 好的", facts={"hand_over_seconds": 900}), "level_unknown"),
        Example("violated", dialogue("C: 没到", "A: 好的", facts={"hand_over_seconds": 4000}), "late", "late at any level"),
        Example("violated", dialogue("C: 没到", "A: 再等等", facts={"level": "L3", "handed_over": False}), "not_handed_over"),
        Example("cannot_tell", dialogue("C: 没到", "A: 好的", facts={"level": "L3", "handed_over": True}), "times_unknown"),
        Example("cannot_tell", dialogue("C: 坏了", "A: 已为您转交技术部门，24小时内给您回电"), "times_unknown"),
        Example("cannot_tell", dialogue("C: 没到", "A: 再等等", facts={"level": "L3"}), "hand_over_unknown"),
        Example("not_applicable", dialogue("C: 没到", facts={"level": "L3", "outcome": "abandoned"}), "left_early"),
        Example("not_applicable", dialogue("C: 几点开门", "A: 九点", facts={"level": "L1"}), "nothing_to_hand_over"),
        Example("not_applicable", dialogue("C: 几点开门", "A: 九点"), "nothing_to_hand_over"),
    ),
)  # fmt: skip

CHECKS: Final = (HAND_OVER,)
