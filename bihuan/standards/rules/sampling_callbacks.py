"""Whom people call back in a week: a seeded share of the month's customers, each asked at most once a month (S3-11, X13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import Final

import polars as pl

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class CallBackList:
    """`customers` of the week, and whom of them to call: customer, contact_id (their newest contact)."""

    customers: int
    sample: pl.DataFrame

    @property
    def drawn(self) -> int:
        return self.sample.height


def week_in_month(day: date) -> tuple[date, date]:
    """The days of a day's week, from Monday on, that lie in the day's month."""
    monday = day - timedelta(days=day.weekday())
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return max(monday, first), min(monday + WEEK, following) - timedelta(days=1)


def callbacks_of_week(
    contacts: pl.DataFrame, week: tuple[date, date], *, share: Decimal, seed: int,
    kept: Collection[str] = (), elsewhere: Collection[str] = (),
) -> CallBackList:  # fmt: skip
    """Draw from `contacts` of the month until the week's end (contact_id, customer, day).

    A customer belongs to the week of their first contact of the month, so that nobody is drawn twice and at least
    `share` (0 to 1) of each week's customers is at least that share of the month's. `kept` are customers drawn for this
    week before: they stay, and only what is lacking is drawn anew; those of `elsewhere` were drawn for another week.
    Luck goes by the customer, not by the place in the list, so that customers who come later move nobody about.
    """
    people = (
        contacts.sort("day", "contact_id")
        .group_by("customer", maintain_order=True)
        .agg(first=pl.col("day").first(), contact_id=pl.col("contact_id").last())
    )
    stays = pl.col("customer").is_in(list(kept))
    own = people.filter((pl.col("first").is_between(*week) & ~pl.col("customer").is_in(list(elsewhere))) | stays)
    ordered = sorted(own["customer"], key=lambda one: (one not in kept, _luck(seed, week[0], one)))
    wanted = max(ceil(Fraction(share) * own.height), sum(one in kept for one in ordered))
    taken = pl.DataFrame({"customer": ordered[:wanted]}, schema={"customer": own.schema["customer"]})
    sample = own.join(taken, on="customer", how="semi").select("customer", "contact_id").sort("contact_id")
    return CallBackList(own.height, sample)


def _luck(seed: int, week: date, customer: str) -> bytes:
    return sha256(f"{seed}\n{week.isoformat()}\n{customer}".encode()).digest()
