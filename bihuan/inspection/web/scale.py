"""Raters' scales, and the alarms about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions.scaling import settle_scale_alarm
from bihuan.inspection.calibration.scale import alarms_seen
from bihuan.inspection.calibration.scale_page import ScalePage
from bihuan.inspection.web.guards import allowed, attempted, me, my_person, words
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use


@require_safe
@never_cache
@allowed(Permission.CALIBRATE, Permission.REVIEW_EVALUATIONS)
def scale(request: HttpRequest) -> HttpResponse:
    """Severity, interval and drift of every rater; for a rater one's own."""
    edition = edition_in_use(timezone.localdate())
    page = ScalePage(request.user, my_person(request), edition, now(), request.GET)
    return render(request, "inspection/scale.html", {"page": page, "mine": my_person(request)})


@require_POST
@allowed(Permission.CALIBRATE)
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle an alarm with words."""
    alarm = get_object_or_404(alarms_seen(request.user), pk=pk)
    back, said = reverse("inspection:scale"), words(request, "words")
    refused = attempted(request, lambda: settle_scale_alarm(me(request), alarm=alarm, words=said), back=back)
    if refused is None:
        messages.success(request, _("The alarm is settled."))
    return refused or HttpResponseRedirect(back)
