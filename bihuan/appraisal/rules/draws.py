"""How sure a total and a rank are: the month is redrawn many times from its own days (X16).

Days are drawn, not contacts: contacts of one day share its pressure, so a bootstrap over contacts would promise
more than it knows. All draws of all people are matrix products; nothing loops over contacts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bihuan.appraisal.rules.month import PersonMonth
from bihuan.standards.rules.edition import Scale, Scheme, Term
from bihuan.standards.rules.plan import WHOLE
from bihuan.standards.rules.schemes import inputs_of, is_literal

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Doubt:
    """Bounds of a total and of its rank (best, worst)."""

    low: float
    high: float
    rank: tuple[int, int]


class Draws:
    """The days each person's month is redrawn from: drawn once, the same for every scheme and in whatever order."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed
        self._drawn: dict[str, tuple[Sequence[date], Counts]] = {}

    def of(self, month: PersonMonth) -> tuple[Sequence[date], Floats]:
        """(days, (draws, days)): how often each day was drawn. Every person has a stream of their own."""
        if month.person not in self._drawn:
            worked = sorted({day for figure in month.figures.values() for day in figure.days})
            self._drawn[month.person] = worked, self._counts(len(worked), month.person)
        days, counts = self._drawn[month.person]
        return days, counts.astype(np.float64)

    def _counts(self, days: int, person: str) -> Counts:
        generator = np.random.default_rng([self.seed, *person.encode()])
        drawn = generator.integers(0, days, size=(self.count, days))
        places = drawn + np.arange(self.count)[:, None] * days
        return np.bincount(places.ravel(), minlength=self.count * days).reshape(self.count, days).astype(np.uint8)


def doubts(
    scheme: Scheme, months: Sequence[PersonMonth], *, draws: Draws, confidence: float, decimals: int
) -> dict[str, Doubt]:
    """Bounds for everybody in `months`, who all have a total; the same whatever order people come in."""
    ordered = sorted(months, key=lambda month: month.person)
    if not ordered:
        return {}
    totals = np.stack([drawn_totals(scheme, month, draws) for month in ordered])
    ranks = _ranks(-np.nan_to_num(np.round(totals, decimals), nan=-np.inf))
    tail = (1 - confidence) / 2
    # the careful one takes each person alone, with the same numbers where nothing is missing
    bounds = np.nanquantile if np.isnan(totals).any() else np.quantile
    low, high = bounds(totals, [tail, 1 - tail], axis=1)
    best, worst = np.quantile(ranks, [tail, 1 - tail], axis=1, method="inverted_cdf")
    return {
        month.person: Doubt(float(low[i]), float(high[i]), (int(best[i]), int(worst[i])))
        for i, month in enumerate(ordered)
    }


def _ranks(values: Floats) -> npt.NDArray[np.int64]:
    """Places in each column, the smallest first; of equal values each has the best place (X16)."""
    order = np.argsort(values, axis=0, kind="stable")
    sorted_ = np.take_along_axis(values, order, axis=0)
    place = np.arange(1, len(values) + 1)[:, None]
    begins = np.vstack([np.ones((1, values.shape[1]), dtype=bool), sorted_[1:] != sorted_[:-1]])
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=0)
    ranks = np.empty_like(first)
    np.put_along_axis(ranks, order, first, axis=0)
    return ranks


def drawn_totals(scheme: Scheme, month: PersonMonth, draws: Draws) -> Floats:
    """(draws,) totals of one person: Σ weight × points ÷ Σ weight, over the terms that have a value in that draw."""
    days, chosen = draws.of(month)
    return totals_of(scheme, month, days, chosen)


def totals_of(scheme: Scheme, month: PersonMonth, days: Sequence[date], chosen: Floats) -> Floats:
    """Totals of the month drawn as `chosen` says; with every day once, the total itself (a test holds them equal)."""
    drawn = _drawn(scheme, month, days, chosen)
    terms = [(float(term.weight.value), _term(term, drawn)) for term in scheme.terms]
    if is_literal(scheme):
        return _added(terms)
    mean = _weighted(terms)
    if scheme.na != "full":
        return mean
    filled = [(weight, np.where(np.isnan(value), WHOLE, value)) for weight, value in terms]
    return np.where(np.isnan(mean), np.nan, _weighted(filled))


def _drawn(scheme: Scheme, month: PersonMonth, days: Sequence[date], chosen: Floats) -> dict[str, Floats]:
    """(draws,) values of each input of the scheme, in one product: sums of whole numbers, exact whatever their order."""
    names = list(dict.fromkeys(leaf.input or "" for leaf in inputs_of(scheme).values()))
    place = {day: at for at, day in enumerate(days)}
    sums = np.zeros((len(days), 2 * len(names)))
    for column, name in enumerate(names):
        figure = month.figure(name)
        for day, part in figure.days.items():
            sums[place[day], 2 * column : 2 * column + 2] = part.numerator, part.denominator * figure.per
    drawn = chosen @ sums
    above, below = drawn[:, ::2], drawn[:, 1::2]
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = np.where(below > 0, above / below, np.nan)  # days with complaints and no contacts alone tell no rate
    return {name: rates[:, column] for column, name in enumerate(names)}


def _term(term: Term, drawn: Mapping[str, Floats]) -> Floats:
    if term.parts:
        return _weighted([(float(part.weight.value), _term(part, drawn)) for part in term.parts])
    return _points(term.scale, drawn[term.input or ""])


def _weighted(terms: Sequence[tuple[float, Floats]]) -> Floats:
    weights = np.array([weight for weight, _ in terms])[:, None]
    values = np.stack([value for _, value in terms])
    having = ~np.isnan(values)
    below = (weights * having).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.where(having, weights * values, 0).sum(axis=0) / np.where(below > 0, below, np.nan)
    return mean


def _added(terms: Sequence[tuple[float, Floats]]) -> Floats:
    """Figures in their own units, as a literal text adds them (X4): nothing can be redistributed."""
    whole = sum(weight for weight, _ in terms)
    added: Floats = np.sum([weight * value for weight, value in terms], axis=0) / whole
    return added


def _points(scale: Scale, raw: Floats) -> Floats:
    """`standards.rules.schemes.points_of` over many values; a test holds them equal."""
    if scale.kind == "share":
        return raw * 100
    if scale.kind == "complement":
        return np.clip((1 - raw) * 100, 0, 100)
    if scale.kind == "raw_complement":
        return 1 - raw
    if scale.kind == "linear" and scale.zero_at and scale.full_at:
        zero, full = float(scale.zero_at.share), float(scale.full_at.share)
        return np.clip((raw - zero) / (full - zero) * 100, 0, 100)
    return raw
