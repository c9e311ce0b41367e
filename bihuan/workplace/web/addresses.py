"""Addresses of the page at hand, changed a little."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest


def csv_address(request: HttpRequest) -> str:
    """The same page as a download."""
    return changed(request, {"as": "csv"})


def changed(request: HttpRequest, changes: Mapping[str, str | None]) -> str:
    """The page's query string with changes; None takes a name away."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


def narrowed(request: HttpRequest, **fixed: str) -> Mapping[str, str]:
    """The query with what the path says; the path wins."""
    query = request.GET.copy()
    for name, value in fixed.items():
        query[name] = value
    return query
