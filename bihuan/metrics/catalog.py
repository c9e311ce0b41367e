"""The metrics. Each is a declaration; `engine/` knows how to run them, an edition lends the numbers they lean on.

Populations: `contacts` one row a contact (its primary row); `customers` the same with what the customer came for before;
`first_hands` one row a contact: who first passed it on where somebody did, else its primary row;
`served` one row per contact and person who had it, were they only assigned it;
`afterwards` one row per rating, complaint, praise and follow-up, on the agent it names, else on who served last;
`voiced` contacts beside the complaints and praises among them;
`exchanges` one row per unanswered customer message and the reply to it; `agent_days` one row per person and business day;
`verdicts` one row per contact and check.
"""

from __future__ import annotations

from typing import Final

from bihuan.metrics.kinds import (
    ALWAYS,
    Column,
    Condition,
    Kind,
    Metric,
    Number,
    Target,
    against,
    count,
    distinct,
    mean,
    net,
    quantile,
    rate,
    rows,
    share,
    total,
    weighted_mean,
)  # fmt: skip

_col = Column


def _judged(column: str, target: str) -> Condition:
    """The row has a value and the edition has a target for it."""
    return _col(column).judged(Target(target))


_answered = _col("answered").is_(1)
_offered = _col("offered").is_(1)
_abandoned = _col("abandoned").is_(1)
_had = _col("person").known
_served = _col("served").is_(1)
_effective = _col("effective").is_(True)
_phone = _col("channel").is_("phone")

# A wait that ended with its contact before it was due never became due; every other open wait did, or will.
_frt_known = _col("customer_frt_us").known
_frt_overdue = _col("customer_frt_us").missing & (_col("customer_open_us") > Target("customer_first_response_time"))
_frt_not_due = (
    _col("customer_frt_us").missing
    & (_col("customer_open_us") <= Target("customer_first_response_time"))
    & _col("left").is_(False)
)
_frt_untold = _col("customer_frt_us").missing & _col("customer_open_us").missing & _answered
_frt_unknown = _frt_untold | _col("customer_open_us").known
_agent_unknown = _had & (_col("agent_open_us").known | _col("agent_untold").is_(True))
_agent_overdue = _col("agent_frt_us").missing & (_col("agent_open_us") > Target("first_response_time"))
_agent_not_due = (
    _col("agent_frt_us").missing & (_col("agent_open_us") <= Target("first_response_time")) & _col("left").is_(False)
)

_lost = _col("lost").is_(True)
_short = _lost & (_col("lost_after_us") < Number("short_abandon"))
_long = _lost & (_col("lost_after_us") >= Number("short_abandon"))
_lost_unknown = _offered & (_col("unsettled").is_(True) | (_lost & _col("lost_after_us").missing))
_waited_known = _answered & _col("queue_us").known

_kind = _col("kind")
_csat, _nps = _kind.is_("csat"), _kind.is_("nps")
_complaint = _kind.is_("complaint")
_open_complaint = _complaint & _col("closed_us").missing
_complaint_overdue = _open_complaint & (_col("age_us") > Target("complaint_resolution_time"))
_complaint_not_due = _open_complaint & (_col("age_us") <= Target("complaint_resolution_time"))
_complaint_untold = (_complaint & _col("closed_us").known & _col("took_us").missing) | (
    _open_complaint & _col("age_us").missing
)
_contact = _kind.is_("contact")
_in_ledger, _beyond_ledger = _contact & _col("recorded").is_(True), _contact & _col("recorded").is_(False)
_follow_up = _kind.is_("follow_up")

_BY_CUSTOMERS: Final = ("team", "channel", "queue", "business_line", "month", "quarter")
_BY_PEOPLE: Final = ("agent", "team", "post", "agent_class", "day", "week", "month", "quarter")


def _first_contact(window: str) -> Kind:
    """Answered, customer and matter known; nobody came back within the window, nothing was re-opened or passed on.

    A contact known to be unsolved is none either. What was passed on fails whoever first did so; who received it is not
    counted. Nobody can tell without the customer or the category, of a return without a category, and where it is not
    known who passed it on.
    """
    answered = _answered | _col("passed_on").is_(1)
    known = _col("customer_known").is_(True) & _col("category").known
    back = _col("next_contact_us") <= Number(window)
    failed = _col("solved").is_(0) | (_col("reopened") > 0) | _col("passed_on").is_(1) | back
    doubtful = (_col("next_unsorted_us") <= Number(window)) | (_col("passed_on").missing & (_col("transferred") > 0))
    told = known & ~(doubtful & ~failed)
    # only a window still running can change the answer
    running = answered & told & ~failed & (_col("since_end_us") < Number(window))
    return share(~failed, answered & told, answered & ~told, running)


def _verdicts(item: str = "") -> Kind:
    """met ÷ (met + violated) of one check, or of all."""
    asked = _col("item").is_(item) if item else ALWAYS
    verdict = _col("verdict")
    told = verdict.is_("met") | verdict.is_("violated")
    return share(verdict.is_("met"), asked & told, asked & verdict.is_("cannot_tell"))


_ANSWERS_ZH: Final = (
    "评价表中的每一个满意度回答，记在被评价的坐席名下，未指明时记最后服务者；第三方平台上的评价不在其中"
)
_ANSWERS_EN: Final = (
    "every answer about satisfaction in a table of ratings, on the agent it names, else on who served last; reviews on third"
    " parties' platforms are none"
)

_ALL = (
    # ── volume ──
    Metric("contacts", "会话量", "Contacts", "contacts", "none", "contacts", count(rows(ALWAYS)),
           "全部会话", "every contact", ("S1-9", "S2-4"), counts="event"),
    Metric("served_contacts", "接待量", "Contacts served", "contacts", "none", "served", count(rows(_served), _served),
           "每位坐席参与服务的会话；只被分配、未接起也未回复的不计",
           "every contact a person served, once per person; not those only assigned to them", ("S2-4",), version=2, counts="event"),
    Metric("volume_against_threshold", "业务量达标比", "Volume against threshold", "share", "none", "agent_days",
           against(total("served", _col("threshold").known), total("threshold")),
           "有接待的坐席日；阈值按坐席类别与日期取自标准", "agent-days with service; the threshold is the edition's for class and day",
           ("S2-4",), by=_BY_PEOPLE),
    Metric("effective_contacts", "有效会话量", "Effective contacts", "contacts", "none", "contacts",
           count(rows(_effective), _col("effective").known, _col("effective").missing),
           "既非测试、也非未解决问题重复来访的会话；来源未注明时，由同客户同分类的先前会话推断",
           "contacts that are neither a test nor a repeat of an unsolved question; where the source does not say, told from "
           "the same customer's earlier contact of the same category", ("S2-5",),
           counts="event"),
    Metric("effective_service_share", "有效服务占比", "Effective service share", "share", "up", "contacts",
           share(_effective, _col("effective").known, _col("effective").missing),
           "全部会话", "every contact", ("S2-5",)),
    Metric("repeat_share", "重复来访占比", "Share of repeats", "share", "down", "contacts",
           share(_col("ineffective_reason").is_("repeat"), _col("effective").known, _col("effective").missing),
           "全部会话", "every contact", ("S2-5",)),
    Metric("test_share", "测试会话占比", "Share of test contacts", "share", "none", "contacts",
           share(_col("ineffective_reason").is_("test"), _col("effective").known, _col("effective").missing),
           "全部会话", "every contact", ("S2-5",)),
    # ── first response: two clocks (X2) ──
    Metric("customer_frt_mean", "客户首响时长", "Customer first response", "seconds", "down", "contacts",
           mean("customer_frt_us", unsure=_frt_unknown),
           "得到人工首次回复的会话", "contacts a person replied to", ("S0-13", "S2-2", "X2"), judged_on="team"),
    Metric("customer_frt_p50", "客户首响中位数", "Customer first response, median", "seconds", "down", "contacts",
           quantile("customer_frt_us", 500, unsure=_frt_unknown),
           "得到人工首次回复的会话", "contacts a person replied to", ("S2-2", "X2"), judged_on="team"),
    Metric("customer_frt_p90", "客户首响九成线", "Customer first response, 90th percentile", "seconds", "down", "contacts",
           quantile("customer_frt_us", 900, unsure=_frt_unknown),
           "得到人工首次回复的会话", "contacts a person replied to", ("S2-2", "X2"), judged_on="team"),
    Metric("customer_frt_within", "客户首响达标率", "Customer first response within target", "share", "up", "contacts",
           share(_col("customer_frt_us") <= Target("customer_first_response_time"),
                 _judged("customer_frt_us", "customer_first_response_time")
                 | _frt_overdue, unsure=_frt_untold, pending=_frt_not_due),
           "已回复的会话，加上已超时未回复的会话；须已转人工，等待至会话结束为止",
           "contacts replied to, and those overdue without a reply; once offered to people, and until the contact ended",
           ("S1-3", "S2-2", "S3-6", "X1", "X2"), version=2, judged_on="team"),
    Metric("customer_frt_missed", "客户首响超时量", "Customer first responses missed", "count", "down", "contacts",
           count(rows((_col("customer_frt_us") > Target("customer_first_response_time")) | _frt_overdue),
                 _frt_known | _col("customer_open_us").known, unsure=_frt_untold, pending=_frt_not_due),
           "转人工后等待首次回复的会话，等待至会话结束为止", "contacts offered to people, their wait until they ended", ("S2-2", "X2"),
           version=2, judged_on="team", counts="event"),
    Metric("customers_waiting", "等待首次响应的客户", "Customers waiting for a first response", "count", "down", "contacts",
           count(rows(_col("customer_open_us").known & _col("left").is_(False)), _frt_known | _col("customer_open_us").known),
           "截至统计时刻已转人工、尚未结束、仍未得到人工回复的会话",
           "contacts offered to people, not ended, still without a person's reply as of the moment told",
           ("S2-2", "X2"), version=2, judged_on="team", counts="state"),
    Metric("agent_frt_mean", "坐席首响时长", "Agent first response", "seconds", "down", "served",
           mean("agent_frt_us", _had, _agent_unknown),
           "分配后坐席已首次回复的会话", "assignments the person replied to", ("S0-13", "S2-2", "X2")),
    Metric("agent_frt_p50", "坐席首响中位数", "Agent first response, median", "seconds", "down", "served",
           quantile("agent_frt_us", 500, _had, _agent_unknown),
           "分配后坐席已首次回复的会话", "assignments the person replied to", ("S2-2", "X2")),
    Metric("agent_frt_p90", "坐席首响九成线", "Agent first response, 90th percentile", "seconds", "down", "served",
           quantile("agent_frt_us", 900, _had, _agent_unknown),
           "分配后坐席已首次回复的会话", "assignments the person replied to", ("S2-2", "X2")),
    Metric("agent_frt_within", "坐席首响达标率", "Agent first response within target", "share", "up", "served",
           share(_col("agent_frt_us") <= Target("first_response_time"),
                 _had & (_judged("agent_frt_us", "first_response_time")
                            | _agent_overdue), unsure=_had & _col("agent_untold").is_(True), pending=_had & _agent_not_due),
           "已回复的分配，加上已超时未回复的分配；等待至转交他人或会话结束为止",
           "assignments replied to, and those overdue without a reply, until passed to another or ended",
           ("S2-2", "S4-3", "X1", "X2"), version=2),
    Metric("agent_frt_missed", "坐席首响超时量", "Agent first responses missed", "count", "down", "served",
           count(rows(_had & ((_col("agent_frt_us") > Target("first_response_time")) | _agent_overdue)),
                 _had & (_col("agent_frt_us").known | _col("agent_open_us").known),
                 unsure=_had & _col("agent_untold").is_(True), pending=_had & _agent_not_due),
           "分配给坐席的会话；等待至转交他人或会话结束为止", "assignments to a person, until passed to another or ended",
           ("S2-2", "X2"), version=2, counts="event"),
    Metric("assignments_waiting", "待首次响应的分配", "Assignments waiting for a first response", "count", "down", "served",
           count(rows(_had & _col("agent_open_us").known & _col("left").is_(False)),
                 _had & (_col("agent_frt_us").known | _col("agent_open_us").known)),
           "截至统计时刻仍在坐席手中、尚未回复的分配", "assignments still with the person and without a reply as of the moment told",
           ("S2-2", "X2"), version=2, counts="state"),
    # ── queue and access ──
    Metric("queue_time_mean", "平均排队时长", "Queue time (average speed of answer)", "seconds", "down", "contacts",
           mean("queue_us", _answered, _answered & _col("queue_us").missing),
           "已接起的会话", "answered contacts", ("S3-6", "X2"), judged_on="team"),
    Metric("queue_time_p90", "排队时长九成线", "Queue time, 90th percentile", "seconds", "down", "contacts",
           quantile("queue_us", 900, _answered, _answered & _col("queue_us").missing),
           "已接起的会话", "answered contacts", ("S3-6", "X2"), judged_on="team"),
    Metric("queue_time_within", "排队达标率", "Queue time within target", "share", "up", "contacts",
           share(_col("queue_us") <= Target("queue_time"),
                 _answered & (_judged("queue_us", "queue_time")),
                 _answered & _col("queue_us").missing),
           "已接起的会话", "answered contacts", ("S3-6", "X2"), judged_on="team"),
    Metric("service_level", "服务水平", "Service level", "share", "up", "contacts",
           share(_answered & (_col("queue_us") <= Target("service_level")),
                 (_waited_known & (_judged("queue_us", "service_level")))
                 | (_lost & (_col("lost_after_us") > Target("service_level"))),
                 (_answered & _col("queue_us").missing) | _lost_unknown),
           "已接起的会话，加上等待超过时限后放弃的会话；未接起即结束的来电按放弃计",
           "answered contacts, and those abandoned after the limit; a call that ended unanswered was abandoned", ("S3-6", "X2"),
           version=2, judged_on="team"),
    Metric("rings_within", "振铃达标率", "Rings within target", "share", "up", "contacts",
           share(_col("rings") <= Target("rings"),
                 _phone & _answered & (_judged("rings", "rings")),
                 _phone & _answered & _col("rings").missing),
           "已接起的来电", "answered calls", ("S2-2",)),
    Metric("answer_rate", "接通率", "Answer rate", "share", "up", "contacts",
           share(_answered, _phone & _offered & (_answered | _long), _phone & _lost_unknown),
           "转人工的来电，短时放弃另计；未接起即结束的来电计为未接通",
           "calls offered to people, short abandons apart; a call that ended unanswered was not answered", ("S0-13",), version=2,
           judged_on="team"),
    Metric("short_abandons", "短时放弃量", "Short abandons", "count", "none", "contacts",
           count(rows(_short), _offered & (_answered | (_lost & _col("lost_after_us").known)), _lost_unknown),
           "短时限内放弃的会话；未接起即结束的来电按放弃计",
           "contacts abandoned within the short limit; a call that ended unanswered was abandoned", ("S0-13",), version=2,
           judged_on="team", counts="event"),
    Metric("abandonment_rate", "放弃率", "Abandonment rate", "share", "down", "contacts",
           share(_long, _offered & (_answered | _long), _lost_unknown),
           "转人工的会话，短时放弃另计；未接起即结束的来电按放弃计，其他渠道未接起即结束的无法判断",
           "contacts offered to people, short abandons apart; a call that ended unanswered was abandoned, of other contacts "
           "that ended so nobody can tell", ("S0-13", "S2-1"), version=2, judged_on="team"),
    # ── pace ──
    Metric("average_response_time", "平均响应时长", "Average response time", "seconds", "down", "served",
           weighted_mean("exchange_wait_us", "exchanges", _served),
           "每一轮客户消息到人工回复，按轮次加权", "each customer message to a person's reply, weighted by turns", ("S0-13", "S2-3")),
    Metric("response_time_within", "响应达标率", "Responses within target", "share", "up", "exchanges",
           share(_col("wait_us") <= Target("response_time"),
                 _judged("wait_us", "response_time")),
           "每一轮客户消息到人工回复", "each customer message to a person's reply", ("S2-3",)),
    Metric("response_time_p90", "响应时长九成线", "Response time, 90th percentile", "seconds", "down", "exchanges",
           quantile("wait_us", 900),
           "每一轮客户消息到人工回复", "each customer message to a person's reply", ("S2-3",)),
    Metric("handle_time", "平均处理时长", "Handle time", "seconds", "none", "served",
           mean("handle_us", _served, _served & _col("handle_us").missing),
           "坐席参与的会话：处理、保持与话后，不含排队；当日来源从不记录话后时长的无法判断",
           "a person's share of a contact: handling, hold and wrap-up, no queue; not told where the source records no wrap-up "
           "that day", ("S0-13", "X20"), version=2),
    Metric("active_time", "平均净处理时长", "Active time", "seconds", "none", "served",
           mean("active_us", _served, _served & _col("active_us").missing),
           "坐席参与的会话：从接起到转出、进入话后或结束，不含排队、保持与话后",
           "a person's share of a contact: from acceptance until passed on, wrap-up or the end; no queue, hold or wrap-up",
           ("S0-13", "X20")),
    Metric("hold_time", "平均保持时长", "Hold time", "seconds", "down", "served",
           mean("hold_us", _served, _served & _col("hold_us").missing),
           "坐席参与的会话", "a person's share of a contact", ("S0-13", "X20")),
    Metric("wrap_up_time", "平均话后时长", "Wrap-up time", "seconds", "down", "served",
           mean("wrap_up_us", _served, _served & _col("wrap_up_us").missing),
           "坐席参与的会话", "a person's share of a contact", ("S0-11", "X20")),
    Metric("contact_duration", "服务时长（接入到结束）", "Contact duration (access to end)", "seconds", "none", "contacts",
           mean("duration_us", _answered, _answered & _col("duration_us").missing),
           "已接起的会话，从接入到服务结束", "answered contacts, from access to the end of service", ("S0-13", "X20")),
    # ── solving ──
    Metric("resolution_rate", "解决率", "Resolution rate", "share", "up", "contacts",
           share(_col("solved").is_(1), _answered & _col("solved").known, _answered & _col("solved").missing),
           "已接起的会话", "answered contacts", ("S0-13", "S2-4", "X8")),
    Metric("first_contact_resolution", "一次解决率", "First-contact resolution", "share", "up", "first_hands",
           _first_contact("fcr_window"),
           "客户与分类已知的已接起会话；窗口期内同客户同类问题未再来访、未重开、未转出。转出记在首个转出者名下，接手者不计",
           "answered contacts of known customer and category; no return in the window, not re-opened, not passed on. One passed "
           "on stands with who first did so, and not with who received it", ("S0-13", "S2-8", "X8"), version=2),
    Metric("first_contact_resolution_72h", "一次解决率（早期视图）", "First-contact resolution, early view", "share", "up", "first_hands",
           _first_contact("fcr_early_window"),
           "同一次解决率，但用较短的早期窗口", "as first-contact resolution with the shorter early window", ("S2-8", "X8"),
           version=2),
    Metric("simple_resolution_within", "简单问题解决达标率", "Simple problems solved within target", "share", "up", "contacts",
           share(_col("duration_us") <= Target("simple_resolution_time"),
                 _col("level").is_("L1") & _col("solved").is_(1)
                 & (_judged("duration_us", "simple_resolution_time")),
                 _col("level").is_("L1") & _col("solved").is_(1) & _col("duration_us").missing),
           "已解决的 L1 会话", "solved L1 contacts", ("S1-5", "S3-6")),
    Metric("transferred_contacts", "有转接的会话", "Contacts transferred", "count", "down", "contacts",
           count(rows(_col("transferred") > 0), _col("transferred").known, _col("transferred").missing),
           "至少转接一次的会话；从不记录转接的来源与月份不等于没有",
           "contacts passed on at least once; a source and month that tells of none is not none",
           ("S0-6",), judged_on="team", counts="state", version=2),
    Metric("transfers", "转接次数", "Transfers", "count", "down", "contacts",
           count(total("transferred"), _col("transferred").known, _col("transferred").missing),
           "每一次转接；从不记录转接的来源与月份不等于没有",
           "every time a contact was passed on; a source and month that tells of none is not none",
           ("S0-6",), judged_on="team", counts="event", version=2),
    Metric("escalated_contacts", "有升级的会话", "Contacts escalated", "count", "none", "contacts",
           count(rows(_col("escalated") > 0), _col("escalated").known, _col("escalated").missing),
           "至少升级一次的会话；从不记录升级的来源与月份不等于没有",
           "contacts escalated at least once; a source and month that tells of none is not none",
           ("S0-9",), counts="state", version=2),
    Metric("escalations", "升级次数", "Escalations", "count", "none", "contacts",
           count(total("escalated"), _col("escalated").known, _col("escalated").missing),
           "每一次升级；从不记录升级的来源与月份不等于没有",
           "every escalation; a source and month that tells of none is not none",
           ("S0-9",), counts="event", version=2),
    Metric("reopened_contacts", "被重开的会话", "Contacts re-opened", "count", "down", "contacts",
           count(rows(_col("reopened") > 0), _col("reopened").known, _col("reopened").missing),
           "至少重开一次的会话；从不记录重开的来源与月份不等于没有",
           "contacts re-opened at least once; a source and month that tells of none is not none",
           ("S2-8",), counts="state", version=2),
    Metric("reopenings", "重开次数", "Re-openings", "count", "down", "contacts",
           count(total("reopened"), _col("reopened").known, _col("reopened").missing),
           "每一次重开；从不记录重开的来源与月份不等于没有",
           "every re-opening; a source and month that tells of none is not none",
           ("S2-8",), counts="event", version=2),
    Metric("hand_over_time", "平均移交时长", "Hand-over time", "seconds", "down", "contacts",
           mean("hand_over_us", _col("handed_over") > 0, (_col("handed_over") > 0) & _col("hand_over_us").missing),
           "有移交的会话", "contacts handed over", ("S1-6", "S4-7", "X11")),
    Metric("hand_over_within", "移交达标率", "Hand-over within target", "share", "up", "contacts",
           share(_col("hand_over_us") <= Target("hand_over_time"),
                 (_col("handed_over") > 0)
                 & (_judged("hand_over_us", "hand_over_time")),
                 (_col("handed_over") > 0) & _col("hand_over_us").missing),
           "有移交的会话", "contacts handed over", ("S1-6", "S4-7", "X1", "X11")),
    # ── the customer's voice: raw answers kept, each reading has its own name (X9) ──
    Metric("csat_mean", "满意度均分", "Satisfaction, mean", "points", "up", "afterwards", mean("value", _csat),
           _ANSWERS_ZH, _ANSWERS_EN, ("S2-11", "X9"), version=2),
    Metric("csat_top2", "好评率", "Positive rate (4–5)", "share", "up", "afterwards",
           share(_col("value") >= 4, _csat), _ANSWERS_ZH, _ANSWERS_EN, ("S3-7", "X9"), version=2),
    Metric("csat_top1", "五星率", "Five-star share", "share", "up", "afterwards", share(_col("value").is_(5), _csat),
           _ANSWERS_ZH, _ANSWERS_EN, ("S4-11", "X9"), version=2),
    Metric("csat_bottom2", "差评率", "Negative rate (1–2)", "share", "down", "afterwards",
           share(_col("value") <= 2, _csat), _ANSWERS_ZH, _ANSWERS_EN, ("S2-11", "X9"), version=2),
    Metric("survey_response_rate", "评价参与率", "Survey response rate", "share", "up", "contacts",
           share(_col("csat").known | _col("nps").known, _col("surveyed") > 0, _col("surveyed").missing),
           "有邀请评价记录的会话；有回答而无邀请记录的无法判断",
           "contacts with an invitation to rate on record; an answer without one cannot be told", ("S2-11",), version=2),
    Metric("nps", "净推荐值", "Net promoter score", "nps", "up", "afterwards",
           net(_col("value") >= 9, _col("value") <= 6, _nps),
           "推荐意愿的每一个回答，记在所评坐席名下，未指明时记最后服务者",
           "every answer to the recommendation question, on the agent it names, else on who served last", ("S3-7", "X9"),
           version=2),
    Metric("returning_satisfied_share", "回头客满意占比", "Customers returning satisfied with a new matter", "share", "up", "customers",
           rate(distinct("customer_key", _col("customer_known").is_(True) & _col("new_matter").is_(True) & (_col("csat") >= 4)),
                distinct("customer_key", _col("customer_known").is_(True) & _col("rated").is_(True)),
                rows(_col("customer_known").is_(False) | _col("customer_known").missing | _col("rated").is_(False))),
           "期内来访的已知客户；期内从未邀请或收到评价的来源无法判断",
           "known customers of the period; of a source that in it never asked for a rating nor got one nobody can tell",
           ("S1-13",), version=2, judged_on="team", by=_BY_CUSTOMERS),
    # ── complaints: valid and raw beside each other (X10) ──
    Metric("complaints", "投诉量", "Complaints", "count", "down", "voiced",
           count(rows(_complaint), _in_ledger, _beyond_ledger),
           "每一件投诉，记在所涉坐席名下，未指明时记最后服务者；没有台账的来源与月份不计为零",
           "every complaint, on the agent it names, else on who served last; a source and month without a ledger is not none",
           ("S1-9", "S3-12"), version=2, counts="event"),
    Metric("praises", "表扬量", "Praises", "count", "up", "voiced",
           count(rows(_kind.is_("praise")), _contact & _col("praise_recorded").is_(True),
                 _contact & _col("praise_recorded").is_(False)),
           "每一件表扬，记在所涉坐席名下，未指明时记最后服务者；没有记录表扬的来源与月份不计为零",
           "every praise, on the agent it names, else on who served last; a source and month that records none is not none",
           ("S3-9",), version=2, counts="event"),
    Metric("complaint_rate", "有效投诉率", "Valid complaint rate", "share", "down", "voiced",
           rate(rows(_complaint & _col("valid").is_(True)), rows(_in_ledger & _effective),
                rows((_complaint & _col("valid").missing) | (_contact & _col("effective").missing)
                     | (_beyond_ledger & _effective))),
           "全部判定为有效的投诉（含重复来访中的）÷ 有投诉台账的有效会话；可能大于一",
           "all complaints found valid, those on repeats too ÷ effective contacts for which a ledger is kept; may pass one",
           ("S1-9", "S3-7", "X10"), version=2),
    Metric("raw_complaint_rate", "原始投诉率", "Raw complaint rate", "share", "down", "voiced",
           rate(rows(_complaint), rows(_in_ledger), rows(_beyond_ledger)),
           "全部投诉 ÷ 有投诉台账的全部会话", "every complaint ÷ every contact for which a ledger is kept", ("S1-9", "X10"),
           version=2),
    Metric("valid_complaint_share", "有效投诉占比", "Valid complaint share", "share", "down", "afterwards",
           share(_col("valid").is_(True), _complaint & _col("valid").known, _complaint & _col("valid").missing),
           "已判定有效性的投诉", "complaints whose validity was decided", ("S2-13", "X10"), version=2),
    Metric("complaint_resolution_time", "投诉解决时长", "Complaint resolution time", "seconds", "down", "afterwards",
           mean("took_us", _complaint, _complaint & _col("took_us").missing),
           "每一件已办结的投诉，从投诉提出起，按自然时间", "every complaint closed, from its own opening, calendar time",
           ("S2-14", "S4-3", "X11"), version=2),
    Metric("complaint_resolution_within", "投诉办结达标率", "Complaints closed within target", "share", "up", "afterwards",
           share(_col("took_us") <= Target("complaint_resolution_time"),
                 _complaint & (_judged("took_us", "complaint_resolution_time") | _complaint_overdue),
                 _complaint_untold, _complaint_not_due),
           "已办结的投诉，加上已超时未办结的；须他人处理的（第三方责任、L3 或已移交）另有时限",
           "complaints closed, and those overdue; another limit where others must act (third party, L3 or handed over)",
           ("S2-14", "S4-3", "X11"), version=2),
    Metric("follow_up_completion", "二次跟进完成率", "Follow-up completion", "share", "up", "afterwards",
           share(_col("kept").is_(True), _follow_up & (_col("kept").is_(True) | _col("missed").is_(True)),
                 _follow_up & _col("untold").is_(True),
                 _follow_up & _col("kept").is_(False) & _col("missed").is_(False) & _col("untold").is_(False)),
           "已完成或已逾期的跟进，记在会话当日：首次反馈不晚于承诺与时限中较早者，并在时限内办结",
           "follow-ups done or overdue, on the day of their contact: first word by the earlier of promise and limit, and "
           "closed within the limit", ("S2-10",), version=2),
    # ── verdicts of an edition ──
    Metric("check_met_share", "检查项合格率", "Checks met", "share", "up", "verdicts", _verdicts(),
           "有明确判定的检查项", "checks with a verdict of met or violated", ("S0-12", "S2-6", "S2-7")),
    Metric("identity_verification", "身份核验合格率", "Identity verification", "share", "up", "verdicts",
           _verdicts("identity_first"),
           "涉及账户信息的会话", "contacts in which account data was disclosed or changed", ("S2-6",)),
    Metric("data_protection", "信息保护合格率", "Protection of personal data", "share", "up", "verdicts",
           _verdicts("personal_data_leak"),
           "有坐席消息的会话", "contacts with agent messages", ("S2-6", "S4-4")),
    Metric("process_completeness", "流程完整率", "Process completeness", "share", "up", "verdicts",
           _verdicts("complaint_steps"),
           "投诉会话：安抚、记录、反馈、跟进四步", "complaint contacts: soothe, record, feed back, follow up", ("S2-7",)),
)  # fmt: skip

CATALOG: Final[dict[str, Metric]] = {metric.name: metric for metric in _ALL}
