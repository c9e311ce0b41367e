"""allauth's pages in our look. Template names are ours alone: allauth's own folder is searched before this part's."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bihuan.people.accounts import locked_out


def or_locked_out(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Turns django-axes' mark on a request into our page before its middleware answers in plain text."""
    if not getattr(request, "axes_locked_out", False):
        return response
    request.axes_locked_out = False  # type: ignore[attr-defined] # set by django-axes
    return locked_out(request)


class SignInView(account.LoginView):
    template_name = "account/sign_in.html"

    @method_decorator(login_not_required)
    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Past allauth's own limit by address: a whole office signs in from one, at the start of one shift."""
        return or_locked_out(request, super(account.LoginView, self).dispatch(request, *args, **kwargs))


class SignOutView(account.LogoutView):
    template_name = "account/sign_out.html"


class InactiveView(account.AccountInactiveView):
    template_name = "account/closed.html"


class PasswordChangeView(account.PasswordChangeView):
    template_name = "account/change_password.html"
    success_url = reverse_lazy("account_change_password")


class ConfirmIdentityView(account.ReauthenticateView):
    template_name = "account/confirm_identity.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return or_locked_out(request, super().dispatch(request, *args, **kwargs))


class SecondFactorView(mfa.AuthenticateView):
    template_name = "account/second_factor.html"


class ConfirmIdentityByCodeView(mfa.ReauthenticateView):
    template_name = "account/confirm_identity.html"


class SecurityView(mfa.IndexView):
    template_name = "account/security.html"


class ActivateCodeAppView(totp.ActivateTOTPView):
    template_name = "account/activate_code_app.html"


class RemoveCodeAppView(totp.DeactivateTOTPView):
    template_name = "account/remove_code_app.html"


class RecoveryCodesView(codes.ViewRecoveryCodesView):
    template_name = "account/recovery_codes.html"


class NewRecoveryCodesView(codes.GenerateRecoveryCodesView):
    template_name = "account/new_recovery_codes.html"
