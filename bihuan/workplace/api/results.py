"""Monthly results and the trees they open to, of those this account may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from bihuan.appraisal.cut import reasons_that_hold
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.months import read_month
from bihuan.appraisal.queries import newest_set, set_in_use
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.review_rate import ReviewRate
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.tokens import ApiScope
from bihuan.workplace.api import schemas
from bihuan.workplace.api.auth import Scoped
from bihuan.workplace.months.reviewed import rates_of_people

router = Router(tags=["results"], auth=Scoped(ApiScope.RESULTS_READ))
_FIGURES = ("total", "low", "high", "coverage")
_BESIDE = ("human_review", "by_reason", "written_reason")
_LINE = tuple(name for name in schemas.ResultLine.model_fields if name not in (*_FIGURES, *_BESIDE))


@router.get("/results", response=schemas.Results, summary="Results of a month")
def results(
    request: HttpRequest, month: schemas.Month, scheme: schemas.Word | None = None, edition: schemas.Word | None = None
) -> dict[str, Any]:
    """The set that holds for the month, or the newest by the edition with this hash; ranked people first."""
    first = read_month(month)
    kept = newest_set(first, edition=edition) if edition else set_in_use(first)
    if kept is None:
        raise Http404
    rows = _visible(request).of(kept).in_order()
    shown = list(rows.by_scheme(scheme) if scheme else rows)
    rates, cut = _reviewed(kept, shown), reasons_that_hold(kept, shown)
    return {"set": _set(kept), "results": [_line(row, rates[row.person], cut.get(row.pk)) for row in shown]}


@router.get("/results/{uuid:result_id}", response=schemas.ResultTree, summary="One result with its tree")
def result(request: HttpRequest, result_id: UUID) -> dict[str, Any]:
    """From the total down to its terms, each with weight, value, coverage and reason; beside it the score of the period."""
    row = _visible(request).select_related("set").filter(pk=result_id).first()
    if row is None:
        raise Http404
    rate = _reviewed(row.set, [row])[row.person]
    cut = reasons_that_hold(row.set, [row]).get(row.pk)
    return {"set": _set(row.set), "result": _line(row, rate, cut), "tree": row.tree, "period": row.period or None}


def _visible(request: HttpRequest) -> Any:
    scope = scope_of(request.user, sight=Sight.FIGURES)
    return Result.objects.within(everything=scope.everything, persons=scope.persons, teams=scope.teams)


def _set(kept: ResultSet) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "month": f"{kept.month:%Y-%m}",
        "edition": kept.edition_hash,
        "manifest": kept.manifest,
        "engine": kept.engine,
        "computed_at": kept.computed_at,
        "is_provisional": kept.is_provisional,
        "provisional": kept.provisional,
        "scope": kept.scope,
    }


def _reviewed(kept: ResultSet, rows: Sequence[Result]) -> dict[str, ReviewRate]:
    return rates_of_people(Reader(open_archive()), {row.person for row in rows}, kept.month)


def _line(row: Result, rate: ReviewRate, cut: CutReason | None) -> dict[str, Any]:
    figures = {name: None if (value := getattr(row, name)) is None else str(value) for name in _FIGURES}
    return {name: getattr(row, name) for name in _LINE} | figures | {"human_review": rate.to_json()} | _written(cut)


def _written(cut: CutReason | None) -> dict[str, Any]:
    """What a written reason decided where the score could not."""
    return {"by_reason": ("in" if cut.is_in else "out") if cut else None, "written_reason": cut.reason if cut else None}
