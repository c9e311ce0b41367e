"""Files that leave the installation: only for who may take them, and never without a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from bihuan.journal.actions import record
from bihuan.people.rules.roles import Permission
from bihuan.ui.tables import Column, csv_response


def wants_file(request: HttpRequest) -> bool:
    """Whether the address asks for its page as a file (`as=csv`); raises Http404 for who may take none."""
    if request.GET.get("as") != "csv":
        return False
    if not request.user.has_perm(Permission.EXPORT_RECORD):
        raise Http404
    return True


def tell_export(request: HttpRequest, *, verb: str, subject: str, data: Mapping[str, Any] | None = None) -> None:
    """Write down who takes what: `data`, or else what the address asks for."""
    with transaction.atomic():
        record(actor=request.user, verb=verb, subject=subject, data=dict(data or {"filters": _filters(request)}))


def table_file(
    request: HttpRequest, columns: Sequence[Column], rows: Iterable[Any], name: str, *, verb: str
) -> HttpResponse:
    """The rows as `name`.csv, told to the journal under that name."""
    listed = list(rows)
    told = {"filters": _filters(request), "rows": len(listed)}
    tell_export(request, verb=verb, subject=f"file:{name}", data=told)
    return csv_response(columns, listed, name)


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if name != "as"}
