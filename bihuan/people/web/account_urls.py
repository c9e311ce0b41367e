"""Sign-in and second factor. allauth's names are kept, because its flows find their way by them.

Signing up, e-mail addresses and reset by e-mail are left out: accounts come with the person, and a new password comes
from an administrator.
"""

from django.urls import path

from bihuan.people.web import account_views as views

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("inactive/", views.InactiveView.as_view(), name="account_inactive"),
    path("password/change/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("reauthenticate/", views.ConfirmIdentityView.as_view(), name="account_reauthenticate"),
    path("2fa/", views.SecurityView.as_view(), name="mfa_index"),
    path("2fa/authenticate/", views.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.ConfirmIdentityByCodeView.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.ActivateCodeAppView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.RemoveCodeAppView.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", views.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", views.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
]
