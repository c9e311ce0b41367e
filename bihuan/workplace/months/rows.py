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
from bihuan.ui.tables import Column
from bihuan.ui.values import language


@dataclass(frozen=True)
class MonthRow:
    """One result: month, scheme in words, total with its interval, rank."""

    result: Result
    scheme: str

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
    return [MonthRow(row, scheme_label(edition, row.scheme)) for row in rows]


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
    Column("low", _("From"), "number", get=lambda row: row.result.low, decimals=1),
    Column("high", _("To"), "number", get=lambda row: row.result.high, decimals=1),
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
