"""Scores of a person's contacts by day, from the verdicts of the edition in use: daily scores, and the lowest contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _

from bihuan.appraisal.inputs import scores_between
from bihuan.kit.numbers import MILLI, divided
from bihuan.ui import formats
from bihuan.ui.charts import Panel, Series
from bihuan.workplace.reading import View

FULL = 100
LOWEST = 8
LOWEST_AT_LEAST = 3  # of those listed, so that fatal contacts do not hide the others


@dataclass(frozen=True)
class DayOfScores:
    """The mean score of a day's contacts (0-100), over how many, and how many of them were fatal."""

    day: str
    value: Decimal | None
    n: int
    fatal: int


@dataclass(frozen=True)
class LowContact:
    """A contact worth a look: fatal, or scored low."""

    contact_id: str
    day: date
    person: str
    score: Decimal
    unfailed: Decimal
    fatal: bool
    name: str = ""


def scores(view: View, first: date, last: date, *, person: str | None = None) -> pl.DataFrame:
    """Scored contacts of these days; empty where nothing was judged or the edition scores nothing."""
    if not view.edition.scorecards:
        return pl.DataFrame()
    question = ("scores", first, last, person, view.decided.token)
    reader, edition, decided = view.people_reader, view.edition, view.decided
    return view.remembered(
        question, lambda: scores_between(reader, edition, first, last, person=person, decided=decided)
    )


def days_of(found: pl.DataFrame) -> dict[str, DayOfScores]:
    """The daily scores by day, as the appraisal makes them: the mean of the day's scored contacts."""
    if found.is_empty():
        return {}
    sums = found.group_by("day").agg(
        total=pl.col("score_milli").sum(), n=pl.col("score_milli").count(), fatal=pl.col("fatal").sum()
    )
    return {str(row["day"]): _day(row) for row in sums.iter_rows(named=True) if row["day"] is not None}


def _day(row: Mapping[str, int]) -> DayOfScores:
    return DayOfScores(str(row["day"]), divided(row["total"], row["n"] * MILLI, 2), row["n"], row["fatal"])


def lowest(
    found: pl.DataFrame, names: Mapping[str, str] | None = None, most: int = LOWEST, *, without: Collection[str] = ()
) -> list[LowContact]:
    """Fatal contacts first (the newest), then the lowest scores below full marks; `names` where several people are listed.

    `without` contacts that the reader is still to judge blind.
    """
    if found.is_empty():
        return []
    found = found.filter(~pl.col("contact_id").is_in(list(without)))
    fatal = found.filter(pl.col("fatal")).sort("day", "contact_id", descending=[True, False])
    others = found.filter(~pl.col("fatal") & (pl.col("score_milli") < FULL * MILLI)).sort("score_milli", "contact_id")
    kept = fatal.head(max(most - LOWEST_AT_LEAST, most - others.height))
    rows = pl.concat([kept, others.head(most - kept.height)])
    return [
        LowContact(
            row["contact_id"], row["day"], row["person"], Decimal(row["score_milli"]) / MILLI,
            Decimal(row["unfailed_milli"]) / MILLI, bool(row["fatal"]), (names or {}).get(row["person"], ""),
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def daily_chart(days: Mapping[str, DayOfScores], wanted: list[str]) -> Series | None:
    """The daily score over the trend's days, gaps where nothing was judged; None where no day was."""
    if not days:
        return None
    told = [days.get(day) for day in wanted]
    known = [one.value for one in told if one and one.value is not None]
    summary = _("Daily score from %(low)s to %(high)s") % {
        "low": formats.number(min(known, default=None), 1), "high": formats.number(max(known, default=None), 1)
    }  # fmt: skip
    return Series(
        "daily-scores",
        _("Daily score"),
        [day[5:] for day in wanted],
        (
            Panel(_("Mean score of the day"), [one.value if one else None for one in told], decimals=1, ceiling=100),
            Panel(_("Contacts scored"), [one.n if one else 0 for one in told], "bar", decimals=0),
        ),
        summary=summary,
        step_label=_("Day"),
    )
