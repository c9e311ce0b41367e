from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bihuan.metrics import intervals


def test_four_of_five_is_38_to_96_percent() -> None:
    low, high = intervals.wilson(4, 5, 0.95)
    assert (round(float(low), 2), round(float(high), 2)) == (0.38, 0.96)


@given(st.integers(1, 400), st.data(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
@settings(max_examples=60, deadline=None)
def test_a_share_has_the_interval_scipy_gives(n: int, data: st.DataObject, confidence: float) -> None:
    hits = data.draw(st.integers(0, n))
    expected = stats.binomtest(hits, n).proportion_ci(confidence, method="wilson")
    assert np.allclose(intervals.wilson(hits, n, confidence), (expected.low, expected.high), atol=1e-12)


def test_nothing_counted_has_no_interval() -> None:
    assert np.isnan(intervals.wilson([0], [0], 0.95)).all()
    assert np.isnan(intervals.t_interval([3.0], [1.0], [1], 0.95)).all()


def test_a_mean_has_the_interval_scipy_gives() -> None:
    sample = np.array([12.0, 15.5, 9.0, 30.0, 22.5])
    expected = stats.t.interval(0.95, 4, loc=sample.mean(), scale=stats.sem(sample))
    assert np.allclose(intervals.t_interval(sample.mean(), sample.std(ddof=1), 5, 0.95), expected)


def test_a_full_count_of_a_finite_population_has_no_width() -> None:
    low, high = intervals.t_interval(10.0, 2.0, 50, 0.95, of=50)
    assert low == high == 10.0
    assert np.allclose(intervals.wilson(40, 50, 0.95, of=50), 0.8)


def test_a_fifth_of_a_finite_population_narrows_the_interval_by_the_published_factor() -> None:
    assert float(intervals.finite_correction(20, 100)) == pytest.approx(np.sqrt(80 / 99))


def test_a_median_is_bounded_by_the_ranks_a_bootstrap_finds() -> None:
    sample = np.sort(np.random.default_rng(7).exponential(60, size=41))
    drawn = np.sort(np.random.default_rng(8).choice(sample, size=(20_000, 41)), axis=1)[:, 20]
    expected = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
    low, high = intervals.quantile_ranks([41], 500, 0.95)
    assert [sample[low[0] - 1], sample[high[0] - 1]] == list(expected)


@given(st.integers(1, 2000), st.integers(1, 1000))
@settings(max_examples=80, deadline=None)
def test_the_ranks_of_a_quantile_enclose_it_and_exist(n: int, per_mille: int) -> None:
    low, high = (int(bound[0]) for bound in intervals.quantile_ranks([n], per_mille, 0.95))
    assert 1 <= low <= int(intervals.quantile_rank([n], per_mille)[0]) <= high <= n


def test_a_ratio_of_equal_clusters_has_the_interval_of_their_mean() -> None:
    waits = np.array([10.0, 20.0, 60.0, 30.0])
    expected = stats.t.interval(0.95, 3, loc=waits.mean(), scale=stats.sem(waits))
    sums = ((waits**2).sum(), waits.sum(), 4, 4, 4)
    assert np.allclose(intervals.ratio_interval(sums, waits.mean(), 0.95), expected)


def test_a_net_score_has_the_interval_of_its_answers_scored_one_zero_minus_one() -> None:
    answers = np.array([1] * 6 + [0] * 3 + [-1] * 4)
    expected = stats.t.interval(0.95, 12, loc=answers.mean(), scale=stats.sem(answers))
    assert np.allclose(intervals.net_interval(6, 4, 13, 0.95), expected)


def test_a_bootstrap_is_the_same_for_the_same_seed_and_any_order_of_rows() -> None:
    sample = [5.0, 1.0, 4.0, 2.0, 3.0]
    first = intervals.bootstrap(sample, "mean", 0.95, n_boot=500, seed=3)
    assert first == intervals.bootstrap(sorted(sample), "mean", 0.95, n_boot=500, seed=3)
    assert 1.0 < first[0] < 3.0 < first[1] < 5.0
    expected = stats.bootstrap((sample,), np.mean, method="percentile", rng=1, n_resamples=9000).confidence_interval
    assert np.allclose(intervals.bootstrap(sample, "mean", 0.95, n_boot=9000, seed=3), expected, atol=0.2)


def test_X16_ranks_far_apart_are_certain_and_alike_ones_overlap() -> None:
    samples = [[90.0, 91, 92, 90, 91], [70.0, 80, 75, 72, 79], [71.0, 80, 74, 73, 79], [10.0, 11, 12, 10, 9]]
    ranks = intervals.rank_intervals(samples, 0.95, n_boot=400, seed=1, decimals=2)
    assert ranks[0] == (1, 1)
    assert ranks[3] == (4, 4)
    assert ranks[1:3] == [(2, 3), (2, 3)]


def test_X16_rounded_ties_share_the_better_rank() -> None:
    ranks = intervals.rank_intervals([[80.001], [80.004], [70.0]], 0.95, n_boot=50, seed=1, decimals=2)
    assert ranks == [(1, 1), (1, 1), (3, 3)]
