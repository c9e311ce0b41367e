"""Keys of the record that nobody has settled."""

from __future__ import annotations

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.people import actions
from bihuan.people.models import Person, UnresolvedKey
from bihuan.people.rules.roles import Permission
from bihuan.people.web import forms
from bihuan.people.web.answers import allowed, carried_out, me, today
from bihuan.ui.paging import Page


@require_GET
@allowed(Permission.SETTLE_KEYS)
def keys(request: HttpRequest) -> HttpResponse:
    """The waiting list, most contacts first."""
    return _draw(request, 200)


@require_POST
@allowed(Permission.SETTLE_KEYS)
def settlement(request: HttpRequest, key_id: int) -> HttpResponse:
    """Say whose key it is."""
    row = get_object_or_404(UnresolvedKey.objects.visible_to(request.user), pk=key_id)
    return carried_out(
        request,
        forms.SettleForm(request.POST, auto_id=f"id_{row.pk}_%s"),
        lambda **values: actions.settle_key(me(request), source=row.source, key=row.key, **values),
        again=lambda status, form: _draw(request, status, row, form),
        back=reverse("people:keys"),
        done=_("Settled."),
    )


def _draw(
    request: HttpRequest, status: int, bound_to: UnresolvedKey | None = None, bound: django_forms.Form | None = None
) -> HttpResponse:
    waiting = UnresolvedKey.objects.visible_to(request.user).waiting()
    page = Page.from_query(request.GET, waiting.count())
    shown = waiting[page.offset : page.offset + page.per_page]
    rows = [(row, bound if row == bound_to else forms.SettleForm(auto_id=f"id_{row.pk}_%s")) for row in shown]
    people = Person.objects.visible_to(request.user).working(today()).by_name()
    return render(request, "people/keys.html", {"rows": rows, "page": page, "people": people}, status=status)
