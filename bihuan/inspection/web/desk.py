"""The evaluation desk: one drawn conversation, taken, evaluated, submitted or given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions import claim_assignment, return_assignment, submit_evaluation
from bihuan.inspection.actions.holding import may_hold
from bihuan.inspection.desk import Desk, open_desk
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.sampling.progress import progress_of
from bihuan.inspection.web.guards import allowed, attempted, me, my_person, whole, words
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED
from bihuan.ui import values

MAY = allowed(Permission.EVALUATE)
LISTED, DONE_LISTED = 50, 8
ANSWER_KEYS = ((MET, "1"), (VIOLATED, "2"), (CANNOT_TELL, "3"), (NOT_APPLICABLE, "N"))


@require_safe
@never_cache
@MAY
def assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The desk, for who holds the conversation; for others who has it, or the way to take it."""
    work = work_of(pk)
    if work.is_done:
        newest = work.evaluations.submitted().order_by("-version").first()
        assert newest is not None
        return HttpResponseRedirect(reverse("inspection:evaluation", args=[newest.pk]))
    desk = desk_of(request, work)
    template = "desk" if work.is_held_by(my_person(request)) else "desk_closed"
    return render(request, f"inspection/{template}.html", desk_context(request, desk))


@require_POST
@MAY
def holding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the conversation from the pool."""
    work = work_of(pk)
    back = reverse("inspection:assignment", args=[pk])
    refused = attempted(request, lambda: claim_assignment(me(request), assignment=work), back=back)
    return refused or HttpResponseRedirect(back)


@require_POST
@MAY
def giving_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put it back into the pool with a reason, and go on with the next."""
    work, reason = work_of(pk), words(request, "reason")
    back = reverse("inspection:assignment", args=[pk])
    refused = attempted(request, lambda: return_assignment(me(request), assignment=work, reason=reason), back=back)
    if refused is None:
        messages.success(request, _("Given back to the pool."))
    return refused or HttpResponseRedirect(next_of(request))


@require_POST
@MAY
def submission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Submit what was answered; the total and the machine's answers appear only now."""
    work, done = work_of(pk), []
    values_ = {name: whole(request.POST.get(name)) or 0 for name in ("revision", "seconds")}
    act = lambda: done.append(submit_evaluation(me(request), assignment=work, **values_))  # noqa: E731 - kept for its result
    refused = attempted(request, act, back=reverse("inspection:assignment", args=[pk]))
    if refused is None:
        messages.success(request, _submitted(done[0]))
    return refused or HttpResponseRedirect(next_of(request))


def _submitted(evaluation: Evaluation) -> str:
    told = [answer for answer in evaluation.answers.all() if answer.given_by == "person" and answer.machine]
    agreed = sum(answer.said_blind == answer.machine for answer in told)
    values_ = {"score": values.number(evaluation.total, 2), "agreed": agreed, "told": len(told)}
    return _("Submitted: %(score)s points; %(agreed)s of %(told)s answers as the machine has them.") % values_


def work_of(pk: UUID) -> Assignment:
    return get_object_or_404(Assignment.objects.select_related("draw", "holder"), pk=pk)


def desk_of(request: HttpRequest, work: Assignment) -> Desk:
    """The desk with the draft, if one is begun; 404 where the record does not show the conversation."""
    desk = open_desk(request.user, work, draft_of(request, work))
    if desk is None:
        raise Http404
    return desk


def draft_of(request: HttpRequest, work: Assignment) -> Evaluation | None:
    return work.evaluations.begun_by(my_person(request)).prefetch_related("answers", "comments").first()


def desk_context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """What the desk's templates draw."""
    at = now()
    mine = Assignment.objects.held_by(my_person(request))
    return {
        "desk": desk,
        "work": desk.work,
        "may_take": may_hold(me(request).rights(), desk.work),
        "at": at,
        "answer_keys": ANSWER_KEYS,
        "waiting": mine.open().count(),
        "queue": list(mine.open().in_order()[:LISTED]),
        "done": list(mine.filter(draw=desk.work.draw).done().order_by("-done_at")[:DONE_LISTED]),
        "progress": progress_of(my_person(request), desk.work.draw, desk.edition, at),
    }


def next_of(request: HttpRequest) -> str:
    """The next open conversation of this inspector, else the queue."""
    following = Assignment.objects.open().held_by(my_person(request)).in_order().first()
    return reverse("inspection:assignment", args=[following.pk]) if following else reverse("inspection:queue")
