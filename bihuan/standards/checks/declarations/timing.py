"""Judged by times, not by words: responses, rings, queue, quick solution (S1-3, S2-2, S2-3, S3-6, S4-3, X1, X2)."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.answer import Answer, Shown, ShownEvent
from bihuan.standards.checks.declaration import Check, Example, Reason, dialogue
from bihuan.standards.checks.facts import UNKNOWN_TIME
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import AGENT, CUSTOMER, NOBODY, Ints, Scan
from bihuan.standards.checks.targets import limits

NO_TARGET: Final = Reason("not_applicable", "标准没有为该渠道设目标", "The edition sets no target for this channel")
_SHARE: Final = 1000


def judge_first_response(scan: Scan, answer: Answer) -> None:
    """First agent message within the target of the first customer message that no person had answered (X2)."""
    limit = limits(answer, "first_response_time")
    asked, replied = scan.first(np.flatnonzero(scan.said(CUSTOMER))), _first_reply(scan)
    known = (asked >= 0) & (replied >= 0)
    start = _waiting_since(scan, asked, replied)
    end = _times(scan, replied)
    timed = known & (start != UNKNOWN_TIME) & (end != UNKNOWN_TIME)
    took = np.where(timed, end - np.where(timed, start, 0), 0)
    values = {"took": _seconds(took), "target": _seconds(limit)}
    both = (Shown(asked[known], role="looked"), Shown(replied[known], role="looked"))
    answer.settle(scan.fact("channel", "phone"), "phone")
    answer.settle(_agent_opened(scan), "agent_opened")
    answer.settle(asked < 0, "no_customer_message")
    answer.settle(limit == UNKNOWN_TIME, "no_target")
    _settle_unanswered(scan, answer, asked, replied, limit)
    answer.settle(~timed, "times_unknown", *both)
    answer.settle(took < 0, "times_disagree", *both)
    answer.settle(took <= limit, "in_time", Shown(replied[known]), **values)
    answer.settle(answer.open, "late", Shown(replied[known]), **values)


def _settle_unanswered(scan: Scan, answer: Answer, asked: Ints, replied: Ints, limit: Ints) -> None:
    silent = replied < 0
    bot = scan.any(np.flatnonzero(scan.bot))
    closed = np.maximum(scan.micros("closed_us"), _latest(scan))
    start = _times(scan, asked)
    timed = silent & (start != UNKNOWN_TIME) & (closed != UNKNOWN_TIME)
    waited = np.where(timed, closed - np.where(timed, start, 0), 0)
    shown = Shown(asked[asked >= 0], role="looked")
    answer.settle(silent & bot, "only_bot")
    values = {"took": _seconds(waited), "target": _seconds(limit)}
    answer.settle(timed & (waited > limit), "never_answered", shown, **values)
    answer.settle(silent & scan.fact("outcome", "abandoned"), "left_early")
    answer.settle(silent, "times_unknown", shown)


def _waiting_since(scan: Scan, asked: Ints, replied: Ints) -> Ints:
    """The first customer message, whatever a bot said in between; but not before a person was assigned where the record
    tells when that was (until then the queue is a team figure, X2)."""
    since = _times(scan, asked)
    assigned = scan.micros("assigned_us")
    later = (assigned > since) & (assigned <= _times(scan, replied)) & (since != UNKNOWN_TIME)
    return np.where(later, assigned, since)


def judge_response_time(scan: Scan, answer: Answer) -> None:
    """Share of exchanges (first unanswered customer message → next agent message) within target (S2-3).

    Exchanges whose times are not known may have been quick or slow: where the verdict hangs on them, nobody can tell.
    """
    limit = limits(answer, "response_time")
    asks, replies = _exchanges(scan)
    contact = scan.contact[asks]
    start, end = scan.sent_us[asks], scan.sent_us[replies]
    timed = (start != UNKNOWN_TIME) & (end != UNKNOWN_TIME)
    took = np.where(timed, end - np.where(timed, start, 0), -1)
    timed &= took >= 0
    slow = timed & (took > limit[contact])
    total = np.bincount(contact[timed], minlength=scan.n)
    within = total - np.bincount(contact[slow], minlength=scan.n)
    open_ = np.bincount(contact[~timed], minlength=scan.n)
    needed = (total + open_) * round(answer.params["least_share"] * _SHARE)
    reached, reachable = within * _SHARE >= needed, (within + open_) * _SHARE >= needed
    share = np.where(total > 0, within * 100 // np.maximum(total, 1), UNKNOWN_TIME)
    values = {"share": share, "target": _seconds(limit), "exchanges": total.astype(np.int64)}
    answer.settle(~scan.any(replies), "no_exchange")
    answer.settle(limit == UNKNOWN_TIME, "no_target")
    answer.settle(~reached & reachable & (open_ > 0), "times_unknown", Shown(replies[~timed], role="looked"))
    quick = replies[timed & ~slow]
    answer.settle(reached, "in_time", Shown(scan.first(quick)[scan.first(quick) >= 0]), **values)
    answer.settle(answer.open, "slow", Shown(replies[slow]), **values)


def judge_rings(scan: Scan, answer: Answer) -> None:
    """Rings, or ring time ÷ the edition's cycle where only seconds are known; in thousandths so that 3.2 exceeds 3."""
    limit = limits(answer, "rings")
    counted, time = scan.micros("rings"), scan.micros("ring_us")
    cycle = int(answer.params["ring_cycle"])
    by_time = np.where(time == UNKNOWN_TIME, UNKNOWN_TIME, -(-np.maximum(time, 0) * 1000 // cycle))
    rings = np.where(counted != UNKNOWN_TIME, np.maximum(counted, 0) * 1000, by_time)
    values = {"target": limit // 1000, "rings": -(-rings // 1000), "seconds": _seconds(time)}
    values = {name: np.where(rings == UNKNOWN_TIME, UNKNOWN_TIME, numbers) for name, numbers in values.items()}
    event = ShownEvent(np.maximum(scan.micros("rang_seq"), -1))
    answer.settle(~scan.fact("channel", "phone"), "not_phone")
    answer.settle(rings == UNKNOWN_TIME, "rings_unknown")
    answer.settle(limit == UNKNOWN_TIME, "no_target")
    answer.settle(rings <= limit, "in_time", event, **values)
    answer.settle(answer.open, "late", event, **values)


def judge_queue_time(scan: Scan, answer: Answer) -> None:
    """Queue entry → accepted within the target; belongs to the team (X2)."""
    limit = limits(answer, "queue_time")
    waited = scan.micros("queue_us")
    values = {"took": _seconds(waited), "target": _seconds(limit)}
    event = ShownEvent(np.maximum(scan.micros("queued_seq"), -1))
    unknown = (waited == UNKNOWN_TIME) | (waited < 0)
    answer.settle(unknown & ~scan.true("had_queue"), "no_queue")
    answer.settle(unknown, "times_unknown")
    answer.settle(limit == UNKNOWN_TIME, "no_target")
    answer.settle(waited <= limit, "in_time", event, **values)
    answer.settle(answer.open, "late", event, **values)


def judge_simple_resolution(scan: Scan, answer: Answer) -> None:
    """A solved L1 contact took no longer than the target, from its start to the point of resolution.

    Where the moment of the first or the last word is not known there is a least and a most it may have taken.
    """
    limit = limits(answer, "simple_resolution_time")
    least, most = _durations(scan)
    last = scan.last(np.flatnonzero(scan.said(AGENT)))
    shown: Shown | ShownEvent = Shown(last[last >= 0])
    wordless = ShownEvent(np.full(scan.n, -1, dtype=np.int64))
    answer.settle(scan.fact("level", "L2") | scan.fact("level", "L3"), "not_simple")
    answer.settle(scan.fact("outcome", "unsolved") | scan.fact("outcome", "abandoned"), "unsolved")
    answer.settle(~scan.fact("level", "L1"), "level_unknown")
    answer.settle(~scan.fact("outcome", "solved"), "outcome_unknown")
    answer.settle((least == UNKNOWN_TIME) & (most == UNKNOWN_TIME), "times_unknown")
    answer.settle(limit == UNKNOWN_TIME, "no_target")
    in_time, late = (most >= 0) & (most <= limit), least > limit
    for code, holds, took in (("in_time", in_time, most), ("late", late, least)):
        values = {"took": _seconds(took), "target": _seconds(limit)}
        answer.settle(holds & (last >= 0), code, shown, **values)
        answer.settle(holds, code, wordless, **values)
    answer.settle(answer.open, "times_unknown")


def _durations(scan: Scan) -> tuple[Ints, Ints]:
    """The least and the most a contact took, alike where all is known; unknown where nothing bounds it."""
    told, agent, timed = scan.micros("duration_us"), scan.said(AGENT), scan.sent_us != UNKNOWN_TIME
    spoken, opened = scan.role != NOBODY, scan.micros("opened_us")
    begun = _known(_times(scan, scan.first(np.flatnonzero(spoken))), opened)
    heard = _known(_times(scan, scan.first(np.flatnonzero(spoken & timed))), opened)
    answered, closed = scan.last(np.flatnonzero(agent)), scan.micros("closed_us")
    end = _known(scan.micros("resolved_us"), _times(scan, answered))
    latest = _times(scan, scan.last(np.flatnonzero(agent & timed)))
    spans = (
        _between(scan, heard, _known(end, np.where(answered >= 0, latest, closed))),
        _between(scan, begun, _known(end, closed)),
    )
    least, most = (np.where(told != UNKNOWN_TIME, told, span) for span in spans)
    return least, most


def _between(scan: Scan, start: Ints, end: Ints) -> Ints:
    """From start to end; a call starts when a person takes it."""
    start = np.where(scan.fact("channel", "phone"), np.maximum(start, scan.micros("assigned_us")), start)
    known = (start != UNKNOWN_TIME) & (end != UNKNOWN_TIME)
    return np.where(known, np.where(known, end, 0) - np.where(known, start, 0), UNKNOWN_TIME)


def _known(times: Ints, instead: Ints) -> Ints:
    return np.where(times != UNKNOWN_TIME, times, instead)


def _exchanges(scan: Scan) -> tuple[Rows, Rows]:
    """Row of each first unanswered customer message and of the agent message that answers it."""
    spoken = np.flatnonzero(scan.role != NOBODY)
    role, contact = scan.role[spoken], scan.contact[spoken]
    same = np.concatenate(([False], contact[1:] == contact[:-1])) if len(spoken) else np.zeros(0, dtype=np.bool_)
    before = np.concatenate(([NOBODY], role[:-1])) if len(spoken) else role
    asks = spoken[(role == CUSTOMER) & ~(same & (before == CUSTOMER))]
    replies = spoken[(role == AGENT) & same & (before == CUSTOMER)]
    answered = np.searchsorted(asks, replies) - 1
    return asks[answered], replies


def _agent_opened(scan: Scan) -> Flags:
    """The first person to speak was the agent (or the record says so)."""
    first = scan.first(np.flatnonzero(scan.role != NOBODY))
    return scan.true("agent_opened") | (
        (first >= 0) & (scan.role[np.maximum(first, 0)] == AGENT) if scan.rows else first > 0
    )


def _first_reply(scan: Scan) -> Ints:
    return scan.first(np.flatnonzero(scan.said(AGENT)))


def _times(scan: Scan, rows: Ints) -> Ints:
    """Time of one row per contact; unknown where there is no row or no time."""
    if not scan.rows:
        return np.full(scan.n, UNKNOWN_TIME, dtype=np.int64)
    return np.where(rows >= 0, scan.sent_us[np.maximum(rows, 0)], UNKNOWN_TIME)


def _latest(scan: Scan) -> Ints:
    latest = np.full(scan.n, UNKNOWN_TIME, dtype=np.int64)
    np.maximum.at(latest, scan.contact, scan.sent_us)
    return latest


def _seconds(micros: Ints) -> Ints:
    """Whole seconds, begun ones counted (so that 30.2 s never prints as 30)."""
    return np.where(micros == UNKNOWN_TIME, UNKNOWN_TIME, -(-micros // SECOND))


FIRST_RESPONSE: Final = Check(
    id="first_response",
    label={"zh": "首次响应", "en": "First response"},
    sources=("S1-3", "S2-2", "S3-6", "S4-3", "X1", "X2"),
    targets=("first_response_time",),
    evaluate=judge_first_response,
    reasons={
        "in_time": Reason("met", "{took} 秒首次响应，目标 {target} 秒", "First response after {took} s, target {target} s"),
        "late": Reason("violated", "{took} 秒才首次响应，目标 {target} 秒", "First response only after {took} s, target {target} s"),
        "never_answered": Reason("violated", "等了 {took} 秒无人回应，目标 {target} 秒", "Nobody answered within {took} s, target {target} s"),
        "phone": Reason("not_applicable", "电话按振铃和排队评判", "Phone is judged by rings and queue time"),
        "agent_opened": Reason("not_applicable", "由客服主动发起", "The agent opened the conversation"),
        "no_customer_message": Reason("not_applicable", "客户没有发言", "The customer said nothing"),
        "only_bot": Reason("not_applicable", "只有机器人接待", "Only a bot served the customer"),
        "left_early": Reason("not_applicable", "客户在应答前离开", "The customer left before an answer was due"),
        "no_target": NO_TARGET,
        "times_unknown": Reason("cannot_tell", "缺少消息时间", "Message times are not recorded"),
        "times_disagree": Reason("cannot_tell", "消息时间与顺序矛盾", "Message times contradict their order"),
    },
    examples=(
        Example("met", dialogue("C0: 在吗", "A30: 您好"), "in_time", "exactly 30 s is met"),
        Example("met", dialogue("C0: 在吗", "A12: 您好", channel="social"), "in_time"),
        Example("violated", dialogue("C0: 在吗", "A31: 您好"), "late"),
        Example("violated", dialogue("C0: 在吗", "C25: ？", "A40: 您好"), "late", "a second message does not restart the wait"),
        Example("violated", dialogue("C0: 在吗", "B1: 我是机器人", "C60: 转人工", "A75: 您好"), "late", "a bot answers for nobody"),
        Example("met", dialogue("C0: 在吗", "B1: 我是机器人", "A20: 您好"), "in_time"),
        Example("not_applicable", dialogue("C0: 喂", "A50: 您好", channel="phone"), "phone"),
        Example("not_applicable", dialogue("A0: 您好，跟您确认下地址", "C90: 好"), "agent_opened"),
        Example("cannot_tell", dialogue("C: 在吗", "A: 您好"), "times_unknown"),
        Example("cannot_tell", dialogue("C50: 在吗", "A10: 您好"), "times_disagree"),
        Example("met", dialogue("C0: 咨询发票", "A600: 您好", channel="email"), "in_time", "e-mail has a target of its own"),
    ),
)  # fmt: skip

RESPONSE_TIME: Final = Check(
    id="response_time",
    label={"zh": "响应及时率", "en": "Answers in time"},
    sources=("S2-1", "S2-3"),
    targets=("response_time",),
    params={"least_share": 0.8},
    evaluate=judge_response_time,
    reasons={
        "in_time": Reason("met", "{exchanges} 次应答中 {share}% 在 {target} 秒内", "{share}% of {exchanges} answers within {target} s"),
        "slow": Reason("violated", "{exchanges} 次应答仅 {share}% 在 {target} 秒内", "Only {share}% of {exchanges} answers within {target} s"),
        "no_exchange": Reason("not_applicable", "没有一问一答", "There is no exchange"),
        "no_target": NO_TARGET,
        "times_unknown": Reason("cannot_tell", "缺少消息时间", "Message times are not recorded"),
    },
    examples=(
        Example("met", dialogue("C0: 在吗", "A20: 您好", "C30: 查快递", "A150: 明天到"), "in_time"),
        Example("violated", dialogue("C0: 在吗", "A20: 您好", "C30: 查快递", "A400: 明天到"), "slow"),
        Example("not_applicable", dialogue("C0: 在吗"), "no_exchange"),
        Example("cannot_tell", dialogue("C: 在吗", "A: 您好"), "times_unknown"),
        Example("cannot_tell", dialogue("C0: 在吗", "A400: 您好", "C: 查快递", "A: 明天到", "C: 好", "A: 嗯", "C: 好", "A: 嗯",
                                        "C: 好", "A: 嗯"), "times_unknown", "four unknown ones could still make it four of five"),
        Example("violated", dialogue("C0: 在吗", "A400: 您好", "C: 查快递", "A: 明天到"), "slow", "one of two at best"),
        Example("met", dialogue("C0: 咨询", "A600: 您好", channel="email"), "in_time", "e-mail has a target of its own"),
    ),
)  # fmt: skip

RINGS: Final = Check(
    id="rings",
    label={"zh": "三声内接听", "en": "Answered within three rings"},
    sources=("S2-2",),
    targets=("rings",),
    params={"ring_cycle": 5 * SECOND},
    evaluate=judge_rings,
    reasons={
        "in_time": Reason(
            "met", "{rings} 声内接听，目标 {target} 声", "Answered within {rings} rings, target {target}"
        ),
        "late": Reason("violated", "响到第 {rings} 声，目标 {target} 声", "Rang {rings} times, target {target}"),
        "not_phone": Reason("not_applicable", "不是电话", "Not a phone call"),
        "no_target": NO_TARGET,
        "rings_unknown": Reason("cannot_tell", "没有振铃次数或时长", "Neither rings nor ring time are recorded"),
    },
    examples=(
        Example("met", dialogue("A: 您好", channel="phone", facts={"rings": 3}), "in_time"),
        Example("violated", dialogue("A: 您好", channel="phone", facts={"rings": 4}), "late"),
        Example("met", dialogue("A: 您好", channel="phone", facts={"ring_seconds": 15}), "in_time"),
        Example("violated", dialogue("A: 您好", channel="phone", facts={"ring_seconds": 15.5}), "late"),
        Example("not_applicable", dialogue("A: 您好", facts={"rings": 9}), "not_phone"),
        Example("cannot_tell", dialogue("A: 您好", channel="phone"), "rings_unknown"),
    ),
)

QUEUE_TIME: Final = Check(
    id="queue_time",
    label={"zh": "排队时长", "en": "Queue time"},
    sources=("S3-6", "X2"),
    targets=("queue_time",),
    evaluate=judge_queue_time,
    reasons={
        "in_time": Reason("met", "排队 {took} 秒，目标 {target} 秒", "Queued {took} s, target {target} s"),
        "late": Reason(
            "violated", "排队 {took} 秒，超过目标 {target} 秒", "Queued {took} s, more than the target of {target} s"
        ),
        "no_queue": Reason("not_applicable", "没有排队", "There was no queue"),
        "no_target": NO_TARGET,
        "times_unknown": Reason("cannot_tell", "缺少排队时间", "Queue times are not recorded"),
    },
    examples=(
        Example("met", dialogue("A: 您好", facts={"queue_seconds": 60}), "in_time"),
        Example("violated", dialogue("A: 您好", facts={"queue_seconds": 61}), "late"),
        Example("not_applicable", dialogue("A: 您好"), "no_queue"),
        Example("cannot_tell", dialogue("A: 您好", facts={"queue_seconds": None}), "times_unknown"),
    ),
)

SIMPLE_RESOLUTION: Final = Check(
    id="simple_resolution",
    label={"zh": "简单问题及时解决", "en": "Simple problem solved in time"},
    sources=("S3-6", "S1-5", "S4-7"),
    targets=("simple_resolution_time",),
    evaluate=judge_simple_resolution,
    reasons={
        "in_time": Reason("met", "{took} 秒解决，目标 {target} 秒", "Solved after {took} s, target {target} s"),
        "late": Reason(
            "violated", "{took} 秒才解决，目标 {target} 秒", "Solved only after {took} s, target {target} s"
        ),
        "not_simple": Reason("not_applicable", "不是 L1 问题", "Not an L1 contact"),
        "unsolved": Reason("not_applicable", "没有解决", "Not solved"),
        "no_target": NO_TARGET,
        "level_unknown": Reason("cannot_tell", "不知道问题级别", "The level is not known"),
        "outcome_unknown": Reason("cannot_tell", "不知道是否解决", "It is not known whether it was solved"),
        "times_unknown": Reason("cannot_tell", "缺少处理时间", "Handling times are not recorded"),
    },
    examples=(
        Example("met", dialogue("C0: 几点下班", "A300: 六点", facts={"level": "L1", "solved": True}), "in_time"),
        Example("violated", dialogue("C0: 几点下班", "A301: 六点", facts={"level": "L1", "solved": True}), "late"),
        Example("not_applicable", dialogue("C0: 投诉", "A20: 好", facts={"level": "L2", "solved": True}), "not_simple"),
        Example("not_applicable", dialogue("C0: 问下", "A20: 好", facts={"level": "L1", "solved": False}), "unsolved"),
        Example("cannot_tell", dialogue("C: 问下", "A: 好", facts={"level": "L1", "solved": True}), "times_unknown"),
        Example("cannot_tell", dialogue("C: 问下", "A30: 好", facts={"level": "L1", "solved": True}), "times_unknown",
                "when it began is not known"),
        Example("violated", dialogue("C: 问下", "A0: 稍等", "A301: 好", facts={"level": "L1", "solved": True}), "late",
                "late whenever it began"),
        Example("cannot_tell", dialogue("C0: 问下", "A20: 好", facts={"solved": True}), "level_unknown"),
    ),
)  # fmt: skip

CHECKS: Final = (FIRST_RESPONSE, RESPONSE_TIME, RINGS, QUEUE_TIME, SIMPLE_RESOLUTION)
