"""The gallery: every component with its contract, for any signed-in person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.ui.web import samples


def gallery(request: HttpRequest) -> HttpResponse:
    """All components with invented figures, in every state they know."""
    context = {
        "cards": samples.cards(),
        "teams": samples.teams_table(request),
        "charts": samples.drawn_charts(),
        "tree": samples.tree(),
        "filters": samples.filters(),
        "empty_table": samples.empty_table(),
        **samples.marks(),
    }
    return render(request, "ui/gallery.html", context)
