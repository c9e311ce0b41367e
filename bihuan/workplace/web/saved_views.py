"""Saved views: the list, saving the library's present filters, opening, settings, removal and its undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import Team, User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.models import SavedView
from bihuan.workplace.reading import view_of
from bihuan.workplace.saved_views import acts as actions
from bihuan.workplace.saved_views.rows import filters_said, period_moves, view_rows, views_table
from bihuan.workplace.web.contacts import Looked, look
from bihuan.workplace.web.guards import allowed
from bihuan.workplace.web.saved_view_forms import SavedViewForm

REFUSED, UNUSABLE = 409, 422
MOVES, FIXED = "moves", "fixed"


@require_safe
@never_cache
@allowed(Permission.SEE_OWN)
def saved_views(request: HttpRequest) -> HttpResponse:
    """Every view this account may open; after a removal, the way back."""
    table = views_table(view_rows(view_of(request.user, {})), request.GET)
    removed = SavedView.objects.filter(owner=_me(request)).exclude(removed_at=None)
    asked = request.GET.get("removed", "")
    found = removed.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    return render(request, "workplace/saved_views.html", {"table": table, "removed": found})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Permission.SEE_OWN)
def new_saved_view(request: HttpRequest) -> HttpResponse:
    """Name the filters of the address and keep them."""
    looked = look(request)
    form = SavedViewForm(request.POST or None, user=_me(request), periods=_periods(looked))

    def save() -> SavedView:
        moves = form.cleaned_data.get("moves") == MOVES
        kept = actions.kept_filters(looked.wanted, looked.view.newest, moves=moves)
        return actions.save_view(_me(request), filters=kept, **form.values())

    kept = actions.kept_filters(looked.wanted, looked.view.newest, moves=True)
    context = {"said": _words(looked, kept), "back": f"{reverse('workplace:contacts')}?{_query(looked)}"}
    return _answer(request, form, save, context)


@require_safe
@allowed(Permission.SEE_OWN)
def saved_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Open it: the library with its filters, its moving period ending today's record."""
    found = get_object_or_404(SavedView.objects.visible_to(request.user), pk=view_id)
    asked = actions.filters_on(found.filters, view_of(request.user, {}).newest)
    return redirect(f"{reverse('workplace:contacts')}?{urlencode(asked)}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Permission.SEE_OWN)
def saved_view_settings(request: HttpRequest, view_id: int) -> HttpResponse:
    """Another name or other readers; only for its owner."""
    held = get_object_or_404(SavedView.objects.present(), pk=view_id, owner=_me(request))
    me = _me(request)
    form = SavedViewForm(request.POST, user=me) if request.method == "POST" else SavedViewForm.of(held, me)
    sight = view_of(request.user, {})
    said = filters_said(held.filters, sight.edition, dict(Team.objects.values_list("key", "name")))
    context = {"said": said, "held": held, "back": reverse("workplace:saved_views")}
    return _answer(request, form, lambda: actions.change_view(me, view=held, **form.values()), context)


@require_POST
@allowed(Permission.SEE_OWN)
def saved_view_removal(request: HttpRequest, view_id: int) -> HttpResponse:
    """Off the lists; the page that follows offers to undo it."""
    held = get_object_or_404(SavedView.objects.present(), pk=view_id, owner=_me(request))
    actions.remove_view(_me(request), view=held)
    return redirect(f"{reverse('workplace:saved_views')}?removed={held.pk}")


@require_POST
@allowed(Permission.SEE_OWN)
def saved_view_restoration(request: HttpRequest, view_id: int) -> HttpResponse:
    """Undo the removal."""
    held = get_object_or_404(SavedView.objects.exclude(removed_at=None), pk=view_id, owner=_me(request))
    try:
        actions.restore_view(_me(request), view=held)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, _(refusal.message) % refusal.params)
    else:
        messages.success(request, _("“%(name)s” is back.") % {"name": held.name})
    return redirect("workplace:saved_views")


def _answer(
    request: HttpRequest, form: SavedViewForm, act: Callable[[], SavedView], context: dict[str, Any]
) -> HttpResponse:
    """The form, or what came of it."""
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                done = act()
                messages.success(request, _("View “%(name)s” saved.") % {"name": done.name})
                return redirect("workplace:saved_view", done.pk)
        except NotAllowed as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            form.add_error("name", _(refusal.message) % refusal.params)
            status = REFUSED
        except InputError as problem:
            form.add_error("name", _(problem.message))
        status = status if status == REFUSED else UNUSABLE
    return render(request, "workplace/saved_view.html", {**context, "form": form}, status=status)


def _periods(looked: Looked) -> list[tuple[str, str]] | None:
    """The readings of a span that ends with the record: it goes on ending there, or it means these days."""
    days = looked.wanted.days
    if days is None or not period_moves(days, looked.view.newest):
        return None
    length = (days[1] - days[0]).days + 1
    moving = ngettext("Always the newest %(n)s day", "Always the newest %(n)s days", length) % {"n": length}
    fixed = _("Always %(first)s to %(last)s") % {"first": days[0], "last": days[1]}
    return [(MOVES, moving), (FIXED, fixed)]


def _words(looked: Looked, kept: dict[str, str]) -> str:
    return filters_said(kept, looked.view.edition, dict(Team.objects.values_list("key", "name")))


def _query(looked: Looked) -> str:
    return urlencode(looked.wanted.query())


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
