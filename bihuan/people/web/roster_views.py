"""Rosters: hand in, look at what would happen, carry out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people import actions
from bihuan.people.models import RosterUpload
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import REFUSED, UNUSABLE, allowed, me, today
from bihuan.people.web.lists import heading_list

_SHOWN = 20


@require_http_methods(["GET", "POST"])
@allowed(Permission.MANAGE_PEOPLE)
def rosters(request: HttpRequest) -> HttpResponse:
    """Hand in a roster; it is tried at once and changes nothing yet."""
    form = forms.RosterForm(request.POST, request.FILES) if request.method == "POST" else forms.RosterForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = actions.try_roster(me(request), name=file.name, data=file.read(), on=today())
            return redirect("people:roster", upload.pk)
        except InputError as problem:
            form.add_error(
                "file", f"{gettext(problem.message)} {gettext(problem.hint) if problem.hint else ''}".strip()
            )
    earlier = RosterUpload.objects.select_related("uploaded_by__person").defer("content")[:_SHOWN]
    context = {"form": form, "earlier": earlier, "headings": heading_list()}
    return render(request, "people/rosters.html", context, status=UNUSABLE if form.errors else 200)


@require_GET
@allowed(Permission.MANAGE_PEOPLE)
def roster(request: HttpRequest, upload_id: str) -> HttpResponse:
    """What a roster would do, or did."""
    upload = get_object_or_404(RosterUpload.objects.defer("content"), pk=upload_id)
    return render(request, "people/roster.html", {"upload": upload, "outcome": upload.outcome})


@require_POST
@allowed(Permission.MANAGE_PEOPLE)
def landing(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Carry the roster out."""
    upload = get_object_or_404(RosterUpload.objects.defer("content"), pk=upload_id)
    try:
        actions.land_roster(me(request), upload=upload, on=today())
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, gettext(refusal.message) % refusal.params)
        context = {"upload": upload, "outcome": upload.outcome}
        return render(request, "people/roster.html", context, status=REFUSED)
    messages.success(request, gettext("Carried out."))
    return redirect("people:roster", upload.pk)
