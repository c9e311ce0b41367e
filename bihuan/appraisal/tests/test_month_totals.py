"""What a month's totals are made of, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bihuan.appraisal.rules.month import DaySum, Figure, Part, PersonMonth, month_total
from bihuan.appraisal.rules.policy import policy_of
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.verdict import NOT_APPLICABLE

FIRST, SECOND, THIRD = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)


def daily(*days_milli: int, coverage: str = "100") -> Figure:
    parts = {date(2026, 7, 1 + at): Part(milli, 1) for at, milli in enumerate(days_milli)}
    return Figure(parts, len(parts), Decimal(coverage), per=1000)


def share(numerator: int, denominator: int) -> Figure:
    return Figure({FIRST: Part(numerator, denominator)}, denominator, Decimal(100))


def month(contacts: int = 100, fatal: int = 0, **figures: Figure) -> PersonMonth:
    return PersonMonth("8001", "张三", "east", contacts, fatal, figures)


def of(scheme: str, edition: str = "recommended"):
    return load_edition(edition).schemes[scheme]


def test_S3_13_X19_contacts_without_a_score_leave_the_mean_of_their_day_alone() -> None:
    day = DaySum(judged=3, scored=2, score_milli=150_000, coverage_milli=250_000, fatal=0)
    assert day.mean_milli == 75_000
    assert DaySum(judged=1, scored=0, score_milli=0, coverage_milli=10_000, fatal=0).mean_milli is None


def test_S3_14_more_complaints_than_contacts_earn_no_points_and_never_fewer() -> None:
    """A valid complaint about a repeat counts though its day holds no effective contact: 3 ÷ 2 earns 0, not −50."""
    complaints = Figure({FIRST: Part(2, 2), SECOND: Part(1, 0)}, 2, Decimal(100))
    told = month(daily_score=daily(90_000), positive_rate=share(92, 100), complaint_rate=complaints)
    total = month_total(of("service_quality_month"), told)
    assert complaints.value == Decimal("1.5")
    assert total.value == Decimal("72.4")  # 90 × 0.6 + 92 × 0.2 + 0
    assert {node.id: node.value for node in total.children}["complaints"] == 0


def test_S3_14_monthly_total_is_60_20_20() -> None:
    told = month(daily_score=daily(90_000), positive_rate=share(92, 100), complaint_rate=share(1, 100))
    total = month_total(of("service_quality_month"), told)
    assert total.value == Decimal("92.2")  # 90 × 0.6 + 92 × 0.2 + 99 × 0.2
    assert [(n.id, n.weight, n.contribution) for n in total.children] == [
        ("daily", Decimal(60), Decimal("54.000")),
        ("satisfaction", Decimal(20), Decimal("18.400")),
        ("complaints", Decimal(20), Decimal("19.800")),
    ]


def test_X4_the_variant_spreads_complaints_over_their_whole_weight() -> None:
    told = month(daily_score=daily(90_000), positive_rate=share(92, 100), complaint_rate=share(1, 100))
    assert month_total(of("service_quality_month_scaled"), told).value == Decimal("88.4")  # 54 + 18.4 + 80 × 0.2


def test_S4_11_staff_appraisal_is_20_50_30_and_conduct_without_records_leaves_both_sides() -> None:
    told = month(daily_score=daily(80_000), first_contact_resolution=share(85, 100), five_star_share=share(55, 100))
    total = month_total(of("staff_appraisal_month"), told)
    conduct, customers, inspection = total.children
    assert (conduct.verdict, conduct.value, conduct.weight) == (NOT_APPLICABLE, None, Decimal(0))
    assert {part.reason for part in conduct.children} == {"not_recorded"}
    assert (customers.value, customers.weight) == (Decimal(70), Decimal("62.5"))  # (85 + 55) ÷ 2; 50 of 80
    assert (inspection.value, inspection.weight) == (Decimal(80), Decimal("37.5"))
    assert total.value == Decimal("73.75")  # (70 × 50 + 80 × 30) ÷ 80
    assert total.coverage == Decimal(80)


def test_S4_11_with_all_three_terms_each_takes_its_own_weight() -> None:
    told = month(
        daily_score=daily(80_000), first_contact_resolution=share(85, 100), five_star_share=share(55, 100),
        attendance_score=daily(90_000), cross_team_response=daily(60_000), training_average=daily(90_000),
    )  # fmt: skip
    total = month_total(of("staff_appraisal_month"), told)
    assert [node.weight for node in total.children] == [Decimal(20), Decimal(50), Decimal(30)]
    assert total.value == Decimal(75)  # 80 × 0.2 + 70 × 0.5 + 80 × 0.3


def test_S3_13_X19_the_month_is_the_mean_of_day_scores_and_a_busy_day_weighs_no_more() -> None:
    figure = daily(100_000, 50_000, 60_000)
    assert figure.value == Decimal(70)
    by_contact = Figure({FIRST: Part(100_000, 1), SECOND: Part(50_000 * 9, 9)}, 10, per=1000)
    assert by_contact.value == Decimal(55)


def test_a_total_below_the_floor_of_its_scheme_is_insufficient_and_has_no_value() -> None:
    total = month_total(of("service_quality_month"), month(positive_rate=share(9, 10), complaint_rate=share(0, 10)))
    assert total.coverage == Decimal(40)
    assert (total.value, total.verdict, total.reason) == (None, "insufficient", "below_coverage_floor")


WHOLE = {"daily_score": daily(90_000), "positive_rate": share(9, 10), "complaint_rate": share(0, 10)}


@pytest.mark.parametrize(
    ("contacts", "figures", "reason"),
    [
        (30, WHOLE, ""),
        (29, WHOLE, "too_few_contacts"),
        (30, {**WHOLE, "daily_score": daily(90_000, coverage="30")}, "below_coverage_floor"),
        (30, {"positive_rate": share(9, 10)}, "below_coverage_floor"),
    ],
)
def test_X17_a_rank_needs_the_least_number_of_contacts_and_enough_coverage(contacts, figures, reason) -> None:
    told = month(contacts, **figures)
    tree = month_total(of("service_quality_month"), told)
    assert policy_of(load_edition("recommended")).reason_against(told, tree) == reason


def test_an_edition_without_ranking_rules_ranks_nobody_and_says_so() -> None:
    policy = policy_of(load_edition("service-quality"))
    told = month(100, **WHOLE)
    assert policy.reason_against(told, month_total(of("service_quality_month"), told)) == "no_ranking_rules"


def test_X7_no_input_enters_a_total_twice() -> None:
    for scheme in load_edition("recommended").schemes.values():
        taken = [leaf.input for term in scheme.terms for leaf in (term.parts or (term,))]
        assert len(taken) == len(set(taken)), scheme.id
    appraisal = of("staff_appraisal_month")
    assert {"positive_rate", "complaint_rate"}.isdisjoint(
        leaf.input for term in appraisal.terms for leaf in (term.parts or (term,))
    )
