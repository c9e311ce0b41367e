"""Which items of a scorecard tell people apart, which do not, and how far the whole can be relied on.

Answers are met (1) and violated (0); everything else is missing and leaves both sides. Statistics of two items rest on the
contacts that answered both. Where contacts weigh differently, because some were likelier to be drawn than others, figures
are weighted and their intervals rest on the effective number of contacts (Kish 1965; Korn & Graubard 1998); `n` is how many
there were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from bihuan.inspection.rules.answers import Answers
from bihuan.inspection.rules.estimate import NO_VARIATION, TOO_FEW, UNSTABLE, Estimate, Floats, effective_size, kish
from bihuan.inspection.rules.tallies import Tally
from bihuan.metrics.intervals import wilson
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED

NOT_TOGETHER: Final = "not_together"
NOT_SCORED: Final = "not_scored"
FEW_ITEMS: Final = "few_items"


@dataclass(frozen=True)
class Limits:
    """What an edition asks of items. `least`: contacts a figure must rest on; shares and correlations as 0 to 1."""

    least: int
    confidence: float
    always_from: float | None = None
    redundant_from: float | None = None


@dataclass(frozen=True)
class ItemStatistic:
    """One item. `discrimination`: corrected item-total correlation (Henrysson 1963), the item against the share met of
    the other items of the same contact; below zero the item marks down the better ones.
    """

    item: str
    share_met: Estimate
    counts: Mapping[str, int]
    discrimination: Estimate
    reliability_without: Estimate
    always: str = ""  # "met" or "violated" where nearly every contact gets it: the item tells nobody apart

    @property
    def is_negative(self) -> bool:
        """Below zero beyond chance."""
        return self.discrimination.high is not None and self.discrimination.high < 0


@dataclass(frozen=True)
class Redundancy:
    """Two items that nearly always answer alike; `phi` is the correlation of the two answers."""

    first: str
    second: str
    phi: Estimate


@dataclass(frozen=True)
class ItemReport:
    """All items in the given order, redundant pairs (closest first), and the reliability of the whole.

    `left_out`: items without enough answers beside the others, which the reliability does without.
    """

    items: tuple[ItemStatistic, ...]
    redundant: tuple[Redundancy, ...]
    reliability: Estimate
    left_out: tuple[str, ...]
    contacts: int


def item_report(tally: Tally, limits: Limits, scored: Collection[str] | None = None) -> ItemReport:
    """Statistics of the items of a tally; a figure that rests on too little is None with its reason.

    `scored` names the items of the scorecard, all of them without it: they alone make the total that an item is held
    against, and the reliability.
    """
    table = Answers.of(tally)
    whole = [at for at, item in enumerate(tally.items) if scored is None or item in scored]
    kept, left_out = _together(table, whole, limits.least)
    reliability = _alpha(table, kept, limits)
    items = tuple(_statistic(tally, table, at, whole, kept, limits) for at in range(len(tally.items)))
    named = tuple(tally.items[at] for at in left_out)
    return ItemReport(items, _redundant(tally.items, table, limits), reliability, named, tally.contacts)


def _statistic(
    tally: Tally, table: Answers, at: int, whole: Sequence[int], kept: Sequence[int], limits: Limits
) -> ItemStatistic:
    item = tally.items[at]
    counts = {word: tally.verdicts.get((item, word), 0) for word in (MET, VIOLATED, NOT_APPLICABLE, CANNOT_TELL)}
    share = _share(table, at, limits)
    if at in kept:
        without = _alpha(table, [one for one in kept if one != at], limits)
    else:
        without = Estimate.unknown(NOT_TOGETHER if at in whole else NOT_SCORED)
    return ItemStatistic(
        item, share, counts, _discrimination(table, at, whole, limits), without, _always(share, limits)
    )


def _share(table: Answers, at: int, limits: Limits) -> Estimate:
    used = table.given[:, at] > 0
    n = int(table.mass.counts[used].sum())
    if n < max(limits.least, 1):
        return Estimate.unknown(TOO_FEW, n)
    hits, weights, squares = table.met[used, at], table.mass.weights[used], table.mass.squares[used]
    share = min(float(weights @ hits / weights.sum()), 1.0)
    size = effective_size(share, hits, weights, squares, n)
    low, high = (float(bound) for bound in wilson(share * size, size, limits.confidence))
    return Estimate(share, low, high, n)


def _always(share: Estimate, limits: Limits) -> str:
    if share.value is None or limits.always_from is None:
        return ""
    if share.value >= limits.always_from:
        return MET
    return VIOLATED if share.value <= 1 - limits.always_from else ""


def _discrimination(table: Answers, at: int, whole: Sequence[int], limits: Limits) -> Estimate:
    others = [one for one in whole if one != at]
    answered = table.given[:, others].sum(axis=1)
    used = (table.given[:, at] > 0) & (answered > 0)
    weights = table.weights[used]
    n = int(table.mass.counts[used].sum())
    if n < max(limits.least, _LEAST_PAIRS):
        return Estimate.unknown(TOO_FEW, n)
    rest = table.met[:, others].sum(axis=1)[used] / answered[used]
    size = kish(weights, table.mass.squares[used])
    return _correlation(_weighted_correlation(table.met[used, at], rest, weights), n, size, limits.confidence)


_LEAST_PAIRS: Final = 4  # Fisher's interval needs n > 3


def _weighted_correlation(one: Floats, other: Floats, weights: Floats) -> float:
    one, other = (values - weights @ values / weights.sum() for values in (one, other))
    below = float(np.sqrt((weights @ one**2) * (weights @ other**2)))
    return float(weights @ (one * other)) / below if below > _NOTHING * weights.sum() else float("nan")


_NOTHING: Final = 1e-12


def _correlation(value: float, n: int, size: float, confidence: float) -> Estimate:
    """A correlation with Fisher's (1921) interval, which `size` contacts of equal weight would give."""
    if not np.isfinite(value):
        return Estimate.unknown(NO_VARIATION, n)
    if abs(value) >= 1 - _NOTHING:
        return Estimate(float(np.sign(value)), n=n, reason=NO_VARIATION)
    if size <= _LEAST_PAIRS - 1:
        return Estimate.unknown(TOO_FEW, n)
    half = float(special.ndtri((1 + confidence) / 2)) / np.sqrt(size - 3)
    low, high = np.tanh(np.arctanh(value) + np.array([-half, half]))
    return Estimate(value, float(low), float(high), n)


def _redundant(items: Sequence[str], table: Answers, limits: Limits) -> tuple[Redundancy, ...]:
    if limits.redundant_from is None:
        return ()
    least = max(limits.least, _LEAST_PAIRS)
    found = [
        Redundancy(items[a], items[b], _phi(table, a, b, limits))
        for a in range(len(items))
        for b in range(a + 1, len(items))
        if table.both[a, b] >= least and abs(table.phi[a, b]) >= limits.redundant_from
    ]
    return tuple(sorted(found, key=lambda pair: (-abs(pair.phi.value or 0), pair.first, pair.second)))


def _phi(table: Answers, a: int, b: int, limits: Limits) -> Estimate:
    size = float(table.effective[a, b])
    return _correlation(float(table.phi[a, b]), int(table.both[a, b]), size, limits.confidence)


def _together(table: Answers, whole: Sequence[int], least: int) -> tuple[list[int], list[int]]:
    """Items each two of which enough contacts answered; whoever lacks most others goes first."""
    kept = list(whole)
    left_out = []
    needed = max(least, 2)
    while kept and (lacking := (table.both[np.ix_(kept, kept)] < needed).sum(axis=1)).any():
        left_out.append(kept.pop(int(lacking.argmax())))
    return kept, sorted(left_out)


def _alpha(table: Answers, kept: Sequence[int], limits: Limits) -> Estimate:
    """Cronbach's alpha (1951), which for met and violated is Kuder & Richardson's formula 20 (1937).

    The interval is Feldt's (1965), with the harmonic mean of the effective contacts behind each two items as its n.
    """
    k = len(kept)
    if k < 2:
        return Estimate.unknown(FEW_ITEMS)
    covariance = table.covariance[np.ix_(kept, kept)]
    n, size = (_harmonic(behind[np.ix_(kept, kept)]) for behind in (table.both, table.effective))
    total = float(covariance.sum())
    if total <= _NOTHING:
        return Estimate.unknown(NO_VARIATION, int(n))
    value = k / (k - 1) * (1 - float(np.trace(covariance)) / total)
    if value > 1:  # covariances of different contacts need not fit together
        return Estimate.unknown(UNSTABLE, int(n))
    tail = (1 - limits.confidence) / 2
    if size <= 1:
        return Estimate(value, n=int(n), reason=TOO_FEW)
    bounds = special.fdtri(size - 1, (size - 1) * (k - 1), [1 - tail, tail])
    low, high = 1 - (1 - value) * bounds
    return Estimate(value, float(low), float(high), int(n))


def _harmonic(behind: Floats) -> float:
    """The harmonic mean over each two items."""
    pairs = behind[np.triu_indices(len(behind), 1)]
    return len(pairs) / float((1 / pairs).sum())
