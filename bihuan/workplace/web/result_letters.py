"""A result as a printed letter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.appeals.wording import deadline
from bihuan.appraisal.models import Result
from bihuan.kit.clock import now
from bihuan.people.exporting import tell_export
from bihuan.people.rules.roles import Permission
from bihuan.ui.documents import KIND
from bihuan.workplace.months.appeals import asked_about
from bihuan.workplace.months.letter import letter_pdf
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.results import opened, seen_result


@require_safe
@allowed(Permission.SEE_OWN)
def document(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """One person's month to print, for who may open its page."""
    page = opened(request, seen_result(request, result_id))
    name = f"{page.month}-{page.result.pk}.pdf"
    pdf = letter_pdf(page, printed_by=request.user.get_username(), appeal=_appeal(request, page.result))
    tell_export(request, verb="workplace_result.printed", subject=f"result:{page.result.pk}")
    return HttpResponse(pdf, content_type=KIND, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _appeal(request: HttpRequest, found: Result) -> str:
    asked = asked_about(found, request.user, now())
    if not asked.may_appeal or asked.window is None:
        return ""
    words = _("You may appeal this result until %(until)s; somebody independent decides within %(days)s working days.")
    return words % {"until": deadline(asked.window.until), "days": asked.window.terms.decided_within}
