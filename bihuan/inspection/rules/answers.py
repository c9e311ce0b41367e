"""Answers to items laid side by side, with their sums over each two items: what item statistics are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bihuan.inspection.rules.estimate import Floats
from bihuan.inspection.rules.tallies import Mass, Tally


@dataclass(frozen=True)
class Answers:
    """Answers by pattern with their sums over pairs of items, each over the contacts that answered both."""

    met: Floats  # patterns × items, 0 where missing
    given: Floats  # patterns × items, 1 where answered
    mass: Mass

    @classmethod
    def of(cls, tally: Tally) -> Answers:
        table, mass = tally.answers()
        given = np.isfinite(table)
        return cls(np.where(given, table, 0.0), given.astype(float), mass)

    @property
    def weights(self) -> Floats:
        return self.mass.weights

    @cached_property
    def both(self) -> Floats:
        """How many contacts answered both items."""
        return self._pairs(self.mass.counts)

    @cached_property
    def weight(self) -> Floats:
        """What the contacts that answered both items weigh."""
        return self._pairs(self.weights)

    @cached_property
    def effective(self) -> Floats:
        """How many contacts of equal weight would tell as much about both items; NaN where there are none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.weight**2 / self._pairs(self.mass.squares))

    def _pairs(self, mass: Floats) -> Floats:
        return np.asarray((self.given * mass[:, None]).T @ self.given)

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of two items (n - 1); the diagonal holds variances. NaN below two contacts."""
        weighted = self.met * self.weights[:, None]
        own = weighted.T @ self.given  # met of the row's item among contacts that answered both
        together = weighted.T @ self.met
        with np.errstate(invalid="ignore", divide="ignore"):
            found = (together - own * own.T / self.weight) / (self.weight - self.weight / self.effective)
        return np.asarray(np.where(self.effective > 1, found, np.nan))

    @cached_property
    def phi(self) -> Floats:
        """Correlation of two items over the contacts that answered both; NaN where one of them does not vary there."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mine = ((self.met * self.weights[:, None]).T @ self.given) / self.weight
            spread = mine * (1 - mine)
            shared = ((self.met * self.weights[:, None]).T @ self.met) / self.weight
            below = np.sqrt(spread * spread.T)
            return np.asarray(np.where(below > 0, (shared - mine * mine.T) / below, np.nan))
