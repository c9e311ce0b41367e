"""Rating a contact of a calibration on the evaluation desk, and what its page saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions.rating import (
    comment_in_rating,
    mark_in_rating,
    rate_item,
    recomment_in_rating,
    submit_rating,
    uncomment_in_rating,
)
from bihuan.inspection.calibration.desk import RatingDesk, Seated, open_rating, rating_of, rating_url, seated
from bihuan.inspection.models import Calibration, CalibrationContact
from bihuan.inspection.web.desk import ANSWER_KEYS
from bihuan.inspection.web.guards import allowed, attempted, me, my_person, whole, words
from bihuan.inspection.web.saving import moment_asked, named, place_asked, saved_context, spans_of
from bihuan.people.rules.roles import Permission

MAY = allowed(Permission.REVIEW_EVALUATIONS)


@require_safe
@never_cache
@MAY
def rating(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """The desk for who has a seat and has not submitted; who has goes back to the session."""
    contact, own = _mine(request, pk, place)
    desk = _desk(own, contact)
    if contact.calibration.is_closed or (desk.evaluation and desk.evaluation.submitted_at):
        return HttpResponseRedirect(reverse("inspection:calibration", args=[pk]))
    context = {"desk": desk, "work": contact, "own": own, "session": contact.calibration, "answer_keys": ANSWER_KEYS}
    return render(request, "inspection/rating.html", context)


@require_POST
@MAY
def submission(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Submit one's answers and go on with the next contact."""
    contact, own = _mine(request, pk, place)
    given = {name: whole(request.POST.get(name)) or 0 for name in ("revision", "seconds")}
    refused = attempted(request, lambda: submit_rating(me(request), contact=contact, **given), back=rating_url(contact))
    if refused is None:
        messages.success(request, _("Submitted. Nobody else's answers are shown before the calibration is closed."))
    return refused or HttpResponseRedirect(Seated(own.session, own.seat).next_url)


@require_POST
@MAY
def answers(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Save one answer; the item is drawn again."""
    data, item = request.POST, request.POST.get("item", "")

    def act(contact: CalibrationContact) -> Any:
        return rate_item(
            me(request), contact=contact, item=item, verdict=data.get("verdict", ""), reason=words(request, "reason"),
            evidence=spans_of(data.get("evidence", "")), seconds=whole(data.get("seconds")) or 0,
        )  # fmt: skip

    return _saved(request, pk, place, act, "inspection/_item_saved.html", item)


@require_POST
@MAY
def moments(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Mark a key moment on a message or an event; without a place the mark is taken away."""

    def act(contact: CalibrationContact) -> Any:
        return mark_in_rating(me(request), contact=contact, **moment_asked(request))

    return _saved(request, pk, place, act, "inspection/_talk_saved.html")


@require_POST
@MAY
def comments(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    """Put words on a place, or others where a comment stands; without any it is taken away. The answer names it."""
    comment, text = whole(request.POST.get("comment")), words(request, "words")
    kept = {"comment": comment}

    def act(contact: CalibrationContact) -> None:
        own: dict[str, Any] = {"contact": contact, "comment": comment}
        if comment is None:
            kept["comment"] = comment_in_rating(me(request), contact=contact, words=text, **place_asked(request)).pk
        elif text.strip():
            recomment_in_rating(me(request), words=text, **own)
        else:
            kept["comment"] = uncomment_in_rating(me(request), **own)

    return named(_saved(request, pk, place, act, "inspection/_talk_saved.html"), kept["comment"])


@require_POST
@MAY
def comment_removal(request: HttpRequest, pk: UUID, place: int, comment: int) -> HttpResponse:
    """Take a comment out of one's own draft."""
    return _saved(
        request,
        pk,
        place,
        lambda contact: uncomment_in_rating(me(request), contact=contact, comment=comment),
        "inspection/_talk_saved.html",
    )


def _saved(
    request: HttpRequest, pk: UUID, place: int, act: Callable[[CalibrationContact], Any], template: str, item: str = ""
) -> HttpResponse:
    contact, own = _mine(request, pk, place)
    before = _desk(own, contact)
    seen = before.sight
    refused = attempted(request, lambda: act(contact), back=rating_url(contact))
    if refused is not None:
        return refused
    desk = replace(before, evaluation=rating_of(own.seat, contact))
    return render(request, template, saved_context(desk, seen, item))


def _mine(request: HttpRequest, pk: UUID, place: int) -> tuple[CalibrationContact, Seated]:
    """A contact of a session in which the account has a seat; 404 for anybody else."""
    session = get_object_or_404(Calibration.objects.visible_to(request.user), pk=pk)
    own = seated(session, my_person(request))
    if own is None:
        raise Http404
    contact = get_object_or_404(session.contacts.select_related("calibration"), place=place)
    return contact, own


def _desk(own: Seated, contact: CalibrationContact) -> RatingDesk:
    desk = open_rating(contact, rating_of(own.seat, contact))
    if desk is None:
        raise Http404
    return desk
