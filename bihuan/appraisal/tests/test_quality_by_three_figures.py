"""A month by people's sample, by the machine, and by both together: worked out by hand on a tiny month (X12)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.queries import contact_scores, decisions_of
from bihuan.appraisal.tests.record import LEAK, MONTH, Served, review
from bihuan.inspection.actions.trusting import lower_check
from bihuan.inspection.models import Review, TrustMove
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.inspection.trust.standing import scored_checks
from bihuan.kit.clock import now
from bihuan.people.tests.cast import make_cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition

pytestmark = pytest.mark.django_db
# twenty contacts on four days; the machine finds a leak in the first five
SERVED = [Served(at % 4, "fatal" if at < 5 else "good", 5) for at in range(20)]
SCHEME = "service_quality_month"


def appraised() -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=load_edition("recommended"), edition_ref="recommended")


def quality(kept: ResultSet) -> dict:
    return kept.results.get(person="8001", scheme=SCHEME).quality


def test_X12_people_the_machine_and_both_are_told_apart_and_agree_with_a_calculation_by_hand(live) -> None:
    """Ten of twenty contacts, each drawn with probability a half. The machine has a leak (0 points) in contacts 0 to 4;
    people reviewed 0 to 9 and found it in 0 to 3 and 9: on contacts 4 and 9 they say otherwise.

    people alone: 5 of 10 are 100. The machine: 15 of 20, and on the reviewed 5 of 10. Both answers vary by 0.25 and go
    together by (0.4 - 0.25) = 0.15, so the power is 0.15 / 0.25 = 0.6 and
    both: 50 + 0.6 x (75 - 50) = 65.
    Left over are h - 0.6 m: 0, 40, 60 and 100 with mean 20, a sum of squares of 16 000, doubt (1 - p) = a half each:
    variance (4 x 0.5 x 16 000) / 20² x 10 / 8 = 100, so the interval is 65 ± t(8) x 10 = 65 ± 23.060.
    """
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    for contact in range(10):
        review(cast, edition, contact, leak=contact in (0, 1, 2, 3, 9))
    told = quality(appraised())
    assert (told["human"]["value"], told["human"]["n"]) == ("50.000", 10)
    assert (told["machine"]["value"], told["machine"]["n"], told["machine"]["low"]) == ("75.000", 20, None)
    assert told["days"] == [4, 4]
    assert (told["power"], told["bias"]["value"]) == ("0.600", "0.000")
    assert (told["combined"]["value"], told["combined"]["low"], told["combined"]["high"]) == (
        "65.000",
        "41.940",
        "88.060",
    )


def test_X12_what_the_group_settles_moves_the_days_and_hides_nothing_of_what_the_machine_was_off_by(live) -> None:
    """Contact 4 has a leak by the machine and none by people; the group agrees with the people."""
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    reviewed = [review(cast, edition, contact, leak=contact in (0, 1, 2, 3, 9)) for contact in range(10)]
    before = appraised().results.get(person="8001", scheme=SCHEME)
    Review.objects.create(
        week=MONTH, evaluation=reviewed[4], reasons=["disputed"], gathered_at=now(), outcome="upheld", reason="不是客户的号码",
        decided_by=cast.people["supervisor"], decided_at=now(),
    )  # fmt: skip
    after = appraised().results.get(person="8001", scheme=SCHEME)
    assert after.total > before.total
    assert after.quality == before.quality


def test_X12_only_days_that_were_drawn_from_enter_the_three_figures(live) -> None:
    """On two of four days, which hold ten of the twenty contacts, three of them with a leak by the machine."""
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    assert quality(appraised())["days"] == [0, 4]
    for contact in (0, 1, 4, 5, 8, 9, 12, 13):
        review(cast, edition, contact, leak=contact in (0, 1, 9))
    told = quality(appraised())
    assert (told["machine"]["value"], told["machine"]["n"], told["days"]) == ("70.000", 10, [2, 4])
    assert told["combined"]["value"] is not None
    live({"8001": [Served(one.day, "fatal" if one.day > 1 else one.judged, 5) for one in SERVED]})
    assert quality(appraised()) == told


def test_below_the_editions_least_there_is_no_figure_but_the_machines(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    for contact in range(7):
        review(cast, edition, contact, leak=contact < 5)
    told = quality(appraised())
    assert (told["combined"]["value"], told["combined"]["reason"], told["combined"]["n"]) == (None, "too_few", 7)
    assert told["machine"]["value"] == "75.000"


def test_what_was_looked_at_for_its_risk_enters_no_estimate(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    for contact in range(10):
        review(cast, edition, contact, leak=True, kind="risk")
    assert quality(appraised())["human"]["n"] == 0


def test_a_full_sample_leaves_no_doubt_and_the_total_stays_the_machines(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    before = appraised().results.get(person="8001", scheme=SCHEME)
    for contact in range(20):
        review(cast, edition, contact, leak=contact < 10, ppm=1_000_000)
    kept = appraised()
    told, after = quality(kept), kept.results.get(person="8001", scheme=SCHEME)
    assert [told["combined"][end] for end in ("low", "value", "high")] == ["50.000"] * 3
    assert (after.total, after.tree) == (before.total, before.tree)


def test_a_sample_that_is_not_finished_keeps_its_doubt(live) -> None:
    """Everything was drawn, half of it is answered: the answered are a half of each day and not the whole of it. Calling
    the ten certain would leave no doubt at all."""
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    for contact in range(20):
        review(cast, edition, contact, leak=contact in (0, 1, 2, 3, 9), ppm=1_000_000, answered=contact < 10)
    told = quality(appraised())
    assert told["human"]["n"] == 10
    assert Decimal(told["combined"]["low"]) < Decimal(told["combined"]["value"]) < Decimal(told["combined"]["high"])


def test_the_same_reviews_give_the_same_bytes_and_new_ones_another_version(live) -> None:
    cast, edition = make_cast(), load_edition("recommended")
    live({"8001": SERVED})
    for contact in range(8):
        review(cast, edition, contact, leak=contact < 4)
    first = appraised()
    assert appraised() == first
    review(cast, edition, 8, leak=False)
    second = appraised()
    assert (second.sequence, second.manifest) == (first.sequence + 1, first.manifest)
    assert quality(first)["human"]["n"] == 8


def move(edition: Edition, check: str, after: str, before: str = "assisting") -> None:
    TrustMove.objects.create(
        standard=edition.id, check_id=check, fingerprint=fingerprint_of(edition.checks[check]),
        sequence=TrustMove.objects.filter(check_id=check).count() + 1, edition=edition.hash, before=before, after=after,
        cause="figures", moved_at=now(),
    )  # fmt: skip


def test_S3_14_results_are_provisional_until_every_check_in_them_counts(live) -> None:
    live({"8001": SERVED})
    edition = load_edition("recommended")
    before = appraised()
    assert before.is_provisional
    assert LEAK in before.provisional
    assert "first_response" not in before.provisional  # logged times count from the start
    assert "surname" not in before.provisional  # no score takes notice of it
    for check in scored_checks(edition):
        if check in before.provisional:
            move(edition, check, "counting")
    after = appraised()
    assert (after.is_provisional, after.provisional, after.sequence) == (False, [], before.sequence + 1)
    assert before.is_provisional
    assert quality(after) == quality(before)


def test_an_observed_check_enters_no_score_and_what_was_kept_before_stays(live) -> None:
    cast = make_cast()
    live({"8001": [Served(0, "good", 5), Served(1, "fatal", 5)]})
    edition, day = load_edition("recommended"), MONTH + timedelta(days=1)
    before = appraised()
    lower_check(cast.user("manager"), edition=edition, check=LEAK, reason="误判多")
    after = appraised()
    scores = []
    for kept in (before, after):
        result = kept.results.get(person="8001", scheme=SCHEME)
        scores.append([one.score for one in contact_scores(result, day)])
    assert scores == [[Decimal(0)], [Decimal(100)]]
    assert decisions_of(after).suspended - decisions_of(before).suspended == {LEAK}
    assert LEAK not in after.provisional
