"""Addresses of the interface for programs; mounted at /api/v1/. Tokens stand in for the session."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from bihuan.workplace.api.problems import not_there
from bihuan.workplace.api.routes import api

app_name = "api"
ROOT = "api-root"  # the name by which the description finds its own address


def _open(pattern: URLPattern) -> URLPattern:
    """The middleware of the pages asks for a session; here a token decides, or the address is open to all."""
    pattern.callback = login_not_required(pattern.callback)
    return pattern


urlpatterns = [
    *(_open(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != ROOT),
    path("", login_not_required(csrf_exempt(not_there)), name=ROOT),
    re_path(r"^.*$", login_not_required(csrf_exempt(not_there)), name="nothing_below"),
]
