"""The journal as a page: newest first, filtered by the address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bihuan.journal.models import Entry
from bihuan.journal.web.lists import COLUMNS, entries_asked_for, filters_of, older_url, verb_choices
from bihuan.ui.tables import Table

READ = "journal.read"
PER_PAGE = 100


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """Who did what. For others than managers and administrators the address does not exist."""
    if not request.user.has_perm(READ):
        raise Http404
    wanted = entries_asked_for(Entry.objects.newest_first(), request.GET).select_related("seal")
    rows = list(wanted[: PER_PAGE + 1])
    table = Table(
        COLUMNS,
        rows[:PER_PAGE],
        query=request.GET,
        empty_title=_("Nothing recorded that fits"),
        empty_advice=_("Widen the days or clear a filter."),
    )
    asked = filters_of(request.GET)
    more = older_url(request.GET, rows[PER_PAGE - 1]) if len(rows) > PER_PAGE else ""
    context = {
        "table": table,
        "asked": asked,
        "verbs": verb_choices(asked["verb"]),
        "older": more,
        "filtered": any(asked.values()),
    }
    return render(request, "journal/journal.html", context)
