"""Item statistics: which checks tell people apart, and how far the scorecard can be relied on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.inspection.items.statistics import item_page
from bihuan.inspection.items.tables import ItemTables
from bihuan.inspection.web.guards import allowed
from bihuan.people.exporting import table_file, wants_file
from bihuan.people.rules.roles import Permission


@require_safe
@allowed(Permission.READ_STANDARDS)
def items(request: HttpRequest) -> HttpResponse:
    """Statistics of every check of an edition over a month, as far as one may see the figures."""
    page = item_page(request.user, request.GET)
    if page is None:
        return render(request, "inspection/items.html", {"shown": None})
    shown = ItemTables(page, get_language() or "zh-hans", request.GET)
    if wants_file(request):
        told = shown.people if request.GET.get("of") == "people" else shown
        name = f"items-{page.month}-people" if told is shown.people else f"items-{page.month}"
        return table_file(request, told.columns, told.lines, name, verb="inspection_figures.exported")
    return render(request, "inspection/items.html", {"shown": shown, "page": page})
