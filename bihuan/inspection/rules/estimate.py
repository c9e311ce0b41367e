"""A figure with its interval, or the reason why there is none; and redrawing units for bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

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


Statistic = Callable[[Floats], Floats]
"""From weights (draws × units) to one figure a draw; NaN where a draw has none."""


def estimated(statistic: Statistic, units: int, redraw: Redraw) -> Estimate:
    """The statistic of all units once, with a percentile interval over redrawn units (Efron & Tibshirani 1993, ch. 13)."""
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
    tail = (1 - redraw.confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail], method="inverted_cdf")
    return Estimate(value, float(low), float(high), units)
