"""The pages of refusals: what happened and what to do next. None needs a context, so none can fail in turn."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TOO_MANY = 429


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    return _page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this role may not."""
    return _page(403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without a valid token (`CSRF_FAILURE_VIEW`)."""
    return _page(403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing there, or not for this person."""
    return _page(404)


def too_many(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
    """429: paused for safety."""
    return _page(TOO_MANY)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug of ours; the log has it."""
    return _page(500)


def _page(status: int, name: str = "") -> HttpResponse:
    return HttpResponse(render_to_string(name or f"{status}.html"), status=status)
