"""Month results as the pages of teams and agents show them: a line each, with the way to the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from bihuan.appraisal.models import Result
from bihuan.appraisal.queries import set_in_use, sets_in_use
from bihuan.archive.scope import Scope
from bihuan.standards.rules.edition import Edition
from bihuan.ui import formats
from bihuan.ui.figures import Number, Whisker
from bihuan.ui.tables import Column
from bihuan.ui.values import language

FULL: Final = 100


@dataclass(frozen=True)
class MonthRow:
    """One result: month, scheme in words, total with its interval, rank."""

    result: Result
    scheme: str
    scale: tuple[Number, Number] = (0, FULL)

    @property
    def between(self) -> str:
        return "" if self.result.low is None else formats.interval(self.result.low, self.result.high, 1)

    @property
    def whisker(self) -> Whisker | None:
        one = self.result
        if one.total is None or one.low is None:
            return None
        return Whisker(one.total, one.low, one.high, *self.scale, decimals=2)

    @property
    def url(self) -> str:
        return reverse("workplace:result", args=[self.result.pk])

    @property
    def rank(self) -> str:
        one = self.result
        if one.rank is None:
            return ""
        return str(one.rank) if one.rank_best == one.rank_worst else f"{one.rank}（{one.rank_best}–{one.rank_worst}）"


def scheme_label(edition: Edition, scheme: str) -> str:
    """The scheme's name in the edition in use; its id where another edition made the result."""
    found = edition.schemes.get(scheme)
    return found.label.said(language()) if found else scheme


def months_of(person: str, scope: Scope, edition: Edition) -> list[MonthRow]:
    """A person's results of each month and scheme that hold, newest month first; a fixed number of queries."""
    rows = (
        Result.objects.within(everything=scope.everything, persons=scope.persons, teams=scope.teams)
        .filter(person=person, set__in=[kept.pk for kept in sets_in_use().values()])
        .select_related("set")
        .defer("tree")
        .order_by("-set__month", "scheme")
    )
    kept = list(rows)
    ends = [end for row in kept for end in (row.low, row.high, row.total) if end is not None]
    scale = (min(ends), max(ends)) if len(set(ends)) > 1 else (0, FULL)
    return [MonthRow(row, scheme_label(edition, row.scheme), scale) for row in kept]


def newest_of(people: Iterable[str], edition: Edition, month: Any) -> dict[str, Result]:
    """Each person's result of a month that holds, under the edition's first scheme, by staff number."""
    kept, scheme = set_in_use(month), next(iter(edition.schemes), "")
    if kept is None or not scheme:
        return {}
    rows = Result.objects.of(kept).by_scheme(scheme).filter(person__in=list(people)).defer("tree")
    return {row.person: row for row in rows}


MONTHS: Final = (
    Column("month", _("Month"), get=lambda row: f"{row.result.set.month:%Y-%m}", url=lambda row: row.url),
    Column("scheme", _("Total")),
    Column(
        "total",
        _("Points"),
        "number",
        get=lambda row: row.result.total,
        decimals=2,
        reason=lambda row: row.result.reason,
    ),
    Column("between", _("Interval"), reason=lambda row: row.result.reason),
    Column("whisker", _("On one scale"), "whisker", reason=lambda row: row.result.reason),
    Column("rank", _("Rank (could be)"), reason=lambda row: row.result.reason),
    Column(
        "on_trial",
        pgettext_lazy("results", "Provisional"),
        get=lambda row: pgettext("results", "Provisional") if row.result.set.is_provisional else "",
        reason=lambda row: "",
    ),
    Column("coverage", _("Coverage %"), "number", get=lambda row: row.result.coverage, decimals=1),
    Column("contacts", _("Contacts"), "number", get=lambda row: row.result.contacts),
)
