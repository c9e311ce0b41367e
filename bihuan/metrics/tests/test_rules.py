from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bihuan.kit import clock
from bihuan.kit.errors import DefinitionError, InputError
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.metrics.params import MetricParams
from bihuan.metrics.query import figures
from bihuan.metrics.tests.record import AS_OF, PARAMS, S, at, contact, engine, rollup


def figure_of(name: str, *rows: dict[str, Any], params: MetricParams = PARAMS, as_of: int | None = None) -> Figure:
    """The metric over these roll-up rows alone."""
    told = figures(
        engine(rollup=rollup(*rows)), [name], by=(), period=None, params=params, as_of_us=as_of or clock.to_us(AS_OF)
    )
    return told.totals[name]


def test_S0_13_answer_rate_leaves_short_abandons_apart() -> None:
    lost = {"person": None, "channel": "phone", "answered": 0, "abandoned": 1, "outcome": "abandoned"}
    calls = [contact("a", at(5), person="A", channel="phone"), contact("b", at(5), **lost, queue_us=5 * S)]
    short = contact("c", at(5), **lost, queue_us=5 * S - 1)
    assert figure_of("answer_rate", *calls, short).value == Decimal("0.5000")
    assert figure_of("short_abandons", *calls, short).value == 1
    assert figure_of("abandonment_rate", *calls, short).value == Decimal("0.5000")


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
    "flaw", [{"next_contact_us": 7 * clock.DAY}, {"reopened": 1}, {"transferred": 1}, {"solved": 0}]
)
def test_S2_8_a_return_a_reopening_or_a_transfer_is_no_first_contact_resolution(flaw: dict[str, Any]) -> None:
    assert figure_of("first_contact_resolution", contact("a", at(5))).value == 1
    assert figure_of("first_contact_resolution", contact("a", at(5), **flaw)).value == 0


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


def test_S2_10_follow_ups_on_time_are_held_against_those_due() -> None:
    told = figure_of("follow_up_completion", contact("a", at(5), follow_ups_due=3, follow_ups_on_time=2))
    assert (told.value, told.n) == (Decimal("0.6667"), 3)


def test_S2_11_the_share_of_answers_stands_beside_the_score() -> None:
    asked = [contact(str(one), at(5), surveyed=1, csat=5 if one < 3 else None) for one in range(10)]
    told = figure_of("survey_response_rate", *asked, contact("x", at(5)))
    assert (told.value, told.denominator) == (Decimal("0.3000"), 10)


def test_S2_13_valid_complaints_are_a_share_of_the_decided_ones() -> None:
    row = contact("a", at(5), complaints=4, valid_complaints=1, undecided_complaints=2)
    told = figure_of("valid_complaint_share", row)
    assert (told.value, told.denominator, told.coverage) == (Decimal("0.5000"), 2, Decimal("0.5000"))


def test_S2_14_an_ordinary_complaint_closed_within_24_hours_is_met_and_an_overdue_one_is_not() -> None:
    closed = contact("a", at(5), complaints=1, complaint_close_us=clock.DAY)
    still_open = contact("b", at(5), complaints=1)
    assert figure_of("complaint_resolution_within", closed).value == 1
    assert figure_of("complaint_resolution_within", closed, still_open).value == Decimal("0.5000")
    young = figure_of("complaint_resolution_within", closed, still_open, as_of=at(5) + clock.HOUR)
    assert (young.value, young.provisional) == (1, True)


def test_S3_6_queue_within_one_minute_and_simple_problem_within_five() -> None:
    rows = [
        contact("a", at(5), queue_us=60 * S, duration_us=300 * S),
        contact("b", at(5), queue_us=61 * S, duration_us=301 * S),
    ]
    assert figure_of("queue_time_within", *rows).value == Decimal("0.5000")
    assert figure_of("simple_resolution_within", *rows).value == Decimal("0.5000")
    assert figure_of("simple_resolution_within", rows[0] | {"level": "L2"}).value is None


def test_S3_7_positive_rate_complaint_rate_and_nps() -> None:
    rows = [
        contact(str(one), at(5), csat=score, nps=nps)
        for one, (score, nps) in enumerate([(5, 10), (4, 9), (3, 8), (2, 6)])
    ]
    assert figure_of("csat_top2", *rows).value == Decimal("0.5000")
    assert figure_of("nps", *rows).value == Decimal("25.0")
    assert figure_of("complaint_rate", *rows, contact("x", at(5), complaints=1, valid_complaints=1)).value == Decimal(
        "0.2000"
    )


def test_S1_9_volume_complaint_rate_and_satisfaction_come_from_one_registry() -> None:
    assert {"contacts", "complaint_rate", "csat_mean"} <= {
        name for name, one in CATALOG.items() if "S1-9" in one.sources or name == "csat_mean"
    }


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


def test_X9_mean_positive_rate_and_five_star_share_come_from_the_same_raw_answers() -> None:
    rows = [contact(str(one), at(5), csat=score) for one, score in enumerate([5, 5, 4, 3, 1])]
    told = {name: figure_of(name, *rows).value for name in ("csat_mean", "csat_top2", "csat_top1", "csat_bottom2")}
    assert told == {"csat_mean": Decimal("3.60"), "csat_top2": Decimal("0.6000"), "csat_top1": Decimal("0.4000"),
                    "csat_bottom2": Decimal("0.2000")}  # fmt: skip


def test_X10_the_rate_takes_valid_complaints_over_effective_contacts_and_the_raw_one_all_over_all() -> None:
    rows = [contact("a", at(5), complaints=2, valid_complaints=1), contact("b", at(5)),
            contact("c", at(5), effective=False, ineffective_reason="repeat", complaints=1, valid_complaints=1)]  # fmt: skip
    assert figure_of("complaint_rate", *rows).value == Decimal("0.5000")
    assert figure_of("raw_complaint_rate", *rows).value == 1


def test_X11_a_cross_department_case_is_handed_over_in_ten_minutes_others_in_an_hour() -> None:
    row = contact("a", at(5), handed_over=1, hand_over_us=601 * S)
    assert figure_of("hand_over_within", row).value == 1
    assert figure_of("hand_over_within", row | {"level": "L3"}).value == 0
    assert figure_of("hand_over_within", row | {"level": "L3", "hand_over_us": 600 * S}).value == 1


def test_X20_contact_duration_and_handle_time_differ_by_queue_and_wrap_up() -> None:
    row = contact("a", at(5), person="A", duration_us=300 * S, queue_us=40 * S, handle_us=290 * S, wrap_up_us=30 * S)
    assert figure_of("contact_duration", row).value == Decimal("300.000")
    assert figure_of("handle_time", row).value == Decimal("290.000")


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
    rows = [contact(str(one), at(5), csat=score) for one, score in enumerate([1] * 7 + [2])]
    assert figure_of("csat_mean", *rows).value == Decimal("1.13")  # 1.125


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
