"""The week's call-back list, as a page and as a file."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.people.exporting import tell_export, wants_file
from bihuan.people.rules.roles import Permission
from bihuan.ui.tables import Table, csv_response
from bihuan.workplace.callbacks import LIST, callbacks_of
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.guards import allowed


@require_safe
@never_cache
@allowed(Permission.EVALUATE)
def callbacks(request: HttpRequest) -> HttpResponse:
    """Whom to call back in the week of `?day=`, the newest by default; the journal keeps who took the file."""
    view = view_of(request.user, request.GET)
    found = callbacks_of(view.reader, view.edition, _day(view, request.GET.get("day", "")))
    if wants_file(request):
        told = {"week": found.week[0].isoformat(), "rows": len(found.rows)}
        tell_export(request, verb="workplace_callbacks.exported", subject="callbacks", data=told)
        return csv_response(LIST, found.rows, f"callbacks-{found.week[0].isoformat()}")
    context = {"view": view, "found": found, "table": Table(LIST, found.rows)}
    return render(request, "workplace/callbacks.html", context)


def _day(view: View, text: str) -> date:
    """The day that was asked for, or the nearest one the record holds."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return view.newest
    return min(max(asked, view.oldest), view.newest)
