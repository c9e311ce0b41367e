"""Each metric in hand-written SQL: numerator, denominator and the rows both are taken from, grouped by agent.

`$as_of` is the moment told as of. Written from the definitions, not from the declarations.
"""

CONTACTS = "rollup WHERE is_primary"
SERVED = "rollup WHERE person IS NOT NULL"
TOOK_PART = "rollup WHERE served = 1"
TURNS = "exchanges WHERE true"
_FRT_TARGET = "CASE channel WHEN 'chat' THEN 30e6 WHEN 'email' THEN 14400e6 WHEN 'phone' THEN 60e6 END"
_AGENT_TARGET = "CASE WHEN channel = 'chat' AND level = 'L1' THEN 15e6 ELSE 30e6 END"
_WAITED = "(least(coalesce(closed_us, $as_of), $as_of) - customer_waiting_since_us)"
_FRT_IN = f"(customer_frt_us IS NOT NULL OR {_WAITED} > {_FRT_TARGET})"
_HELD = "(least(coalesce(released_us, $as_of), coalesce(closed_us, $as_of), $as_of) - assigned_us)"
_AGENT_LATE = f"(agent_frt_us IS NULL AND agent_messages = 0 AND channel <> 'phone' AND {_HELD} > {_AGENT_TARGET})"
_AGENT_OPEN = "(agent_frt_us IS NULL AND agent_messages = 0 AND channel <> 'phone')"
_LONG = "(abandoned = 1 AND queue_us >= 5e6)"
_FAILED = "(coalesce(solved = 0, false) OR coalesce(reopened > 0, false) OR passed_on = 1)"
FIRST_HANDS = "rollup WHERE first_hand AND (answered = 1 OR passed_on = 1) AND customer_known AND category IS NOT NULL"
_HAND_OVER = "CASE level WHEN 'L3' THEN 600e6 ELSE 3600e6 END"
AFTER = "afterwards WHERE kind"
_TOOK = "(closed_us - begun_us)"
_CLOSED_WITHIN = "if(context = 'other_departments', 3, 1) * 86400e6"
_COMPLAINT_LATE = f"(closed_us IS NULL AND $as_of - begun_us > {_CLOSED_WITHIN})"
_WORD_DUE = "least(promised_us, begun_us + 86400e6)"
_KEPT = f"(coalesce(first_us, closed_us) <= {_WORD_DUE} AND closed_us <= begun_us + 3 * 86400e6)"
_BROKEN = (
    f"(coalesce(first_us, closed_us, $as_of) > {_WORD_DUE} OR coalesce(closed_us, $as_of) > begun_us + 3 * 86400e6)"
)
VOICED = """(SELECT person, team, 'contact' AS kind, effective, complaints, praises, NULL AS valid FROM rollup WHERE is_primary
    UNION ALL SELECT person, team, kind, NULL, NULL, NULL, valid FROM afterwards) WHERE true"""


def _n(condition: str) -> str:
    return f"count(*) FILTER ({condition})"


def _sum(column: str, condition: str = "true") -> str:
    return f"sum({column}) FILTER ({condition})"


def _verdict(item: str) -> tuple[str, str, str]:
    return _n("verdict = 'met'"), _n("verdict IN ('met', 'violated')"), f"verdicts WHERE edition = 'e1' AND {item}"


def _rank(column: str, q: float) -> tuple[str, str, str]:
    """The value itself stands in the numerator's place."""
    return f"quantile_disc({column}, {q})", _n(f"{column} IS NOT NULL"), ""


GOLDEN: dict[str, tuple[str, str, str]] = {
    "contacts": ("count(*)", "count(*)", CONTACTS),
    "served_contacts": ("count(*)", "count(*)", TOOK_PART),
    "volume_against_threshold": (
        "sum(served)", "sum(threshold)",
        """(SELECT person, day, count(*) AS served, max(CASE WHEN agent_class = 'new' THEN 2 WHEN day = DATE '2026-10-11'
        THEN 8 ELSE 4 END) AS threshold FROM rollup WHERE served = 1 AND day IS NOT NULL GROUP BY ALL)""",
    ),
    "effective_contacts": (_n("effective"), _n("effective IS NOT NULL"), CONTACTS),
    "effective_service_share": (_n("effective"), _n("effective IS NOT NULL"), CONTACTS),
    "repeat_share": (_n("ineffective_reason = 'repeat'"), _n("effective IS NOT NULL"), CONTACTS),
    "test_share": (_n("ineffective_reason = 'test'"), _n("effective IS NOT NULL"), CONTACTS),
    "customer_frt_mean": ("sum(customer_frt_us)", "count(customer_frt_us)", CONTACTS),
    "customer_frt_p50": (*_rank("customer_frt_us", 0.5)[:2], CONTACTS),
    "customer_frt_p90": (*_rank("customer_frt_us", 0.9)[:2], CONTACTS),
    "customer_frt_within": (_n(f"customer_frt_us <= {_FRT_TARGET}"), _n(_FRT_IN), CONTACTS),
    "customer_frt_missed": (
        _n(f"coalesce(customer_frt_us, {_WAITED}) > {_FRT_TARGET}"),
        _n("customer_frt_us IS NOT NULL OR customer_waiting_since_us IS NOT NULL"), CONTACTS,
    ),
    "customers_waiting": (
        _n("customer_waiting_since_us IS NOT NULL AND closed_us IS NULL"),
        _n("customer_frt_us IS NOT NULL OR customer_waiting_since_us IS NOT NULL"), CONTACTS,
    ),
    "agent_frt_mean": ("sum(agent_frt_us)", "count(agent_frt_us)", SERVED),
    "agent_frt_p50": (*_rank("agent_frt_us", 0.5)[:2], SERVED),
    "agent_frt_p90": (*_rank("agent_frt_us", 0.9)[:2], SERVED),
    "agent_frt_within": (
        _n(f"agent_frt_us <= {_AGENT_TARGET}"), _n(f"agent_frt_us IS NOT NULL OR {_AGENT_LATE}"), SERVED,
    ),
    "agent_frt_missed": (
        _n(f"agent_frt_us > {_AGENT_TARGET} OR {_AGENT_LATE}"), _n(f"agent_frt_us IS NOT NULL OR {_AGENT_OPEN}"), SERVED,
    ),
    "assignments_waiting": (
        _n(f"{_AGENT_OPEN} AND closed_us IS NULL"), _n(f"agent_frt_us IS NOT NULL OR {_AGENT_OPEN}"), SERVED,
    ),
    "queue_time_mean": (_sum("queue_us", "answered = 1"), _n("answered = 1 AND queue_us IS NOT NULL"), CONTACTS),
    "queue_time_p90": (
        "quantile_disc(queue_us, 0.9) FILTER (answered = 1)", _n("answered = 1 AND queue_us IS NOT NULL"), CONTACTS,
    ),
    "queue_time_within": (_n("answered = 1 AND queue_us <= 60e6"), _n("answered = 1 AND queue_us IS NOT NULL"), CONTACTS),
    "service_level": (
        _n("answered = 1 AND queue_us <= 20e6"),
        _n("(answered = 1 AND queue_us IS NOT NULL) OR (abandoned = 1 AND queue_us > 20e6)"), CONTACTS,
    ),
    "rings_within": (_n("rings <= 3"), _n("rings IS NOT NULL"), CONTACTS + " AND channel = 'phone' AND answered = 1"),
    "answer_rate": (_n("answered = 1"), _n(f"answered = 1 OR {_LONG}"), CONTACTS + " AND channel = 'phone' AND offered = 1"),
    "short_abandons": (
        _n("abandoned = 1 AND queue_us < 5e6"), _n("answered = 1 OR (abandoned = 1 AND queue_us IS NOT NULL)"), CONTACTS,
    ),
    "abandonment_rate": (_n(_LONG), _n(f"answered = 1 OR {_LONG}"), CONTACTS + " AND offered = 1"),
    "average_response_time": ("sum(wait_us)", "count(*)", TURNS),
    "response_time_within": (_n("wait_us <= 30e6"), "count(*)", TURNS),
    "response_time_p90": ("quantile_disc(wait_us, 0.9)", "count(*)", TURNS),
    "handle_time": ("sum(handle_us)", "count(handle_us)", TOOK_PART),
    "active_time": ("sum(active_us)", "count(active_us)", TOOK_PART),
    "hold_time": ("sum(hold_us)", "count(hold_us)", TOOK_PART),
    "wrap_up_time": ("sum(wrap_up_us)", "count(wrap_up_us)", TOOK_PART),
    "contact_duration": (_sum("duration_us", "answered = 1"), _n("answered = 1 AND duration_us IS NOT NULL"), CONTACTS),
    "resolution_rate": (_n("solved = 1"), "count(solved)", CONTACTS + " AND answered = 1"),
    "first_contact_resolution": (
        _n(f"coalesce(next_contact_us > 7 * 86400e6, true) AND NOT {_FAILED}"), "count(*)", FIRST_HANDS,
    ),
    "first_contact_resolution_72h": (
        _n(f"coalesce(next_contact_us > 3 * 86400e6, true) AND NOT {_FAILED}"), "count(*)", FIRST_HANDS,
    ),
    "simple_resolution_within": (
        _n("duration_us <= 300e6"), "count(duration_us)", CONTACTS + " AND level = 'L1' AND solved = 1",
    ),
    "transferred_contacts": (_n("transferred > 0"), "count(transferred)", CONTACTS),
    "transfers": ("sum(transferred)", "count(transferred)", CONTACTS),
    "escalated_contacts": (_n("escalated > 0"), "count(escalated)", CONTACTS),
    "escalations": ("sum(escalated)", "count(escalated)", CONTACTS),
    "reopened_contacts": (_n("reopened > 0"), "count(reopened)", CONTACTS),
    "reopenings": ("sum(reopened)", "count(reopened)", CONTACTS),
    "hand_over_time": ("sum(hand_over_us)", "count(hand_over_us)", CONTACTS + " AND handed_over > 0"),
    "hand_over_within": (
        _n(f"hand_over_us <= {_HAND_OVER}"), "count(hand_over_us)", CONTACTS + " AND handed_over > 0",
    ),
    "csat_mean": ("sum(value)", "count(*)", f"{AFTER} = 'csat'"),
    "csat_top2": (_n("value IN (4, 5)"), "count(*)", f"{AFTER} = 'csat'"),
    "csat_top1": (_n("value = 5"), "count(*)", f"{AFTER} = 'csat'"),
    "csat_bottom2": (_n("value IN (1, 2)"), "count(*)", f"{AFTER} = 'csat'"),
    "survey_response_rate": (_n("coalesce(csat, nps) IS NOT NULL"), "count(*)", CONTACTS + " AND surveyed = 1"),
    "nps": (_n("value IN (9, 10)"), "count(*)", f"{AFTER} = 'nps'"),
    "complaints": (_n("kind = 'complaint'"), _n("complaints IS NOT NULL"), VOICED),
    "praises": (_n("kind = 'praise'"), _n("praises IS NOT NULL"), VOICED),
    "complaint_rate": (_n("kind = 'complaint' AND valid"), _n("effective AND complaints IS NOT NULL"), VOICED),
    "raw_complaint_rate": (_n("kind = 'complaint'"), _n("complaints IS NOT NULL"), VOICED),
    "valid_complaint_share": (_n("valid"), "count(valid)", f"{AFTER} = 'complaint'"),
    "complaint_resolution_time": (f"sum{_TOOK}", f"count{_TOOK}", f"{AFTER} = 'complaint'"),
    "complaint_resolution_within": (
        _n(f"{_TOOK} <= {_CLOSED_WITHIN}"), _n(f"{_TOOK} IS NOT NULL OR {_COMPLAINT_LATE}"), f"{AFTER} = 'complaint'",
    ),
    "follow_up_completion": (_n(_KEPT), _n(f"{_KEPT} OR {_BROKEN}"), f"{AFTER} = 'follow_up'"),
    "check_met_share": _verdict("true"),
    "identity_verification": _verdict("item = 'identity_first'"),
    "data_protection": _verdict("item = 'personal_data_leak'"),
    "process_completeness": _verdict("item = 'complaint_steps'"),
}  # fmt: skip

BY_TEAM: dict[str, tuple[str, str, str]] = {
    "returning_satisfied_share": (
        "count(DISTINCT customer_key) FILTER (category <> before AND csat >= 4)", "count(DISTINCT customer_key)",
        """(SELECT *, lag(category) OVER (PARTITION BY customer_key ORDER BY opened_us, contact_id) AS before
        FROM rollup WHERE is_primary) WHERE customer_known""",
    ),
}  # fmt: skip
