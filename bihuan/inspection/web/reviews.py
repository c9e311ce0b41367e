"""The weekly re-evaluation: the group's queue, one session with its raters, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions import decide_review, give_opinion
from bihuan.inspection.models import Review
from bihuan.inspection.review_rate import review_rate_shown_to
from bihuan.inspection.reviewing import reviews_table, session_of
from bihuan.inspection.web.desk import ANSWER_KEYS
from bihuan.inspection.web.guards import REFUSED, allowed, attempted, me, my_person, words
from bihuan.inspection.wording import told
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.rules.roles import Permission
from bihuan.ui.figures import Tab

MAY = allowed(Permission.REVIEW_EVALUATIONS)


@require_safe
@MAY
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for the group, and what it decided."""
    shown = "decided" if request.GET.get("show") == "decided" else "open"
    tabs = [
        Tab(_("Open re-evaluations"), "?show=open", shown == "open", Review.objects.open().count()),
        Tab(_("Closed re-evaluations"), "?show=decided", shown == "decided"),
    ]
    table = reviews_table(shown, request.GET, my_person(request))
    reviewed = review_rate_shown_to(request.user, [one.evaluation.assignment.day for one in table.rows])
    return render(request, "inspection/reviews.html", {"tabs": tabs, "table": table, "reviewed": reviewed})


@require_safe
@never_cache
@MAY
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One re-evaluation: first one's own opinion, then everybody's, then the decision."""
    return _draw(request, pk, {})


@require_POST
@MAY
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give one's own opinion; an unfinished one is drawn again with what was entered."""
    row, entered = _row(pk), _entered(request)
    try:
        give_opinion(me(request), review=row, answers=entered)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (Refusal, InputError) as refusal:
        messages.error(request, told(refusal))
        return _draw(request, pk, entered, REFUSED)
    messages.success(request, _("Your opinion is kept; now you see the others'."))
    return HttpResponseRedirect(reverse("inspection:review", args=[pk]))


@require_POST
@MAY
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the re-evaluation with a reason."""
    row, back = _row(pk), reverse("inspection:review", args=[pk])
    verdicts = {item: verdict for item, (verdict, _reason) in _entered(request).items()}
    refused = attempted(
        request,
        lambda: decide_review(me(request), review=row, answers=verdicts, reason=words(request, "reason")),
        back=back,
    )
    if refused is None:
        messages.success(request, _("The group's decision is kept."))
    return refused or HttpResponseRedirect(back)


def _draw(request: HttpRequest, pk: UUID, entered: Mapping[str, tuple[str, str]], status: int = 200) -> HttpResponse:
    row = _row(pk)
    session = session_of(request.user, row, my_person(request), entered)
    if session is None:
        raise Http404
    context = {
        "review": row, "session": session, "desk": session.desk, "work": row.evaluation.assignment,
        "verdicts": [word for word, _key in ANSWER_KEYS],
        "reviewed": review_rate_shown_to(request.user, [row.evaluation.assignment.day]),
    }  # fmt: skip
    return render(request, "inspection/review.html", context, status=status)


def _row(pk: UUID) -> Review:
    rows = Review.objects.select_related(
        "evaluation__assignment__draw", "evaluation__evaluator", "result", "decided_by"
    )
    return get_object_or_404(rows.prefetch_related("evaluation__answers", "evaluation__comments"), pk=pk)


def _entered(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """`verdict-<item>` and `reason-<item>` of the form."""
    names = [name.removeprefix("verdict-") for name in request.POST if name.startswith("verdict-")]
    return {name: (request.POST[f"verdict-{name}"], words(request, f"reason-{name}")) for name in names}
