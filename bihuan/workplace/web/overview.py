"""The overview of the department, or of the teams somebody leads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.people.exporting import table_file, wants_file
from bihuan.people.models import Team
from bihuan.people.rules.roles import Permission
from bihuan.ui.tables import Sorting, Table
from bihuan.workplace.figures.overview import Overview
from bihuan.workplace.figures.periods import compared, filter_bar, spans_of
from bihuan.workplace.figures.team_tables import team_columns, team_rows
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.guards import allowed

LEADS = (Permission.SEE_TEAM, Permission.SEE_ALL_FIGURES)


@require_GET
@allowed(*LEADS)
def overview(request: HttpRequest) -> HttpResponse:
    """Six figures, the course of the day, the customers' voice, teams off target, and the teams."""
    view = view_of(request.user, request.GET)
    if view.is_empty:
        return render(request, "workplace/overview_empty.html", {"view": view})
    shown = overview_of(view, request)
    if wants_file(request):
        return table_file(request, team_columns(shown), team_rows(shown), "teams", verb="workplace_figures.exported")
    return render(request, "workplace/overview.html", context_of(shown, request))


def overview_of(view: View, request: HttpRequest) -> Overview:
    """The overview of what this account may see."""
    teams = {team.key: team.name for team in Team.objects.visible_to(request.user)}
    return Overview(view, spans_of(view.filters, compared(request.GET)), teams)


def context_of(shown: Overview, request: HttpRequest) -> dict[str, Any]:
    """What the overview's template draws."""
    columns = team_columns(shown)
    sorting = Sorting.from_query(request.GET, columns, "")
    rows = sorting.apply(team_rows(shown), columns)
    bar = filter_bar(shown.view.filters, shown.view.newest, teams=shown.teams, compare=compared(request.GET))
    table = Table(columns, rows, sorting, request.GET, row_url=lambda row: row.url)
    return {
        "overview": shown, "bar": bar, "table": table, "csv": f"?{_csv(request)}",
        "concerns": shown.concerns, "undecided": shown.undecided,
    }  # fmt: skip


def _csv(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["as"] = "csv"
    return query.urlencode()
