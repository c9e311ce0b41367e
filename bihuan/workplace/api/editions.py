"""Editions of the standard: which there are, their text, and what the linter says."""

from __future__ import annotations

import json
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from bihuan.kit.errors import InputError
from bihuan.people.rules.tokens import ApiScope
from bihuan.standards import queries
from bihuan.standards.examining import examine
from bihuan.workplace.api import schemas
from bihuan.workplace.api.auth import Scoped

router = Router(tags=["editions"], auth=Scoped(ApiScope.EDITIONS_READ))


@router.get("/editions", response=list[schemas.EditionInfo], summary="Every edition")
def editions(request: HttpRequest) -> list[dict[str, Any]]:
    """Published ones first, the latest on top, then the shipped ones."""
    return [_info(one) for one in queries.listed(timezone.localdate())]


@router.get("/editions/{str:ref}", response=schemas.EditionText, summary="One edition, whole")
def edition(request: HttpRequest, ref: str) -> dict[str, Any]:
    """By id or hash (eight digits or more); every number with its source."""
    found = _found(ref)
    return {"edition": _info(found), "document": json.loads(json.dumps(dict(found.edition.document), default=_text))}


@router.get("/editions/{str:ref}/lint", response=list[schemas.LintIssue], summary="What the linter says")
def edition_lint(request: HttpRequest, ref: str, lang: Literal["zh", "en"] = "zh") -> list[dict[str, Any]]:
    """Every doubtful place, gravest first."""
    return [
        {"level": one.level, "place": one.place, "message": one.message, "source": one.source, "code": one.code}
        for one in examine(_found(ref).edition, lang)
    ]


def _found(ref: str) -> queries.Listed:
    try:
        return queries.find_listed(ref.replace("\x00", ""), on=timezone.localdate())
    except InputError as error:
        raise Http404 from error


def _info(one: queries.Listed) -> dict[str, Any]:
    edition = one.edition
    return {
        "id": edition.id,
        "version": edition.version,
        "hash": edition.hash,
        "zh": edition.title.zh,
        "en": edition.title.en,
        "state": one.state,
        "effective_from": edition.effective_from,
    }


def _text(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else str(value)
