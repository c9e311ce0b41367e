"""Who reaches a page: for others its address does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from bihuan.people.rules.roles import Permission

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
