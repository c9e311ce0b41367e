"""What a closed calibration says: how far raters agree with the expert and with each other, per item and as a whole.

The expert is the reference and never one of those whose agreement is measured. Intervals redraw contacts, because the
answers about one contact hang together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bihuan.inspection.rules.agreement import (
    exact_agreement,
    gwet_ac,
    kappa_pairs,
    krippendorff_alpha,
    weighted_kappa,
)
from bihuan.inspection.rules.estimate import NO_OVERLAP, ONE_RATER, TOO_FEW, Estimate, Floats, Redraw, estimated
from bihuan.inspection.rules.intraclass import intraclass
from bihuan.inspection.rules.ratings import MISSING, Ratings
from bihuan.kit.ids import content_hash
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED

ANSWERS: Final = (MET, VIOLATED, CANNOT_TELL, NOT_APPLICABLE)
SCALE: Final = (VIOLATED, CANNOT_TELL, MET)
"""The answers that lie on a scale, for weighted kappa and ICC; not applicable lies on none and leaves the pair."""

KAPPA, ALPHA, AC = "kappa", "alpha", "ac"


@dataclass(frozen=True)
class Rated:
    """What one rater submitted about one contact: {item: verdict} and the points of the form."""

    contact: int
    rater: str
    answers: Mapping[str, str]
    total: float | None


@dataclass(frozen=True)
class Floors:
    """Least agreement an edition asks for; from `one_sided` on, a share of one answer, AC1 is held to alpha's floor."""

    kappa: float
    alpha: float
    one_sided: float


@dataclass(frozen=True)
class Agreement:
    """Of an item, or of all items together. `icc` takes the answers as steps of their scale. `pairs`: of how many pairs of
    raters kappa is the mean, of how many. `below`: coefficients that miss their floor; `one_sided`: AC1 decided."""

    with_expert: Estimate
    exact: Estimate
    kappa: Estimate
    alpha: Estimate
    icc: Estimate
    ac: Estimate
    pairs: tuple[int, int] = (0, 0)
    one_sided: bool = False
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgainstExpert:
    """One rater beside the expert. `bias` in points of the form: above zero is more lenient than the expert."""

    rater: str
    contacts: int
    exact: Estimate
    kappa: Estimate
    bias: Estimate


@dataclass(frozen=True)
class Result:
    """The answer of `compared`; `totals` is the ICC(2,1) of the raters' points."""

    items: Mapping[str, Agreement]
    whole: Agreement
    totals: Estimate
    raters: tuple[AgainstExpert, ...]


@dataclass(frozen=True)
class Clustered(Redraw):
    """Redraws whole clusters, one number per unit, in place of single units. `several`: more than one rater was asked."""

    clusters: tuple[int, ...]
    several: bool

    def weights(self, units: int) -> Floats:
        _names, places = np.unique(np.array(self.clusters), return_inverse=True)
        assert len(places) == units
        return np.asarray(super().weights(int(places.max()) + 1)[:, places])


def drawn(contacts: Collection[str], most: int, *, seed: int) -> list[str]:
    """At most so many of the contacts, by chance; the same contacts and seed give the same draw, in the same order."""
    return sorted(set(contacts), key=lambda contact: content_hash([seed, contact]))[:most]


def compared(
    rated: Sequence[Rated], *, expert: str, raters: Sequence[str], items: Sequence[str], floors: Floors, redraw: Redraw
) -> Result:
    """Everything the result page of a session shows. `rated` holds what was submitted; what was not is missing."""
    table = _Table({(one.contact, one.rater): one for one in rated}, expert, tuple(raters), redraw)
    return Result(
        {item: table.agreement((item,), floors) for item in items},
        table.agreement(tuple(items), floors),
        table.totals(),
        tuple(table.against_expert(rater, tuple(items)) for rater in raters),
    )


@dataclass(frozen=True)
class _Table:
    """Submitted answers by contact and rater."""

    rated: Mapping[tuple[int, str], Rated]
    expert: str
    raters: tuple[str, ...]
    redraw: Redraw

    @property
    def contacts(self) -> list[int]:
        return sorted({contact for contact, _rater in self.rated})

    def answer(self, contact: int, rater: str, item: str) -> str | None:
        found = self.rated.get((contact, rater))
        return found.answers.get(item) if found else None

    def agreement(self, items: tuple[str, ...], floors: Floors) -> Agreement:
        among, redraw = self._ratings(self.raters, items, ANSWERS)
        scaled, scaled_redraw = self._ratings(self.raters, items, SCALE)
        found = Agreement(
            with_expert=self._as_expert(self.raters, items),
            exact=_honest(exact_agreement(among, redraw), redraw),
            kappa=_honest(weighted_kappa(scaled, scaled_redraw, "linear"), scaled_redraw),
            alpha=_honest(krippendorff_alpha(among, redraw), redraw),
            icc=_honest(intraclass(_steps(scaled), scaled_redraw), scaled_redraw),
            ac=_honest(gwet_ac(among, redraw), redraw),
            pairs=kappa_pairs(scaled),
        )
        counts = among.counts.sum(axis=0)
        one_sided = bool(counts.sum()) and float(counts.max() / counts.sum()) >= floors.one_sided
        return replace(found, one_sided=one_sided, below=_below(found, floors, one_sided))

    def against_expert(self, rater: str, items: tuple[str, ...]) -> AgainstExpert:
        scaled, redraw = self._ratings((self.expert, rater), items, SCALE)
        return AgainstExpert(
            rater,
            sum(one.rater == rater for one in self.rated.values()),
            self._as_expert((rater,), items),
            _honest(weighted_kappa(scaled, redraw, "linear"), redraw),
            self._bias(rater),
        )

    def totals(self) -> Estimate:
        """Agreement of the raters' points, over the contacts that two of them or more rated."""
        rows = [[self._total(contact, rater) for rater in self.raters] for contact in self.contacts]
        return intraclass(np.array(rows, dtype=float), self.redraw) if rows else Estimate.unknown(NO_OVERLAP)

    def _bias(self, rater: str) -> Estimate:
        pairs = [(self._total(one, rater), self._total(one, self.expert)) for one in self.contacts]
        known = np.array([own - right for own, right in pairs if np.isfinite(own) and np.isfinite(right)])
        if not known.size:
            return Estimate.unknown(NO_OVERLAP)
        return estimated(lambda weights: weights @ known / weights.sum(axis=1), len(known), self.redraw)

    def _total(self, contact: int, rater: str) -> float:
        found = self.rated.get((contact, rater))
        return float("nan") if found is None or found.total is None else found.total

    def _as_expert(self, raters: Sequence[str], items: Sequence[str]) -> Estimate:
        """Share of answers that are the expert's; each contact counts by the answers both gave."""
        found = []
        for contact in self.contacts:
            pairs = [
                (self.answer(contact, rater, item), right)
                for item in items
                if (right := self.answer(contact, self.expert, item)) is not None
                for rater in raters
            ]
            given = [own == right for own, right in pairs if own is not None]
            if given:
                found.append((sum(given), len(given)))
        if not found:
            return Estimate.unknown(NO_OVERLAP)
        same, asked = np.array(found, dtype=float).T
        return estimated(lambda weights: (weights @ same) / (weights @ asked), len(found), self.redraw)

    def _ratings(
        self, raters: Sequence[str], items: Sequence[str], categories: Sequence[str]
    ) -> tuple[Ratings, Clustered]:
        """Contacts × items that at least two of these raters answered, with the contact as the cluster."""
        units, clusters = [], []
        for contact in self.contacts:
            for item in items:
                given = [self.answer(contact, rater, item) for rater in raters]
                row = [answer if answer in categories else None for answer in given]
                if sum(answer is not None for answer in row) > 1:
                    units.append(row)
                    clusters.append(contact)
        redraw = self.redraw
        return Ratings.of(units or [[None] * len(raters)], categories), Clustered(
            redraw.draws, redraw.seed, redraw.confidence, tuple(clusters), len(raters) > 1
        )


def _steps(ratings: Ratings) -> Floats:
    """Answers by their place on the scale; NaN where there is none."""
    return np.asarray(np.where(ratings.codes == MISSING, np.nan, ratings.values[ratings.codes]))


def _honest(estimate: Estimate, redraw: Clustered) -> Estimate:
    """One contact, however many its answers, has no interval; several raters without a shared answer are not one rater."""
    if estimate.reason == ONE_RATER and redraw.several:
        return replace(estimate, reason=NO_OVERLAP)
    if estimate.value is not None and len(set(redraw.clusters)) < 2:
        return replace(estimate, low=None, high=None, reason=TOO_FEW)
    return estimate


def _below(found: Agreement, floors: Floors, one_sided: bool) -> tuple[str, ...]:
    """Which coefficients miss their floor; where nearly all answers are the same only AC1 is asked."""
    asked = (
        [(AC, found.ac, floors.alpha)]
        if one_sided
        else [(KAPPA, found.kappa, floors.kappa), (ALPHA, found.alpha, floors.alpha)]
    )
    return tuple(name for name, estimate, floor in asked if estimate.value is not None and estimate.value < floor)
