"""Imports: hand in a file, look at what it would do, bring it in, follow it, read what was refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.kit.clock import now
from bihuan.kit.errors import DefinitionError, InputError, NotAllowed, Refusal
from bihuan.people.exporting import tell_export
from bihuan.people.models import UnresolvedKey, User
from bihuan.people.rules.roles import Permission
from bihuan.ui.paging import Page
from bihuan.workplace.imports import acts as import_actions
from bihuan.workplace.imports.models import Import
from bihuan.workplace.imports.page import ImportPage, rows_of
from bihuan.workplace.imports.rejects import Reject, read_rejects
from bihuan.workplace.imports.words import reason_said, said
from bihuan.workplace.web.forms_of_programs import ImportForm
from bihuan.workplace.web.guards import allowed

REFUSED, UNUSABLE = 409, 422
_PER_PAGE: Final = 20


class _Echo:
    """A file that hands back what is written to it, so that lines are made one by one."""

    def write(self, text: str) -> str:
        return text


@require_http_methods(["GET", "POST"])
@allowed(Permission.IMPORT_RECORD)
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, and a form for the next; what is handed in is checked at once and changes nothing yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        row = _handed_in(request, form)
        if row is not None:
            return redirect("workplace:import", row.pk)
    found = Import.objects.visible_to(request.user).select_related("uploaded_by__person")
    page = Page.from_query(request.GET, found.count(), _PER_PAGE)
    rows = rows_of(found[page.offset : page.offset + page.per_page])
    context = {"form": form, "rows": rows, "page": page, "waiting_keys": _waiting_keys(request)}
    return render(request, "workplace/imports.html", context, status=UNUSABLE if form.errors else 200)


@require_GET
@allowed(Permission.IMPORT_RECORD)
def one_import(request: HttpRequest, import_id: str) -> HttpResponse:
    """One import: what it would do, how far it is, what it did. With htmx only the part that moves."""
    return _draw(request, _found(request, import_id))


@require_POST
@allowed(Permission.IMPORT_RECORD)
def landing(request: HttpRequest, import_id: str) -> HttpResponse:
    """Bring in what was checked."""
    return _acted(request, import_id, import_actions.confirm)


@require_POST
@allowed(Permission.IMPORT_RECORD)
def resumption(request: HttpRequest, import_id: str) -> HttpResponse:
    """Go on after an interruption."""
    return _acted(request, import_id, import_actions.try_again)


@require_POST
@allowed(Permission.IMPORT_RECORD)
def discarding(request: HttpRequest, import_id: str) -> HttpResponse:
    """Remove the file."""
    return _acted(request, import_id, import_actions.discard)


@require_GET
@allowed(Permission.IMPORT_RECORD)
def rejects(request: HttpRequest, import_id: str) -> HttpResponse:
    """The refused rows as a table for a spreadsheet."""
    row = _found(request, import_id)
    if row.rejects is None or not row.rejects.is_file():
        raise Http404
    tell_export(request, verb="workplace_rejects.exported", subject=f"import:{row.pk}")
    response = HttpResponse(_lines(row), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejects-{row.pk}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(row: Import) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow((*Reject._fields, "why"))
    for one in read_rejects(row):
        yield writer.writerow((*one, reason_said(one.reason)))


def _handed_in(request: HttpRequest, form: ImportForm) -> Import | None:
    values = form.cleaned_data
    file, mapping = values["file"], values.get("mapping")
    own = {"mapping": mapping.read(), "mapping_name": mapping.name} if mapping else {}
    try:
        return import_actions.hand_in(
            _me(request), name=file.name, content=file.chunks(), source=values["source"], **own
        )
    except InputError as error:
        form.add_error(
            "mapping" if mapping else "file", " ".join(filter(None, (said(error.message), said(error.hint))))
        )
    except DefinitionError as error:
        for issue in error.issues:
            form.add_error("mapping", said(f"{issue.place}: {issue.message}"))
    return None


def _acted(request: HttpRequest, import_id: str, act: Callable[..., Any]) -> HttpResponse:
    row = _found(request, import_id)
    try:
        act(_me(request), row=row)
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, gettext(refusal.message) % refusal.params)
        row.refresh_from_db()
        return _draw(request, row, REFUSED)
    return redirect("workplace:import", row.pk)


def _draw(request: HttpRequest, row: Import, status: int = 200) -> HttpResponse:
    template = "workplace/import.html#progress" if getattr(request, "htmx", False) else "workplace/import.html"
    context = {"shown": ImportPage(row, now()), "waiting_keys": _waiting_keys(request)}
    response = render(request, template, context, status=status)
    if getattr(request, "htmx", False) and not row.is_running:
        response["HX-Refresh"] = "true"  # the page's buttons change with its state
    return response


def _found(request: HttpRequest, import_id: str) -> Import:
    return get_object_or_404(
        Import.objects.visible_to(request.user).select_related("uploaded_by__person"), pk=import_id
    )


def _waiting_keys(request: HttpRequest) -> int:
    return UnresolvedKey.objects.visible_to(request.user).waiting().count()


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
