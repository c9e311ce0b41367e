"""Whom people call back in a week: a seeded share of the month's customers, each asked at most once a month (S3-11, X13)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import polars as pl

from bihuan.standards.rules.sampling import DrawResult, SamplingPlan, draw

WEEK: Final = timedelta(days=7)
_NEVER: Final = 24  # hours that divide no day: call-backs are drawn by channel, not by time


def week_in_month(day: date) -> tuple[date, date]:
    """The days of a day's week, from Monday on, that lie in the day's month."""
    monday = day - timedelta(days=day.weekday())
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return max(monday, first), min(monday + WEEK, following) - timedelta(days=1)


def callbacks_of_week(contacts: pl.DataFrame, week: tuple[date, date], *, share: Decimal, seed: int) -> DrawResult:
    """Draw from `contacts` of the month until the week's end (contact_id, customer, channel, day).

    A customer belongs to the week of their first contact of the month, so that nobody is drawn twice and at least
    `share` (0 to 1) of each week's customers is at least that share of the month's. The sample names the newest contact
    of each customer drawn.
    """
    ordered = contacts.sort("day", "contact_id")
    people = ordered.group_by("customer", maintain_order=True).agg(
        first=pl.col("day").first(), contact_id=pl.col("contact_id").last(), stratum=pl.col("channel").last()
    )
    own = people.filter(pl.col("first").is_between(*week))
    plan = SamplingPlan(share, Decimal(1), 0, _NEVER, _NEVER, seed)
    return draw(own.select("contact_id", "stratum"), plan, occasion=f"call-back {week[0].isoformat()}")
