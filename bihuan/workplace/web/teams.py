"""Teams, and one team with its members."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bihuan.people.exporting import table_file, wants_file
from bihuan.people.models import Person, Team
from bihuan.people.queries import TeamLine, standings, team_lines
from bihuan.ui.tables import Sorting, Table
from bihuan.workplace.figures.member_tables import member_columns, member_rows
from bihuan.workplace.figures.overview import Overview
from bihuan.workplace.figures.people_figures import Members
from bihuan.workplace.figures.periods import compared, filter_bar, spans_of
from bihuan.workplace.figures.team_tables import team_columns, team_rows
from bihuan.workplace.filters import Filters
from bihuan.workplace.key_names import person_names
from bihuan.workplace.months.rows import newest_of
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.addresses import csv_address, narrowed
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.overview import LEADS


@require_GET
@allowed(*LEADS)
def teams(request: HttpRequest) -> HttpResponse:
    """Every team this account may see figures of: who leads it, how many serve in it, its figures."""
    view = view_of(request.user, request.GET)
    lines = team_lines(_visible(request, view), timezone.localdate())
    if view.is_empty:
        return render(request, "workplace/teams.html", {"view": view, "lines": lines})
    shown = Overview(
        view, spans_of(view.filters, compared(request.GET)), {one.team.key: one.team.name for one in lines}
    )
    columns = team_columns(shown)
    rows = team_rows(shown)
    if wants_file(request):
        return table_file(request, columns, rows, "teams", verb="workplace_figures.exported")
    sorting = Sorting.from_query(request.GET, columns)
    table = Table(columns, sorting.apply(rows, columns), sorting, request.GET, row_url=lambda row: row.url)
    bar = filter_bar(view.filters, view.newest)
    context = {
        "view": view, "lines": lines, "overview": shown, "table": table, "bar": bar, "csv": csv_address(request),
    }  # fmt: skip
    return render(request, "workplace/teams.html", context)


@require_GET
@allowed(*LEADS)
def team(request: HttpRequest, key: str) -> HttpResponse:
    """One team: its figures, its members with intervals and results. Foreign teams do not exist."""
    view = view_of(request.user, narrowed(request, team=key))
    found = get_object_or_404(_visible(request, view), key=key)
    if view.is_empty:
        return render(request, "workplace/team_empty.html", {"team": found, "view": view})
    context = _team_context(request, view, found)
    if wants_file(request):
        members = context["table"]
        return table_file(request, members.columns, members.rows, f"team-{key}", verb="workplace_figures.exported")
    return render(request, "workplace/team.html", context)


def _visible(request: HttpRequest, view: View) -> Any:
    scope = view.people_reader.scope
    seen = Team.objects.visible_to(request.user)
    return seen if scope.everything else seen.filter(key__in=scope.teams)


def _team_context(request: HttpRequest, view: View, found: Team) -> dict[str, Any]:
    shown = Overview(view, spans_of(view.filters, compared(request.GET)), {found.key: found.name})
    line = team_lines(Team.objects.filter(pk=found.pk), timezone.localdate())[0]
    members = Members(view, shown.spans)
    return {
        "team": found, "line": line, "view": view, "overview": shown, "csv": csv_address(request),
        "table": members_table(request, members, line),
        "bar": filter_bar(_without_team(view.filters), view.newest, compare=compared(request.GET)),
    }  # fmt: skip


def members_table(request: HttpRequest, members: Members, line: TeamLine) -> Table:
    """Who belongs to a team or served in it, with figures and the month's result."""
    view, found = members.view, line.team
    month = view.filters.last.replace(day=1)
    today = timezone.localdate()
    present = standings(Person.objects.in_team(found.key, today).by_name(), today)
    numbers = {one.person.number for one in present} | set(members.groups)
    names = person_names(numbers)
    leads = {one.number for one in line.leads}
    rows = member_rows(members, present, names, newest_of(numbers, view.edition, month), leads)
    columns = member_columns(members, f"{month:%Y-%m}")
    sorting = Sorting.from_query(request.GET, columns)
    return Table(columns, sorting.apply(rows, columns), sorting, request.GET, row_url=lambda row: row.url)


def _without_team(filters: Filters) -> Filters:
    """The team stands in the path; the form need not repeat it."""
    return Filters(filters.first, filters.last, {k: v for k, v in filters.where.items() if k != "team"})


def visible_agent(request: HttpRequest, view: View, number: str) -> Person:
    """The person of a number if this account may see figures about them; else 404."""
    if not view.people_reader.scope.admits(person=number, team=None):
        raise Http404
    return get_object_or_404(Person, number=number)
