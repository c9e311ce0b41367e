"""How far raters agree. Each coefficient comes with a bootstrap interval over units, or with the reason why it has none.

Kappa, alpha and AC are 1 where raters agree always and 0 where they agree as often as chance would; below 0 they agree
less. One rater tells nothing about agreement beyond chance, nor does one answer throughout to kappa and alpha: such input
gets no figure. AC is 1 there, since it holds chance agreement for nothing where one category alone is used.
scikit-learn has Cohen's kappa of one table, but neither redraws it nor answers degenerate ones; the tests hold ours to it.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np

from bihuan.inspection.rules.estimate import (
    NO_OVERLAP,
    NO_VARIATION,
    ONE_RATER,
    Estimate,
    Floats,
    Redraw,
    Statistic,
    estimated,
)
from bihuan.inspection.rules.ratings import MISSING, Ratings

Weighting = Literal["nominal", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]


def exact_agreement(ratings: Ratings, redraw: Redraw) -> Estimate:
    """Share of pairs of raters who gave a unit the same answer, mean over units; 0 to 1.

    Chance is not taken off, so one answer throughout is a plain 1 here. Observed agreement of Fleiss (1971), with the
    pairs a unit has where ratings are missing.
    """
    if reason := _unusable(ratings):
        return Estimate.unknown(reason)
    found = _pair_agreement(ratings.paired, _closeness(ratings.values, "nominal"))
    return estimated(lambda weights: weights @ found / weights.sum(axis=1), len(found), redraw)


def weighted_kappa(ratings: Ratings, redraw: Redraw, weighting: Weighting = "nominal") -> Estimate:
    """Cohen's kappa (1960) of two raters, weighted by distance on the scale (Cohen 1968); -1 to 1.

    `nominal` counts every difference alike, `linear` by steps, `quadratic` by squared steps of the category's number.
    More than two raters: the mean over the pairs (Light 1971), each over the units both rated. A pair that gave one and
    the same answer throughout has no kappa and is left out; `kappa_pairs` tells how many stay.
    """
    if reason := _unusable(ratings) or _unvaried(ratings):
        return Estimate.unknown(reason, len(ratings.paired))
    rated = _rated_by_several(ratings)
    pairs = _pair_kappas(ratings, weighting)

    def mean_of_pairs(weights: Floats) -> Floats:
        whole = np.zeros((len(weights), len(ratings.codes)))
        whole[:, rated] = weights
        found = np.array([kappa(whole) for kappa in pairs])
        known = np.isfinite(found)
        return np.asarray(np.where(known, found, 0).sum(axis=0) / known.sum(axis=0))

    return estimated(mean_of_pairs, int(rated.sum()), redraw)


def kappa_pairs(ratings: Ratings) -> tuple[int, int]:
    """Of how many pairs of raters kappa is the mean, and how many pairs rated a unit together."""
    pairs = _pair_kappas(ratings, "nominal")  # whatever the weighting: it lacks where expected disagreement does
    whole = np.ones((1, len(ratings.codes)))
    with np.errstate(invalid="ignore", divide="ignore"):
        return sum(bool(np.isfinite(kappa(whole)[0])) for kappa in pairs), len(pairs)


def krippendorff_alpha(ratings: Ratings, redraw: Redraw, level: Level = "nominal") -> Estimate:
    """Krippendorff's alpha: 1 - observed ÷ expected disagreement; any number of raters, missing ratings; up to 1.

    Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". The ordinal distance is the difference of
    mid-ranks, which equals his sum of category counts; ranks are taken anew in every redrawn sample.
    """
    if reason := _unusable(ratings) or _unvaried(ratings):
        return Estimate.unknown(reason, len(ratings.paired))
    statistic = _nominal_alpha(ratings.paired) if level == "nominal" else _scaled_alpha(ratings, level)
    return estimated(statistic, len(ratings.paired), redraw)


def gwet_ac(ratings: Ratings, redraw: Redraw, weighting: Weighting = "nominal") -> Estimate:
    """Gwet's AC1 (`nominal`; 2008) or AC2 (`linear`, `quadratic`; Gwet 2014, ch. 4 and 5); up to 1.

    Keeps its sense where nearly every answer is the same, which is where kappa and alpha collapse. The scale's
    categories count, used or not: pass all of them to `Ratings.of`.
    """
    size = len(ratings.categories)
    if reason := _unusable(ratings) or ("" if size > 1 else NO_VARIATION):
        return Estimate.unknown(reason, len(ratings.paired))
    counts = ratings.counts[ratings.counts.sum(axis=1) >= 1]
    several = counts.sum(axis=1) >= 2
    closeness = _closeness(ratings.values, weighting)
    agreed = np.zeros(len(counts))
    agreed[several] = _pair_agreement(counts[several], closeness)
    share = counts / counts.sum(axis=1, keepdims=True)

    def coefficient(weights: Floats) -> Floats:
        observed = weights @ agreed / (weights @ several.astype(float))
        used = weights @ share / weights.sum(axis=1, keepdims=True)
        chance = closeness.sum() / (size * (size - 1)) * (used * (1 - used)).sum(axis=1)
        return np.asarray((observed - chance) / (1 - chance))

    return estimated(coefficient, len(counts), redraw)


def _unusable(ratings: Ratings) -> str:
    if ratings.raters < 2:
        return ONE_RATER
    return "" if len(ratings.paired) else NO_OVERLAP


def _unvaried(ratings: Ratings) -> str:
    return "" if ratings.varies else NO_VARIATION


def _closeness(values: Floats, weighting: Weighting) -> Floats:
    """1 on the diagonal, falling with the distance on the scale: categories × categories."""
    if weighting == "nominal":
        return np.eye(len(values))
    span = float(values.max() - values.min()) or 1.0
    steps = np.abs(values[:, None] - values[None, :]) / span
    return np.asarray(1 - (steps if weighting == "linear" else steps**2))


def _pair_agreement(counts: Floats, closeness: Floats) -> Floats:
    """Mean closeness over the pairs of ratings of each unit; every unit has two ratings or more."""
    given = counts.sum(axis=1)
    near = (counts * (counts @ closeness.T - 1)).sum(axis=1)
    return np.asarray(near / (given * (given - 1)))


def _rated_by_several(ratings: Ratings) -> np.ndarray:
    return np.asarray(ratings.counts.sum(axis=1) >= 2)


def _pairs_with_overlap(ratings: Ratings) -> list[tuple[int, int]]:
    given = ratings.codes != MISSING
    return [
        (first, second)
        for first, second in combinations(range(given.shape[1]), 2)
        if (given[:, first] & given[:, second]).any()
    ]


def _pair_kappas(ratings: Ratings, weighting: Weighting) -> list[Statistic]:
    distance = 1 - _closeness(ratings.values, weighting)
    return [_pair_kappa(ratings, first, second, distance) for first, second in _pairs_with_overlap(ratings)]


def _pair_kappa(ratings: Ratings, first: int, second: int, distance: Floats) -> Statistic:
    size = len(ratings.categories)
    one, other = ratings.codes[:, first], ratings.codes[:, second]
    both = (one != MISSING) & (other != MISSING)
    cells = np.zeros((len(one), size * size))
    cells[np.flatnonzero(both), one[both] * size + other[both]] = 1

    def kappa(weights: Floats) -> Floats:
        table = (weights @ cells).reshape(-1, size, size)
        total = table.sum(axis=(1, 2))
        observed = (table * distance).sum(axis=(1, 2)) / total
        expected = np.einsum("bi,bj,ij->b", table.sum(axis=2), table.sum(axis=1), distance) / total**2
        return np.asarray(1 - observed / np.where(expected > 0, expected, np.nan))

    return kappa


def _nominal_alpha(counts: Floats) -> Statistic:
    given = counts.sum(axis=1)
    unlike = (given**2 - (counts**2).sum(axis=1)) / (given - 1)

    def alpha(weights: Floats) -> Floats:
        used = weights @ counts
        total = used.sum(axis=1)
        expected = (total**2 - (used**2).sum(axis=1)) / (total - 1)
        return np.asarray(1 - (weights @ unlike) / np.where(expected > 0, expected, np.nan))

    return alpha


def _scaled_alpha(ratings: Ratings, level: Level) -> Statistic:
    """Squared distances of numbers need only sums and sums of squares, within units and over all."""
    counts = ratings.paired
    given = counts.sum(axis=1)
    fixed = (ratings.values - ratings.values.mean())[None, :]

    def alpha(weights: Floats) -> Floats:
        used = weights @ counts
        places = np.cumsum(used, axis=1) - used / 2 if level == "ordinal" else np.repeat(fixed, len(used), axis=0)
        places = places - (used * places).sum(axis=1, keepdims=True) / used.sum(axis=1, keepdims=True)
        within = (given * (places**2 @ counts.T) - (places @ counts.T) ** 2) / (given - 1)
        total = used.sum(axis=1)
        expected = total * (used * places**2).sum(axis=1) / (total - 1)
        return np.asarray(1 - (weights * within).sum(axis=1) / np.where(expected > 0, expected, np.nan))

    return alpha
