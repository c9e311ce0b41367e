"""Calibration sessions: the list, a new one, an open one's progress, a closed one's result, one contact side by side."""

from __future__ import annotations

from datetime import timedelta
from secrets import randbelow
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.inspection.actions.calibrating import close_calibration, make_calibration
from bihuan.inspection.calibration.compare import compared_desk
from bihuan.inspection.calibration.result import ResultPage
from bihuan.inspection.calibration.scale import open_alarms
from bihuan.inspection.calibration.sessions import OpenPage, overdue_days, session_url, sessions_table, tabs_of
from bihuan.inspection.calibration.terms import terms_of
from bihuan.inspection.models import Calibration
from bihuan.inspection.queries import blind_contacts
from bihuan.inspection.web.calibration_form import DAYS_BACK, DUE_IN, LARGEST_SEED, CalibrationForm
from bihuan.inspection.web.guards import UNUSABLE, allowed, attempted, me, my_person
from bihuan.inspection.wording import told
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use

MAY = allowed(Permission.REVIEW_EVALUATIONS, Permission.CALIBRATE)


@require_safe
@MAY
def calibrations(request: HttpRequest) -> HttpResponse:
    """Sessions one takes part in, has called, or oversees."""
    shown, at = "closed" if request.GET.get("show") == "closed" else "open", now()
    context = {
        "tabs": tabs_of(request.user, shown),
        "table": sessions_table(request.user, my_person(request), shown, at, request.GET),
        "overdue": overdue_days(request.user, edition_in_use(timezone.localdate()), at),
        "alarms": open_alarms(request.user),
        "may_call": me(request).has_perm(Permission.CALIBRATE),
    }
    return render(request, "inspection/calibrations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.CALIBRATE)
def new_calibration(request: HttpRequest) -> HttpResponse:
    """Call a session; a form that does not do is drawn again with what is wrong."""
    form = CalibrationForm(request.POST) if request.method == "POST" else CalibrationForm(initial=_usual(request))
    if not form.is_bound or not form.is_valid():
        return _form(request, form)
    try:
        session = make_calibration(me(request), **form.asked)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (Refusal, InputError) as refusal:
        form.add_error(None, told(refusal))
        return _form(request, form)
    messages.success(request, _("The calibration is open; its raters see it among theirs."))
    return HttpResponseRedirect(session_url(session))


@require_safe
@never_cache
@MAY
def calibration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far an open session has come; the result of a closed one."""
    session = _session(request, pk)
    if session.is_closed:
        page = ResultPage(session, frozenset(blind_contacts(request.user)))
        return render(request, "inspection/calibration_result.html", {"session": session, "page": page})
    leads = session.made_by_id == me(request).pk or me(request).has_perm(Permission.PLAN_INSPECTION)
    context = {
        "session": session, "page": OpenPage(session, my_person(request)), "at": now(),
        "may_close": leads and me(request).has_perm(Permission.CALIBRATE),
    }  # fmt: skip
    return render(request, "inspection/calibration.html", context)


@require_POST
@allowed(Permission.CALIBRATE)
def closure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a session for good."""
    session = _session(request, pk)
    refused = attempted(request, lambda: close_calibration(me(request), calibration=session), back=session_url(session))
    if refused is None:
        messages.success(request, _("The calibration is closed; everybody in it sees the result."))
    return refused or HttpResponseRedirect(session_url(session))


@require_safe
@never_cache
@MAY
def calibration_contact(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Everybody's answers about one contact of a closed session; who still owes a blind one about it gives that first."""
    session = _session(request, pk)
    contact = get_object_or_404(session.contacts.select_related("calibration"), place=place)
    owed = blind_contacts(request.user).get(contact.contact_id)
    if owed is not None and session.is_closed:
        return redirect(owed.url)
    desk = compared_desk(contact) if session.is_closed else None
    if desk is None:
        raise Http404
    places = list(session.contacts.values_list("place", flat=True))
    beside = {"before": max((one for one in places if one < place), default=None),
              "after": min((one for one in places if one > place), default=None)}  # fmt: skip
    return render(
        request, "inspection/calibration_contact.html", {"session": session, "work": contact, "desk": desk, **beside}
    )


def _session(request: HttpRequest, pk: UUID) -> Calibration:
    seen = Calibration.objects.visible_to(request.user).select_related("made_by__person", "closed_by__person")
    return get_object_or_404(seen, pk=pk)


def _form(request: HttpRequest, form: CalibrationForm) -> HttpResponse:
    status = UNUSABLE if form.is_bound else 200
    return render(request, "inspection/calibration_new.html", {"form": form}, status=status)


def _usual(request: HttpRequest) -> dict[str, Any]:
    """A week of conversations, as many as the edition names, due in a few days, a seed nobody chose."""
    today = timezone.localdate()
    return {
        "due": today + timedelta(days=DUE_IN), "first": today - timedelta(days=DAYS_BACK), "last": today - timedelta(days=1),
        "most": terms_of(edition_in_use(today)).contacts, "seed": randbelow(LARGEST_SEED), "expert": my_person(request).pk,
        "name": _("Calibration of %(day)s") % {"day": today},
    }  # fmt: skip
