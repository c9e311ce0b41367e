"""The model judge: whether it is on, its budget, queue, failures and days; a round may be asked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.model_judge.page import FAULTS, JudgePage, last_failure
from bihuan.inspection.model_judge.state import judge_state
from bihuan.inspection.tasks import hand_over_model_round
from bihuan.inspection.trust.words import word
from bihuan.inspection.web.guards import allowed
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission

MAY = allowed(Permission.JUDGE)


@require_safe
@MAY
def model_judge(request: HttpRequest) -> HttpResponse:
    """The state of the judge; the key is nowhere in it."""
    state = judge_state(now())
    failure = last_failure(state)
    context = {
        "page": JudgePage(state), "state": state, "failure": failure, "why": word(FAULTS, failure.code) if failure else "",
    }  # fmt: skip
    part = "#answers" if request.headers.get("HX-Request") else ""
    return render(request, f"inspection/model_judge.html{part}", context)


@require_POST
@MAY
def model_rounds(request: HttpRequest) -> HttpResponse:
    """Ask for a round now, without waiting for the clock."""
    hand_over_model_round()
    messages.success(request, _("A round will begin as soon as a worker is free."))
    return HttpResponseRedirect(reverse("inspection:model_judge"))
