"""Reading standards: the list of editions, and one edition with its lint report and what differs from another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.kit.errors import InputError
from bihuan.people.rules.roles import Permission
from bihuan.standards import queries
from bihuan.standards.web.forms import WithdrawalForm
from bihuan.standards.web.listing import edition_rows, table_of
from bihuan.standards.web.reading import Page, choices
from bihuan.standards.web.rules_listing import rule_sections
from bihuan.ui.values import language


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition with where it stands, since when, its hash and what the linter says."""
    _must_read(request)
    rows = edition_rows(queries.listed(timezone.localdate()), _language())
    return render(request, "standards/editions.html", {"table": table_of(rows, request.GET)})


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What the marks beside numbers stand for, and where each rule is carried out."""
    _must_read(request)
    return render(request, "standards/rules.html", {"sections": rule_sections(language())})


@require_safe
def edition(request: HttpRequest, ref: str) -> HttpResponse:
    """One edition to read, every number with its source and an anchor; `?against=` says what differs."""
    _must_read(request)
    found = _found(ref)
    against = _found(request.GET["against"]).edition if request.GET.get("against") else None
    page = Page(found.edition, found, against, _language())
    listed = queries.listed(timezone.localdate())
    chosen = request.GET.get("against", "")
    context = {
        "page": page,
        "choices": choices(listed, found, chosen, _language()),
        "withdrawal": WithdrawalForm(auto_id="withdrawal_%s"),
    }
    return render(request, "standards/edition.html", context)


def _found(ref: str) -> queries.Listed:
    try:
        return queries.find_listed(ref, on=timezone.localdate())
    except InputError as error:
        raise Http404 from error


def _must_read(request: HttpRequest) -> None:
    if not request.user.has_perm(Permission.READ_STANDARDS):
        raise Http404


def _language() -> str:
    return get_language() or "zh-hans"
