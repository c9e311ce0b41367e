"""Agreement coefficients: the published worked examples, other implementations, and what they say of degenerate input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bihuan.inspection.rules.agreement import exact_agreement, gwet_ac, kappa_pairs, krippendorff_alpha, weighted_kappa
from bihuan.inspection.rules.estimate import Estimate, Redraw
from bihuan.inspection.rules.ratings import Ratings

REDRAW = Redraw(draws=400, seed=20260101, confidence=0.95)

# four observers, twelve units, missing values: the example of Krippendorff (2011), section C; rows are observers
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
KRIPPENDORFF = Ratings.of(list(zip(*OBSERVERS, strict=True)))


def from_table(table: list[list[int]]) -> Ratings:
    """Two raters' ratings from the table of how often which pair of answers came."""
    rows = [(i, j) for i, line in enumerate(table) for j, times in enumerate(line) for _ in range(times)]
    return Ratings.of(rows, list(range(len(table))))


# two psychiatrists, 100 patients: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (2003), table 18.1
FLEISS = from_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
# the table on which kappa collapses: Gwet (2008), Br. J. Math. Stat. Psychol. 61, 125 units
GWET = from_table([[118, 5], [2, 0]])


def told(estimate: Estimate, digits: int = 3) -> float:
    assert estimate.value is not None
    return round(estimate.value, digits)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_that_of_krippendorffs_example(level, published) -> None:
    assert told(krippendorff_alpha(KRIPPENDORFF, REDRAW, level)) == published


def test_cohens_kappa_is_that_of_the_published_table() -> None:
    assert told(weighted_kappa(FLEISS, REDRAW)) == 0.676
    assert told(exact_agreement(FLEISS, REDRAW)) == 0.89


def test_ac1_holds_where_kappa_collapses_as_published() -> None:
    assert told(weighted_kappa(GWET, REDRAW), 4) == -0.0234
    assert told(gwet_ac(GWET, REDRAW), 4) == 0.9408


def test_ac1_of_four_raters_with_missing_ratings_is_that_of_gwets_handbook() -> None:
    """Gwet (2014), Handbook of Inter-Rater Reliability, example of four raters and twelve units: AC1 0.775."""
    assert told(gwet_ac(KRIPPENDORFF, REDRAW), 5) == 0.77544
    assert told(exact_agreement(KRIPPENDORFF, REDRAW), 5) == 0.81818


@pytest.mark.parametrize(("weighting", "published"), [("linear", 0.85874), ("quadratic", 0.914)])
def test_ac2_of_the_same_ratings_is_that_of_gwets_own_package(weighting, published) -> None:
    """irrCAC 0.4.4 by Gwet's formulas, which prints five decimals."""
    assert told(gwet_ac(KRIPPENDORFF, REDRAW, weighting), 5) == published


@pytest.mark.parametrize("weighting", ["nominal", "linear", "quadratic"])
def test_weighted_kappa_is_that_of_scikit_learn(weighting) -> None:
    generator = np.random.default_rng(7)
    one = generator.integers(0, 5, 80)
    other = np.clip(one + generator.integers(-1, 2, 80), 0, 4)
    mine = weighted_kappa(Ratings.of(list(zip(one.tolist(), other.tolist(), strict=True))), REDRAW, weighting)
    theirs = cohen_kappa_score(one, other, weights=None if weighting == "nominal" else weighting)
    assert mine.value == pytest.approx(theirs, abs=1e-12)


def test_kappa_of_three_raters_is_the_mean_over_pairs() -> None:
    rows = [(1, 1, 2), (2, 2, 2), (3, 3, 3), (1, 2, 1), (3, 1, 3), (2, 2, 2)]
    pairs = [
        weighted_kappa(Ratings.of([(r[a], r[b]) for r in rows]), REDRAW).value for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    assert weighted_kappa(Ratings.of(rows), REDRAW).value == pytest.approx(sum(pairs) / 3)


def test_a_pair_that_gave_one_answer_throughout_leaves_kappa_to_the_other_pairs() -> None:
    """The second and the third rater share three units and call all of them 1: chance agreement is 1 and there is no kappa.
    First and second: .6 observed on five units, chance (4/5 x 4/5 + 1/5 x 1/5) = .68, kappa (.6 - .68) / .32 = -.25.
    First and third: all four the same, both answers used, kappa 1. The mean of the two is .375."""
    ratings = Ratings.of([(1, 1, 1)] * 3 + [(2, 1, None), (1, 2, None), (2, None, 2)], [1, 2])
    assert weighted_kappa(ratings, REDRAW).value == pytest.approx((-0.25 + 1) / 2)
    assert kappa_pairs(ratings) == (2, 3)
    assert kappa_pairs(KRIPPENDORFF) == (6, 6)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_is_that_of_the_package_krippendorff(level) -> None:
    oracle = pytest.importorskip("krippendorff")
    generator = np.random.default_rng(3)
    table = generator.integers(1, 6, (40, 1)) + generator.integers(0, 2, (40, 4))
    holes = generator.random(table.shape) < 0.3
    rows = [
        [None if hole else int(v) for v, hole in zip(*pair, strict=True)] for pair in zip(table, holes, strict=True)
    ]
    theirs = oracle.alpha(np.where(holes, np.nan, table).T, level_of_measurement=level)
    assert krippendorff_alpha(Ratings.of(rows), REDRAW, level).value == pytest.approx(theirs, abs=1e-12)


ALL = (
    lambda ratings: weighted_kappa(ratings, REDRAW),
    lambda ratings: weighted_kappa(ratings, REDRAW, "quadratic"),
    lambda ratings: krippendorff_alpha(ratings, REDRAW),
    lambda ratings: krippendorff_alpha(ratings, REDRAW, "ordinal"),
    lambda ratings: krippendorff_alpha(ratings, REDRAW, "interval"),
    lambda ratings: gwet_ac(ratings, REDRAW),
    lambda ratings: gwet_ac(ratings, REDRAW, "linear"),
)


@pytest.mark.parametrize("coefficient", ALL)
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1,), (2,)], "one_rater"),
        ([(1, None), (2, None)], "one_rater"),
        ([], "one_rater"),
        ([(1, None), (None, 2)], "no_overlap"),
    ],
)
def test_what_tells_nothing_gets_a_reason_and_no_figure(coefficient, rows, reason) -> None:
    found = coefficient(Ratings.of(rows, [1, 2]))
    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


@pytest.mark.parametrize("coefficient", ALL[:5])
@pytest.mark.parametrize("rows", [[(1, 1), (1, 1), (1, 1)], [(1, 1), (1, 1), (2, None)]])
def test_one_answer_throughout_tells_kappa_and_alpha_nothing(coefficient, rows) -> None:
    found = coefficient(Ratings.of(rows, [1, 2]))
    assert (found.value, found.reason) == (None, "no_variation")


@pytest.mark.parametrize("coefficient", ALL[5:])
def test_one_answer_throughout_is_full_agreement_by_ac_where_there_was_another_to_give(coefficient) -> None:
    assert coefficient(Ratings.of([(1, 1), (1, 1), (1, 1)], [1, 2])).value == 1.0
    assert coefficient(Ratings.of([(1, 1), (1, 1), (2, None)], [1, 2])).value == 1.0
    assert coefficient(Ratings.of([(1, 1), (1, 1)], [1])).reason == "no_variation"


def test_one_answer_throughout_is_exact_agreement_all_the_same() -> None:
    assert told(exact_agreement(Ratings.of([(1, 1), (1, 1)]), REDRAW)) == 1.0


def test_a_single_unit_has_a_figure_but_no_interval() -> None:
    found = krippendorff_alpha(Ratings.of([(1, 2)]), REDRAW)
    assert (found.low, found.high, found.reason) == (None, None, "too_few")


def test_a_figure_that_most_redrawn_samples_lack_has_no_interval() -> None:
    """One unit of ten carries all the variation: a third of the redrawn samples miss it."""
    found = weighted_kappa(Ratings.of([(1, 1)] * 9 + [(2, 2)], [1, 2]), REDRAW)
    assert (found.value, found.low, found.reason) == (1.0, None, "unstable")


@pytest.mark.parametrize("coefficient", ALL)
def test_the_interval_holds_the_figure_and_comes_out_the_same_again(coefficient) -> None:
    found = coefficient(KRIPPENDORFF if coefficient not in ALL[:2] else FLEISS)
    assert found.low < found.value < found.high
    assert coefficient(KRIPPENDORFF if coefficient not in ALL[:2] else FLEISS) == found


def test_an_answer_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="not on the scale"):
        Ratings.of([("met", "maybe")], ["met", "violated"])


ANSWERS = st.lists(
    st.lists(st.sampled_from([1, 2, 3, None]), min_size=3, max_size=3), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(rows=ANSWERS)
def test_no_input_gives_a_figure_that_is_no_number(rows) -> None:
    few = Redraw(draws=40, seed=1, confidence=0.9)
    ratings = Ratings.of(rows, [1, 2, 3])
    for found in (
        exact_agreement(ratings, few), weighted_kappa(ratings, few, "linear"), gwet_ac(ratings, few),
        *(krippendorff_alpha(ratings, few, level) for level in ("nominal", "ordinal", "interval")),
    ):  # fmt: skip
        figures = (found.value, found.low, found.high)
        assert all(figure is None or (math.isfinite(figure) and figure <= 1 + 1e-12) for figure in figures)
        assert found.reason if None in figures else found.low <= found.high
    assert exact_agreement(Ratings.of([row[::-1] for row in rows], [1, 2, 3]), few) == exact_agreement(ratings, few)
