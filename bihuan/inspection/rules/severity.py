"""How severe each rater is and whether that drifts, from contacts that several raters scored.

Severity is what a rater adds to a score beside the contact's own worth: below zero is strict, above is lenient. It is
shrunk towards zero where a rater has scored little, so that nobody is called strict for three evaluations. A raw score is
never replaced: the adjusted one stands beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy import sparse, special
from scipy.sparse.csgraph import connected_components

from bihuan.inspection.rules.estimate import (
    NO_OVERLAP,
    NO_VARIATION,
    ONE_RATER,
    TOO_FEW,
    Counts,
    Estimate,
    Floats,
)
from bihuan.inspection.rules.mixed_model import Design, Fit, fit

NOT_LINKED: Final = "not_linked"
"""The rater shares no contact, directly or through others, with most of the raters."""


@dataclass(frozen=True)
class Scored:
    """One evaluation: whose, of which contact, in which period (sorts in time, such as 2026-10), how many points."""

    unit: str
    rater: str
    period: str
    score: float


@dataclass(frozen=True)
class Drift:
    """How far a rater moved in a period against the earlier ones, in points; `alarm` where it passed the limit."""

    rater: str
    period: str
    change: Estimate
    alarm: bool


@dataclass(frozen=True)
class Adjusted:
    """A score as given, and as it would be from a rater of mean severity (None with the reason)."""

    scored: Scored
    raw: float
    adjusted: float | None
    reason: str = ""


@dataclass(frozen=True)
class Severity:
    """The answer of `severity_of`. `raters` and `drifts` are in points; `reason` says why the model has none.

    `variances`: of contacts, of raters, of raters over time, and what no one explains, in points squared.
    """

    raters: Mapping[str, Estimate]
    drifts: tuple[Drift, ...]
    scores: tuple[Adjusted, ...]
    variances: tuple[float, float, float, float] | None = None
    reason: str = ""

    @property
    def alarms(self) -> tuple[Drift, ...]:
        return tuple(drift for drift in self.drifts if drift.alarm)


def severity_of(
    scored: Sequence[Scored], *, drift_limit: float, least: int, confidence: float, reference: str | None = None
) -> Severity:
    """Severity of every rater, its drift by period, and every score raw and adjusted.

    A drift raises an alarm where it is at least `drift_limit` points and its interval leaves out zero. A rater with fewer
    than `least` evaluations gets no severity. With a `reference` (the expert of a calibration) severities are told
    against that rater instead of against the mean, if that rater has `least` evaluations too.
    """
    linked, reason = _linked(scored)
    if reason:
        return _silent(scored, reason)
    kept = [one for one in scored if one.rater in linked]
    if len({one.score for one in kept}) < 2:
        return _silent(scored, NO_VARIATION)
    model = _Model.of(kept, confidence)
    told = {
        rater: model.severity(rater, least, model.firm(reference, least))
        if rater in linked
        else Estimate.unknown(NOT_LINKED, sum(one.rater == rater for one in scored))
        for rater in sorted({one.rater for one in scored})
    }
    drifts = tuple(drift for rater in sorted(linked) for drift in model.drifts(rater, drift_limit, least))
    return Severity(told, drifts, tuple(model.adjusted(one, told) for one in scored), model.found.variances)


def _silent(scored: Sequence[Scored], reason: str) -> Severity:
    counts = Counter(one.rater for one in scored)
    return Severity(
        {rater: Estimate.unknown(reason, counts[rater]) for rater in sorted(counts)},
        (),
        tuple(Adjusted(one, one.score, None, reason) for one in scored),
        reason=reason,
    )


def _linked(scored: Sequence[Scored]) -> tuple[set[str], str]:
    """The largest group of raters that shared contacts tie together, or the reason why there is none."""
    raters = _places(one.rater for one in scored)
    units = _places(one.unit for one in scored)
    if len(raters) < 2:
        return set(), ONE_RATER
    met = sparse.coo_array(
        (np.ones(len(scored)), ([raters[o.rater] for o in scored], [units[o.unit] for o in scored])),
        shape=(len(raters), len(units)),
    )
    _count, group = connected_components(met @ met.T, directed=False)
    sizes = np.bincount(group)
    if sizes.max() < 2:
        return set(), NO_OVERLAP
    return {rater for rater, at in raters.items() if group[at] == sizes.argmax()}, ""


def _places(values: Iterable[str]) -> dict[str, int]:
    return {value: at for at, value in enumerate(sorted(set(values)))}


@dataclass(frozen=True)
class _Model:
    """The fitted model with the names of its effects."""

    found: Fit
    raters: dict[str, int]
    spells: dict[tuple[str, str], int]
    counts: Mapping[Hashable, int]
    confidence: float

    @classmethod
    def of(cls, kept: Sequence[Scored], confidence: float) -> _Model:
        units, raters = _places(one.unit for one in kept), _places(one.rater for one in kept)
        spells = {spell: at for at, spell in enumerate(sorted({(one.rater, one.period) for one in kept}))}
        design = Design(
            np.array([one.score for one in kept], dtype=float),
            _array([units[one.unit] for one in kept]),
            _array([raters[one.rater] for one in kept]),
            _array([spells[one.rater, one.period] for one in kept]),
        )
        counts: Counter[Hashable] = Counter(one.rater for one in kept)
        counts.update((one.rater, one.period) for one in kept)
        return cls(fit(design), raters, spells, counts, confidence)

    def firm(self, reference: str | None, least: int) -> str | None:
        """The reference, if enough is known of it to tell others against."""
        return reference if reference is not None and self.counts.get(reference, 0) >= max(least, 1) else None

    def severity(self, rater: str, least: int, reference: str | None) -> Estimate:
        n = self.counts[rater]
        if n < least:
            return Estimate.unknown(TOO_FEW, n)
        against = self._mean if reference is None else self._whole(reference)
        return self._estimate(self._whole(rater) - against, n)

    def drifts(self, rater: str, limit: float, least: int) -> list[Drift]:
        """Each period but the first against the mean of the ones before."""
        periods = [period for name, period in self.spells if name == rater]
        found = []
        for at, period in enumerate(periods[1:], start=1):
            change = self._change(rater, period, periods[:at], least)
            sure = change.low is not None and change.high is not None and (change.low > 0 or change.high < 0)
            alarm = change.value is not None and abs(change.value) >= limit and sure
            found.append(Drift(rater, period, change, alarm))
        return found

    def adjusted(self, one: Scored, told: Mapping[str, Estimate]) -> Adjusted:
        if told[one.rater].value is None:
            return Adjusted(one, one.score, None, told[one.rater].reason)
        contrast = self._spell(one.rater, one.period) - self._mean
        contrast[self.raters[one.rater]] += 1
        return Adjusted(one, one.score, one.score - float(contrast @ self.found.effects))

    @cached_property
    def _mean(self) -> Floats:
        """The severity of these raters taken together: what is common to all cannot be told from the contacts' worth."""
        return np.asarray(sum(map(self._whole, self.raters), np.zeros(len(self.found.effects))) / len(self.raters))

    def _change(self, rater: str, period: str, before: list[str], least: int) -> Estimate:
        n = self.counts[rater, period]
        if n < least:
            return Estimate.unknown(TOO_FEW, n)
        contrast = self._spell(rater, period)
        for earlier in before:
            contrast = contrast - self._spell(rater, earlier) / len(before)
        return self._estimate(contrast, n)

    def _whole(self, rater: str) -> Floats:
        """The rater's own effect and the mean of what the periods added, each as often as it was scored in."""
        contrast = np.zeros(len(self.found.effects))
        contrast[self.raters[rater]] = 1
        shares: dict[str, float] = defaultdict(float)
        for name, period in self.spells:
            if name == rater:
                shares[period] = self.counts[name, period] / self.counts[rater]
        return contrast + sum((share * self._spell(rater, p) for p, share in shares.items()), np.zeros_like(contrast))

    def _spell(self, rater: str, period: str) -> Floats:
        contrast = np.zeros(len(self.found.effects))
        contrast[len(self.raters) + self.spells[rater, period]] = 1
        return contrast

    def _estimate(self, contrast: Floats, n: int) -> Estimate:
        value = float(contrast @ self.found.effects)
        half = float(special.ndtri((1 + self.confidence) / 2) * np.sqrt(contrast @ self.found.covariance @ contrast))
        return Estimate(value, value - half, value + half, n)


def _array(places: list[int]) -> Counts:
    return np.asarray(places, dtype=np.int64)
