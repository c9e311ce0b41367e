"""The catalogue of metrics, one metric, and the contacts behind a part of its figure."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.kit.errors import InputError
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.metrics.kinds import PARTS
from bihuan.people.exporting import table_file, wants_file
from bihuan.people.rules.roles import Permission
from bihuan.ui.figures import Choice
from bihuan.ui.paging import Page
from bihuan.ui.tables import Sorting, Table
from bihuan.workplace.figures.catalogue import catalogue
from bihuan.workplace.figures.definitions import definition
from bihuan.workplace.figures.distributions import spread
from bihuan.workplace.figures.metric_pages import MetricPage, part_amount
from bihuan.workplace.figures.metric_tables import breakdown_columns, drill_columns, drilled, export_columns, whole
from bihuan.workplace.figures.periods import compared, filter_bar, spans_of
from bihuan.workplace.figures.volume_pattern import volume_pattern
from bihuan.workplace.key_names import team_names
from bihuan.workplace.reading import view_of
from bihuan.workplace.web.addresses import csv_address
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.wording import DIMENSIONS


@require_GET
@allowed(Permission.SEE_OWN)
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric by group: what it counts, and its present figure."""
    view = view_of(request.user, request.GET)
    words = request.GET.get("q", "").strip()[:80]
    bar = filter_bar(view.filters, view.newest, teams=_teams(view), kept=(("q", words),) if words else ())
    context = {"view": view, "groups": catalogue(view, words), "bar": bar, "words": words}
    return render(request, "workplace/metrics.html", context)


@require_GET
@allowed(Permission.SEE_OWN)
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """One metric: definition, course, distribution, breakdown."""
    page = _page(request, name)
    columns = breakdown_columns(page) if page.by else ()
    if wants_file(request) and page.by:
        return table_file(request, columns, page.lines, f"{name}-{page.by}", verb="workplace_figures.exported")
    sorting = Sorting.from_query(request.GET, columns)
    leaf = Page.from_query(request.GET, len(page.lines))
    lines = sorting.apply(page.lines, columns)[leaf.offset : leaf.offset + leaf.per_page]
    table = Table(columns, lines, sorting, request.GET, leaf, row_url=lambda row: row.url)
    return render(request, "workplace/metric.html", {**_context(request, page), "table": table})


@require_GET
@allowed(Permission.SEE_OWN)
def metric_contacts(request: HttpRequest, name: str) -> HttpResponse:
    """The contacts behind a part of a figure; as many as the figure counts."""
    page = _page(request, name, by=request.GET.get("by", ""))
    part = request.GET.get("part", "denominator")
    figure = _asked_figure(request, page)
    if not page.lists or part not in PARTS or figure is None:
        raise Http404
    if wants_file(request):
        rows = whole(page, figure, part)
        return table_file(request, export_columns(), rows, f"{name}-{part}", verb="workplace_contacts.exported")
    drill = drilled(page, figure, part, request.GET)
    table = Table(drill_columns(drill), drill.rows, query=request.GET, page=drill.page)
    context = {"page": page, "drill": drill, "table": table, "total": part_amount(page.metric, drill.part, drill.total)}
    return render(
        request, "workplace/metric_contacts.html", {**context, "csv": csv_address(request), **_part_words(page, part)}
    )


def _page(request: HttpRequest, name: str, by: str | None = None) -> MetricPage:
    if name not in CATALOG:
        raise Http404
    view = view_of(request.user, request.GET)
    lists = view.reader.scope == view.people_reader.scope
    page = MetricPage(view, CATALOG[name], spans_of(view.filters, compared(request.GET)), "", lists)
    asked = request.GET.get("by", "") if by is None else by
    usual = "" if by is not None else next(iter(_usual(page)), "")
    return MetricPage(view, page.metric, page.spans, asked if asked in page.dimensions else usual, lists)


def _usual(page: MetricPage) -> list[str]:
    """What to break down by unless asked: checks for verdicts, teams for who sees several, else channels."""
    wanted = ["item"] if page.metric.name == "check_met_share" else []
    several = page.view.people_reader.scope.everything
    return [
        one
        for one in (*wanted, *(("team",) if several else ()), "channel", "category", "agent")
        if one in page.dimensions
    ]


def _asked_figure(request: HttpRequest, page: MetricPage) -> Figure | None:
    if not page.by:
        return page.figure
    try:
        return page.table.get(page.name, **{page.by: request.GET.get("key", "")})
    except InputError:
        return None


def _context(request: HttpRequest, page: MetricPage) -> dict[str, Any]:
    view = page.view
    bar = filter_bar(
        view.filters, view.newest, teams=_teams(view), compare=compared(request.GET), kept=(("by", page.by),)
    )
    by = Choice("by", "", [(one, str(DIMENSIONS[one])) for one in page.dimensions], page.by)
    kept = [(name, value) for name, value in request.GET.items() if name not in {"by", "sort", "as"}]
    return {
        "page": page, "definition": definition(page.metric, view.edition), "bar": bar, "by": by, "kept": kept,
        "spread": spread(view, page.name, page.goal), "pattern": volume_pattern(view, page.name),
        "csv": csv_address(request),
    }  # fmt: skip


def _teams(view: Any) -> dict[str, str] | None:
    """Teams to choose from; nothing for who sees no team."""
    scope = view.people_reader.scope
    if not scope.everything and not scope.teams:
        return None
    return {key: name for key, name in team_names().items() if scope.everything or key in scope.teams}


def _part_words(page: MetricPage, part: str) -> dict[str, str]:
    label = next((one.label for one in page.parts if one.name == part), "")
    return {"part_label": label}
