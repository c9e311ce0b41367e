"""Two editions side by side: what differs in sentences, and what changes for whom on real conversations."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.inspection.review_rate import review_rate_shown_to
from bihuan.kit.clock import now, to_us
from bihuan.kit.errors import InputError
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.comparing import compare
from bihuan.standards.queries import Listed, find_listed, listed
from bihuan.standards.rules.edition import Edition
from bihuan.ui.figures import Choice, FilterBar
from bihuan.ui.values import language
from bihuan.workplace.editions.comparisons import latest_comparison, request_comparison
from bihuan.workplace.editions.models import EditionComparison
from bihuan.workplace.editions.page import Effects, note_of
from bihuan.workplace.reading import view_of
from bihuan.workplace.tasks import compare_editions
from bihuan.workplace.web.edition_forms import DrawForm
from bihuan.workplace.web.guards import allowed

UNUSABLE: Final = 422


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Permission.EDIT_STANDARDS)
def differences(request: HttpRequest, ref: str) -> HttpResponse:
    """What differs from another edition, and for whom; POST asks for a comparison on a draw of the record."""
    new = _found(ref)
    old = _found(request.GET["against"]) if request.GET.get("against") else _usual(new)
    form = DrawForm(request.POST or None, newest=view_of(request.user, {}).newest)
    if old is not None and request.method == "POST" and form.is_valid():
        made = request_comparison(_me(request), before=old.edition, after=new.edition, **form.drawn())
        compare_editions.defer(comparison_id=str(made.pk))
        return redirect(f"{request.path}?against={old.edition.hash}#effects")
    context = {"new": new, "old": old, "form": form, "bar": _bar(new, old), **_compared(request, old, new.edition)}
    return render(request, "workplace/edition_differences.html", context, status=UNUSABLE if form.errors else 200)


@never_cache
@require_safe
@allowed(Permission.EDIT_STANDARDS)
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far one's own comparison came; the page is drawn anew when it is finished."""
    found = get_object_or_404(EditionComparison, pk=pk, owner=_me(request))
    answer = render(request, "workplace/_edition_running.html", _running(found))
    if found.is_finished:
        answer["HX-Refresh"] = "true"
    return answer


def _compared(request: HttpRequest, old: Listed | None, new: Edition) -> dict[str, Any]:
    if old is None:
        return {}
    found = latest_comparison(_me(request), before=old.edition, after=new)
    words = compare(old.edition, new, get_language() or "zh-hans")
    if found is None:
        return {"changes": words, "effects": None}
    effects = Effects(found, old.edition, new) if found.found is not None else None
    reviewed = review_rate_shown_to(request.user, (found.first_day, found.last_day)) if effects else None
    return {"changes": words, "effects": effects, "reviewed": reviewed, **_running(found)}


def _running(found: EditionComparison) -> dict[str, Any]:
    return {"comparison": found, "note": note_of(found, to_us(now()), to_us(found.requested_at))}


def _usual(new: Listed) -> Listed | None:
    """What an edition is compared with where nobody chose: its predecessor, else the one in use, else another one."""
    before = new.row.supersedes if new.row else None
    wanted = [before.hash] if before else []
    wanted += [edition_in_use(timezone.localdate()).hash]
    others = {one.edition.hash: one for one in listed(timezone.localdate()) if one.edition.hash != new.edition.hash}
    return next((others[digest] for digest in wanted if digest in others), next(iter(others.values()), None))


def _bar(new: Listed, old: Listed | None) -> FilterBar:
    others = [one for one in listed(timezone.localdate()) if one.edition.hash != new.edition.hash]
    options = [(one.edition.hash, f"{one.edition.title.said(language())} {one.edition.version}") for one in others]
    return FilterBar(choices=(Choice("against", _("Compared with"), options, old.edition.hash if old else ""),))


def _found(ref: str) -> Listed:
    try:
        return find_listed(ref, on=timezone.localdate())
    except InputError as error:
        raise Http404 from error


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
