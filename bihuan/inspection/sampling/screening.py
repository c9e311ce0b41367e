"""The daily screening of third-party platforms (S3-11): whose contacts a draw looks at because of a negative review.

A review counts on the day it reached the record, however old its contact is. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import polars as pl

from bihuan.archive import contact_index
from bihuan.archive.linking import told_reviews
from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.inspection.models import Assignment, Draw, ScreenedReview
from bihuan.inspection.platform_reviews import placed, unscreened
from bihuan.inspection.sampling.plans import sampling_number
from bihuan.kit.clock import DAY, day_bounds, to_us
from bihuan.standards.rules.edition import Edition

SEEN: Final = pl.Schema({"review_id": pl.String(), "contact_id": pl.String(), "stars": pl.Int32()})
_LOWEST: Final = pl.Schema({"contact_id": pl.String(), "stars": pl.Int32()})


@dataclass(frozen=True)
class Screened:
    """Negative reviews a draw takes into account. `reviews` are review_id, contact_id, stars; `known` are contacts that
    people had before them already; `days` are those on which the other contacts lie."""

    reviews: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEEN))
    known: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()

    @property
    def lowest(self) -> pl.DataFrame:
        """contact_id and the fewest stars given, of contacts that may still be put before people."""
        fresh = self.reviews.filter(~pl.col("contact_id").is_in(list(self.known)))
        return fresh.group_by("contact_id").agg(pl.col("stars").min()).select(_LOWEST.names()).cast(_LOWEST)

    def outcome(
        self, contact_id: str, *, queued: Collection[str], random: Collection[str], fit: Collection[str]
    ) -> str:
        """What the draw made of a review about a contact."""
        told = ScreenedReview.Outcome
        if contact_id in self.known or contact_id in random:
            return told.DRAWN
        if contact_id in queued:
            return told.QUEUED
        return told.FULL if contact_id in fit else told.UNFIT


NONE: Final = Screened()


def arrived(reader: Reader, edition: Edition, day: date) -> Screened:
    """Negative reviews that reached the record until the end of a day and that no draw has screened.

    A contact of a day that is still to be drawn by itself waits for that: drawn twice it would be judged twice.
    """
    if not reader.manifest.files("platform_reviews"):
        return NONE
    until = to_us(day_bounds(day, reader.archive.zone, reader.archive.cutover_hour)[1])
    told = told_reviews(reader, stars_at_most=sampling_number(edition, "risk_rating_at_most").whole)
    found = unscreened(placed(reader, told.filter(pl.col("recorded_us") < until)))
    found = found.filter(pl.col("contact_id").is_not_null())
    known = frozenset(
        Assignment.objects.filter(contact_id__in=found["contact_id"].to_list()).values_list("contact_id", flat=True)
    )
    places = {one: _day(reader, one) for one in found["contact_id"].unique() if one not in known}
    waiting = _still_drawn(edition, day, [one for one in places.values() if one is not None])
    later = [one for one, at in places.items() if at in waiting]
    reviews = found.filter(~pl.col("contact_id").is_in(later)).select(SEEN.names()).cast(SEEN).sort("review_id")
    return Screened(
        reviews, known, tuple(sorted({at for at in places.values() if at is not None and at not in waiting}))
    )


def screened_in(draw: Draw, reader: Reader) -> Screened:
    """What a draw took into account, to make it again."""
    rows = list(ScreenedReview.objects.filter(draw=draw).values_list("review_id", "contact_id", "stars", "outcome"))
    reviews = pl.DataFrame([row[:3] for row in rows], schema=SEEN, orient="row")
    random = set(Assignment.objects.random().filter(draw=draw).values_list("contact_id", flat=True))
    known = {contact for _, contact, _, outcome in rows if outcome == ScreenedReview.Outcome.DRAWN} - random
    days = {at for one in set(reviews["contact_id"]) - known if (at := _day(reader, one)) is not None}
    return Screened(reviews, frozenset(known), tuple(sorted(days)))


def _day(reader: Reader, contact_id: str) -> date | None:
    """The day a contact lies under; None for one without a day."""
    found = contact_index.days_holding(reader.archive, reader.manifest, contact_id)
    return next((day_of(key) for key in found if day_of(key) is not None), None)


def _still_drawn(edition: Edition, day: date, days: Collection[date]) -> set[date]:
    """Of these days those that are yet to be drawn; this one is being drawn."""
    since = day - timedelta(days=sampling_number(edition, "looked_back").micros // DAY)
    own = {one for one in days if since <= one and one != day}
    return own - set(Draw.objects.filter(day__in=own).values_list("day", flat=True))
