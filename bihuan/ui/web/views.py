"""The gallery: every component with its contract, for any signed-in person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gallery(request: HttpRequest) -> HttpResponse:
    """All components with invented figures, in every state they know."""
    return render(request, "ui/gallery.html", {})
