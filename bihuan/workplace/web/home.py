"""Where each role begins its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.inspection.calibration.scale import open_alarms
from bihuan.inspection.review_rate import review_rate_of_record
from bihuan.kit.clock import now
from bihuan.people.models import Team, rights_of
from bihuan.people.queries import team_lines
from bihuan.people.rules.roles import Permission, Role
from bihuan.ui.tables import Sorting, Table
from bihuan.ui.values import language
from bihuan.workplace import installation
from bihuan.workplace.duties import duties_of
from bihuan.workplace.figures import scored
from bihuan.workplace.figures.coverage import COVERAGE, coverage_cards, days_covered
from bihuan.workplace.figures.member_concerns import concerns_of_members, undecided_of_members
from bihuan.workplace.figures.overview import Overview
from bihuan.workplace.figures.people_figures import Members
from bihuan.workplace.figures.periods import filter_bar
from bihuan.workplace.figures.verdict_tables import OF_ALL, check_rows, checks_of_all
from bihuan.workplace.key_names import person_names
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.standard_home import standard_home
from bihuan.workplace.web.addresses import narrowed
from bihuan.workplace.web.agents import agent_context
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.overview import context_of, overview_of
from bihuan.workplace.web.teams import members_table


@require_GET
@allowed(Permission.SEE_OWN)
def home(request: HttpRequest) -> HttpResponse:
    """The page of the account's widest role; whoever serves customers sees their own figures."""
    roles = rights_of(request.user).roles
    return next((page for role, page in HOMES.items() if role in roles), own)(request)


def _home(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A home with what waits for its owner."""
    return render(request, f"workplace/{template}.html", {**context, "duties": duties_of(request.user, now())})


def department(request: HttpRequest) -> HttpResponse:
    """The department, for managers and trainers."""
    return _overview(request, _("Department overview"))


def led_teams(request: HttpRequest) -> HttpResponse:
    """The teams a supervisor leads; of a single one its members."""
    return _overview(request, _("Team overview"), led=True)


def _overview(request: HttpRequest, title: str, *, led: bool = False) -> HttpResponse:
    view = view_of(request.user, request.GET)
    drawn = {} if view.is_empty else context_of(overview_of(view, request), request)
    if led and drawn and len(drawn["overview"].teams) == 1:
        drawn |= _members(request, view, drawn["overview"])
    alarms = open_alarms(request.user)
    return _home(request, "home_overview", {**drawn, "title": title, "view": view, "alarms": alarms})


def _members(request: HttpRequest, view: View, shown: Overview) -> dict[str, Any]:
    """Of one team alone a table of teams says nothing: its members stand there, and who misses a target."""
    line = team_lines(Team.objects.filter(key__in=shown.teams), timezone.localdate())[0]
    members = Members(view, shown.spans)
    table = members_table(request, members, line)
    concerns = concerns_of_members(members, {row.number: row.name for row in table.rows})
    return {"line": line, "table": table, "concerns": concerns, "undecided": undecided_of_members(members)}


def inspection(request: HttpRequest) -> HttpResponse:
    """What is judged, and the contacts an inspector should look at."""
    view = view_of(request.user, request.GET)
    context: dict[str, Any] = {"view": view} if view.is_empty else _inspected(request, view)
    return _home(request, "home_inspector", context)


def _inspected(request: HttpRequest, view: View) -> dict[str, Any]:
    first, last = view.filters.period
    scores = scored.scores(view, first, last)
    low = scored.lowest(scores, person_names() if not scores.is_empty() else {}, without=view.blind)
    by_check, checks = checks_of_all(view)
    covered = days_covered(view.reader.manifest, view.edition, first, last)
    by_day = scored.days_of(scores)
    rows, sorting = check_rows(view, by_check), Sorting.from_query(request.GET, OF_ALL)
    return {
        "view": view, "bar": filter_bar(view.filters, view.newest, channel=False), "lowest": low, "hidden": view.hidden_of(),
        "cards": coverage_cards(covered, scores, checks, by_day),
        "edition_title": view.edition.title.said(language()), "coverage": Table(COVERAGE, covered),
        "checks": Table(OF_ALL, sorting.apply(rows, OF_ALL), sorting, request.GET),
        "reviewed": review_rate_of_record(view.people_reader, (first, last), view.filters.where),
        "daily": scored.daily_chart(by_day, [row.day.isoformat() for row in reversed(covered)]),
    }  # fmt: skip


def system(request: HttpRequest) -> HttpResponse:
    """How the installation stands, for administrators."""
    view = view_of(request.user, request.GET)
    context = {
        "view": view, "cards": installation.cards(view.reader.manifest, request.user, timezone.localdate()),
        "imports": installation.last_imports(), "acts": installation.last_acts(),
    }  # fmt: skip
    return _home(request, "home_system", context)


def standard(request: HttpRequest) -> HttpResponse:
    """The text in use and its history, for who improves the standard and serves nobody (S3-2)."""
    return _home(request, "home_standard", {"standard": standard_home(timezone.localdate())})


def own(request: HttpRequest) -> HttpResponse:
    """The workbench of somebody who serves customers."""
    person = rights_of(request.user).person
    assert person is not None  # the guard let somebody in
    view = view_of(request.user, narrowed(request, agent=person.number))
    return _home(request, "home_agent", agent_context(request, view, person))


HOMES: Final[Mapping[Role, Callable[[HttpRequest], HttpResponse]]] = {
    Role.MANAGER: department,
    Role.TRAINER: department,
    Role.INSPECTOR: inspection,
    Role.SUPERVISOR: led_teams,
    Role.ADMINISTRATOR: system,
    Role.AGENT: own,
    Role.SENIOR_AGENT: own,
    Role.COMPLAINT_SPECIALIST: own,
    Role.TECHNICAL_SUPPORT: own,
    Role.CUSTOMER_REPRESENTATIVE: standard,
}
"""In this order: of several roles the first one here decides."""
