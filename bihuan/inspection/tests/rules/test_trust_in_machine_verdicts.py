"""Precision and recall of a check from the random human sample, and what the check may therefore do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.trust import (
    ORDER,
    Accuracy,
    Floor,
    Floors,
    Reviewed,
    Standing,
    accuracy_of,
    advance,
    reviews_lacking,
    settle,
    weighted_share,
    withdraw,
)
from bihuan.metrics.intervals import wilson

SETTING = {"least": 5, "confidence": 0.95}
MET, VIOLATED = "met", "violated"


def rows(*groups: tuple[str, str, int, float]) -> list[Reviewed]:
    return [Reviewed(machine, human, p) for machine, human, times, p in groups for _ in range(times)]


def test_precision_and_recall_are_shares_of_what_was_flagged_and_of_what_was_wrong() -> None:
    found = accuracy_of(
        rows((VIOLATED, VIOLATED, 8, 0.1), (VIOLATED, MET, 2, 0.1), (MET, VIOLATED, 8, 0.1), (MET, MET, 82, 0.1)),
        **SETTING,
    )
    assert (found.precision.value, found.precision.n) == (pytest.approx(0.8), 10)
    assert (found.recall.value, found.recall.n) == (pytest.approx(0.5), 16)
    assert found.reviewed == 100


# Newcombe (1998), Statistics in Medicine 17, table I: hits, n, Wilson's bounds (method 3), the exact bounds (method 5)
NEWCOMBE = (
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
)


@pytest.mark.parametrize(("hits", "n", "by_wilson", "exact"), NEWCOMBE)
def test_intervals_of_equal_weights_are_the_published_ones(hits, n, by_wilson, exact) -> None:
    answers = np.array([1.0] * hits + [0.0] * (n - hits))
    for method, published in (("wilson", by_wilson), ("clopper_pearson", exact)):
        found = weighted_share(answers, np.full(n, 7.0), 0.95, method)
        assert (round(found.low, 4), round(found.high, 4)) == published


def test_rows_weigh_by_one_over_their_inclusion_probability() -> None:
    """Flagged contacts were drawn ten times as often: unweighted, recall would read 10 of 12."""
    found = accuracy_of(rows((VIOLATED, VIOLATED, 10, 1.0), (MET, VIOLATED, 2, 0.1), (MET, MET, 50, 0.1)), **SETTING)
    assert found.recall.value == pytest.approx(10 / 30)
    assert found.recall.high - found.recall.low > 0.4  # the two heavy rows decide


def test_where_the_human_cannot_tell_there_is_no_truth_and_where_the_machine_cannot_it_costs_recall() -> None:
    found = accuracy_of(
        rows((VIOLATED, "cannot_tell", 9, 0.5), (VIOLATED, VIOLATED, 5, 0.5), ("cannot_tell", VIOLATED, 5, 0.5)),
        **SETTING,
    )
    assert (found.reviewed, found.precision.value, found.recall.value) == (10, 1.0, 0.5)


def test_not_applicable_by_the_human_is_a_false_alarm_of_the_machine() -> None:
    found = accuracy_of(rows((VIOLATED, "not_applicable", 5, 0.5), (VIOLATED, VIOLATED, 5, 0.5)), **SETTING)
    assert found.precision.value == 0.5


@pytest.mark.parametrize(
    ("sample", "precision", "recall"),
    [
        ([], "never_flagged", "never_violated"),
        (rows((MET, MET, 40, 0.1)), "never_flagged", "never_violated"),
        (rows((VIOLATED, VIOLATED, 4, 0.1)), "too_few", "too_few"),
        (rows((VIOLATED, MET, 5, 0.1)), "", "never_violated"),
    ],
)
def test_too_little_review_gives_a_reason_and_no_figure(sample, precision, recall) -> None:
    found = accuracy_of(sample, **SETTING)
    assert (found.precision.reason, found.recall.reason) == (precision, recall)
    assert (found.recall.value, found.recall.low) == (None, None)


def test_a_contact_that_could_not_have_been_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="inclusion probability"):
        accuracy_of(rows((MET, MET, 1, 0.0)), **SETTING)


def test_the_interval_holds_the_true_recall_as_often_as_it_says_under_unequal_probabilities() -> None:
    generator = np.random.default_rng(11)
    held, errors = [], []
    for _ in range(400):
        fault = generator.random(4000) < 0.2
        flagged = np.where(fault, generator.random(4000) < 0.8, generator.random(4000) < 0.05)
        probability = np.where(flagged, 0.2, 0.08)
        drawn = generator.random(4000) < probability
        hits = flagged[drawn & fault].astype(float)
        found = weighted_share(hits, 1 / probability[drawn & fault], 0.95)
        truth = flagged[fault].mean()
        held.append(found.low <= truth <= found.high)
        errors.append(found.value - truth)
    assert 0.92 <= np.mean(held) <= 0.98
    assert abs(np.mean(errors)) < 3 * np.std(errors) / 20


FLOORS = Floors(assisting=Floor(0.6), counting=Floor(0.9, 0.7))


def known(precision: float | None, recall: float | None = 0.9, width: float = 0.02) -> Accuracy:
    def figure(value: float | None) -> Estimate:
        return Estimate.unknown("too_few") if value is None else Estimate(value, value - width, value + width, 200)

    return Accuracy(figure(precision), figure(recall), 200)


def test_a_named_person_moves_a_check_up_one_standing_at_a_time() -> None:
    first = advance(Standing.OBSERVED, known(0.97), FLOORS, by="8001")
    assert (first.after, first.by, first.moved) == (Standing.ASSISTING, "8001", True)
    assert advance(first.after, known(0.97), FLOORS, by="8001", fair=True).after == Standing.COUNTING
    assert advance(Standing.COUNTING, known(0.97), FLOORS, by="8001", fair=True).reasons == ("already_there",)


@pytest.mark.parametrize(
    ("accuracy", "by", "fair", "reasons"),
    [
        (known(0.97), " ", True, ("nobody_named",)),
        (known(0.85), "8001", True, ("precision_below_floor",)),
        (
            known(0.91),
            "8001",
            True,
            ("precision_below_floor",),
        ),  # its lower bound is 0.89: not known to reach the floor
        (known(0.97, 0.5), "8001", True, ("recall_below_floor",)),
        (known(None), "8001", True, ("precision_unknown",)),
        (known(0.97, None), "8001", True, ("recall_unknown",)),
        (known(0.97), "8001", False, ("unfair",)),
        (known(0.97), "8001", None, ("unfair",)),
        (known(None, None), "", None, ("precision_unknown", "recall_unknown", "unfair", "nobody_named")),
    ],
)
def test_a_check_does_not_come_to_count_without_figures_fairness_and_a_name(accuracy, by, fair, reasons) -> None:
    move = advance(Standing.ASSISTING, accuracy, FLOORS, by=by, fair=fair)
    assert (move.moved, move.reasons) == (False, reasons)


def test_a_check_below_the_floor_stops_counting_by_itself_and_says_why() -> None:
    move = settle(Standing.COUNTING, known(0.89), FLOORS)
    assert (move.after, move.by, move.reasons) == (Standing.ASSISTING, "", ("precision_below_floor",))
    assert settle(Standing.COUNTING, known(0.4), FLOORS).after == Standing.OBSERVED
    assert settle(Standing.COUNTING, known(0.97, 0.6), FLOORS).reasons == ("recall_below_floor",)


def test_a_check_at_its_floor_stays_and_one_no_longer_known_does_not() -> None:
    assert not settle(Standing.COUNTING, known(0.9, 0.7), FLOORS).moved
    assert settle(Standing.COUNTING, known(None), FLOORS).after == Standing.OBSERVED
    assert not settle(Standing.OBSERVED, known(None), FLOORS).moved


def test_a_check_found_unfair_stops_counting_and_goes_on_assisting() -> None:
    move = settle(Standing.COUNTING, known(0.99), FLOORS, fair=False)
    assert (move.after, move.reasons) == (Standing.ASSISTING, ("unfair",))
    assert not settle(Standing.COUNTING, known(0.99), FLOORS, fair=None).moved


def test_a_named_person_may_take_a_check_down_but_not_up() -> None:
    assert withdraw(Standing.COUNTING, Standing.OBSERVED, by="8001").after == Standing.OBSERVED
    assert withdraw(Standing.COUNTING, Standing.OBSERVED, by="").reasons == ("nobody_named",)
    assert not withdraw(Standing.OBSERVED, Standing.COUNTING, by="8001").moved


SHARES = st.sampled_from([None, 0.0, 0.5, 0.6, 0.69, 0.7, 0.89, 0.9, 0.95, 1.0])


@given(standing=st.sampled_from(ORDER), precision=SHARES, recall=SHARES, fair=st.sampled_from([True, False, None]))
def test_figures_alone_never_move_a_check_up_and_settle_once(standing, precision, recall, fair) -> None:
    move = settle(standing, known(precision, recall), FLOORS, fair=fair)
    assert ORDER.index(move.after) <= ORDER.index(standing)
    assert move.moved == bool(move.reasons)
    assert not settle(move.after, known(precision, recall), FLOORS, fair=fair).moved


@pytest.mark.parametrize("lent", ORDER)
def test_for_want_of_figures_nothing_falls_below_the_standing_the_edition_lent_it(lent) -> None:
    unknown = Accuracy(Estimate.unknown("too_few"), Estimate.unknown("too_few"), 3)
    after = settle(Standing.COUNTING, unknown, FLOORS, lent=lent).after
    assert after == lent


def test_bad_figures_take_a_check_below_what_it_was_lent() -> None:
    bad = Accuracy(Estimate(0.1, 0.05, 0.2, 60), Estimate(0.9, 0.8, 0.95, 60), 200)
    assert settle(Standing.COUNTING, bad, FLOORS, lent=Standing.COUNTING).after == Standing.OBSERVED


@pytest.mark.parametrize(
    ("figure", "needed"),
    [
        (Estimate(1.0, 0.83, 1.0, 20), 0),
        (Estimate(1.0, 0.76, 1.0, 12), 8),  # Wilson alone would ask for four; the edition asks for twenty in all
        (Estimate(None, n=5, reason="too_few"), 15),
        (Estimate(0.8, 0.6, 0.9, 20), None),  # at this share no number of reviews lifts the lower bound over the floor
        (Estimate(0.7, 0.5, 0.85, 20), None),
    ],
)
def test_how_many_reviews_are_lacking_is_told(figure, needed) -> None:
    assert reviews_lacking(figure, 0.8, least=20, confidence=0.95) == needed


def test_as_many_more_reviews_as_were_told_do_it_and_one_less_does_not() -> None:
    lacking = reviews_lacking(Estimate(0.9, 0.74, 0.97, 30), 0.8, least=20, confidence=0.95)
    assert lacking is not None
    n = 30 + lacking
    enough, short = (float(wilson(0.9 * size, size, 0.95)[0]) for size in (n, n - 1))
    assert short < 0.8 <= enough


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson"])
def test_a_full_share_of_unequal_weights_has_an_interval(method: str) -> None:
    weights = 1 / np.random.default_rng(4).uniform(0.1, 0.2, 79)
    assert weights @ np.ones(79) / weights.sum() > 1  # in the last bit
    found = weighted_share(np.ones(79), weights, 0.95, method)
    assert (found.value, found.high) == (1.0, pytest.approx(1.0))
    assert 0.9 < found.low < 1
