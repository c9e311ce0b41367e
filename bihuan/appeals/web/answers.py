"""How pages of appeals answer: strangers learn nothing (404), bad input 422, a refusal 409 in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.appeals.models import Appeal
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission

UNUSABLE, REFUSED = 422, 409
Page = Callable[..., HttpResponse]


def for_staff(view: Page) -> Page:
    """Only for who may see anything of the record; for others the address does not exist, whatever a kind refuses."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(Permission.SEE_OWN):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as refusal:
            raise Http404 from refusal

    return guarded


def done(request: HttpRequest, found: Appeal, words: str) -> HttpResponse:
    """To the appeal's page, with a word that it worked."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse("appeals:appeal", args=[found.pk]))


def said(problem: InputError | Refusal) -> str:
    """The sentence for the user."""
    params = getattr(problem, "params", {})
    return _(problem.message) % params if params else _(problem.message)


def me(request: HttpRequest) -> Any:
    """The account that asks."""
    return cast(User, request.user)
