"""The sampling plan: draws by day, strata, the planner, workloads, deputies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.archive.store import open_archive
from bihuan.inspection.actions import depute_assignments, draw_sample
from bihuan.inspection.actions.holding import Deputed
from bihuan.inspection.models import Draw
from bihuan.inspection.sampling.planning import (
    DayLine,
    day_lines,
    days_table,
    loads,
    loads_table,
    planner_of,
    shares_words,
    strata_table,
    undrawn_days,
)
from bihuan.inspection.sampling.plans import sampling_number
from bihuan.inspection.web.guards import allowed, attempted, me, my_person, whole, words
from bihuan.kit.clock import now
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition
from bihuan.ui.charts import Panel, Series

MAY = allowed(Permission.EVALUATE)


@require_safe
@MAY
def plan(request: HttpRequest) -> HttpResponse:
    """What was drawn, what people have judged of it, and how much a margin of error would need."""
    today = timezone.localdate()
    edition = edition_in_use(today)
    lines = day_lines()
    chosen = _chosen(request, [line.draw for line in lines])
    people = loads(now())
    context: dict[str, Any] = {
        "edition": edition, "shares": shares_words(edition), "planner": planner_of(request.GET, edition),
        "lines": lines, "course": course_of(lines, edition), "days": days_table(lines), "draw": chosen,
        "strata": strata_table(chosen) if chosen else None,
        "undrawn": undrawn_days(open_archive().head(), today), "people": people, "loads": loads_table(people),
        "may_plan": me(request).has_perm(Permission.PLAN_INSPECTION), "my_number": my_person(request).number,
    }  # fmt: skip
    return render(request, "inspection/plan.html", context)


def course_of(lines: Sequence[DayLine], edition: Edition) -> Series | None:
    """How far people came with each day's own draw, against the least share the standard asks for (S3-10)."""
    days = [line for line in reversed(lines) if not line.draw.number]
    if len(days) < 2:
        return None
    least = sampling_number(edition, "daily_share_low").value
    behind = sum(line.reviewed is not None and line.reviewed < least for line in days)
    return Series(
        "draws",
        _("How far the draws have come"),
        [f"{line.day:%m-%d}" for line in days],
        (
            Panel(_("Evaluated at random"), [line.reviewed for line in days], unit="%", target=least, floor=0),
            Panel(_("Still open"), [line.open for line in days], "bar", decimals=0),
        ),
        ngettext(
            "%(n)s day has not reached the least share yet", "%(n)s days have not reached the least share yet", behind
        )
        % {"n": behind},
        _("Day"),
    )


@require_POST
@MAY
def draws(request: HttpRequest) -> HttpResponse:
    """Draw a day now, without waiting for the clock."""
    day, back = _day(request.POST.get("day")), reverse("inspection:plan")
    if day is None:
        return HttpResponseRedirect(back)
    refused = attempted(request, lambda: draw_sample(me(request), day=day), back=back)
    if refused is None:
        messages.success(request, _("The sample of %(day)s is drawn and shared out.") % {"day": day})
    return refused or HttpResponseRedirect(f"{back}?day={day}")


@require_POST
@MAY
def deputies(request: HttpRequest) -> HttpResponse:
    """Hand somebody's open work to a deputy."""
    person, deputy = (get_object_or_404(Person, number=words(request, name)) for name in ("person", "deputy"))
    back, moved = reverse("inspection:plan"), []
    refused = attempted(
        request, lambda: moved.append(depute_assignments(me(request), person=person, deputy=deputy)), back=back
    )
    if refused is None:
        messages.success(request, _handed_over(moved[0]))
    return refused or HttpResponseRedirect(back)


def _handed_over(done: Deputed) -> str:
    told = ngettext("%(count)s conversation handed over.", "%(count)s conversations handed over.", done.moved)
    told %= {"count": done.moved}
    if not done.pooled:
        return told
    pooled = ngettext(
        "%(count)s is the deputy's own and went to the pool.", "%(count)s are the deputy's own and went to the pool.",
        done.pooled,
    ) % {"count": done.pooled}  # fmt: skip
    return f"{told} {pooled}"


def _chosen(request: HttpRequest, listed: list[Draw]) -> Draw | None:
    day, number = _day(request.GET.get("day")), whole(request.GET.get("number")) or 0
    wanted = (draw for draw in listed if draw.day == day and draw.number == number)
    return next(wanted, listed[0] if listed else None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
