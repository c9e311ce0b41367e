"""A person's month by three figures: what people's sample says, what the machine says, and both together (X12).

The machine scores every contact, people a random share. Prediction-powered inference (PPI++) corrects the machine's mean by
what people find it to be off by; each contact counts the same. See `inspection.rules.inference`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
import polars as pl

from bihuan.appraisal.rules.month import DaySum
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
    """Human scores of the month's random sample (contact_id, human_milli, inclusion_ppm), and how they are used."""

    scores: pl.DataFrame
    confidence: float
    least: int


def reviews_of(edition: Edition, days: tuple[Any, Any], at: datetime) -> Reviews:
    """What people had released by a moment of the contacts of these days, scored by the edition."""
    policy = trust_policy(edition)
    scores = human_scores(edition, *days, until=at) if edition.scorecards else NO_SCORES
    return Reviews(scores, policy.confidence, policy.least_scored)


def no_reviews(edition: Edition) -> Reviews:
    """As if nobody had reviewed anything. Asks no database."""
    policy = trust_policy(edition)
    return Reviews(NO_SCORES, policy.confidence, policy.least_scored)


def beside(reviews: Reviews, scores: pl.DataFrame) -> pl.DataFrame:
    """The reviewed among these scored contacts: person, contact_id, score_milli, human_milli, inclusion_ppm."""
    names = ["person", "contact_id", "score_milli", "human_milli", "inclusion_ppm"]
    both = scores.join(reviews.scores, on="contact_id", how="inner").select(names)
    return both.drop_nulls(["score_milli", "human_milli"])


def quality_of(pairs: pl.DataFrame, days: Mapping[Any, DaySum], reviews: Reviews) -> dict[str, Any]:
    """One person's three figures as they are kept; `pairs` are theirs in the order of contacts, `days` hold the machine's
    scores of all contacts."""
    human, machine, ppm = (
        pairs[name].to_numpy().astype(float) for name in ("human_milli", "score_milli", "inclusion_ppm")
    )
    scored = sum(day.scored for day in days.values())
    mean = sum(day.score_milli for day in days.values()) / scored / MILLI if scored else 0.0
    found = combine(
        Sample(human / MILLI, machine / MILLI, ppm / PPM), np.broadcast_to(np.float64(mean), scored),
        confidence=reviews.confidence, least=reviews.least,
    )  # fmt: skip
    return told(found)


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
