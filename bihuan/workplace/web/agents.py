"""One agent: profile, figures beside target and team, checks missed most, daily scores, months."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bihuan.inspection.review_rate import review_rate_of_record
from bihuan.people.exporting import table_file, wants_file
from bihuan.people.models import Person
from bihuan.people.queries import Standing, standings
from bihuan.people.rules.roles import Permission
from bihuan.ui.tables import Sorting, Table
from bihuan.workplace.figures import scored
from bihuan.workplace.figures.people_figures import Agent
from bihuan.workplace.figures.periods import compared, filter_bar, spans_of
from bihuan.workplace.figures.verdict_tables import CHECKS, OF_ALL, check_rows
from bihuan.workplace.filters import Filters
from bihuan.workplace.months.rows import MONTHS, months_of
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.addresses import csv_address, narrowed
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.teams import visible_agent
from bihuan.workplace.wording import CLASSES, POSTS


@require_GET
@allowed(Permission.SEE_OWN)
def agent(request: HttpRequest, number: str) -> HttpResponse:
    """One agent as this account may see them; strangers do not exist."""
    view = view_of(request.user, narrowed(request, agent=number))
    person = visible_agent(request, view, number)
    context = agent_context(request, view, person)
    if wants_file(request):
        checks = context["checks"]
        return table_file(request, checks.columns, checks.rows, f"checks-{number}", verb="workplace_figures.exported")
    return render(request, "workplace/agent.html", context)


def agent_context(request: HttpRequest, view: View, person: Person) -> dict[str, Any]:
    """What the pages about one agent draw."""
    standing = standing_of(person)
    team = (
        standing.team.key
        if standing.team and view.people_reader.scope.admits(person=None, team=standing.team.key)
        else ""
    )
    shown = Agent(view, spans_of(view.filters, compared(request.GET)), person.number, team)
    scores = scored.scores(view, *shown.spans.trend.period, person=person.number)
    rows, columns = check_rows(view, shown.checks, shown.team_checks, person.number), CHECKS if team else OF_ALL
    sorting = Sorting.from_query(request.GET, columns)
    months = months_of(person.number, view.people_reader.scope, view.edition)
    return {
        "view": view, "person": person, "standing": standing, "agent": shown, "csv": csv_address(request),
        "bar": filter_bar(without_agent(view.filters), view.newest, compare=compared(request.GET)),
        "daily": scored.daily_chart(scored.days_of(scores), shown.spans.trend_days),
        "reviewed": review_rate_of_record(view.people_reader, view.filters.period, {"agent": person.number}),
        "lowest": lowest_of(view, scores) if opens_contacts(view, person.number) else [],
        "hidden": view.hidden_of(person.number),
        "checks": Table(columns, sorting.apply(rows, columns), sorting, request.GET),
        "agent_words": standing_words(standing),
        "months": Table(MONTHS, months, row_url=lambda row: row.url),
    }  # fmt: skip


def standing_of(person: Person) -> Standing:
    """Team, post and class today."""
    return standings(Person.objects.filter(pk=person.pk), timezone.localdate())[0]


def standing_words(standing: Standing) -> list[str]:
    """Team, post and class in words, what there is of them."""
    words = [standing.team.name if standing.team else "", POSTS.get(standing.post.post, "") if standing.post else ""]
    return [str(word) for word in (*words, CLASSES.get(standing.agent_class, "")) if word]


def opens_contacts(view: View, number: str) -> bool:
    """May this account open the person's conversations too, and not only see figures about them?"""
    return view.reader.scope.admits(person=number, team=None)


def lowest_of(view: View, scores: Any) -> list[scored.LowContact]:
    """The contacts of the page's period worth a look."""
    first, last = view.filters.period
    shown = scores.filter(scores["day"].is_between(first, last)) if not scores.is_empty() else scores
    return scored.lowest(shown, without=view.blind)


def without_agent(filters: Filters) -> Filters:
    """The agent stands in the path; the form need not repeat it."""
    return Filters(filters.first, filters.last, {k: v for k, v in filters.where.items() if k != "agent"})
