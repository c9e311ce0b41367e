"""Texts of allauth that our pages show, listed so that they are translated in our terms: config's catalogue comes first."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

SIGN_IN_WORDS: Final = (
    _("Recovery codes"),
    _("Authenticator code"),
    _("Code"),
    _("Incorrect code."),
    _("Incorrect password."),
    _("New Password (again)"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("A new set of recovery codes has been generated."),
    _("Use authenticator app or code"),
)
