"""Who reaches a page, and how acts are answered: strangers 404, a refusal in a sentence, success goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from bihuan.inspection.wording import told
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission

REFUSED, UNUSABLE = 409, 422
LONGEST = 4000
View = Callable[..., HttpResponse]


def allowed(*permissions: Permission) -> Callable[[View], View]:
    """Only for who holds one of the permissions; 404 for anybody else."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def attempted(request: HttpRequest, act: Callable[[], Any], *, back: str) -> HttpResponse | None:
    """Run an act; None where it worked, else the answer that tells why not and goes `back`.

    A page that saves in the background is sent back whole, so that it shows what is true now.
    """
    try:
        act()
    except NotAllowed as refusal:
        raise Http404 from refusal
    except (Refusal, InputError) as refusal:
        messages.error(request, told(refusal))
        if request.headers.get("HX-Request"):
            status = REFUSED if isinstance(refusal, Refusal) else UNUSABLE
            return HttpResponse(status=status, headers={"HX-Redirect": back})
        return HttpResponseRedirect(back)
    return None


def me(request: HttpRequest) -> User:
    """The account that asks; the middleware lets nobody else in."""
    return cast(User, request.user)


def my_person(request: HttpRequest) -> Person:
    """The person behind the account; who passed a guard has one."""
    person = me(request).rights().person
    assert person is not None
    return person


def whole(text: str | None) -> int | None:
    """A whole number of a form, None where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def words(request: HttpRequest, name: str) -> str:
    """A text of a form, without what the database cannot keep, cut where nobody reads on."""
    return request.POST.get(name, "").replace("\x00", "")[:LONGEST]
