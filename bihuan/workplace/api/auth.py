"""Who calls: a live token that carries the scope, of an account that still has the right behind it."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from bihuan.kit.clock import now
from bihuan.people.actions import use_token
from bihuan.people.models import Token
from bihuan.people.rules.tokens import NEEDS, ApiScope

FORBIDDEN: Final = 403
CALLS_A_MINUTE: Final = 600
"""Per token and web process: a program that asks more often asks the wrong question."""
_MINUTE: Final = 60


class Scoped(HttpBearer):
    """`Authorization: Bearer bihuan_…` with a scope."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The token, its account put in the place of the session's; None (401) where it opens nothing."""
        found = use_token(token, at=now())
        if found is None:
            return None
        if self.scope not in found.scopes or not found.user.has_perm(NEEDS[self.scope]):
            raise HttpError(FORBIDDEN, f"This token lacks the scope {self.scope}.")
        request.user = found.user
        return found


class PerToken(BaseThrottle):
    """So many calls a minute; the clock minute is the window."""

    def allow_request(self, request: HttpRequest) -> bool:
        token = getattr(request, "auth", None)
        if token is None:
            return True
        key = f"api:{token.pk}:{int(now().timestamp()) // _MINUTE}"
        cache.add(key, 0, timeout=2 * _MINUTE)
        return bool(cache.incr(key) <= CALLS_A_MINUTE)

    def wait(self) -> float:
        return _MINUTE - now().timestamp() % _MINUTE
