"""Reviews on third-party platforms: the list to work through, and one review with the conversation it is about."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.inspection.actions.linking import link_review
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.exporting import tell_export, wants_file
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.lending import number_of
from bihuan.ui.paging import Page
from bihuan.ui.tables import Table, csv_response
from bihuan.workplace.platform_reviews import (
    LIST,
    SHOWN,
    UNLINKED,
    Review,
    candidates,
    contact_of_number,
    history_of,
    reviews_of,
    tabs_of,
)
from bihuan.workplace.reading import View, view_of
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.platform_review_forms import LinkForm

UNUSABLE: Final = 422


@require_safe
@never_cache
@allowed(Permission.EVALUATE)
def platform_reviews(request: HttpRequest) -> HttpResponse:
    """Negative reviews about no known conversation by default; `?show=` all negative ones, or all."""
    view = view_of(request.user, request.GET)
    shown = request.GET.get("show", UNLINKED)
    shown = shown if shown in SHOWN else UNLINKED
    found = reviews_of(view.reader, view.edition, shown)
    if wants_file(request):
        told = {"show": shown, "rows": len(found)}
        tell_export(request, verb="platform_reviews.exported", subject="platform_reviews", data=told)
        return csv_response(LIST, found, f"platform-reviews-{shown}")
    page = Page.from_query(request.GET, len(found))
    table = Table(LIST, found[page.offset : page.last], query=request.GET, page=page)
    limit = number_of(view.edition, "sampling.risk_rating_at_most")
    context = {
        "view": view, "shown": shown, "tabs": tabs_of(shown, len(found)), "table": table, "limit": limit,
        "is_known": bool(view.reader.manifest.files("platform_reviews")),
    }  # fmt: skip
    return render(request, "workplace/platform_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Permission.EVALUATE)
def platform_review(request: HttpRequest, review_id: str) -> HttpResponse:
    """One review, the conversation it is about or why none is known, and the form that says which."""
    view = view_of(request.user, request.GET)
    review = next(iter(reviews_of(view.reader, view.edition, review_id=review_id)), None)
    if review is None:
        raise Http404
    choices = candidates(view.reader, review)
    form = LinkForm(request.POST if request.method == "POST" else None, candidates=choices)
    if request.method == "POST" and form.is_valid() and _linked(request, view, review, form):
        return HttpResponseRedirect(reverse("workplace:platform_reviews"))
    context = {"review": review, "form": form, "candidates": choices, "history": history_of(review_id)}
    return render(request, "workplace/platform_review.html", context, status=UNUSABLE if form.errors else 200)


def _linked(request: HttpRequest, view: View, review: Review, form: LinkForm) -> bool:
    """Whether the link was kept; what is missing or refused stands beside the form."""
    try:
        number = form.number()
        contact_id = contact_of_number(view.reader, number) if number else form.chosen()
        link_review(
            cast(User, request.user),
            review_id=review.row["review_id"],
            contact_id=contact_id,
            why=form.cleaned_data["why"],
        )
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (Refusal, InputError) as refusal:
        form.add_error(None, _(refusal.message))
        return False
    messages.success(request, _("What the review is about is kept, with your name and reason."))
    return True
