"""Intraclass correlation: the six forms of Shrout & Fleiss on their own example."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bihuan.inspection.rules.estimate import Redraw, estimated
from bihuan.inspection.rules.intraclass import FORMS, intraclass

REDRAW = Redraw(draws=300, seed=20260101, confidence=0.95)

# six targets by four judges: Shrout & Fleiss (1979), Psychological Bulletin 86, table 2; coefficients of their table 4
JUDGED = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
PUBLISHED = {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_that_of_shrout_and_fleiss(form) -> None:
    found = intraclass(JUDGED, REDRAW, form)
    assert round(found.value, 2) == PUBLISHED[form]
    assert (found.n, found.low <= found.value <= found.high) == (6, True)


def test_a_unit_that_one_judge_alone_scored_is_left_out_and_not_counted() -> None:
    holed = np.vstack([JUDGED, [5, np.nan, np.nan, np.nan]])
    for form in FORMS:
        assert intraclass(holed, REDRAW, form) == intraclass(JUDGED, REDRAW, form)


def test_a_missing_score_costs_one_score_and_not_the_whole_unit() -> None:
    """By hand from Henderson's (1953) equations. To leave out units with a missing score would leave a single one."""
    rows = np.array([[6, 7, 9], [2, 3, np.nan], [8, np.nan, 9], [np.nan, 1, 2]])
    assert intraclass(rows, REDRAW).n == 4
    assert intraclass(rows, REDRAW, "3,1").reason == "too_few"
    # 9 scores, 4 units, 3 judges. Sum of squares 329; of units 22²/3 + 5²/2 + 17²/2 + 3²/2 = 322 5/6; of judges
    # 16²/3 + 11²/3 + 20²/3 = 259; of all 47²/9 = 245 4/9. Squared counts: units 21/9, judges 27/9.
    judges_and_rest, units_and_rest = (329 - 322 - 5 / 6) / 5, (329 - 259) / 6
    rest = ((9 - 21 / 9) * units_and_rest + (9 - 3) * judges_and_rest - (329 - 245 - 4 / 9)) / (10 - 21 / 9 - 3)
    expected = (units_and_rest - rest) / (units_and_rest + judges_and_rest - rest)
    assert intraclass(rows, REDRAW).value == pytest.approx(expected)


def test_where_scores_are_missing_by_chance_the_true_share_comes_out() -> None:
    """Units vary by 9, judges by 4, the rest by 3: 9 / 16. A third of the scores is missing. Over forty records the mean is
    the truth, and about 38 intervals hold it."""
    few, found = Redraw(draws=100, seed=1, confidence=0.95), []
    judges = np.array([-3, -1, 0, 0, 1, 3])  # their variance is 4
    for seed in range(40):
        generator = np.random.default_rng(seed)
        table = generator.normal(0, 3, (100, 1)) + judges + generator.normal(0, 3**0.5, (100, 6))
        table[generator.random(table.shape) < 1 / 3] = np.nan
        found.append(intraclass(table, few))
    assert np.mean([one.value for one in found]) == pytest.approx(9 / 16, abs=0.02)
    assert 36 <= sum(one.low <= 9 / 16 <= one.high for one in found) < 40


def test_few_units_have_intervals_that_hold_the_truth_nearly_as_often_as_they_say() -> None:
    """Ten units by three judges, units vary by 7, the rest by 3. Percentiles of redrawn samples held it in 175 of 200."""
    few = Redraw(draws=300, seed=1, confidence=0.95)
    held = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        found = intraclass(generator.normal(0, 7**0.5, (10, 1)) + generator.normal(0, 3**0.5, (10, 3)), few)
        held += found.low <= 0.7 <= found.high
    assert held >= 182


def test_the_interval_of_a_skewed_mean_is_that_of_scipy() -> None:
    amounts = np.random.default_rng(3).exponential(1, 300)
    found = estimated(lambda weights: weights @ amounts / weights.sum(axis=1), 300, Redraw(6000, 1, 0.95))
    theirs = stats.bootstrap((amounts,), np.mean, n_resamples=6000, method="BCa", rng=1).confidence_interval
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)
    assert found.high - found.value > found.value - found.low


def test_with_missing_scores_it_is_close_to_the_mixed_model_of_statsmodels() -> None:
    """Another estimator of the same variances (REML), so close and not equal."""
    formula, pandas = pytest.importorskip("statsmodels.formula.api"), pytest.importorskip("pandas")
    generator = np.random.default_rng(11)
    table = generator.normal(80, 6, (40, 1)) + np.array([-3, 0, 4]) + generator.normal(0, 3, (40, 3))
    table[generator.random(table.shape) < 0.3] = np.nan
    rows = [(u, r, s) for u, row in enumerate(table) for r, s in enumerate(row) if np.isfinite(s)]
    frame = pandas.DataFrame(rows, columns=["unit", "rater", "score"])
    kept = frame[frame.groupby("unit")["score"].transform("count") > 1]
    parts = {"unit": "0 + C(unit)", "rater": "0 + C(rater)"}
    model = formula.mixedlm("score ~ 1", kept, groups=np.ones(len(kept)), vc_formula=parts, re_formula="0")
    fitted = model.fit(reml=True)
    variances = dict(zip(model.exog_vc.names, fitted.vcomp, strict=True))
    theirs = variances["unit"] / (sum(variances.values()) + fitted.scale)
    assert intraclass(table, REDRAW).value == pytest.approx(theirs, abs=0.03)


def test_severity_lowers_absolute_agreement_but_not_consistency() -> None:
    harsh = JUDGED - [0, 20, 0, 0]
    assert intraclass(harsh, REDRAW, "3,1").value == pytest.approx(intraclass(JUDGED, REDRAW, "3,1").value)
    assert intraclass(harsh, REDRAW, "2,1").value < intraclass(JUDGED, REDRAW, "2,1").value


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (np.ones((5, 3)), "no_variation"),
        (np.ones((5, 1)), "one_rater"),
        (np.array([[1.0, 2.0]]), "too_few"),
        (np.array([[1.0, np.nan], [np.nan, 2.0]]), "no_overlap"),
        (np.array([[1.0, np.nan], [1.0, 1.0], [1.0, 1.0]]), "no_variation"),
    ],
)
def test_what_tells_nothing_gets_a_reason_and_no_figure(scores, reason) -> None:
    for form in FORMS:
        found = intraclass(scores, REDRAW, form)
        assert (found.value, found.reason) == (None, reason)


def test_all_forms_are_those_of_the_package_pingouin() -> None:
    oracle, pandas = pytest.importorskip("pingouin"), pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        [(unit, rater, score) for unit, row in enumerate(JUDGED) for rater, score in enumerate(row)],
        columns=["unit", "rater", "score"],
    )
    theirs = oracle.intraclass_corr(frame, targets="unit", raters="rater", ratings="score")["ICC"].tolist()
    assert [intraclass(JUDGED, REDRAW, form).value for form in FORMS] == pytest.approx(theirs, abs=1e-9)
