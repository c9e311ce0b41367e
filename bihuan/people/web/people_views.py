"""The list of people, and hiring."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.people import actions
from bihuan.people.models import Person, Team
from bihuan.people.queries import standings
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import allowed, carried_out, me, today
from bihuan.people.web.lists import STATES, people_columns, people_filter
from bihuan.ui.figures import Choice, FilterBar
from bihuan.ui.paging import Page
from bihuan.ui.tables import Table

_LIST = (Permission.SEE_ALL_PEOPLE, Permission.SEE_TEAM_PEOPLE)


@require_GET
@allowed(*_LIST)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody this account may see, in the order of their names."""
    wanted = people_filter(Person.objects.visible_to(request.user), request.GET, today())
    page = Page.from_query(request.GET, wanted.count())
    rows = standings(wanted.by_name()[page.offset : page.offset + page.per_page], today())
    teams = [(team.key, team.name) for team in Team.objects.visible_to(request.user)]
    choices = (
        Choice("team", _("Team"), [("", _("All")), *teams], request.GET.get("team", "")),
        Choice("state", _("State"), [(k, str(v)) for k, v in STATES.items()], request.GET.get("state", "working")),
    )
    table = Table(
        people_columns(request.GET),
        rows,
        query=request.GET,
        page=page,
        row_url=lambda row: person_url(row.person),
        empty_title=_("Nobody found"),
        empty_advice=_("Try another name, team or state."),
    )
    context = {
        "table": table,
        "bar": FilterBar(choices=choices),
        "words": request.GET.get("q", ""),
        "query_team": request.GET.get("team", ""),
    }
    return render(request, "people/people.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Permission.MANAGE_PEOPLE)
def hire(request: HttpRequest) -> HttpResponse:
    """A form for a new person."""

    def draw(status: int, form: forms.HireForm) -> HttpResponse:
        return render(request, "people/hire.html", {"form": form}, status=status)

    if request.method == "GET":
        return draw(200, forms.HireForm())
    form = forms.HireForm(request.POST)
    back = reverse("people:people")
    return carried_out(
        request, form, lambda **v: actions.hire_person(me(request), **v), again=draw, back=back, done=_("Entered.")
    )


def person_url(person: Person) -> str:
    return reverse("people:person", args=[person.number])
