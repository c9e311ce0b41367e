"""Sign-in as this house wants it: accounts come with the person, and too many failures close the door for a while."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

_LOCKED = 429


class StaffAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; the staff number is the name."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The staff number or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures are counted by django-axes alone: in the database, hence for every web process together.

        The adapter's own counter lives in the memory of one process and would answer first, in other words.
        """

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted in `pre_authenticate`."""


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The page after too many failures (429); the same whether or not the account exists."""
    minutes = max(1, round(float(settings.AXES_COOLOFF_TIME) * 60))
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=_LOCKED)
