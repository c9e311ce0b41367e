"""A person's month by three figures: what people's sample says, what the machine says, and both together (X12).

The machine scores every contact, people a random share. Prediction-powered inference (PPI++) corrects the machine's mean by
what people find it to be off by; each contact counts the same. See `inspection.rules.inference`. The machine's scores are
its own: an answer that people settled in its place would hide what it is off by. All three figures are about the days that
were drawn from, because of the others nobody knows what people would have said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from bihuan.inspection.models import Draw
from bihuan.inspection.queries import human_scores
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.inference import Combined, Sample, combine
from bihuan.inspection.trust.policy import trust_policy
from bihuan.kit.numbers import MILLI, rounded
from bihuan.standards.rules.edition import Edition

PPM: Final = 1_000_000
DECIMALS: Final = 3
FULL: Final = 100.0
SHOWN: Final = ("human", "machine", "combined", "bias")
NO_SCORES: Final = pl.DataFrame(
    schema={"contact_id": pl.String, "human_milli": pl.Int64, "inclusion_ppm": pl.Int64}
)  # fmt: skip


@dataclass(frozen=True)
class Reviews:
    """Human scores of the month's random sample (contact_id, human_milli, inclusion_ppm), the days that were drawn from, and
    how they are used."""

    scores: pl.DataFrame
    drawn: frozenset[date]
    confidence: float
    least: int


def reviews_of(edition: Edition, days: tuple[date, date], at: datetime) -> Reviews:
    """What people had released by a moment of the contacts of these days, scored by the edition."""
    policy = trust_policy(edition)
    scores = human_scores(edition, *days, until=at) if edition.scorecards else NO_SCORES
    draws = Draw.objects.filter(day__range=days, drawn_at__lte=at)
    return Reviews(scores, frozenset(draws.values_list("day", flat=True)), policy.confidence, policy.least_scored)


def no_reviews(edition: Edition) -> Reviews:
    """As if nobody had drawn or reviewed anything. Asks no database."""
    policy = trust_policy(edition)
    return Reviews(NO_SCORES, frozenset(), policy.confidence, policy.least_scored)


@dataclass
class MachineScores:
    """What the machine alone scored, added up as it is read; each person's beside what people said of the same contacts."""

    reviews: Reviews
    _days: dict[str, dict[date, DayMean]] = field(default_factory=lambda: defaultdict(dict))
    _pairs: list[pl.DataFrame] = field(default_factory=list)

    def add(self, scores: pl.DataFrame) -> None:
        """Take in whole days: contact_id, person, day, score_milli."""
        self._pairs.append(_beside(self.reviews, scores))
        summed = scores.drop_nulls("score_milli").group_by("person", "day").agg(pl.len(), pl.col("score_milli").sum())
        for person, day, scored, milli in summed.iter_rows():
            self._days[person][day] = DayMean(scored, milli)

    def of(self, person: str) -> OwnScores:
        """One person's; ask once all days were added."""
        return OwnScores(self._by_person.get(person, NO_PAIRS), self._days.get(person, {}))

    @cached_property
    def _by_person(self) -> dict[str, pl.DataFrame]:
        pairs = pl.concat([NO_PAIRS, *self._pairs]).sort(
            "contact_id"
        )  # once for all: sums of floats depend on their order
        return {str(key[0]): rows for key, rows in pairs.partition_by("person", as_dict=True).items()}


@dataclass(frozen=True)
class DayMean:
    """Contacts of a day that the machine scored, and their scores in milli-points added up."""

    scored: int
    score_milli: int


@dataclass(frozen=True)
class OwnScores:
    """One person's month as the machine alone has it: `pairs` are the reviewed contacts in their order, with both scores."""

    pairs: pl.DataFrame
    days: Mapping[date, DayMean]

    def among(self, drawn: Collection[date]) -> list[DayMean]:
        return [mean for day, mean in self.days.items() if day in drawn]


NO_PAIRS: Final = pl.DataFrame(
    schema={
        "person": pl.String, "contact_id": pl.String, "score_milli": pl.Int64, "human_milli": pl.Int64,
        "inclusion_ppm": pl.Int64,
    }
)  # fmt: skip


def _beside(reviews: Reviews, scores: pl.DataFrame) -> pl.DataFrame:
    """The reviewed among these scored contacts, in the columns of `NO_PAIRS`."""
    both = scores.join(reviews.scores, on="contact_id", how="inner").select(NO_PAIRS.columns)
    return both.drop_nulls(["score_milli", "human_milli"]).cast(NO_PAIRS.schema)


def quality_of(machine: OwnScores, reviews: Reviews) -> dict[str, Any]:
    """One person's three figures as they are kept, with `days`: on how many of the days with scored contacts was drawn, of
    how many. Where no day was drawn from the machine's mean is of all."""
    human, own, ppm = (
        machine.pairs[name].to_numpy().astype(float) for name in ("human_milli", "score_milli", "inclusion_ppm")
    )
    drawn = machine.among(reviews.drawn)
    whole = drawn or list(machine.days.values())
    scored = sum(day.scored for day in whole)
    mean = sum(day.score_milli for day in whole) / scored / MILLI if scored else 0.0
    found = combine(
        Sample(human / MILLI, own / MILLI, ppm / PPM), np.broadcast_to(np.float64(mean), scored),
        confidence=reviews.confidence, least=reviews.least,
    )  # fmt: skip
    return {**told(found), "days": [len(drawn), len(machine.days)]}


def told(found: Combined) -> dict[str, Any]:
    """The estimates as JSON-like values, rounded to thousandths of a point."""
    human, joint = (_within(figure) for figure in (found.human, found.joint))
    figures = (human, found.machine, joint, found.bias)
    answer: dict[str, Any] = {name: _told(figure) for name, figure in zip(SHOWN, figures, strict=True)}
    return {**answer, "power": _plain(found.power)}


def _within(figure: Estimate) -> Estimate:
    """No mean of scores lies outside their scale, whatever an interval of few ones says."""
    value, low, high = (
        None if end is None else min(max(end, 0.0), FULL) for end in (figure.value, figure.low, figure.high)
    )
    return Estimate(value, low, high, figure.n, figure.reason)


def _told(figure: Estimate) -> dict[str, Any]:
    bounds = {name: _plain(getattr(figure, name)) for name in ("value", "low", "high")}
    return {**bounds, "n": figure.n, "reason": figure.reason}


def _plain(value: float | None) -> str | None:
    return None if value is None else str(rounded(Decimal(str(value)), DECIMALS))
