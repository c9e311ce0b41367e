"""How sure a total and a rank are: the month is redrawn many times from its own days (X16).

Days are drawn, not contacts: contacts of one day share its pressure, so a bootstrap over contacts would promise
more than it knows. All draws of all people are matrix products; nothing loops over contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from bihuan.appraisal.rules.month import Figure, PersonMonth
from bihuan.standards.rules.edition import Scale, Scheme, Term

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Doubt:
    """Bounds of a total and of its rank (best, worst)."""

    low: float
    high: float
    rank: tuple[int, int]


def doubts(
    scheme: Scheme, months: Sequence[PersonMonth], *, draws: int, seed: int, confidence: float, decimals: int
) -> dict[str, Doubt]:
    """Bounds for everybody in `months`; the same for the same arguments, whatever order people come in."""
    ordered = sorted(months, key=lambda month: month.person)
    if not ordered:
        return {}
    totals = np.stack([_totals(scheme, month, draws, seed) for month in ordered])
    rounded = np.round(totals, decimals)
    ranks = rankdata(-np.nan_to_num(rounded, nan=-np.inf), axis=0, method="min")
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(totals, [tail, 1 - tail], axis=1)
    best, worst = np.quantile(ranks, [tail, 1 - tail], axis=1, method="inverted_cdf")
    return {
        month.person: Doubt(float(low[i]), float(high[i]), (int(best[i]), int(worst[i])))
        for i, month in enumerate(ordered)
    }


def _totals(scheme: Scheme, month: PersonMonth, draws: int, seed: int) -> Floats:
    """(draws,) totals of one person: Σ weight × points ÷ Σ weight, over the terms that have a value in that draw."""
    days = sorted({day for figure in month.figures.values() for day in figure.days})
    chosen = _chosen_days(len(days), draws, seed, month.person)
    terms = [(float(term.weight.value), _term(term, month, days, chosen)) for term in scheme.terms]
    return _weighted(terms)


def _chosen_days(days: int, draws: int, seed: int, person: str) -> Floats:
    """(draws, days): how often each day was drawn. Every person has a stream of their own."""
    generator = np.random.default_rng([seed, *person.encode()])
    counts: Floats = generator.multinomial(days, np.full(days, 1 / max(1, days)), size=draws).astype(float)
    return counts


def _term(term: Term, month: PersonMonth, days: Sequence[date], chosen: Floats) -> Floats:
    if term.parts:
        return _weighted([(float(part.weight.value), _term(part, month, days, chosen)) for part in term.parts])
    return _points(term.scale, _figure(month.figure(term.input or ""), days, chosen))


def _figure(figure: Figure, days: Sequence[date], chosen: Floats) -> Floats:
    above = np.array([figure.days[d].numerator if d in figure.days else 0 for d in days], dtype=float)
    below = np.array([figure.days[d].denominator if d in figure.days else 0 for d in days], dtype=float) * figure.per
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn: Floats = (chosen @ above) / (chosen @ below)
    return drawn


def _weighted(terms: Sequence[tuple[float, Floats]]) -> Floats:
    weights = np.array([weight for weight, _ in terms])[:, None]
    values = np.stack([value for _, value in terms])
    having = ~np.isnan(values)
    below = (weights * having).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.where(having, weights * values, 0).sum(axis=0) / np.where(below > 0, below, np.nan)
    return mean


def _points(scale: Scale, raw: Floats) -> Floats:
    """`standards.rules.schemes.points_of` over many values; a test holds them equal."""
    if scale.kind == "share":
        return raw * 100
    if scale.kind == "complement":
        return (1 - raw) * 100
    if scale.kind == "raw_complement":
        return 1 - raw
    if scale.kind == "linear" and scale.zero_at and scale.full_at:
        zero, full = float(scale.zero_at.share), float(scale.full_at.share)
        return np.clip((raw - zero) / (full - zero) * 100, 0, 100)
    return raw
