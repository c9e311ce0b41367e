"""Imports: hand in a file, follow it, read what was refused."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from bihuan.kit.errors import InputError
from bihuan.people.models import User
from bihuan.people.rules.tokens import ApiScope
from bihuan.workplace.api import schemas
from bihuan.workplace.api.auth import Scoped
from bihuan.workplace.imports.acts import hand_in
from bihuan.workplace.imports.files import LARGEST_MAPPING
from bihuan.workplace.imports.models import Import
from bihuan.workplace.imports.rejects import read_rejects
from bihuan.workplace.imports.words import reason_said, said

router = Router(tags=["imports"], auth=Scoped(ApiScope.IMPORTS_WRITE))
ACCEPTED: Final = 202
_LISTED: Final = 100
_MOST_REJECTS: Final = 1_000


@router.post("/imports", response={ACCEPTED: schemas.ImportInfo}, summary="Hand in a file")
def take_import(
    request: HttpRequest,
    file: File[UploadedFile],
    source: Form[str] = "",
    mapping: File[UploadedFile | None] = None,
    dry_run: Form[bool] = False,
) -> tuple[int, dict[str, Any]]:
    """With a ready `source` or a `mapping` of your own (YAML). `dry_run` only checks; someone confirms on the page."""
    if mapping is not None and (mapping.size or 0) > LARGEST_MAPPING:
        raise InputError("The mapping file is too large.")
    row = hand_in(
        cast(User, request.user),
        name=file.name or "",
        content=file.chunks(),
        source=source,
        mapping=mapping.read() if mapping is not None else None,
        mapping_name=(mapping.name or "") if mapping is not None else "",
        at_once=not dry_run,
    )
    return ACCEPTED, _info(row)


@router.get("/imports", response=list[schemas.ImportInfo], summary="The latest imports")
def imports(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first."""
    return [_info(row) for row in Import.objects.visible_to(request.user)[:_LISTED]]


@router.get("/imports/{uuid:import_id}", response=schemas.ImportInfo, summary="How far an import is")
def one_import(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    """`state`: checking, checked, importing, done, refused, failed or discarded."""
    return _info(_found(request, import_id))


@router.get("/imports/{uuid:import_id}/rejects", response=list[schemas.Reject], summary="What was refused")
def rejects(request: HttpRequest, import_id: UUID) -> list[dict[str, Any]]:
    """The first thousand refused rows with line, column and reason; values masked, `why` in the caller's language."""
    found = read_rejects(_found(request, import_id), most=_MOST_REJECTS)
    return [{**one._asdict(), "why": reason_said(one.reason)} for one in found]


def _found(request: HttpRequest, import_id: UUID) -> Import:
    row = Import.objects.visible_to(request.user).filter(pk=import_id).first()
    if row is None:
        raise Http404
    return row


def _info(row: Import) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in schemas.ImportInfo.model_fields}
    told |= {"problem": "\n".join(map(said, row.problem.split("\n"))), "hint": said(row.hint)}
    for name in ("preview", "summary"):
        if told[name]:  # where files lie on the server is nobody's business
            told[name] = {key: value for key, value in told[name].items() if key != "rejects_path"}
    return told
