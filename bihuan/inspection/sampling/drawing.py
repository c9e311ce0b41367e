"""A day of the record made ready to draw from, and the draw itself; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

import polars as pl

from bihuan.archive.reader import Reader
from bihuan.inspection import evaluable
from bihuan.inspection.evaluable import EVALUABLE
from bihuan.inspection.sampling.plans import risk_plan, sampling_number, sampling_plan
from bihuan.inspection.sampling.screening import NONE, Screened
from bihuan.kit.clock import DAY
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sampling import DrawResult, SamplingPlan, draw, stratum_of
from bihuan.standards.rules.sampling_risk import RiskPlan, risk_queue
from bihuan.standards.rules.scoring import score_contacts

ROLLUP = ("contact_id", "day", "team", "agent_class", "category", "opened_at", "csat", *evaluable.COLUMNS)

LOW_RATING: Final = "low_rating"
LOW_REVIEW: Final = "low_review"
"""A low rating by where it was given: in answer to the department, or on somebody else's platform."""


@dataclass(frozen=True)
class DayDraw:
    """`contacts`: what the day holds, one row each; `random` and `risk`: what was drawn, no contact in both. `brought` are
    contacts of other days that a negative review of this day puts before the risk queue (S3-11), `screened` those reviews."""

    contacts: pl.DataFrame
    random: DrawResult
    risk: pl.DataFrame
    brought: pl.DataFrame
    screened: Screened

    @property
    def looked_at(self) -> pl.DataFrame:
        """What the risk queue was taken from."""
        return pl.concat([self.contacts, self.brought])

    def outcomes(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Every screened review with what the draw made of it."""
        queued, random = set(self.risk["contact_id"]), set(self.random.sample["contact_id"])
        fit = set(self.looked_at["contact_id"])
        for row in self.screened.reviews.iter_rows(named=True):
            yield row, self.screened.outcome(row["contact_id"], queued=queued, random=random, fit=fit)


def draw_day(reader: Reader, edition: Edition, day: date, screened: Screened = NONE) -> DayDraw:
    """The draw of a day under an edition. The same record, edition and screened reviews give the same draw.

    Contacts that people served and that were no test can be drawn (S3-10). Whoever is in the random sample already is
    not put in the risk queue again.
    """
    contacts = _served(reader, day, sampling_plan(edition))
    return _drawn(reader, edition, day, contacts, occasion=day.isoformat(), screened=screened)


def late_contacts(reader: Reader, before: Reader, edition: Edition, day: date) -> pl.DataFrame:
    """Contacts of a day that could be drawn now and could not when the record stood as in `before`."""
    plan = sampling_plan(edition)
    return _served(reader, day, plan).join(_served(before, day, plan), on="contact_id", how="anti")


def draw_late(reader: Reader, edition: Edition, day: date, late: pl.DataFrame, *, number: int) -> DayDraw:
    """The supplement of a day, from `late_contacts` alone, by the same plan.

    Nobody of them had a chance in an earlier draw, so the probabilities of this one are theirs.
    """
    return _drawn(reader, edition, day, late, occasion=f"{day.isoformat()}#{number}")


def enough_for_supplement(edition: Edition, late: int) -> bool:
    """So many that the plan's share of them is one contact or more; of fewer each would be drawn for certain."""
    return late * sampling_plan(edition).low >= 1


def _drawn(
    reader: Reader, edition: Edition, day: date, contacts: pl.DataFrame, *, occasion: str,
    screened: Screened = NONE,
) -> DayDraw:  # fmt: skip
    random = draw(contacts.select("contact_id", "stratum"), sampling_plan(edition), occasion=occasion)
    brought = _brought(reader, edition, day, contacts, screened)
    signs = _with_signs(reader, edition, day, pl.concat([contacts, brought]))
    stars = signs.join(screened.lowest, on="contact_id", how="left")
    rated = stars.with_columns(rating=pl.min_horizontal("rating", "stars"))
    queue = risk_queue(rated, _no_larger(risk_plan(edition), contacts.height, rated.height), occasion=occasion)
    risk = queue.join(random.sample, on="contact_id", how="anti")
    return DayDraw(contacts, random, _saying_where_from(risk, stars, edition), brought, screened)


def _no_larger(plan: RiskPlan, contacts: int, looked_at: int) -> RiskPlan:
    """The plan with the same room as for the day's contacts alone: a history of reviews fills the queue, it does not grow it."""
    room = floor(Fraction(plan.most) * contacts)
    share = Context(rounding=ROUND_CEILING).divide(Decimal(room), Decimal(max(looked_at, 1)))
    return replace(plan, most=share) if looked_at > contacts else plan


def _brought(reader: Reader, edition: Edition, day: date, contacts: pl.DataFrame, screened: Screened) -> pl.DataFrame:
    """Contacts of other days that a review is about, one row each."""
    held = [_served(reader, one, sampling_plan(edition)) for one in screened.days if one != day]
    return pl.concat([contacts.clear(), *held]).join(screened.lowest, on="contact_id", how="semi").sort("contact_id")


def _saying_where_from(risk: pl.DataFrame, signs: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """The queue with a review told apart from a low answer to the survey; either is as grave."""
    low = pl.col("rating") <= risk_plan(edition).rating_at_most
    told = signs.select("contact_id", answered=low.fill_null(False), reviewed=pl.col("stars").is_not_null())
    rows = risk.join(told, on="contact_id", how="left", maintain_order="left").iter_rows(named=True)
    reasons = [[word for reason in row["reasons"] for word in _words(reason, row)] for row in rows]
    return risk.with_columns(pl.Series("reasons", reasons, dtype=pl.List(pl.String)))


def _words(reason: str, row: Mapping[str, Any]) -> list[str]:
    if reason != LOW_RATING:
        return [reason]
    return [*([LOW_REVIEW] if row["reviewed"] else []), *([LOW_RATING] if row["answered"] else [])]


def _served(reader: Reader, day: date, plan: SamplingPlan) -> pl.DataFrame:
    rows = _frame(reader, "rollup", day, day, ROLLUP)
    hour = pl.col("opened_at").dt.convert_time_zone(str(reader.archive.zone)).dt.hour()
    return (
        rows.filter(EVALUABLE)
        .with_columns(stratum=stratum_of(hour, pl.col("channel"), pl.col("agent_class"), plan))
        .sort("contact_id")
    )  # fmt: skip


def _with_signs(reader: Reader, edition: Edition, day: date, contacts: pl.DataFrame) -> pl.DataFrame:
    """Columns of `risk_queue`; what is not known about a contact is null and no sign."""
    waits = _frame(reader, "exchanges", day, day, ("contact_id", "wait_us"))
    silence = waits.group_by("contact_id").agg(silence_us=pl.col("wait_us").max())
    verdicts = pl.from_arrow(
        reader.table(
            "verdicts",
            days=(day, day),
            columns=["contact_id", "item", "verdict", "person", "day"],
            edition=edition.hash,
        )
    )
    assert isinstance(verdicts, pl.DataFrame)
    scores = score_contacts(edition, verdicts) if edition.scorecards else _NO_SCORES
    return (
        contacts.select("contact_id", "person", rating=pl.col("csat"))
        .join(silence, on="contact_id", how="left")
        .join(_complaints(reader, edition, day), on="person", how="left")
        .join(scores.select("contact_id", "score_milli", "fatal"), on="contact_id", how="left")
    )


_NO_SCORES = pl.DataFrame(schema={"contact_id": pl.String, "score_milli": pl.Int64, "fatal": pl.Boolean})


def _complaints(reader: Reader, edition: Edition, day: date) -> pl.DataFrame:
    """Complaints about each person in the days that end with this one."""
    back = sampling_number(edition, "risk_complaints_within").micros // DAY
    rows = _frame(reader, "rollup", day - timedelta(days=back - 1), day, ("person", "complaints", "is_primary"))
    return rows.filter("is_primary").group_by("person").agg(pl.col("complaints").sum())


def complaints_until(reader: Reader, edition: Edition, day: date) -> dict[str, int]:
    """Complaints about each person in the days that end with this one, by staff number."""
    return {person: count or 0 for person, count in _complaints(reader, edition, day).iter_rows() if person is not None}


def _frame(reader: Reader, name: str, first: date, last: date, columns: tuple[str, ...]) -> pl.DataFrame:
    frame = pl.from_arrow(reader.table(name, days=(first, last), columns=list(columns)))
    assert isinstance(frame, pl.DataFrame)
    return frame
