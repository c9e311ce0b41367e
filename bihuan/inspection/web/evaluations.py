"""Evaluations as they are read: the list of those one may see, one with its reasons, the agent's acknowledgement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions import acknowledge_evaluation
from bihuan.inspection.appealing import asked_about
from bihuan.inspection.calibration.scale import adjusted_beside
from bihuan.inspection.desk import open_desk
from bihuan.inspection.lists import OWN, SECOND_US, evaluations_table
from bihuan.inspection.models import Evaluation
from bihuan.inspection.queries import blind_contacts, evaluations_shown_to
from bihuan.inspection.review_rate import review_rate_shown_to
from bihuan.inspection.web.guards import allowed, attempted, me, my_person, words
from bihuan.kit.clock import now
from bihuan.people.queries import scope_of
from bihuan.people.rules.roles import Permission

MAY = allowed(Permission.SEE_OWN)


@require_safe
@MAY
def evaluations(request: HttpRequest) -> HttpResponse:
    """Released evaluations of the people this account may see; an agent's own ones."""
    seen = evaluations_shown_to(request.user).in_force()
    own = seen.filter(assignment__person=my_person(request).number)
    return render(
        request,
        "inspection/evaluations.html",
        {
            "table": evaluations_table(seen, OWN, request.GET, scope=scope_of(request.user)),
            "waiting": own.filter(acknowledgement__isnull=True).count(),
            "reviewed": review_rate_shown_to(
                request.user, seen.aggregate(Min("assignment__day"), Max("assignment__day")).values()
            ),
        },
    )


@require_safe
@never_cache
@MAY
def evaluation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One evaluation: score, answers beside the machine's, comments in the text, versions, acknowledgement.

    Who still owes a blind answer about the same conversation is led to it.
    """
    row = _visible(request, pk)
    owed = blind_contacts(request.user).get(row.assignment.contact_id)
    if owed is not None:
        messages.info(request, _("First your own answer: until it is given, nobody else's is shown to you."))
        return HttpResponseRedirect(owed.url)
    if row.submitted_at is None:
        return HttpResponseRedirect(reverse("inspection:assignment", args=[row.assignment_id]))
    desk = open_desk(request.user, row.assignment, row, blind=False)
    if desk is None:
        raise Http404
    return render(request, "inspection/evaluation.html", _context(request, row, desk))


@require_POST
@MAY
def acknowledgement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The evaluated agent has read it."""
    row = _visible(request, pk)
    back = reverse("inspection:evaluation", args=[pk])
    said: dict[str, Any] = {"reply": words(request, "reply"), "objects_to": "objects_to" in request.POST}
    refused = attempted(request, lambda: acknowledge_evaluation(me(request), evaluation=row, **said), back=back)
    if refused is None:
        told = _("The group looks at it again; what it decides replaces this evaluation.")
        messages.success(
            request, told if said["objects_to"] else _("Thank you: the inspector sees that you have read it.")
        )
    return refused or HttpResponseRedirect(back)


def _visible(request: HttpRequest, pk: UUID) -> Evaluation:
    seen = Evaluation.objects.visible_to(request.user)
    rows = seen.select_related("assignment__draw", "evaluator", "acknowledgement__person")
    return get_object_or_404(rows.prefetch_related("answers", "comments"), pk=pk)


def _context(request: HttpRequest, row: Evaluation, desk: Any) -> dict[str, Any]:
    versions = Evaluation.objects.visible_to(request.user).filter(assignment=row.assignment).submitted()
    mine = row.assignment.person == my_person(request).number
    in_force = Evaluation.objects.in_force().filter(pk=row.pk).exists()
    inspects = me(request).has_perm(Permission.EVALUATE)
    return {
        "desk": desk, "work": row.assignment, "evaluation": row, "tree": row.score, "mine": mine, "inspects": inspects,
        "took_us": row.active_seconds * SECOND_US, "adjusted": adjusted_beside(request.user, row),
        "may_acknowledge": mine and row.state == "released" and in_force,
        "versions": list(versions.select_related("evaluator").order_by("version")),
        "asked": asked_about(row, request.user, now()),
        "reviewed": review_rate_shown_to(request.user, [row.assignment.day]),
    }  # fmt: skip
