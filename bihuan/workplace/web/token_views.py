"""Keys for programs: issue one, see it once, revoke it."""

from __future__ import annotations

from typing import cast

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people import actions
from bihuan.people.models import Token, User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.web.forms_of_programs import TokenForm
from bihuan.workplace.web.guards import allowed

CREATED, REFUSED, UNUSABLE = 201, 409, 422


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Permission.ISSUE_TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own keys, and a form for a new one; its secret stands in this answer only."""
    if request.method == "GET":
        return _draw(request, TokenForm(), 200)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, UNUSABLE)
    try:
        issued = actions.issue_token(_me(request), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, gettext(refusal.message) % refusal.params)
        return _draw(request, form, REFUSED)
    return _draw(request, TokenForm(), CREATED, issued)


@require_POST
@allowed(Permission.ISSUE_TOKENS)
def revocation(request: HttpRequest, token_id: str) -> HttpResponse:
    """End a key at once."""
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=token_id)
    try:
        actions.revoke_token(_me(request), token=token)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, gettext(refusal.message) % refusal.params)
        return _draw(request, TokenForm(), REFUSED)
    messages.success(request, gettext("The token no longer works."))
    return redirect("workplace:tokens")


def _draw(
    request: HttpRequest, form: django_forms.Form, status: int, issued: actions.Issued | None = None
) -> HttpResponse:
    moment = now()
    rows = [(token, token.is_live(moment)) for token in Token.objects.visible_to(request.user)]
    context = {"form": form, "rows": rows, "issued": issued, "api": request.build_absolute_uri("/api/v1/")}
    return render(request, "workplace/tokens.html", context, status=status)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
