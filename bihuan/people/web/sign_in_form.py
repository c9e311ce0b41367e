"""The sign-in form: people know their staff number, not a user name."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """allauth's form in this house's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number")
        self.fields["login"].widget.attrs.update({"placeholder": "", "autofocus": True, "inputmode": "text"})
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["remember"].label = _("Keep me signed in on this device")
