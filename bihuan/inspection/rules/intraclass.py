"""Intraclass correlation: how much of the spread of scores lies between the units rather than between their raters."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from bihuan.inspection.rules.estimate import NO_VARIATION, ONE_RATER, TOO_FEW, Estimate, Floats, Redraw, estimated

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
FORMS: Final[tuple[Form, ...]] = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def intraclass(scores: Floats, redraw: Redraw, form: Form = "2,1") -> Estimate:
    """ICC of scores, units × raters, in the six forms of Shrout & Fleiss (1979); up to 1, negative where units differ less
    than chance.

    1: raters differ from unit to unit; 2: raters drawn from many, their severity counts as disagreement; 3: these raters,
    their severity does not. `,1` one rating, `,k` the mean of all. A unit with a missing score (NaN) is left out; `n` is
    the number of units that stay.
    """
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        return Estimate.unknown(ONE_RATER)
    table = table[np.isfinite(table).all(axis=1)]
    if len(table) < 2:
        return Estimate.unknown(TOO_FEW, len(table))
    table = table - table.mean()
    if not table.any():
        return Estimate.unknown(NO_VARIATION, len(table))
    return estimated(lambda weights: _coefficient(weights, table, form), len(table), redraw)


def _coefficient(weights: Floats, table: Floats, form: Form) -> Floats:
    units, raters = table.shape
    between, within, judges, rest = _mean_squares(weights, table)
    above = {"1": between - within, "2": between - rest, "3": between - rest}[form[0]]
    severity = (judges - rest) / units
    if form.endswith("k"):
        below = {"1": between, "2": between + severity, "3": between}[form[0]]
    else:
        alone = {"1": within, "2": rest, "3": rest}[form[0]]
        below = between + (raters - 1) * alone + (raters * severity if form[0] == "2" else 0)
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
