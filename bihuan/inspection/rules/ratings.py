"""Ratings of the same units by several raters, as the agreement coefficients need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bihuan.inspection.rules.estimate import Counts, Floats

Answer = str | float | int | None
MISSING = -1


@dataclass(frozen=True)
class Ratings:
    """Codes of answers, units × raters; -1 is missing. `values` are the categories' numbers, where they have any."""

    codes: Counts
    categories: tuple[Answer, ...]
    values: Floats

    @classmethod
    def of(cls, units: Sequence[Sequence[Answer]], categories: Sequence[Answer] = ()) -> Ratings:
        """From one row per unit with one answer per rater; None is missing.

        `categories` in the order of the scale; without them the answers that occur, sorted. Words have the numbers
        0, 1, 2 … of their place. ValueError names an answer outside the scale.
        """
        seen = {answer for row in units for answer in row if answer is not None}
        scale = tuple(categories) or tuple(sorted(seen))
        if outside := seen - set(scale):
            raise ValueError(f"not on the scale: {sorted(map(str, outside))}")
        place = {answer: at for at, answer in enumerate(scale)}
        raters = max((len(row) for row in units), default=0)
        codes = np.full((len(units), raters), MISSING, dtype=np.int64)
        for at, row in enumerate(units):
            codes[at, : len(row)] = [MISSING if answer is None else place[answer] for answer in row]
        numeric = all(isinstance(answer, int | float) for answer in scale)
        values = np.asarray(scale if numeric else range(len(scale)), dtype=float)
        return cls(codes, scale, values)

    @property
    def raters(self) -> int:
        """Raters who rated anything."""
        return int((self.codes != MISSING).any(axis=0).sum())

    @cached_property
    def counts(self) -> Floats:
        """How many raters gave each unit each category: units × categories."""
        given = self.codes[:, :, None] == np.arange(len(self.categories))
        return np.asarray(given.sum(axis=1), dtype=float)

    @cached_property
    def paired(self) -> Floats:
        """`counts` of the units with at least two ratings: the only ones that tell about agreement."""
        return self.counts[self.counts.sum(axis=1) >= 2]

    @property
    def varies(self) -> bool:
        """Was more than one category used in the units that several rated?"""
        return int((self.paired.sum(axis=0) > 0).sum()) > 1
