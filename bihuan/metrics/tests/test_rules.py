from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bihuan.kit import clock
from bihuan.kit.errors import DefinitionError, InputError
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure, FigureTable
from bihuan.metrics.params import MetricParams
from bihuan.metrics.query import figures
from bihuan.metrics.tests.record import AS_OF, PARAMS, S, afterwards, at, contact, engine, entry, rollup


def figure_of(name: str, *rows: dict[str, Any], params: MetricParams = PARAMS, as_of: int | None = None) -> Figure:
    """The metric over these roll-up rows alone."""
    told = figures(
        engine(rollup=rollup(*rows)), [name], by=(), period=None, params=params, as_of_us=as_of or clock.to_us(AS_OF)
    )
    return told.totals[name]


def told_after(
    name: str, *entries: dict[str, Any], contacts: Sequence[dict[str, Any]] = (), by: tuple[str, ...] = (), **more: Any
) -> FigureTable:
    """The metric over what came afterwards, and these contacts."""
    asked: dict[str, Any] = {"period": None, "params": PARAMS, "as_of_us": clock.to_us(AS_OF)} | more
    return figures(engine(rollup=rollup(*contacts), afterwards=afterwards(*entries)), [name], by=by, **asked)


def after(name: str, *entries: dict[str, Any], **more: Any) -> Figure:
    return told_after(name, *entries, **more).totals[name]


def test_S0_13_answer_rate_leaves_short_abandons_apart() -> None:
    lost = {"person": None, "channel": "phone", "answered": 0, "abandoned": 1, "outcome": "abandoned"}
    calls = [contact("a", at(5), person="A", channel="phone"), contact("b", at(5), **lost, queue_us=5 * S)]
    short = contact("c", at(5), **lost, queue_us=5 * S - 1)
    assert figure_of("answer_rate", *calls, short).value == Decimal("0.5000")
    chat = contact("d", at(5), person="A", channel="chat")
    assert figure_of("answer_rate", *calls, short, chat).n == 2  # it is the phone's
    assert figure_of("short_abandons", *calls, short).value == 1
    assert figure_of("abandonment_rate", *calls, short).value == Decimal("0.5000")


def test_S0_13_a_call_that_ended_unanswered_was_lost_though_nobody_recorded_that_the_caller_left() -> None:
    """One answered, one closed after 40 s by nobody: 1 of 2. After 3 s it is a short abandon. Unknown waits tell nothing."""
    silent = {"person": None, "channel": "phone", "answered": 0, "solved": None, "outcome": "unknown"}
    answered = contact("a", at(5), person="A", channel="phone")
    lost = contact("b", at(5), **silent, customer_waiting_since_us=at(5), closed_us=at(5) + 40 * S)
    for name, value in (("answer_rate", "0.5000"), ("abandonment_rate", "0.5000")):
        told = figure_of(name, answered, lost)
        assert (told.value, told.unsure) == (Decimal(value), 0)
    short = lost | {"contact_id": "c", "closed_us": at(5) + 3 * S}
    assert figure_of("answer_rate", answered, short).value == 1
    assert figure_of("short_abandons", answered, short).value == 1
    for unknown in (
        {"customer_waiting_since_us": None},
        {"closed_us": None},
        {"outcome": "solved"},
        {"person": "A", "served": 1},
    ):
        told = figure_of("answer_rate", answered, lost | unknown)
        assert (told.value, told.denominator, told.unsure) == (1, 1, 1)


def test_S2_1_a_chat_that_ended_unanswered_does_not_say_that_the_customer_left() -> None:
    closed = contact("a", at(5), person=None, answered=0, solved=None, outcome=None, customer_waiting_since_us=at(5))
    told = figure_of("abandonment_rate", closed, contact("b", at(5)))
    assert (told.value, told.denominator, told.unsure) == (0, 1, 1)


def test_S2_2_first_response_of_exactly_30_seconds_is_met_and_one_microsecond_more_is_not() -> None:
    assert figure_of("customer_frt_within", contact("a", at(5), person="A", customer_frt_us=30 * S)).value == 1
    assert figure_of("customer_frt_within", contact("a", at(5), person="A", customer_frt_us=30 * S + 1)).value == 0


def test_S2_2_an_unanswered_wait_counts_as_missed_only_once_due() -> None:
    waiting = contact("a", at(5), person="A", answered=0, outcome=None, closed_us=None, customer_waiting_since_us=at(5))
    early = figure_of("customer_frt_within", waiting, as_of=at(5) + 30 * S)
    assert (early.value, early.provisional, early.reason) == (None, True, "no_contacts")
    late = figure_of("customer_frt_within", waiting, as_of=at(5) + 30 * S + 1)
    assert (late.value, late.provisional) == (0, False)


def test_S2_2_a_customer_who_left_before_it_was_due_was_not_kept_waiting_too_long() -> None:
    left = contact("a", at(5), person=None, channel="phone", answered=0, abandoned=1, outcome="abandoned",
                   closed_us=at(5) + 40 * S, customer_waiting_since_us=at(5))  # fmt: skip
    assert figure_of("customer_frt_missed", left).value == 0
    assert figure_of("customer_frt_missed", left | {"closed_us": at(5) + 61 * S}).value == 1


def test_X2_a_chat_that_was_closed_waits_no_more_and_is_missed_only_if_it_was_due() -> None:
    closed = contact(
        "a", at(5), person=None, answered=0, outcome=None, customer_waiting_since_us=at(5), closed_us=at(5) + 31 * S
    )
    told = {name: figure_of(name, closed).value for name in ("customers_waiting", "customer_frt_missed")}
    assert told == {"customers_waiting": 0, "customer_frt_missed": 1}
    early = closed | {"closed_us": at(5) + 30 * S}
    assert figure_of("customer_frt_missed", early).value == 0
    assert figure_of("customer_frt_within", early).provisional is False


def test_X2_the_first_agents_wait_ends_where_another_takes_over() -> None:
    """A has 30 s for an L2 chat. It goes to B after 20 s, who answers after 40 s: B is late, A is not, and waits no more."""
    first = contact("c", at(5), person="A", level="L2", is_primary=False, served=0, agent_messages=0, assigned_us=at(5),
                    released_us=at(5) + 20 * S)  # fmt: skip
    last = contact(
        "c", at(5), person="B", level="L2", assigned_us=at(5) + 20 * S, agent_frt_us=40 * S, agent_messages=1
    )
    names = ("agent_frt_within", "agent_frt_missed", "assignments_waiting", "served_contacts")
    told = figures(engine(rollup=rollup(first, last)), names, by=("agent",), period=None, params=PARAMS,
                   as_of_us=clock.to_us(AS_OF))  # fmt: skip
    values = {one: [told.get(name, agent=one).value for name in names] for one in "AB"}
    assert values == {"A": [None, 0, 0, None], "B": [0, 1, 0, 1]}
    late = rollup(first | {"released_us": at(5) + 31 * S}, last)
    missed = figures(engine(rollup=late), names, by=("agent",), period=None, params=PARAMS, as_of_us=clock.to_us(AS_OF))
    assert [missed.get("agent_frt_missed", agent=one).value for one in "AB"] == [1, 1]


def test_S2_2_rings_within_three() -> None:
    calls = [contact(str(rings), at(5), person="A", channel="phone", rings=rings) for rings in (2, 3, 4)]
    told = figure_of("rings_within", *calls, contact("x", at(5), person="A", channel="phone"))
    assert (told.numerator, told.denominator, told.coverage) == (2, 3, Decimal("0.7500"))


def test_S2_3_average_response_time_weighs_every_turn_alike() -> None:
    one = contact("a", at(5), person="A", exchanges=1, exchange_wait_us=10 * S)
    many = contact("b", at(5), person="A", exchanges=4, exchange_wait_us=160 * S)
    told = figure_of("average_response_time", one, many)
    assert (told.value, told.denominator, told.n) == (Decimal("34.000"), 5, 2)


def test_S2_4_volume_is_held_against_the_threshold_of_class_and_day() -> None:
    rows = [contact(f"n{at_}", at(5), person="N", agent_class="new") for at_ in range(3)]
    rows += [contact(f"m{at_}", at(11), person="M") for at_ in range(4)]
    told = figures(engine(rollup=rollup(*rows)), ["volume_against_threshold"], by=("agent",), period=None, params=PARAMS,
                   as_of_us=clock.to_us(AS_OF))  # fmt: skip
    assert told.get("volume_against_threshold", agent="N").value == Decimal("1.5000")
    assert told.get("volume_against_threshold", agent="M").value == Decimal("0.5000")  # a promotion's day asks for 8


def test_S2_4_days_of_a_class_without_a_threshold_are_held_against_none() -> None:
    rows = [contact(f"n{at_}", at(5), person="N", agent_class="new") for at_ in range(3)]
    rows += [contact(f"u{at_}", at(5), person="U", agent_class="unknown") for at_ in range(9)]
    assert figure_of("volume_against_threshold", *rows).value == Decimal("1.5000")


def test_S2_4_who_was_only_assigned_a_contact_did_not_serve_it() -> None:
    rows = [contact("a", at(5), person="M"), contact("b", at(5), person="M", served=0)]
    assert figure_of("served_contacts", *rows).n == 1
    assert figure_of("volume_against_threshold", *rows).value == Decimal("0.2500")


def test_S2_4_a_threshold_by_channel_would_mean_nothing_and_says_so() -> None:
    told = figures(engine(), ["volume_against_threshold"], by=("channel",), period=None, params=PARAMS,
                   as_of_us=clock.to_us(AS_OF))  # fmt: skip
    assert told.totals["volume_against_threshold"].reason == "not_by_dimension"


def test_S2_5_repeats_and_tests_are_no_effective_service() -> None:
    rows = [contact("a", at(5)), contact("b", at(5), effective=False, ineffective_reason="repeat")]
    rows += [contact("c", at(5), effective=False, ineffective_reason="test"), contact("d", at(5), effective=None)]
    told = figure_of("effective_service_share", *rows)
    assert (told.value, told.coverage) == (Decimal("0.3333"), Decimal("0.7500"))


@pytest.mark.parametrize(
    "flaw", [{"next_contact_us": 7 * clock.DAY}, {"reopened": 1}, {"transferred": 1, "passed_on": 1}, {"solved": 0}]
)
def test_S2_8_a_return_a_reopening_or_a_transfer_is_no_first_contact_resolution(flaw: dict[str, Any]) -> None:
    assert figure_of("first_contact_resolution", contact("a", at(5))).value == 1
    assert figure_of("first_contact_resolution", contact("a", at(5), **flaw)).value == 0


def test_S2_8_a_transfer_fails_who_passed_the_contact_on_and_leaves_out_who_received_it() -> None:
    """A passes on, B solves: A 0 of 1, B none, one contact in all. B's own contact counts for B."""
    solved = contact("c", at(5), person="B", transferred=1, first_hand=False, passed_on=None)
    passed = contact("c", at(5), person="A", is_primary=False, first_hand=True, passed_on=1)
    told = figures(engine(rollup=rollup(solved, passed, contact("d", at(5), person="B"))), ["first_contact_resolution"],
                   by=("agent",), period=None, params=PARAMS, as_of_us=clock.to_us(AS_OF))  # fmt: skip
    parts = {one: told.get("first_contact_resolution", agent=one) for one in "AB"}
    assert {one: (part.value, part.n) for one, part in parts.items()} == {"A": (0, 1), "B": (1, 1)}
    assert (told.totals["first_contact_resolution"].value, told.totals["first_contact_resolution"].n) == (
        Decimal("0.5000"),
        2,
    )


@pytest.mark.parametrize(
    "doubt", [{"transferred": 1, "passed_on": None}, {"category": None}, {"next_unsorted_us": clock.DAY}]
)
def test_S2_8_who_passed_it_on_or_what_it_was_about_is_not_guessed(doubt: dict[str, Any]) -> None:
    told = figure_of("first_contact_resolution", contact("a", at(5), **doubt), contact("b", at(5)))
    assert (told.value, told.n, told.unsure) == (1, 1, 1)


def test_S2_8_a_return_without_a_category_changes_nothing_about_a_known_failure() -> None:
    told = figure_of("first_contact_resolution", contact("a", at(5), next_unsorted_us=clock.DAY, reopened=1))
    assert (told.value, told.unsure) == (0, 0)


def test_S2_8_a_return_after_the_window_does_not_count_and_the_early_view_looks_72_hours() -> None:
    later = contact("a", at(5), next_contact_us=73 * clock.HOUR)
    assert figure_of("first_contact_resolution", later).value == 0
    assert figure_of("first_contact_resolution_72h", later).value == 1
    assert figure_of("first_contact_resolution", later | {"next_contact_us": 7 * clock.DAY + 1}).value == 1


def test_S2_8_is_provisional_until_the_window_has_passed() -> None:
    row = contact("a", at(5))
    end = row["closed_us"] + 7 * clock.DAY
    assert figure_of("first_contact_resolution", row, as_of=end - 1).provisional
    assert not figure_of("first_contact_resolution", row, as_of=end).provisional
    assert not figure_of("first_contact_resolution", row | {"reopened": 1}, as_of=end - 1).provisional


def test_S2_8_an_unknown_customer_cannot_be_told_and_lowers_coverage() -> None:
    unknown = contact("b", at(5), customer_known=False)
    told = figure_of("first_contact_resolution", contact("a", at(5)), unknown)
    assert (told.value, told.n, told.coverage) == (1, 1, Decimal("0.5000"))
    alone = figure_of("first_contact_resolution", unknown)
    assert (alone.value, alone.reason) == (None, "cannot_tell")


@pytest.mark.parametrize(
    ("promised", "first", "closed", "kept"),
    [
        # hours after the follow-up began; promised for 2 h: the promise binds
        (2, 2, 72, 1), (2, 3, 30, 0),
        # promised for 40 h, or not at all: the first word is due after 24 h
        (40, 24, 48, 1), (40, 30, 48, 0), (None, 24, 48, 1), (None, 25, 48, 0),
        # closed after 72 h
        (2, 2, 73, 0), (None, None, 24, 1), (None, None, 25, 0),
    ],
)  # fmt: skip
def test_S2_10_the_first_word_is_due_by_the_earlier_of_promise_and_limit_and_the_end_within_72_hours(
    promised: int | None, first: int | None, closed: int, kept: int
) -> None:
    def moment(hours: int | None) -> int | None:
        return None if hours is None else at(5) + hours * clock.HOUR

    row = entry(
        "a", "follow_up", begun_us=at(5), promised_us=moment(promised), first_us=moment(first), closed_us=moment(closed)
    )
    told = after("follow_up_completion", row)
    assert (told.value, told.n, told.unsure, told.pending) == (kept, 1, 0, 0)


def test_S2_10_what_is_not_due_yet_still_runs_and_an_open_one_is_missed_once_due() -> None:
    row = entry("a", "follow_up", begun_us=at(5), promised_us=at(5, 12))
    early = after("follow_up_completion", row, as_of_us=at(5, 12))
    assert (early.value, early.pending, early.provisional) == (None, 1, True)
    assert after("follow_up_completion", row, as_of_us=at(5, 12) + 1).value == 0
    answered = row | {"first_us": at(5, 11)}
    assert after("follow_up_completion", answered, as_of_us=at(8)).pending == 1
    assert after("follow_up_completion", answered, as_of_us=at(8) + 1).value == 0


def test_S2_10_a_follow_up_that_began_nobody_knows_when_cannot_be_told_unless_its_promise_was_broken() -> None:
    row = entry("a", "follow_up", promised_us=at(6), first_us=at(6), closed_us=at(6))
    told = after("follow_up_completion", row)
    assert (told.value, told.unsure, told.reason) == (None, 1, "cannot_tell")
    assert after("follow_up_completion", row | {"first_us": at(7)}).value == 0


def test_S2_10_an_edition_without_limits_holds_the_promise_alone() -> None:
    silent = replace(PARAMS, targets={k: v for k, v in PARAMS.targets.items() if not k.startswith("follow_up")})
    row = entry("a", "follow_up", begun_us=at(5), promised_us=at(9), first_us=at(9), closed_us=at(15))
    assert after("follow_up_completion", row).value == 0
    assert after("follow_up_completion", row, params=silent).value == 1


def test_S2_11_the_share_of_answers_stands_beside_the_score() -> None:
    asked = [contact(str(one), at(5), surveyed=1, csat=5 if one < 3 else None) for one in range(10)]
    told = figure_of("survey_response_rate", *asked, contact("x", at(5)))
    assert (told.value, told.denominator) == (Decimal("0.3000"), 10)


def test_S2_11_answers_alone_do_not_tell_how_many_were_asked() -> None:
    answered = [contact(str(one), at(5), surveyed=None, csat=5) for one in range(3)]
    told = figure_of("survey_response_rate", *answered, contact("x", at(5)))
    assert (told.value, told.unsure, told.reason) == (None, 3, "cannot_tell")


def test_S2_11_every_answer_counts_and_for_the_agent_it_is_about() -> None:
    rated = [
        entry("c", "csat", value=1),
        entry("c", "csat", entry_id="r2", value=2),
        entry("c", "csat", person="B", value=5),
    ]
    told = told_after("csat_mean", *rated, by=("agent",))
    assert [told.get("csat_mean", agent=one).value for one in "AB"] == [Decimal("1.50"), Decimal("5.00")]
    assert (told.totals["csat_mean"].value, told.totals["csat_mean"].n) == (Decimal("2.67"), 3)


def test_S2_13_valid_complaints_are_a_share_of_the_decided_ones() -> None:
    said = [entry(str(one), "complaint", valid=valid) for one, valid in enumerate((True, False, None, None))]
    told = after("valid_complaint_share", *said)
    assert (told.value, told.denominator, told.coverage) == (Decimal("0.5000"), 2, Decimal("0.5000"))


def test_S2_14_an_ordinary_complaint_closed_within_24_hours_is_met_and_an_overdue_one_is_not() -> None:
    closed = entry("a", "complaint", closed_us=at(6))
    still_open = entry("b", "complaint")
    assert after("complaint_resolution_within", closed).value == 1
    assert after("complaint_resolution_within", closed, still_open).value == Decimal("0.5000")
    young = after("complaint_resolution_within", closed, still_open, as_of_us=at(5) + clock.HOUR)
    assert (young.value, young.provisional) == (1, True)


def test_S2_14_the_clock_of_a_complaint_starts_with_the_complaint_and_each_has_its_own() -> None:
    late = entry("a", "complaint", begun_us=at(15), closed_us=at(16))
    beside = entry("a", "complaint", entry_id="k2", begun_us=at(15))
    told = after("complaint_resolution_within", late, beside, as_of_us=at(15) + clock.HOUR)
    assert (told.value, told.n, told.pending) == (1, 1, 1)
    assert after("complaint_resolution_within", late, beside).value == Decimal("0.5000")


def test_S2_14_a_closed_complaint_of_unknown_opening_is_neither_open_nor_overdue() -> None:
    told = after("complaint_resolution_within", entry("a", "complaint", begun_us=None, closed_us=at(6)))
    assert (told.value, told.unsure, told.pending, told.reason) == (None, 1, 0, "cannot_tell")


def test_X11_where_others_must_act_a_complaint_may_take_72_hours() -> None:
    row = entry("a", "complaint", closed_us=at(7))
    assert after("complaint_resolution_within", row).value == 0
    assert after("complaint_resolution_within", row | {"context": "other_departments"}).value == 1
    late = row | {"context": "other_departments", "closed_us": at(8) + 1}
    assert after("complaint_resolution_within", late).value == 0


def test_S3_6_queue_within_one_minute_and_simple_problem_within_five() -> None:
    rows = [
        contact("a", at(5), queue_us=60 * S, duration_us=300 * S),
        contact("b", at(5), queue_us=61 * S, duration_us=301 * S),
    ]
    assert figure_of("queue_time_within", *rows).value == Decimal("0.5000")
    assert figure_of("simple_resolution_within", *rows).value == Decimal("0.5000")
    assert figure_of("simple_resolution_within", rows[0] | {"level": "L2"}).value is None


def test_S3_7_positive_rate_complaint_rate_and_nps() -> None:
    scores = [(5, 10), (4, 9), (3, 8), (2, 6)]
    rated = [entry(str(one), "csat", value=score) for one, (score, _) in enumerate(scores)]
    asked = [entry(str(one), "nps", value=nps) for one, (_, nps) in enumerate(scores)]
    assert after("csat_top2", *rated, *asked).value == Decimal("0.5000")
    assert after("nps", *rated, *asked).value == Decimal("25.0")
    rows = [contact(str(one), at(5)) for one in range(5)]
    assert after("complaint_rate", entry("0", "complaint", valid=True), contacts=rows).value == Decimal("0.2000")


def test_S1_9_volume_complaint_rate_and_satisfaction_are_told_regularly_and_together() -> None:
    """Two contacts on the 5th, one of them complained of and rated 2; one on the 12th, rated 5."""
    names = ["contacts", "complaint_rate", "csat_mean"]
    rows = rollup(contact("a", at(5)), contact("b", at(5)), contact("c", at(12)))
    said = afterwards(entry("a", "complaint", valid=True), entry("a", "csat", value=2), entry("c", "csat", 12, value=5))
    for step in ("day", "week"):
        told = figures(engine(rollup=rows, afterwards=said), names, by=(step,), period=None, params=PARAMS,
                       as_of_us=clock.to_us(AS_OF))  # fmt: skip
        assert len(told) == 2
        assert [[told.row(place)[name].value for name in names] for place in range(2)] == [
            [2, Decimal("0.5000"), Decimal("2.00")],
            [1, 0, Decimal("5.00")],
        ]


def test_X1_the_most_specific_scope_of_a_target_holds() -> None:
    slow = contact("a", at(5), person="A", agent_frt_us=20 * S)
    assert figure_of("agent_frt_within", slow).value == 0
    assert figure_of("agent_frt_within", slow | {"level": "L2"}).value == 1


def test_X2_the_queue_is_judged_on_the_team_and_the_reply_on_the_person() -> None:
    waited = contact("a", at(5), person="A", customer_frt_us=65 * S, agent_frt_us=5 * S, queue_us=60 * S)
    assert figure_of("customer_frt_within", waited).value == 0
    assert figure_of("agent_frt_within", waited).value == 1
    judged = {
        name: CATALOG[name].judged_on
        for name in ("customer_frt_mean", "queue_time_mean", "service_level", "agent_frt_mean")
    }
    assert judged == {
        "customer_frt_mean": "team",
        "queue_time_mean": "team",
        "service_level": "team",
        "agent_frt_mean": "person",
    }


def test_X8_resolution_and_first_contact_resolution_are_two_metrics() -> None:
    solved_later = contact("a", at(5), solved=1, next_contact_us=clock.DAY)
    assert figure_of("resolution_rate", solved_later).value == 1
    assert figure_of("first_contact_resolution", solved_later).value == 0
    unsolved = contact("b", at(5), solved=0)
    assert figure_of("resolution_rate", solved_later, unsolved).value == Decimal("0.500")


def test_X9_mean_positive_rate_and_five_star_share_come_from_the_same_raw_answers() -> None:
    rows = [entry(str(one), "csat", value=score) for one, score in enumerate([5, 5, 4, 3, 1])]
    told = {name: after(name, *rows).value for name in ("csat_mean", "csat_top2", "csat_top1", "csat_bottom2")}
    assert told == {"csat_mean": Decimal("3.60"), "csat_top2": Decimal("0.6000"), "csat_top1": Decimal("0.4000"),
                    "csat_bottom2": Decimal("0.2000")}  # fmt: skip


def test_X10_the_rate_takes_all_valid_complaints_over_effective_contacts_and_the_raw_one_all_over_all() -> None:
    """Two of three complaints are valid, one of them on a repeat; two contacts are effective: 2 ÷ 2, and 3 ÷ 3 raw."""
    rows = [contact("a", at(5)), contact("b", at(5)),
            contact("c", at(5), effective=False, ineffective_reason="repeat")]  # fmt: skip
    said = [entry("a", "complaint", valid=True), entry("a", "complaint", entry_id="k2", valid=False),
            entry("c", "complaint", valid=True)]  # fmt: skip
    told = after("complaint_rate", *said, contacts=rows)
    assert (told.numerator, told.denominator, told.value) == (2, 2, 1)
    assert after("raw_complaint_rate", *said, contacts=rows).value == 1


def test_X10_a_rate_may_pass_one_and_then_has_no_interval() -> None:
    said = [entry("a", "complaint", entry_id=str(one), valid=True) for one in range(3)]
    told = after("complaint_rate", *said, contacts=[contact("a", at(5)), contact("b", at(5))])
    assert (told.value, told.low, told.high) == (Decimal("1.5000"), None, None)


def test_X10_a_complaint_is_about_the_agent_it_names_and_not_about_who_served_last() -> None:
    said = [entry("c", "complaint", person="A", valid=True)]
    told = told_after("complaint_rate", *said, contacts=[contact("c", at(5), person="B"), contact("d", at(5), person="A")],
                      by=("agent",))  # fmt: skip
    assert [told.get("complaint_rate", agent=one).value for one in "AB"] == [1, 0]
    passed = told_after("complaints", *said, contacts=[contact("c", at(5), person="B")], by=("agent",))
    assert [passed.get("complaints", agent=one).value for one in "AB"] == [1, 0]


@pytest.mark.parametrize("name", ["complaints", "praises", "complaint_rate", "raw_complaint_rate"])
def test_S3_12_where_nobody_keeps_a_ledger_no_complaint_is_not_none(name: str) -> None:
    row = contact("a", at(5))
    assert after(name, contacts=[row]).value == 0
    told = after(name, contacts=[row | {"complaints": None, "praises": None}])
    assert (told.value, told.reason, told.coverage) == (None, "cannot_tell", 0)


def test_S2_5_contacts_of_which_nobody_knows_whether_they_repeat_lower_the_coverage_of_the_rate() -> None:
    told = after("complaint_rate", contacts=[contact("a", at(5)), contact("b", at(5), effective=None)])
    assert (told.value, told.n, told.coverage) == (0, 1, Decimal("0.5000"))


def test_X11_a_cross_department_case_is_handed_over_in_ten_minutes_others_in_an_hour() -> None:
    row = contact("a", at(5), handed_over=1, hand_over_us=601 * S)
    assert figure_of("hand_over_within", row).value == 1
    assert figure_of("hand_over_within", row | {"level": "L3"}).value == 0
    assert figure_of("hand_over_within", row | {"level": "L3", "hand_over_us": 600 * S}).value == 1


def test_X20_contact_duration_and_handle_time_differ_by_queue_and_wrap_up() -> None:
    row = contact("a", at(5), person="A", duration_us=300 * S, queue_us=40 * S, handle_us=290 * S, wrap_up_us=30 * S)
    assert figure_of("contact_duration", row).value == Decimal("300.000")
    assert figure_of("handle_time", row).value == Decimal("290.000")


def test_S1_13_where_no_customer_is_ever_asked_nobody_knows_how_many_return_satisfied() -> None:
    mute = [contact(f"m{at_}", at(5 + at_), source="mute", customer_key="u", category=f"c{at_}") for at_ in range(2)]
    told = told_of_teams("returning_satisfied_share", *mute)
    assert (told.value, told.reason, told.coverage) == (None, "cannot_tell", Decimal("0.0000"))
    rated = [one | {"contact_id": f"r{one['contact_id']}", "source": "desk", "customer_key": "v"} for one in mute]
    rated[1] |= {"csat": 5, "surveyed": 1}
    assert told_of_teams("returning_satisfied_share", *mute, *rated).value == 1


def told_of_teams(name: str, *rows: dict[str, Any]) -> Figure:
    told = figures(
        engine(rollup=rollup(*rows)), [name], by=("team",), period=None, params=PARAMS, as_of_us=clock.to_us(AS_OF)
    )
    return told.totals[name]


def test_a_figure_without_its_target_says_so_and_invents_none() -> None:
    told = figure_of("service_level", contact("a", at(5)), params=replace(PARAMS, targets={}))
    assert (told.value, told.reason) == (None, "no_target")


def test_what_is_not_recorded_is_none_and_never_zero() -> None:
    told = figure_of("transfers", contact("a", at(5), transferred=None))
    assert (told.value, told.reason, told.coverage) == (None, "cannot_tell", Decimal("0.0000"))


def test_events_and_states_are_counted_under_different_names() -> None:
    row = contact("a", at(5), transferred=3)
    assert figure_of("transfers", row).value == 3
    assert figure_of("transferred_contacts", row).value == 1
    names = [name for name, one in CATALOG.items() if one.counts]
    assert len({CATALOG[name].zh for name in names}) == len(names)


def test_half_is_rounded_up() -> None:
    rows = [entry(str(one), "csat", value=score) for one, score in enumerate([1] * 7 + [2])]
    assert after("csat_mean", *rows).value == Decimal("1.13")  # 1.125


def test_an_unknown_metric_names_its_neighbours() -> None:
    with pytest.raises(InputError, match="csat_mean"):
        figures(engine(), ["csat_means"], by=(), period=None, params=PARAMS, as_of_us=0)


def test_parameters_report_every_issue_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        MetricParams.from_mapping(
            {
                "confidence": 2,
                "numbers": {"fcr_window": "soon"},
                "targets": {"rings": [{"value": 3, "where": {"mood": "x"}}]},
            }
        )
    assert len(caught.value.issues) == 3


def test_parameters_survive_the_way_to_yaml_and_back() -> None:
    assert MetricParams.from_mapping(PARAMS.to_mapping()) == PARAMS
