"""Intraclass correlation: how much of the spread of scores lies between the units rather than between their raters."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from bihuan.inspection.rules.estimate import (
    NO_OVERLAP,
    NO_VARIATION,
    ONE_RATER,
    TOO_FEW,
    Estimate,
    Floats,
    Redraw,
    estimated,
)

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
FORMS: Final[tuple[Form, ...]] = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def intraclass(scores: Floats, redraw: Redraw, form: Form = "2,1") -> Estimate:
    """ICC of scores, units × raters, in the six forms of Shrout & Fleiss (1979); up to 1, negative where units differ less
    than chance.

    1: raters differ from unit to unit; 2: raters drawn from many, their severity counts as disagreement; 3: these raters,
    their severity does not. `,1` one rating, `,k` the mean of all. NaN is a missing score: `2,1` takes every unit that two
    rated, by variance components; the other forms, which are defined for full tables, leave the unit out. `n` is the
    number of units that stay.
    """
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        return Estimate.unknown(ONE_RATER)
    given = np.isfinite(table)
    several = given.sum(axis=1) >= (2 if form == "2,1" else table.shape[1])
    table = table[several][:, given[several].any(axis=0)]
    if not len(table):
        return Estimate.unknown(NO_OVERLAP)
    if len(table) < 2:
        return Estimate.unknown(TOO_FEW, len(table))
    table = table - np.nanmean(table)
    if not np.nan_to_num(table).any():
        return Estimate.unknown(NO_VARIATION, len(table))
    if form == "2,1":
        return estimated(lambda weights: _by_components(weights, table), len(table), redraw)
    return estimated(lambda weights: _coefficient(weights, table, form), len(table), redraw)


def _by_components(weights: Floats, table: Floats) -> Floats:
    """ICC(2,1) from the variances of units, raters and the rest, scores missing where they may.

    Henderson (1953), Biometrics 9, 226-252, method 1: sums of squares of the given scores, set equal to what they are
    expected to be. On a full table the same as the analysis of variance of Shrout & Fleiss.
    """
    given = np.isfinite(table).astype(float)
    known = np.nan_to_num(table)
    of_unit, of_rater = given.sum(axis=1), weights @ given
    scores, units, raters = of_rater.sum(axis=1), weights.sum(axis=1), (of_rater > 0).sum(axis=1)
    square = weights @ (known**2).sum(axis=1)
    in_units = weights @ (known.sum(axis=1) ** 2 / of_unit)
    in_raters = ((weights @ known) ** 2 / np.where(of_rater > 0, of_rater, 1)).sum(axis=1)
    in_all = (weights @ known.sum(axis=1)) ** 2 / scores
    repeated_units, repeated_raters = weights @ of_unit**2 / scores, (of_rater**2).sum(axis=1) / scores
    within_units = (square - in_units) / (scores - units)  # variance of raters and rest together
    within_raters = (square - in_raters) / (scores - raters)  # of units and rest together
    rest = (
        (scores - repeated_units) * within_raters + (scores - repeated_raters) * within_units - (square - in_all)
    ) / (scores + 1 - repeated_units - repeated_raters)
    whole = within_raters + within_units - rest
    return np.asarray((within_raters - rest) / np.where(whole > _NOTHING, whole, np.nan))


def _coefficient(weights: Floats, table: Floats, form: Form) -> Floats:
    units, raters = table.shape
    between, within, judges, rest = _mean_squares(weights, table)
    above = between - (within if form[0] == "1" else rest)
    severity = (judges - rest) / units
    if form.endswith("k"):
        below = {"1": between, "2": between + severity, "3": between}[form[0]]
    else:
        below = between + (raters - 1) * (within if form[0] == "1" else rest)
    return np.asarray(above / np.where(below > _NOTHING, below, np.nan))


_NOTHING: Final = 1e-12
"""Mean squares below this are rounding, not spread."""


def _mean_squares(weights: Floats, table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of units, within units, of raters, and what is left, in each redrawn sample (two-way analysis of variance)."""
    units, raters = table.shape
    rows = table.mean(axis=1)
    columns = weights @ table / units
    grand = columns.mean(axis=1)
    total = weights @ (table**2).sum(axis=1) - units * raters * grand**2
    of_units = raters * (weights @ rows**2 - units * grand**2)
    of_raters = units * ((columns - grand[:, None]) ** 2).sum(axis=1)
    within = np.clip(total - of_units, 0, None)
    rest = np.clip(within - of_raters, 0, None)
    return (
        of_units / (units - 1),
        within / (units * (raters - 1)),
        of_raters / (raters - 1),
        rest / ((units - 1) * (raters - 1)),
    )
