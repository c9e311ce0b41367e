"""The inspector's own queue: what to do next, what lies in the pool, what waits for release."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions import release_evaluations
from bihuan.inspection.lists import DONE, EVERYBODYS, TABS, evaluations_table, strip_of, tabs_of, work_table
from bihuan.inspection.models import Evaluation
from bihuan.inspection.models.evaluating import EvaluationQuerySet
from bihuan.inspection.queries import backlog_of, evaluations_shown_to
from bihuan.inspection.review_rate import review_rate_shown_to
from bihuan.inspection.web.guards import allowed, attempted, me, my_person
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission


@require_safe
@allowed(Permission.EVALUATE)
def queue(request: HttpRequest) -> HttpResponse:
    """Own work with its due times; tabs for the pool, for what waits for release, and for what is done."""
    person, at = my_person(request), now()
    all_waiting = _everybodys(request)
    shown = request.GET.get("show", "")
    shown = shown if shown in TABS or (shown == EVERYBODYS and all_waiting is not None) else "mine"
    backlog = backlog_of(person, at)
    count = None if all_waiting is None else all_waiting.count()
    is_all = all_waiting is not None and shown == EVERYBODYS
    table = evaluations_table(all_waiting, DONE, request.GET) if is_all else work_table(shown, person, at, request.GET)
    scored = [one.assignment.day for one in table.rows if isinstance(one, Evaluation)]
    context: dict[str, Any] = {
        "shown": shown, "backlog": backlog, "cards": strip_of(backlog), "tabs": tabs_of(shown, backlog, everybodys=count),
        "table": table, "reviewed": review_rate_shown_to(request.user, scored),
        "to_release": {"submitted": backlog.to_release, EVERYBODYS: count}.get(shown),
        "may_release": me(request).has_perm(Permission.RELEASE_EVALUATIONS),
    }  # fmt: skip
    return render(request, "inspection/queue.html", context)


def _everybodys(request: HttpRequest) -> EvaluationQuerySet | None:
    """What anybody submitted and nobody released yet; None for who does not plan inspection."""
    if not me(request).has_perm(Permission.PLAN_INSPECTION):
        return None
    return evaluations_shown_to(request.user).waiting_for_release()


@require_POST
@allowed(Permission.RELEASE_EVALUATIONS)
def releases(request: HttpRequest) -> HttpResponse:
    """Release everything this inspector has submitted, or, for who plans inspection, what anybody has (`whose=all`)."""
    mine = Evaluation.objects.waiting_for_release().filter(evaluator=my_person(request))
    all_waiting = _everybodys(request) if request.POST.get("whose") == "all" else None
    wanted = mine if all_waiting is None else all_waiting
    back, done = reverse("inspection:queue"), []
    refused = attempted(
        request,
        lambda: done.extend(release_evaluations(me(request), evaluations=wanted)),
        back=f"{back}?show=submitted",
    )
    if refused is None:
        words = ngettext("%(count)s evaluation released.", "%(count)s evaluations released.", len(done))
        messages.success(request, words % {"count": len(done)})
    return refused or HttpResponseRedirect(f"{back}?show={'done' if all_waiting is None else EVERYBODYS}")
