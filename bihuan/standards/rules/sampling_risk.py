"""The risk queue: contacts that show a sign of trouble, drawn apart from the random sample.

What stands here was not drawn at random from all contacts, so it enters no estimate as if it had been. Each contact
keeps the probability with which its own kind was taken: certain where the whole kind fitted, less where it did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

import polars as pl

from bihuan.standards.rules.sampling import PPM, random_keys

REASONS: Final = ("fatal", "low_rating", "many_complaints", "long_silence", "full_marks")
"""Gravest first: where not all fit, a graver reason goes before."""

QUEUED: Final = pl.Schema({"contact_id": pl.String(), "reasons": pl.List(pl.String()), "inclusion_ppm": pl.Int64()})


@dataclass(frozen=True)
class RiskPlan:
    """From where on a contact shows a sign, and the largest share of the day's contacts that the queue may hold."""

    most: Decimal
    rating_at_most: int
    complaints_from: int
    silence_from_us: int
    full_milli: int
    seed: int


def risk_queue(contacts: pl.DataFrame, plan: RiskPlan, *, occasion: str) -> pl.DataFrame:
    """contact_id, reasons (gravest first) and inclusion_ppm of the contacts to look at, sorted by contact.

    `contacts`: contact_id, fatal (bool), rating, complaints of its agent, silence_us, score_milli; unknown is null.
    """
    flagged = (
        contacts.sort("contact_id")
        .with_columns(luck=random_keys(contacts.height, plan.seed, "risk", occasion))
        .with_columns(reasons=_reasons(plan))
        .filter(pl.col("reasons").list.len() > 0)
        .with_columns(gravest=pl.col("reasons").list.first())
    )
    sizes: Mapping[str, int] = dict(flagged.group_by("gravest").len().iter_rows())
    room = floor(Fraction(plan.most) * contacts.height)
    taken = []
    for reason in REASONS:
        size = sizes.get(reason, 0)
        take = min(size, room)
        room -= take
        if take:
            kind = flagged.filter(pl.col("gravest") == reason).sort("luck").head(take)
            taken.append(kind.with_columns(inclusion_ppm=pl.lit(round(Fraction(take, size) * PPM), dtype=pl.Int64)))
    if not taken:
        return pl.DataFrame(schema=QUEUED)
    return pl.concat(taken).sort("contact_id").select(QUEUED.names())


def _reasons(plan: RiskPlan) -> pl.Expr:
    signs = {
        "fatal": pl.col("fatal"),
        "low_rating": pl.col("rating") <= plan.rating_at_most,
        "many_complaints": pl.col("complaints") >= plan.complaints_from,
        "long_silence": pl.col("silence_us") >= plan.silence_from_us,
        "full_marks": pl.col("score_milli") >= plan.full_milli,
    }
    words = [pl.when(signs[reason].fill_null(False)).then(pl.lit(reason)) for reason in REASONS]
    return pl.concat_list(words).list.drop_nulls()
