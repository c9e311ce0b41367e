"""How far checks are trusted: the table, one check opened, moves, reckonings, counterfactual runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.inspection.actions.fairness import request_fairness
from bihuan.inspection.actions.trusting import lower_check, raise_check, settle_checks
from bihuan.inspection.models import FairnessRun
from bihuan.inspection.tasks import hand_over_fairness
from bihuan.inspection.trust.check_page import OF_ALL, check_page, fallen, last_run, worst_exchanges
from bihuan.inspection.trust.table import COLUMNS, trust_page
from bihuan.inspection.web.guards import allowed, attempted, me, words
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.exporting import table_file, wants_file
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition
from bihuan.ui.tables import Table

READ = allowed(Permission.READ_STANDARDS)
MOVE = allowed(Permission.MOVE_CHECKS)
TRY = allowed(Permission.JUDGE)


@require_safe
@READ
def trust(request: HttpRequest) -> HttpResponse:
    """Every check with its standing, its figures and what it lacks."""
    edition = _edition(request.GET.get("edition", ""))
    page = trust_page(edition, request.GET)
    if wants_file(request):
        return table_file(request, COLUMNS, page.lines, f"trust-{edition.id}", verb="inspection_figures.exported")
    run = last_run(edition)
    context: dict[str, Any] = {
        "page": page, "edition": edition, "run": run, "fallen": fallen(edition, now()),
        "exchanges": Table(OF_ALL, worst_exchanges(edition)), "may_move": me(request).has_perm(Permission.MOVE_CHECKS),
        "may_try": me(request).has_perm(Permission.JUDGE),
    }  # fmt: skip
    return render(request, "inspection/trust.html", context)


@require_safe
@READ
def trust_check(request: HttpRequest, check: str) -> HttpResponse:
    """One check: its history, and the reviewed conversations on which people and machine disagree."""
    edition = _edition(request.GET.get("edition", ""))
    page = check_page(edition, check, request.user, now(), request.GET.get("show", ""))
    if page is None:
        raise Http404
    context = {"page": page, "line": page.line, "may_move": me(request).has_perm(Permission.MOVE_CHECKS)}
    return render(request, "inspection/trust_check.html", context)


@require_POST
@MOVE
def moves(request: HttpRequest, check: str) -> HttpResponse:
    """Move a check one standing up or down, with a reason."""
    edition = _edition(request.POST.get("edition", ""))
    act = raise_check if request.POST.get("to") == "up" else lower_check
    back = f"{reverse('inspection:trust_check', args=[check])}?edition={edition.hash}"
    asked = {"reason": words(request, "reason"), "before": words(request, "before")}
    refused = attempted(request, lambda: act(me(request), edition=edition, check=check, **asked), back=back)
    if refused is None:
        messages.success(request, _("The check was moved."))
    return refused or HttpResponseRedirect(back)


@require_POST
@MOVE
def reckonings(request: HttpRequest) -> HttpResponse:
    """Reckon precision and recall now; what the figures no longer bear falls."""
    edition = _edition(request.POST.get("edition", ""))
    fell = list(settle_checks(edition))
    told = _("Reckoned; %(n)s checks fell.") if fell else _("Reckoned; every check stays where it stands.")
    messages.success(request, told % {"n": len(fell)} if fell else told)
    return HttpResponseRedirect(f"{reverse('inspection:trust')}?edition={edition.hash}")


@require_POST
@TRY
def fairness_runs(request: HttpRequest) -> HttpResponse:
    """Ask for a counterfactual run in the background."""
    edition = _edition(request.POST.get("edition", ""))
    hand_over_fairness(request_fairness(me(request), edition=edition, ref=edition.id))
    return HttpResponseRedirect(f"{reverse('inspection:trust')}?edition={edition.hash}#fairness")


@require_safe
@READ
def fairness_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a run has come; the finished one reloads the page that shows what it found."""
    run = get_object_or_404(FairnessRun, pk=pk)
    answer = render(request, "inspection/_fairness_run.html", {"run": run})
    if run.is_finished:
        answer["HX-Refresh"] = "true"
    return answer


def _edition(digest: str) -> Edition:
    if not digest:
        return edition_in_use(timezone.localdate())
    try:
        return find_edition(digest)
    except InputError as error:
        raise Http404 from error
