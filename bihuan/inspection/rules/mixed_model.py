"""A linear mixed model of scores: unit + rater + rater in a period, fitted by REML.

statsmodels would do this and is not among our requirements; crossed effects of this shape need little. The likelihood is
that of Patterson & Thompson (1971) with the residual variance profiled out; effects and their errors are the best linear
unbiased predictions of Henderson (1975). Units, of which there are many, are absorbed: everything that is solved has the
size of raters × periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from bihuan.inspection.rules.estimate import Counts, Floats

_LEAST_RATIO, _MOST_RATIO = -9.0, 6.0  # of log variance ratios: 0.0001 and 400 times the residual variance
_STARTS: Final = ((0.0, -1.0, -3.0), (1.0, -3.0, -6.0))


@dataclass(frozen=True)
class Design:
    """Scores with the places of their unit, rater and rater in a period; all arrays are as long as `scores`."""

    scores: Floats
    units: Counts
    raters: Counts
    spells: Counts

    @property
    def sizes(self) -> tuple[int, int]:
        return int(self.raters.max()) + 1, int(self.spells.max()) + 1


@dataclass(frozen=True)
class Fit:
    """Variances (unit, rater, spell, residual), the mean, and the predicted effects with their error covariance.

    `effects` are the raters' and then the spells'; `covariance` is of their prediction errors.
    """

    variances: tuple[float, float, float, float]
    mean: float
    effects: Floats
    covariance: Floats


@dataclass(frozen=True)
class _Absorbed:
    """Cross products of [1, raters, spells, scores], whole and by how often a unit was rated."""

    whole: Floats
    by_times: dict[int, Floats]
    units_by_times: dict[int, int]
    n: int
    sizes: tuple[int, int]

    def products(self, unit_ratio: float) -> Floats:
        """The cross products after the units are absorbed at this variance ratio."""
        shrunk = [part * unit_ratio / (1 + unit_ratio * times) for times, part in self.by_times.items()]
        return np.asarray(self.whole - sum(shrunk, np.zeros_like(self.whole)))

    def log_determinant(self, unit_ratio: float) -> float:
        return sum(units * float(np.log1p(unit_ratio * times)) for times, units in self.units_by_times.items())


def fit(design: Design) -> Fit:
    """The REML fit; deterministic. Scores must vary, and at least one unit must have two ratings."""
    centre = float(design.scores.mean())
    scale = float(design.scores.std())
    absorbed = _absorb(design, (design.scores - centre) / scale)
    found = [
        minimize(
            lambda log: _minus_twice(absorbed, np.exp(log)), start, method="L-BFGS-B", bounds=[_BOUNDS] * len(start)
        )
        for start in _STARTS
    ]
    best = min(found, key=lambda one: float(one.fun))
    return _told(absorbed, np.exp(best.x), centre, scale)


_BOUNDS: Final = (_LEAST_RATIO, _MOST_RATIO)


def _absorb(design: Design, scores: Floats) -> _Absorbed:
    raters, spells = design.sizes
    columns = np.zeros((len(scores), 2 + raters + spells))
    columns[:, 0], columns[:, -1] = 1, scores
    rows = np.arange(len(scores))
    columns[rows, 1 + design.raters] = 1
    columns[rows, 1 + raters + design.spells] = 1
    times = np.bincount(design.units)
    sums = np.zeros((len(times), columns.shape[1]))
    np.add.at(sums, design.units, columns)
    kinds = [int(one) for one in np.unique(times) if one]
    return _Absorbed(
        columns.T @ columns,
        {one: sums[times == one].T @ sums[times == one] for one in kinds},
        {one: int((times == one).sum()) for one in kinds},
        len(scores),
        (raters, spells),
    )


def _equations(absorbed: _Absorbed, ratios: Floats) -> tuple[Floats, Floats, float]:
    """Henderson's equations after absorption: matrix, right side, and the scores' own square."""
    products = absorbed.products(float(ratios[0]))
    matrix = products[:-1, :-1].copy()
    inverse = np.repeat(1 / ratios[1:], absorbed.sizes)
    matrix[np.arange(1, len(matrix)), np.arange(1, len(matrix))] += inverse
    return matrix, products[:-1, -1], float(products[-1, -1])


def _minus_twice(absorbed: _Absorbed, ratios: Floats) -> float:
    """-2 × the restricted log likelihood, up to a constant."""
    matrix, right, square = _equations(absorbed, ratios)
    residual = max(square - float(right @ np.linalg.solve(matrix, right)), np.finfo(float).tiny)
    spread = absorbed.log_determinant(float(ratios[0])) + float(np.log(ratios[1:]) @ absorbed.sizes)
    return (absorbed.n - 1) * float(np.log(residual)) + spread + float(np.linalg.slogdet(matrix)[1])


def _told(absorbed: _Absorbed, ratios: Floats, centre: float, scale: float) -> Fit:
    matrix, right, square = _equations(absorbed, ratios)
    inverse: Floats = np.linalg.inv(matrix).astype(float)
    solved = inverse @ right
    residual = max(square - float(right @ solved), 0.0) / (absorbed.n - 1) * scale**2
    unit, rater, spell = (float(ratio) * residual for ratio in ratios)
    return Fit(
        (unit, rater, spell, residual),
        centre + scale * float(solved[0]),
        scale * solved[1:],
        residual * inverse[1:, 1:],
    )
