"""The daily score sheet: page, workbook and printed document."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bihuan.inspection.daily_sheet.drawn import means_of
from bihuan.inspection.daily_sheet.paper import sheet_pdf
from bihuan.inspection.daily_sheet.sheets import AGENTS, INSPECTORS, SINGLE, Sheet, served_people, sheet_of
from bihuan.inspection.daily_sheet.workbook import KIND, workbook_of
from bihuan.inspection.models import Assignment
from bihuan.inspection.queries import inspectors
from bihuan.inspection.sampling.planning import shares_words
from bihuan.inspection.web.guards import allowed, me
from bihuan.kit.clock import now
from bihuan.people.exporting import tell_export
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.ui.documents import KIND as PDF
from bihuan.ui.tables import Table

MAY = allowed(Permission.EVALUATE, Permission.SEE_TEAM)
TAKES = allowed(Permission.EXPORT_RECORD)


@require_safe
@MAY
def sheet(request: HttpRequest) -> HttpResponse:
    """One day per agent and per inspector; the newest drawn day where none is asked for."""
    found = _asked(request)
    context = {
        "sheet": found,
        "shares": shares_words(found.edition),
        "people": inspectors(now()),
        "inspector": found.inspector,
        "agent": found.agent,
        "asked": urlencode({"day": found.day.isoformat(), "agent": found.agent, "inspector": found.inspector}),
        "served": served_people(request.user, found.day),
        "means": means_of(found),
        "agents": Table(AGENTS, found.agents),
        "inspectors": Table(INSPECTORS, found.inspectors),
        "single": Table(SINGLE, found.evaluations),
    }
    return render(request, "inspection/sheet.html", context)


@require_safe
@MAY
@TAKES
def workbook(request: HttpRequest) -> HttpResponse:
    """The same sheet as a workbook."""
    found = _asked(request)
    tell_export(request, verb="inspection_sheet.exported", subject=f"sheet:{found.day.isoformat()}")
    answer = HttpResponse(workbook_of(found, shares=shares_words(found.edition)), content_type=KIND)
    answer["Content-Disposition"] = f'attachment; filename="{found.day.isoformat()}-score-sheet.xlsx"'
    return answer


@require_safe
@MAY
@TAKES
def document(request: HttpRequest) -> HttpResponse:
    """The same sheet to print and sign; with every item where it is of one agent or one inspector."""
    found = _asked(request)
    tell_export(request, verb="inspection_sheet.exported", subject=f"sheet:{found.day.isoformat()}")
    answer = HttpResponse(sheet_pdf(me(request), found, shares=shares_words(found.edition)), content_type=PDF)
    whose = found.agent or found.inspector
    name = "-".join(
        filter(None, (found.day.isoformat(), whose if whose.isalnum() and whose.isascii() else "", "score-sheet"))
    )
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _asked(request: HttpRequest) -> Sheet:
    day = _day(request)
    return sheet_of(
        request.user, day, edition_in_use(day), agent=_number(request, "agent"), inspector=_number(request, "inspector")
    )


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        newest = Assignment.objects.done().order_by("-day").values_list("day", flat=True).first()
        return newest or timezone.localdate()


def _number(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")[:40]
