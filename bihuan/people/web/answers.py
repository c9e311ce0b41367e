"""How staff pages answer: strangers learn nothing (404), bad input 422, a refusal 409 in a sentence, success goes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext

from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission

UNUSABLE, REFUSED = 422, 409
View = Callable[..., HttpResponse]


def allowed(*permissions: Permission) -> Callable[[View], View]:
    """Only for who holds one of the permissions; for others the address does not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            rights = request.user.rights() if request.user.is_authenticated else None
            if rights is None or not any(rights.may(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def visible_person(request: HttpRequest, number: str) -> Person:
    """The person of a number, if this account may see them; else 404."""
    return get_object_or_404(Person.objects.visible_to(request.user), number=number)


def carried_out(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    again: Callable[..., HttpResponse],
    back: str,
    done: str,
) -> HttpResponse:
    """Run `act` with the form's values; `again(status, form)` draws the page once more where that fails."""
    if not form.is_valid():
        return again(UNUSABLE, form)
    try:
        act(**form.cleaned_data)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        form.add_error(None, gettext(refusal.message) % refusal.params)
        return again(REFUSED, form)
    messages.success(request, done)
    return HttpResponseRedirect(back)


def me(request: HttpRequest) -> User:
    """The account that asks; the middleware lets nobody else in."""
    return cast(User, request.user)


def today() -> Any:
    """The department's day."""
    return timezone.localdate()
