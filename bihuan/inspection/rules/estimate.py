"""A figure with its interval, or the reason why there is none; and redrawing units for bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# reasons why there is no figure, or no interval; short codes that pages translate
ONE_RATER: Final = "one_rater"
NO_VARIATION: Final = "no_variation"
NO_OVERLAP: Final = "no_overlap"
TOO_FEW: Final = "too_few"
UNSTABLE: Final = "unstable"

UNDEFINED_AT_MOST: Final = 0.05
"""Share of redrawn samples that may lack the figure before its interval is called unstable."""


@dataclass(frozen=True)
class Estimate:
    """A figure, the bounds of its interval and the `n` it rests on.

    `value` None: `reason` says why. Bounds None beside a value: `reason` says why no interval can be given.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str, n: int = 0) -> Estimate:
        return cls(None, n=n, reason=reason)


@dataclass(frozen=True)
class Redraw:
    """How a bootstrap is drawn: all of it is named, so that the same ratings give the same interval anywhere."""

    draws: int
    seed: int
    confidence: float

    def weights(self, units: int) -> Floats:
        """How often each unit comes in each redrawn sample: draws × units, every row sums to `units`."""
        generator = np.random.default_rng(self.seed)
        return generator.multinomial(units, np.full(units, 1 / units), size=self.draws).astype(float)


def kish(weights: Floats, squares: Floats) -> float:
    """How many rows of equal weight tell as much (Kish 1965), from sums of weights and of their squares."""
    return float(weights.sum() ** 2 / squares.sum())


def effective_size(share: float, hits: Floats, weights: Floats, squares: Floats, n: int) -> float:
    """The same for a weighted share: share × (1 - share) ÷ its linearised variance, at most the rows there are (Korn &
    Graubard 1998); Kish's where all rows say the same."""
    if not 0 < share < 1:
        return kish(weights, squares)
    spread = float((squares * (hits - share) ** 2).sum() / weights.sum() ** 2)
    return min(share * (1 - share) / spread, float(n))


Statistic = Callable[[Floats], Floats]
"""From weights (draws × units) to one figure a draw; NaN where a draw has none."""


def estimated(statistic: Statistic, units: int, redraw: Redraw) -> Estimate:
    """The statistic of all units once, with an interval over redrawn units: bias-corrected and accelerated (Efron 1987).

    Its tails are those of Student's t for so few units (Hesterberg 2015, The American Statistician 69, 371-386): plain
    percentiles of redrawn samples held the truth in 175 of 200 intervals of ten units that promised 190.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(np.ones((1, units)))[0])
        if not np.isfinite(value):
            return Estimate.unknown(NO_VARIATION, units)
        drawn = statistic(redraw.weights(units))
    known = drawn[np.isfinite(drawn)]
    if units < 2:
        return Estimate(value, n=units, reason=TOO_FEW)
    if known.size < (1 - UNDEFINED_AT_MOST) * drawn.size:
        return Estimate(value, n=units, reason=UNSTABLE)
    places = _places(value, known, _acceleration(statistic, units), _tail(redraw.confidence, units))
    low, high = np.quantile(known, places, method="inverted_cdf")
    return Estimate(value, float(low), float(high), units)


def _tail(confidence: float, units: int) -> float:
    """Where below the centre an interval ends, in standard deviations: t of so few units, and a redrawn sample spreads by
    n - 1 of n."""
    return float(special.stdtrit(units - 1, (1 - confidence) / 2) * np.sqrt(units / (units - 1)))


def _places(value: float, drawn: Floats, acceleration: float, tail: float) -> Floats:
    """Which shares of the redrawn samples lie below the two bounds."""
    below = ((drawn < value).mean() + (drawn <= value).mean()) / 2
    bias = special.ndtri(np.clip(below, 1 / drawn.size, 1 - 1 / drawn.size))
    ends = bias + np.array([tail, -tail])
    return np.asarray(special.ndtr(bias + ends / np.clip(1 - acceleration * ends, 1 / drawn.size, None)))


def _acceleration(statistic: Statistic, units: int) -> float:
    """How the spread changes with the figure, from the figures that leave out one unit each; 0 where they do not differ."""
    without_one = (np.ones((units, units)) - np.eye(units)) * units / (units - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        figures = statistic(without_one)
    known = figures[np.isfinite(figures)]
    apart = known.mean() - known if known.size else known
    spread = float((apart**2).sum())
    return float((apart**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0
