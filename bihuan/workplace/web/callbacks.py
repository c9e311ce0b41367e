"""The week's call-back list, as a page and as a file, and what each call brought."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.exporting import tell_export, wants_file
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.sampling_callbacks import week_in_month
from bihuan.ui.paging import Page
from bihuan.ui.tables import Table, csv_response
from bihuan.workplace.callbacks import LIST, callbacks_of
from bihuan.workplace.calling.acts import keep_list, kept_or_refused, record_call
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.callback_forms import CallForm
from bihuan.workplace.web.guards import allowed

UNUSABLE: Final = 422


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
    page = Page.from_query(request.GET, len(found.rows))
    table = Table(LIST, found.rows[page.offset : page.last], query=request.GET, page=page)
    context = {"view": view, "found": found, "table": table}
    return render(request, "workplace/callbacks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Permission.EVALUATE)
def callback_call(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Keep what a call to a customer of the week's list brought; whoever is not on the list has no such page."""
    view = view_of(request.user, request.GET)
    day = _day(view, request.GET.get("day", ""))
    found = callbacks_of(view.reader, view.edition, day)
    row = next((one for one in found.rows if one["contact_id"] == contact_id), None)
    if row is None:
        raise Http404
    form = CallForm(request.POST if request.method == "POST" else None)
    back = f"{reverse('workplace:callbacks')}?day={day.isoformat()}"
    if request.method == "POST" and form.is_valid() and _kept(request, view, day, contact_id, form):
        return HttpResponseRedirect(back)
    context = {"form": form, "row": row, "found": found, "back": back}
    return render(request, "workplace/callback_call.html", context, status=UNUSABLE if form.errors else 200)


def _kept(request: HttpRequest, view: View, day: date, contact_id: str, form: CallForm) -> bool:
    """Whether the call was kept; what is missing or refused stands beside the form."""
    actor = cast(User, request.user)
    try:
        keep_list(actor, reader=view.reader, edition=view.edition, day=day)
        callback = kept_or_refused(contact_id, week_in_month(day)[0])
        record_call(actor, callback=callback, reader=view.reader, **form.values())
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (Refusal, InputError) as refusal:
        form.add_error(None, _(refusal.message))
        return False
    messages.success(request, _("The call is kept."))
    return True


def _day(view: View, text: str) -> date:
    """The day that was asked for, or the nearest one the record holds."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return view.newest
    return min(max(asked, view.oldest), view.newest)
