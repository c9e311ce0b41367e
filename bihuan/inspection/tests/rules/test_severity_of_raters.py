"""Severity and drift of raters from overlapping evaluations: published figures, simulations, and when nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from bihuan.inspection.rules.mixed_model import Design, fit
from bihuan.inspection.rules.scale import Scales
from bihuan.inspection.rules.severity import Scored, severity_of

SETTING = {"drift_limit": 4.0, "least": 5, "confidence": 0.95}

# Shrout & Fleiss (1979), table 2: six targets (rows), four judges
JUDGED = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
BETWEEN, JUDGES, RESIDUAL = 11.24, 32.49, 1.02  # the mean squares of their table 3


def balanced() -> list[Scored]:
    return [Scored(f"t{t}", f"j{j}", "1", score) for t, row in enumerate(JUDGED) for j, score in enumerate(row)]


def world(*, drift: float = 0.0, seed: int = 5, overlap: float = 0.3) -> list[Scored]:
    """Four raters over three months; each contact has one rater, three of ten have a second one. `r0` drifts in month 3."""
    generator = np.random.default_rng(seed)
    severity = {"r0": 0.0, "r1": -6.0, "r2": 2.0, "r3": 4.0}
    found = []
    for month in range(3):
        for at in range(120):
            worth = 80 + 8 * generator.standard_normal()
            for rater in generator.choice(4, 2 if generator.random() < overlap else 1, replace=False):
                extra = drift if rater == 0 and month == 2 else 0.0
                score = worth + severity[f"r{rater}"] + extra + 3 * generator.standard_normal()
                found.append(Scored(f"c{month}-{at}", f"r{rater}", f"2026-0{month + 7}", score))
    return found


def test_variances_of_a_balanced_table_are_those_of_the_published_mean_squares() -> None:
    """In a balanced design REML gives the classical estimators (Searle, Casella & McCulloch 1992, section 6.7)."""
    found = severity_of(balanced(), drift_limit=1, least=1, confidence=0.95)
    of_units, of_raters, of_spells, residual = found.variances
    assert of_units == pytest.approx((BETWEEN - RESIDUAL) / 4, abs=0.01)
    assert of_raters + of_spells == pytest.approx((JUDGES - RESIDUAL) / 6, abs=0.02)
    assert residual == pytest.approx(RESIDUAL, abs=0.01)


def test_severity_is_the_shrunk_deviation_of_the_raters_mean() -> None:
    found = severity_of(balanced(), drift_limit=1, least=1, confidence=0.95)
    means = np.mean(JUDGED, axis=0) - np.mean(JUDGED)
    shrink = (JUDGES - RESIDUAL) / JUDGES
    assert [found.raters[f"j{j}"].value for j in range(4)] == pytest.approx((shrink * means).tolist(), abs=0.01)
    assert found.raters["j1"].value < found.raters["j2"].value < 0 < found.raters["j0"].value


def test_the_fit_is_that_of_statsmodels() -> None:
    pandas, oracle = pytest.importorskip("pandas"), pytest.importorskip("statsmodels.regression.mixed_linear_model")
    scored = world()[:120]
    frame = pandas.DataFrame([(s.unit, s.rater, s.score) for s in scored], columns=["unit", "rater", "score"])
    parts = {"unit": "0 + C(unit)", "rater": "0 + C(rater)"}
    theirs = oracle.MixedLM.from_formula("score ~ 1", groups=np.ones(len(frame)), vc_formula=parts, data=frame).fit()
    place = {name: {one: at for at, one in enumerate(sorted(set(frame[name])))} for name in ("unit", "rater")}
    raters = frame["rater"].map(place["rater"]).to_numpy()
    mine = fit(Design(frame["score"].to_numpy(float), frame["unit"].map(place["unit"]).to_numpy(), raters, raters))
    unit, rater, spell, residual = mine.variances
    by_name = dict(zip(theirs.model.exog_vc.names, theirs.vcomp, strict=True))
    assert (unit, residual) == pytest.approx((by_name["unit"], theirs.scale), rel=0.02)
    assert rater + spell == pytest.approx(by_name["rater"], rel=0.02)
    assert mine.mean == pytest.approx(theirs.fe_params.iloc[0], abs=0.02)


def test_intervals_hold_the_true_severity_as_often_as_they_say() -> None:
    truth = {"r0": 0.0, "r1": -6.0, "r2": 2.0, "r3": 4.0}
    told = [severity_of(world(seed=seed), **SETTING).raters for seed in range(30)]
    held = [one[rater].low < truth[rater] < one[rater].high for one in told for rater in truth]
    assert 0.90 <= np.mean(held) <= 0.99
    assert all(one["r1"].high < one["r0"].low for one in told)


def test_adjusted_scores_of_the_same_contact_lie_closer_together_and_the_raw_ones_stay() -> None:
    scored = world()
    found = severity_of(scored, **SETTING)
    assert [one.raw for one in found.scores] == [one.score for one in scored]
    by_unit: dict[str, list] = {}
    for one in found.scores:
        by_unit.setdefault(one.scored.unit, []).append(one)
    several = [both for both in by_unit.values() if len(both) == 2]
    raw = np.mean([abs(a.raw - b.raw) for a, b in several])
    assert np.mean([abs(a.adjusted - b.adjusted) for a, b in several]) < 0.8 * raw


def test_a_rater_who_turned_strict_raises_an_alarm_and_nobody_else_does() -> None:
    found = severity_of(world(drift=-12.0), **SETTING)
    assert [(one.rater, one.period) for one in found.alarms] == [("r0", "2026-09")]
    (alarm,) = found.alarms
    assert alarm.change.value < -4


def test_no_alarm_without_drift_nor_below_the_limit() -> None:
    assert severity_of(world(), **SETTING).alarms == ()
    assert severity_of(world(drift=-12.0), **SETTING | {"drift_limit": 50.0}).alarms == ()


def test_against_a_reference_the_experts_severity_is_nothing() -> None:
    found = severity_of(world(), **SETTING, reference="r1")
    assert (found.raters["r1"].value, found.raters["r1"].low, found.raters["r1"].high) == pytest.approx((0, 0, 0))
    assert found.raters["r0"].low > 0


def test_who_shares_no_contact_with_the_others_gets_no_severity_and_keeps_the_raw_score() -> None:
    lonely = [Scored(f"x{at}", "r9", "2026-07", 60.0 + at) for at in range(20)]
    found = severity_of([*world(), *lonely], **SETTING)
    assert (found.raters["r9"].value, found.raters["r9"].reason, found.raters["r9"].n) == (None, "not_linked", 20)
    assert [(one.raw, one.adjusted, one.reason) for one in found.scores[-1:]] == [(79.0, None, "not_linked")]


@pytest.mark.parametrize(
    ("scored", "reason"),
    [
        ([Scored("a", "r0", "1", 1.0), Scored("b", "r0", "1", 2.0)], "one_rater"),
        ([Scored("a", "r0", "1", 1.0), Scored("b", "r1", "1", 2.0)], "no_overlap"),
        ([Scored("a", "r0", "1", 5.0), Scored("a", "r1", "1", 5.0)], "no_variation"),
        ([], "one_rater"),
    ],
)
def test_what_tells_nothing_gets_a_reason(scored, reason) -> None:
    found = severity_of(scored, **SETTING)
    assert (found.reason, found.variances, found.drifts) == (reason, None, ())
    assert all(one.value is None and one.reason == reason for one in found.raters.values())


def test_a_rater_with_few_evaluations_is_not_called_severe() -> None:
    few = [*world(), Scored("c0-1", "r8", "2026-07", 20.0)]
    assert severity_of(few, **SETTING).raters["r8"].reason == "too_few"


def test_the_same_scores_give_the_same_answer_in_any_order() -> None:
    scored = world()
    mixed = [scored[at] for at in np.random.default_rng(1).permutation(len(scored))]
    one, other = severity_of(scored, **SETTING), severity_of(mixed, **SETTING)
    assert [one.raters[r].value for r in one.raters] == pytest.approx(
        [other.raters[r].value for r in one.raters], abs=1e-3
    )


def test_an_expert_with_few_evaluations_is_no_reference() -> None:
    few = [*world(), Scored("c0-1", "expert", "2026-07", 20.0)]
    found, plain = severity_of(few, **SETTING, reference="expert"), severity_of(few, **SETTING)
    assert found.raters == plain.raters
    scales = Scales.of(found, "expert")
    assert scales.reference == ""
    assert scales.levels == Scales.of(plain).levels
