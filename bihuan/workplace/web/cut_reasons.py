"""Written reasons where the score cannot decide (X16, X17)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.appraisal.cut import write_cut_reason
from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.web.cut_reason_forms import CutReasonForm
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.results import result_page, seen_result

REFUSED: Final = 409
UNUSABLE: Final = 422


@require_POST
@allowed(Permission.EXPLAIN_RESULTS)
def reasons(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """Keep one; a refused form comes back with what was entered."""
    found, form = seen_result(request, result_id), CutReasonForm(request.POST)
    if not form.is_valid():
        return result_page(request, found, form, UNUSABLE)
    assert isinstance(request.user, User)  # guarded: signed in
    try:
        write_cut_reason(request.user, result=found, is_in=form.is_in, reason=form.cleaned_data["reason"])
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        form.add_error(None, _(refusal.message))
        return result_page(request, found, form, REFUSED)
    messages.success(request, _("The reason is kept with the result."))
    return redirect("workplace:result", found.pk)
