"""One conversation: its page, its neighbours in the list, and the showing of what is masked."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions.sighting import note_sighting
from bihuan.inspection.blindness import APPEAL
from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.contacts.judged_by import edition_of_day
from bihuan.workplace.contacts.library import neighbour as neighbour_in
from bihuan.workplace.contacts.page import ContactPage
from bihuan.workplace.contacts.revealing import reveal_contact
from bihuan.workplace.models import Revelation
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.contact_forms import RevelationForm
from bihuan.workplace.web.contacts import look

UNUSABLE = 422
_KEPT = "contact_revelations"


@require_safe
@never_cache
def contact(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Transcript with evidence, verdicts, score and raw record; `?edition=` judges by another edition's verdicts.

    Who owes a blind answer about it is shown what was said alone; for an appeal not even who served.
    """
    return _draw(request, contact_id, RevelationForm())


@require_safe
def neighbour(request: HttpRequest, contact_id: str, *, ahead: bool) -> HttpResponse:
    """On to the next or previous conversation of the list whose filters the address keeps."""
    looked = look(request)
    row = _row_of(looked.view, contact_id)
    found = neighbour_in(looked.view.reader, looked.filters, looked.wanted, row, ahead=ahead)
    if found is None:
        messages.info(
            request, _("This is the last one of the list.") if ahead else _("This is the first one of the list.")
        )
    return HttpResponseRedirect(_address(request, found or contact_id))


@require_POST
def revelations(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Show the original of this conversation for a few minutes; the journal keeps who and why."""
    form = RevelationForm(request.POST)
    _view_with(request, contact_id)
    if not form.is_valid():
        return _draw(request, contact_id, form, UNUSABLE)
    try:
        row = reveal_contact(cast(User, request.user), contact_id=contact_id, reason=form.cleaned_data["reason"])
    except NotAllowed as refusal:
        raise Http404 from refusal
    except InputError as error:
        form.add_error("reason", _(error.message))
        return _draw(request, contact_id, form, UNUSABLE)
    request.session[_KEPT] = {**request.session.get(_KEPT, {}), contact_id: row.pk}
    return HttpResponseRedirect(_address(request, contact_id))


@require_POST
def revelation_ending(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Mask again before the time is over."""
    _view_with(request, contact_id)
    request.session[_KEPT] = {key: pk for key, pk in request.session.get(_KEPT, {}).items() if key != contact_id}
    return HttpResponseRedirect(_address(request, contact_id))


def _draw(request: HttpRequest, contact_id: str, form: RevelationForm, status: int = 200) -> HttpResponse:
    page, shown = page_of(request, contact_id)
    if page.owed is not None and page.owed.duty == APPEAL:
        return redirect(page.owed.url)
    if page.verdicts or page.human:
        note_sighting(request.user, contact_id=contact_id)
    context = {
        "page": page,
        "human": page.human,
        "reviewed": _reviewed(page),
        "groups": page.groups,
        "revelation": shown,
        "form": form,
        "may_reveal": request.user.has_perm(Permission.REVEAL_PERSONAL_DATA),
        "edition_url": reverse("standards:edition", args=[page.edition.hash]),
        "query": request.GET.urlencode(),
    }
    return render(request, "workplace/contact.html", context, status=status)


def _reviewed(page: ContactPage) -> ReviewRate:
    """Of the conversations of the same day, for the score (X12); of all where it has no day."""
    day = page.contact["day"]
    return review_rate_of_record(page.view.people_reader, (day, day) if day else None)


def page_of(request: HttpRequest, contact_id: str) -> tuple[ContactPage, Revelation | None]:
    """The page's content for this account; 404 where there is no such conversation for it."""
    view, record = _view_with(request, contact_id)
    shown = _revelation(request, contact_id)
    return ContactPage(view, record, _edition(request, view, record.contact["day"]), shown is not None), shown


def _view_with(request: HttpRequest, contact_id: str) -> tuple[View, Any]:
    view = view_of(request.user, request.GET)
    record = view.reader.contact(contact_id)
    if record is None:
        raise Http404
    return view, record


def _edition(request: HttpRequest, view: View, day: date | None) -> Edition:
    """The edition asked for, as links from results do, else the one of the conversation's day."""
    asked = request.GET.get("edition", "")
    try:
        if asked and "\x00" not in asked:
            return find_edition(asked)
        return edition_of_day(view.reader.manifest, day, view.edition)
    except InputError as error:
        raise Http404 from error


def _revelation(request: HttpRequest, contact_id: str) -> Revelation | None:
    """The revelation of this sign-in that still holds; another browser of the same account has its own."""
    kept = request.session.get(_KEPT, {}).get(contact_id)
    if kept is None or not request.user.has_perm(Permission.REVEAL_PERSONAL_DATA):
        return None
    return Revelation.objects.open_for(request.user, contact_id, at=now()).filter(pk=kept).first()


def _row_of(view: View, contact_id: str) -> dict[str, Any]:
    """What orders this contact in a list: its id and the values of the columns lists go by."""
    record = view.reader.contact(contact_id)
    if record is None:
        raise Http404
    share = next((row for row in record.rollup if row["is_primary"]), {})
    return {"contact_id": contact_id, "opened_us": record.contact["opened_us"],
            "duration_us": share.get("duration_us"), "csat": share.get("csat")}  # fmt: skip


def _address(request: HttpRequest, contact_id: str) -> str:
    query = urlencode([(name, value) for name, value in request.GET.items() if name != "after"])
    return reverse("workplace:contact", args=[contact_id]) + (f"?{query}" if query else "")
