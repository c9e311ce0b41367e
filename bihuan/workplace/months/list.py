"""The list of months: what the record holds, what was computed of it, and by which edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import Computation, Result, ResultSet
from bihuan.appraisal.queries import sets_in_use
from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.inspection.review_rate import ReviewRate
from bihuan.ui import formats
from bihuan.ui.charts import Panel, Series
from bihuan.ui.tables import Column, Sorting, Table
from bihuan.ui.values import said
from bihuan.workplace.months.reviewed import rates_of_months


@dataclass(frozen=True)
class MonthLine:
    """A month: days of the record, its newest results, and how many of their lines the reader may see; `reviewed` stands
    beside the own total (X12)."""

    month: date
    days: int
    until: date | None
    kept: ResultSet | None
    versions: int
    ranked: int
    people: int
    own: Result | None
    reviewed: ReviewRate | None
    computation: Computation | None

    @property
    def name(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def is_running(self) -> bool:
        return self.until is not None and self.until < last_day(self.month)


def _computed(line: MonthLine) -> int:
    return 0 if line.kept is None else 1 if line.is_running else 2


COLUMNS: Final = (
    Column("month", _("Month"), sortable=True),
    Column("days", _("Record"), sortable=True),
    Column("state", _("State"), sortable=True, order=_computed),
    Column("ranked", _("Ranked"), "number", sortable=True, order=lambda line: line.ranked if line.kept else None),
    Column(
        "edition", _("Edition"), sortable=True,
        order=lambda line: said(line.kept.edition_title) or line.kept.edition_ref if line.kept else None,
    ),
    Column("computed_at", _("Computed at"), sortable=True, order=lambda line: line.kept and line.kept.computed_at),
    Column("own", _("My total"), sortable=True, order=lambda line: line.own and line.own.total),
)  # fmt: skip
"""What the list sorts by; its rows are drawn by their own template."""


def months_table(lines: Sequence[MonthLine], query: Mapping[str, str]) -> Table:
    """The months, newest first unless asked otherwise."""
    sorting = Sorting.from_query(query, COLUMNS, "-month")
    return Table(COLUMNS, sorting.apply(lines, COLUMNS), sorting, query)


def own_course(lines: Sequence[MonthLine]) -> Series | None:
    """The reader's own totals over the months with their intervals; None while there is but one."""
    own = [(line.name, line.own) for line in reversed(lines) if line.own is not None and line.own.total is not None]
    if len(own) < 2:
        return None
    totals = [one.total for _month, one in own]
    low, high = [one.low for _month, one in own], [one.high for _month, one in own]
    summary = gettext("Totals of %(n)s months, the last %(last)s.") % {
        "n": len(own), "last": formats.number(totals[-1], 2)
    }  # fmt: skip
    panel = Panel(gettext("Total"), totals, low=low, high=high, decimals=2)
    return Series(
        "own-months", gettext("My months"), [month for month, _one in own], [panel], summary, gettext("Month")
    )


def month_lines(reader: Reader, person: str | None) -> list[MonthLine]:
    """Every month of the record or with results, newest first; a fixed number of queries."""
    days: dict[date, list[date]] = {}
    for day in filter(None, map(day_of, reader.manifest.files("contacts"))):
        days.setdefault(day.replace(day=1), []).append(day)
    sets = sets_in_use()
    counts = _counts([kept.pk for kept in sets.values()])
    own = _own([kept.pk for kept in sets.values()], person)
    rates = rates_of_months(reader, person, [at for at, kept in sets.items() if kept.pk in own]) if person else {}
    waiting = {one.month: one for one in Computation.objects.filter(finished_at=None, against_hash="")}
    versions = dict(ResultSet.objects.values_list("month").annotate(Count("pk")).order_by())
    return [
        MonthLine(
            month=month,
            days=len(days.get(month, ())),
            until=max(days.get(month, ()), default=None),
            kept=sets.get(month),
            versions=versions.get(month, 0),
            ranked=counts.get(_pk(sets.get(month)), (0, 0))[0],
            people=counts.get(_pk(sets.get(month)), (0, 0))[1],
            own=own.get(_pk(sets.get(month))),
            reviewed=rates.get(month),
            computation=waiting.get(month),
        )
        for month in sorted({*days, *versions}, reverse=True)
    ]


def _pk(kept: ResultSet | None) -> UUID | None:
    return kept.pk if kept else None


def _counts(sets: list[UUID]) -> Mapping[UUID | None, tuple[int, int]]:
    """{set: (ranked, people)} under the scheme that ranks most."""
    rows = (
        Result.objects.filter(set__in=sets).values("set", "scheme").annotate(ranked=Count("rank"), people=Count("pk"))
    )
    best: dict[UUID | None, tuple[int, int]] = {}
    for row in rows:
        best[row["set"]] = max(best.get(row["set"], (0, 0)), (row["ranked"], row["people"]))
    return best


def _own(sets: list[UUID], person: str | None) -> Mapping[UUID | None, Result]:
    """The reader's own line of each set, under the first scheme by name."""
    if not person:
        return {}
    rows = Result.objects.filter(set__in=sets, person=person).defer("tree", "days").order_by("-scheme")
    return {row.set_id: row for row in rows}
