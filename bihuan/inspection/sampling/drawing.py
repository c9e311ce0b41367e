"""A day of the record made ready to draw from, and the draw itself; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from bihuan.archive.reader import Reader
from bihuan.inspection import evaluable
from bihuan.inspection.evaluable import EVALUABLE
from bihuan.inspection.sampling.plans import risk_plan, sampling_number, sampling_plan
from bihuan.kit.clock import DAY
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sampling import DrawResult, SamplingPlan, draw, stratum_of
from bihuan.standards.rules.sampling_risk import risk_queue
from bihuan.standards.rules.scoring import score_contacts

ROLLUP = ("contact_id", "team", "agent_class", "category", "opened_at", "csat", *evaluable.COLUMNS)


@dataclass(frozen=True)
class DayDraw:
    """`contacts`: what the day holds, one row each; `random` and `risk`: what was drawn, no contact in both."""

    contacts: pl.DataFrame
    random: DrawResult
    risk: pl.DataFrame


def draw_day(reader: Reader, edition: Edition, day: date) -> DayDraw:
    """The draw of a day under an edition. The same record and edition give the same draw.

    Contacts that people served and that were no test can be drawn (S3-10). Whoever is in the random sample already is
    not put in the risk queue again.
    """
    return _drawn(reader, edition, day, _served(reader, day, sampling_plan(edition)), occasion=day.isoformat())


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


def _drawn(reader: Reader, edition: Edition, day: date, contacts: pl.DataFrame, *, occasion: str) -> DayDraw:
    random = draw(contacts.select("contact_id", "stratum"), sampling_plan(edition), occasion=occasion)
    signs = _with_signs(reader, edition, day, contacts)
    risk = risk_queue(signs, risk_plan(edition), occasion=occasion)
    return DayDraw(contacts, random, risk.join(random.sample, on="contact_id", how="anti"))


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
