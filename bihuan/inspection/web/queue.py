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
from bihuan.inspection.lists import TABS, strip_of, tabs_of, work_table
from bihuan.inspection.models import Evaluation
from bihuan.inspection.queries import backlog_of
from bihuan.inspection.web.guards import allowed, attempted, me, my_person
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission


@require_safe
@allowed(Permission.EVALUATE)
def queue(request: HttpRequest) -> HttpResponse:
    """Own work with its due times; tabs for the pool, for what waits for release, and for what is done."""
    person, at = my_person(request), now()
    shown = request.GET.get("show", "")
    shown = shown if shown in TABS else "mine"
    backlog = backlog_of(person, at)
    context: dict[str, Any] = {
        "shown": shown, "backlog": backlog, "cards": strip_of(backlog), "tabs": tabs_of(shown, backlog),
        "table": work_table(shown, person, at, request.GET), "may_release": me(request).has_perm(Permission.RELEASE_EVALUATIONS),
    }  # fmt: skip
    return render(request, "inspection/queue.html", context)


@require_POST
@allowed(Permission.RELEASE_EVALUATIONS)
def releases(request: HttpRequest) -> HttpResponse:
    """Release everything this inspector has submitted."""
    mine = Evaluation.objects.waiting_for_release().filter(evaluator=my_person(request))
    back, done = reverse("inspection:queue"), []
    refused = attempted(
        request, lambda: done.extend(release_evaluations(me(request), evaluations=mine)), back=f"{back}?show=submitted"
    )
    if refused is None:
        words = ngettext("%(count)s evaluation released.", "%(count)s evaluations released.", len(done))
        messages.success(request, words % {"count": len(done)})
    return refused or HttpResponseRedirect(f"{back}?show=done")
