from decimal import Decimal

import pytest

from bihuan.kit.clock import HOUR
from bihuan.standards.editions import load_edition
from bihuan.standards.metric_params import metric_params

EDITION = load_edition("recommended")


@pytest.mark.parametrize(
    ("scope", "seconds", "source"),
    [
        ({}, 30, "S1-3"),
        ({"channel": "chat"}, 30, "S2-2"),
        ({"channel": "chat", "level": "L1"}, 30, "S2-2"),
        ({"channel": "social"}, 30, "S3-6"),
        ({"channel": "email"}, 14400, "house"),
        ({"context": "training"}, 15, "S4-3"),
        ({"channel": "chat", "context": "exam"}, 10, "S4-9"),
        ({"channel": "chat", "context": "unknown"}, 30, "S2-2"),
    ],
)
def test_X1_the_most_specific_target_wins_and_names_its_source(scope, seconds, source):
    target = EDITION.target("first_response_time", **scope)
    assert (target.limit.seconds, target.source) == (seconds, source)
    assert target.place.startswith("targets.first_response_time")


def test_X2_customer_and_agent_have_clocks_of_their_own():
    assert EDITION.target("customer_first_response_time").limit.micros == 120_000_000
    assert EDITION.target("first_response_time").limit.micros == 30_000_000
    assert EDITION.target("queue_time").limit.micros == 60_000_000


def test_S2_2_phone_is_answered_within_three_rings():
    target = EDITION.target("rings", channel="phone")
    assert target.is_met_by(3)
    assert not target.is_met_by(4)
    assert EDITION.target("rings", channel="chat") is None


def test_S3_6_exactly_30_seconds_is_met():
    target = EDITION.target("first_response_time", channel="chat")
    assert target.is_met_by_micros(30_000_000)
    assert not target.is_met_by_micros(30_000_001)


def test_S1_6_S2_14_S3_12_S4_3_S4_7_X11_hand_over_and_complaint_clocks_are_those_of_the_sources():
    assert EDITION.target("hand_over_time", level="L3").limit.micros == 600_000_000
    assert EDITION.target("hand_over_time", level="L2").limit.micros == 3_600_000_000
    assert EDITION.target("complaint_resolution_time").limit.micros == 24 * HOUR
    assert EDITION.target("complaint_resolution_time", context="other_departments").limit.micros == 72 * HOUR
    clocks = EDITION.section("complaints")
    assert [clocks[name].value for name in ("classified_within", "first_follow_up_within", "closed_within")] == [24] * 3
    assert clocks["closed_within_with_others"].value == 72


def test_S3_6_S3_7_S2_8_queue_simple_problems_and_rates_of_the_period_have_the_targets_of_the_sources():
    assert EDITION.target("queue_time").limit.seconds == 60
    assert EDITION.target("simple_resolution_time", level="L1").limit.seconds == 300
    assert EDITION.target("simple_resolution_time", level="L2") is None
    for name, value, better in (
        ("positive_rate", 90, False), ("complaint_rate", 1, True), ("nps", 50, False), ("first_contact_resolution", 85, False),
    ):  # fmt: skip
        target = EDITION.target(name)
        assert (target.limit.value, target.at_most) == (value, better)


def test_S2_4_volume_thresholds_are_50_and_80_to_100_and_promotions_3_to_5_times():
    volume = EDITION.section("volume")
    assert [int(volume[name].value) for name in ("new_agent_daily", "mature_agent_daily_low", "mature_agent_daily_high")] == [
        50, 80, 100,
    ]  # fmt: skip
    assert [int(volume[f"promotion_factor_{end}"].value) for end in ("low", "high")] == [3, 5]
    assert {number.source for number in volume.values()} == {"S2-4", "S2-5"}


@pytest.mark.parametrize(
    ("path", "value", "unit", "source"),
    [
        ("enablers.compensation_limit", 50, "CNY", "S2-9"),
        ("enablers.knowledge_coverage", 90, "%", "S2-9"),
        ("follow_up.first_within", 24, "h", "S2-10"),
        ("follow_up.closed_within", 72, "h", "S2-10"),
        ("sampling.daily_share_low", 10, "%", "S3-10"),
        ("sampling.daily_share_high", 20, "%", "S3-10"),
        ("survey.monthly_share", 5, "%", "S3-11"),
        ("survey.call_back_within", 24, "h", "S1-8"),
        ("problems.important_after", 2, "months", "S3-16"),
        ("problems.below_team_mean", 15, "points", "S3-15"),
        ("exam.business", 40, "%", "S4-8"),
        ("practical.scenario_classes", 5, "classes", "S4-9"),
        ("system_exam.wrong_item", -3, "points", "S4-10"),
        ("training.handbook_update_within", 72, "h", "S4-13"),
        ("feedback.result_told_within", 3, "working_days", "S4-14"),
        ("rewards.top_share", 10, "%", "S4-15"),
        ("rewards.failures_in_a_row", 3, "occasions", "S4-15"),
        ("ranking.least_people_for_top", 5, "people", "X16"),
    ],
)
def test_the_recommended_edition_holds_the_numbers_of_the_sources(path, value, unit, source):
    number = EDITION.number(path)
    assert (number.value, number.unit, number.source, number.place) == (value, unit, source, f"numbers.{path}")


def test_what_no_source_gives_is_absent_from_the_literal_editions():
    assert load_edition("performance-appraisal").target("first_response_time", channel="email") is None
    assert load_edition("training-assessment").number("exam.pass_mark") is None
    assert load_edition("service-quality").scorecard().coverage_floor is None


def test_a_percentage_is_a_share_and_a_time_has_no_share_of_its_own():
    assert EDITION.target("positive_rate").limit.share == Decimal("0.9")
    with pytest.raises(KeyError):
        _ = EDITION.target("positive_rate").limit.micros


def test_S2_10_X11_the_limits_of_follow_ups_and_of_complaints_reach_the_figures():
    told = metric_params(EDITION)
    assert [(t.value // HOUR, t.source) for t in told.target("follow_up_first")] == [(24, "S2-10")]
    assert [(t.value // HOUR, t.source) for t in told.target("follow_up_closed")] == [(72, "S2-10")]
    assert [(t.value // HOUR, t.where, t.source) for t in told.target("complaint_resolution_time")] == [
        (72, (("context", "other_departments"),), "X11"),
        (24, (), "S2-14"),
    ]
    silent = metric_params(load_edition("service-quality"))
    assert silent.target("follow_up_first") == ()  # a target is never lent
