"""Teams."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.people import actions
from bihuan.people.models import Team
from bihuan.people.queries import team_lines
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import allowed, carried_out, me, today
from bihuan.people.web.lists import TEAMS
from bihuan.ui.tables import Sorting, Table


@require_http_methods(["GET", "POST"])
@allowed(Permission.SEE_ALL_PEOPLE, Permission.SEE_TEAM_PEOPLE)
def teams(request: HttpRequest) -> HttpResponse:
    """The teams this account may see; a new one by POST."""
    if request.method == "GET":
        return _draw(request, 200, forms.TeamForm())
    return carried_out(
        request,
        forms.TeamForm(request.POST),
        lambda **values: actions.open_team(me(request), **values),
        again=lambda status, form: _draw(request, status, form),
        back=reverse("people:teams"),
        done=_("Team opened."),
    )


def _draw(request: HttpRequest, status: int, form: forms.TeamForm) -> HttpResponse:
    lines = team_lines(Team.objects.visible_to(request.user), today())
    may_open = request.user.has_perm(Permission.MANAGE_PEOPLE)
    sorting = Sorting.from_query(request.GET, TEAMS)
    table = Table(TEAMS, sorting.apply(lines, TEAMS), sorting, request.GET)
    context = {"table": table, "form": form, "may_open": may_open}
    return render(request, "people/teams.html", context, status=status)
