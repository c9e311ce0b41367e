"""How far a figure may be off by chance: intervals for shares, means, ratios, ranks and orderings.

All functions take and return numpy arrays (or scalars), bounds as floats; NaN where no interval can be given. Same input,
same output: what is drawn at random is drawn from a named seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Bounds = tuple[Floats, Floats]


def wilson(hits: ArrayLike, n: ArrayLike, confidence: float, *, of: ArrayLike | None = None) -> Bounds:
    """Wilson score interval of a share. 4 of 5 at 95 % is 0.376–0.964.

    `of`: size of the finite population the n were drawn from without replacement; a full count has no width.
    """
    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    z2 = special.ndtri((1 + confidence) / 2) ** 2 * finite_correction(n, of) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / n
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    told = (n > 0) & (hits <= n)
    return np.where(told, np.clip(centre - half, 0, 1), np.nan), np.where(told, np.clip(centre + half, 0, 1), np.nan)


def finite_correction(n: ArrayLike, of: ArrayLike | None) -> Floats:
    """√((N − n) ÷ (N − 1)): how much a sample without replacement narrows an interval; 1 for an endless population."""
    n = np.asarray(n, dtype=float)
    if of is None:
        return np.ones_like(n)
    size = np.asarray(of, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size > 1, np.sqrt(np.clip((size - n) / (size - 1), 0, 1)), 0.0)


def t_interval(
    mean: ArrayLike, deviation: ArrayLike, n: ArrayLike, confidence: float, *, of: ArrayLike | None = None
) -> Bounds:
    """Student's interval of a mean from the sample's standard deviation (n − 1); NaN below two observations."""
    mean, deviation, n = (np.asarray(value, dtype=float) for value in (mean, deviation, n))
    enough = n > 1
    sizes, at = np.unique(np.where(enough, n - 1, 1), return_inverse=True)
    t = special.stdtrit(sizes, (1 + confidence) / 2)[at].reshape(n.shape)
    half = t * deviation / np.sqrt(np.where(enough, n, 1)) * finite_correction(n, of)
    return np.where(enough, mean - half, np.nan), np.where(enough, mean + half, np.nan)


def quantile_ranks(n: ArrayLike, per_mille: int, confidence: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks (from 1) of the sorted values that bound the ⌈n·q⌉-th by the percentile bootstrap.

    The bootstrap distribution of an order statistic is known exactly: the r-th of n redrawn values is at most the k-th
    sorted one with the probability that Binomial(n, k/n) reaches r. So nothing need be drawn, and no seed is needed.
    """
    sizes, at = np.unique(np.asarray(n, dtype=np.int64), return_inverse=True)
    rank = quantile_rank(sizes, per_mille)
    tail = (1 - confidence) / 2
    a, b = rank.astype(float), (sizes - np.minimum(rank, sizes) + 1).astype(float)
    lower = np.ceil(sizes * special.betaincinv(a, b, tail) - _SLACK)
    upper = np.ceil(sizes * special.betaincinv(a, b, 1 - tail) - _SLACK)
    shape = np.shape(n)
    return _within(lower, sizes)[at].reshape(shape), _within(upper, sizes)[at].reshape(shape)


def quantile_rank(n: ArrayLike, per_mille: int) -> NDArray[np.int64]:
    """⌈n·q⌉ in whole numbers, at least 1."""
    n = np.asarray(n, dtype=np.int64)
    rank: NDArray[np.int64] = np.maximum(-(-n * per_mille // 1000), 1)
    return rank


_SLACK = 1e-9  # a product that is whole but for rounding is whole


def _within(ranks: Floats, n: NDArray[np.int64]) -> NDArray[np.int64]:
    clipped: NDArray[np.int64] = np.clip(ranks, 1, np.maximum(n, 1)).astype(np.int64)
    return clipped


def ratio_interval(sums: Sequence[ArrayLike], ratio: ArrayLike, confidence: float) -> Bounds:
    """Interval of Σw ÷ Σk over clusters (contacts) by linearisation.

    `sums` are Σw², Σwk, Σk², Σk and the number of clusters n; `ratio` is in the unit of w. Needs two clusters.
    """
    ww, wk, kk, k, n = (np.asarray(value, dtype=float) for value in sums)
    r = np.asarray(ratio, dtype=float)
    enough = (n > 1) & (k > 0)
    spread = np.clip(ww - 2 * r * wk + r * r * kk, 0, None)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.sqrt(spread / (n - 1)) / (k / n)
    return t_interval(r, np.where(enough, deviation, np.nan), n, confidence)


def net_interval(plus: ArrayLike, minus: ArrayLike, n: ArrayLike, confidence: float) -> Bounds:
    """Interval of share(plus) − share(minus), −1 to 1, from the variance of answers scored 1, 0 and −1."""
    plus, minus, n = (np.asarray(value, dtype=float) for value in (plus, minus, n))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (plus - minus) / n
        deviation = np.sqrt(np.clip((plus + minus - n * value * value) / (n - 1), 0, None))
    low, high = t_interval(value, deviation, n, confidence)
    return np.maximum(low, -1), np.minimum(high, 1)


def bootstrap(
    values: ArrayLike, statistic: Literal["mean", "median"], confidence: float, *, n_boot: int, seed: int
) -> tuple[float, float]:
    """Percentile bootstrap of the `mean` or `median` of one sample; NaN for an empty one."""
    sample = np.sort(np.asarray(values, dtype=float))
    if sample.size == 0:
        return float("nan"), float("nan")
    drawn = _redrawn(sample, n_boot, np.random.default_rng(seed))
    found = np.median(drawn, axis=1) if statistic == "median" else np.mean(drawn, axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, [tail, 1 - tail], method="inverted_cdf")
    return float(low), float(high)


def rank_intervals(
    samples: Sequence[ArrayLike], confidence: float, *, n_boot: int, seed: int, decimals: int, higher_first: bool = True
) -> list[tuple[int, int]]:
    """(best, worst) rank each sample's mean could as well have had (X16).

    Every sample is redrawn `n_boot` times; in each round the means, rounded to `decimals`, are ranked with ties sharing
    the better rank. An empty sample ranks last in every round.
    """
    generator = np.random.default_rng(seed)
    means = np.stack([_means(sample, n_boot, generator) for sample in samples], axis=1)
    means = np.floor(means * 10**decimals + 0.5 + _SLACK)
    ordered = -means if higher_first else means
    ordered = np.where(np.isnan(ordered), np.inf, ordered)
    ranks = 1 + _counts_below(ordered)
    tail = (1 - confidence) / 2
    best, worst = np.quantile(ranks, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return [(int(low), int(high)) for low, high in zip(best, worst, strict=True)]


def _means(sample: ArrayLike, n_boot: int, generator: np.random.Generator) -> Floats:
    values = np.sort(np.asarray(sample, dtype=float))
    if values.size == 0:
        return np.full(n_boot, np.nan)
    means: Floats = _redrawn(values, n_boot, generator).mean(axis=1)
    return means


def _redrawn(sample: Floats, n_boot: int, generator: np.random.Generator) -> Floats:
    """Sorted input makes the draw independent of the order rows came in."""
    return sample[generator.integers(0, sample.size, size=(n_boot, sample.size))]


def _counts_below(rounds: Floats) -> NDArray[np.int64]:
    """Per round and column: how many columns are strictly smaller."""
    order = np.sort(rounds, axis=1)
    counts = [np.searchsorted(sorted_round, row, side="left") for sorted_round, row in zip(order, rounds, strict=True)]
    return np.asarray(counts, dtype=np.int64)
