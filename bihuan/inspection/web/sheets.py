"""The daily score sheet: page and workbook."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bihuan.inspection.models import Assignment
from bihuan.inspection.planning import shares_words
from bihuan.inspection.queries import inspectors
from bihuan.inspection.sheets import AGENTS, INSPECTORS, SINGLE, Sheet, sheet_of
from bihuan.inspection.web.guards import allowed
from bihuan.inspection.workbook import KIND, workbook_of
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.ui.tables import Table

MAY = allowed(Permission.EVALUATE, Permission.SEE_TEAM)


@require_safe
@MAY
def sheet(request: HttpRequest) -> HttpResponse:
    """One day per agent and per inspector; the newest drawn day where none is asked for."""
    found = _asked(request)
    context = {
        "sheet": found,
        "shares": shares_words(found.edition),
        "people": inspectors(now()),
        "chosen": _inspector(request),
        "agents": Table(AGENTS, found.agents),
        "inspectors": Table(INSPECTORS, found.inspectors),
        "single": Table(SINGLE, found.evaluations),
    }
    return render(request, "inspection/sheet.html", context)


@require_safe
@MAY
def workbook(request: HttpRequest) -> HttpResponse:
    """The same sheet as a workbook."""
    found = _asked(request)
    answer = HttpResponse(workbook_of(found), content_type=KIND)
    answer["Content-Disposition"] = f'attachment; filename="{found.day.isoformat()}-score-sheet.xlsx"'
    return answer


def _asked(request: HttpRequest) -> Sheet:
    day = _day(request)
    return sheet_of(request.user, day, edition_in_use(day), inspector=_inspector(request))


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        newest = Assignment.objects.done().order_by("-day").values_list("day", flat=True).first()
        return newest or timezone.localdate()


def _inspector(request: HttpRequest) -> str:
    return request.GET.get("inspector", "").replace("\x00", "")[:40]
