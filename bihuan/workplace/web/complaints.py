"""The complaint ledger of a period, as a page and as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.kit.clock import now, to_us
from bihuan.people.exporting import tell_export, wants_file
from bihuan.people.rules.roles import Permission
from bihuan.ui.paging import Page
from bihuan.ui.tables import Table, csv_response
from bihuan.workplace.complaint_charts import charts_of
from bihuan.workplace.complaint_ledger import LEDGER, Complaint, ledger, strip_of
from bihuan.workplace.figures.periods import filter_bar
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.guards import allowed


@require_safe
@never_cache
@allowed(Permission.SEE_OWN)
def complaints(request: HttpRequest) -> HttpResponse:
    """Every complaint about conversations this account may see, with the share classified in time; the journal keeps who
    took the file."""
    view = view_of(request.user, request.GET)
    # a list of work to do: what is due is due by the clock, not by the record's last word
    at_us = to_us(now())
    found = ledger(view.reader, view.edition, view.filters.period, at_us=at_us, nameless=view.nameless)
    if wants_file(request):
        return _file(request, view, found)
    page = Page.from_query(request.GET, len(found))
    table = Table(LEDGER, found[page.offset : page.offset + page.per_page], query=request.GET, page=page)
    context = {
        "charts": charts_of(found, view.filters.period), "view": view, "bar": filter_bar(view.filters, view.newest, channel=False), "table": table,
        "strip": strip_of(found, view.edition, confidence=float(view.params.confidence)), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "workplace/complaints.html", context)


def _file(request: HttpRequest, view: View, found: Sequence[Complaint]) -> HttpResponse:
    first, last = view.filters.period
    told = {"from": first.isoformat(), "to": last.isoformat(), "rows": len(found)}
    tell_export(request, verb="workplace_complaints.exported", subject="complaints", data=told)
    return csv_response(LEDGER, found, "complaints")
