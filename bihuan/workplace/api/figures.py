"""Figures: the numbers of the pages, read through the same sight of the record."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from ninja import Query, Router

from bihuan.kit.clock import from_us
from bihuan.kit.errors import InputError
from bihuan.metrics.catalog import CATALOG
from bihuan.people.rules.tokens import ApiScope
from bihuan.workplace.api import schemas
from bihuan.workplace.api.auth import Scoped
from bihuan.workplace.reading import View, view_of

router = Router(tags=["figures"], auth=Scoped(ApiScope.FIGURES_READ))
MOST_ROWS: Final = 20_000
MOST_HOURLY_DAYS: Final = 92
_NAMES: Final = ("team", "channel", "agent", "category", "level", "queue", "business_line")
_SHOWN: Final = tuple(schemas.Figure.model_fields)


@router.get("/figures", response=schemas.Figures, summary="Figures by any dimensions")
def figures(request: HttpRequest, question: Query[schemas.FigureQuestion]) -> dict[str, Any]:
    """The metrics per group and in total. Without a period: the week that ends with the record's last day."""
    view = narrowed_view(request, question)
    names, by = _listed(question.metrics), _listed(question.by)
    if not names:
        raise InputError("Name at least one metric.", hint="`GET /metrics` lists them all.")
    if "hour" in by and view.filters.days > MOST_HOURLY_DAYS:
        raise InputError(f"By hour, ask for at most {MOST_HOURLY_DAYS} days.")
    told = view.figures(names, by=by)
    if len(told.keys) > MOST_ROWS:
        raise InputError(
            f"This makes {len(told.keys)} rows; {MOST_ROWS} are answered.", hint="Narrow it, or ask by less."
        )
    rows = [{"keys": dict(zip(told.by, key, strict=True)), "figures": told.row(at)} for at, key in enumerate(told.keys)]
    return {
        "edition": view.edition.hash,
        "manifest": view.people_reader.manifest.hash,
        "as_of": from_us(view.as_of_us),
        "first": view.filters.first,
        "last": view.filters.last,
        "by": list(told.by),
        "rows": [{**row, "figures": _plain(row["figures"])} for row in rows],
        "totals": _plain(told.totals),
    }


@router.get("/metrics", response=list[schemas.MetricInfo], summary="The metrics there are")
def metrics(request: HttpRequest) -> list[dict[str, Any]]:
    """Names, labels and units of every metric."""
    return [
        {"name": name, "zh": one.zh, "en": one.en, "unit": one.unit, "better": one.better, "sources": list(one.sources)}
        for name, one in CATALOG.items()
    ]


def narrowed_view(request: HttpRequest, question: schemas.Narrowed) -> View:
    """The page's view of the same address."""
    if question.first and question.last and question.first > question.last:
        raise InputError("`from` lies after `to`.")
    if (question.first is None) != (question.last is None):
        raise InputError("Name both `from` and `to`, or neither.")
    given = {name: value for name in _NAMES if (value := getattr(question, name)) is not None}
    span = {"from": question.first, "to": question.last}
    view = view_of(request.user, given | {name: day.isoformat() for name, day in span.items() if day})
    if dict(view.filters.where) != given:
        raise InputError("A filter is longer than any name.")
    return view


def _listed(names: list[str]) -> list[str]:
    """Repeated parameters and comma-parted ones alike."""
    return [name for one in names for name in one.split(",") if name]


def _plain(figures_by_name: Any) -> dict[str, Any]:
    plain = {name: figure.to_json() for name, figure in figures_by_name.items()}
    return {name: {field: one[field] for field in _SHOWN} for name, one in plain.items()}
