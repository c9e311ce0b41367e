"""The list of people, and hiring."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.people import actions
from bihuan.people.models import Person, Team
from bihuan.people.queries import people_in_order, standings
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import allowed, carried_out, me, today
from bihuan.people.web.lists import STATES, people_columns, people_filter
from bihuan.ui.figures import Choice, FilterBar
from bihuan.ui.paging import Page
from bihuan.ui.tables import Sorting, Table

_LIST = (Permission.SEE_ALL_PEOPLE, Permission.SEE_TEAM_PEOPLE)


@require_GET
@allowed(*_LIST)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody this account may see, in the order of their names."""
    wanted = people_filter(Person.objects.visible_to(request.user), request.GET, today())
    columns = people_columns(request.GET)
    sorting = Sorting.from_query(request.GET, columns, "name")
    page = Page.from_query(request.GET, wanted.count())
    ordered = people_in_order(wanted, sorting.name, descending=sorting.descending, day=today())
    rows = standings(ordered[page.offset : page.offset + page.per_page], today())
    teams = [(team.key, team.name) for team in Team.objects.visible_to(request.user)]
    choices = (
        Choice("team", _("Team"), [("", _("All")), *teams], request.GET.get("team", "")),
        Choice("state", _("State"), [(k, str(v)) for k, v in STATES.items()], request.GET.get("state", "working")),
    )
    table = Table(
        columns,
        rows,
        sorting,
        query=request.GET,
        page=page,
        row_url=lambda row: person_url(row.person),
        empty_title=_("Nobody found"),
        empty_advice=_("Try another name, team or state."),
    )
    context = {
        "table": table,
        "bar": FilterBar(choices=choices, kept=[(n, v) for n in ("q", "sort") if (v := request.GET.get(n, ""))]),
        "words": request.GET.get("q", ""),
        "kept": [(name, value) for name in ("team", "state", "sort") if (value := request.GET.get(name, ""))],
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
