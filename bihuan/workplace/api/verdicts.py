"""Verdicts of the checks over days, with their evidence as places (message and code points), never as words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from bihuan.archive.engine import literal
from bihuan.archive.reader import Value
from bihuan.kit.errors import InputError
from bihuan.people.rules.tokens import ApiScope
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.api import paging, schemas
from bihuan.workplace.api.auth import Scoped
from bihuan.workplace.reading import View, view_of

router = Router(tags=["verdicts"], auth=Scoped(ApiScope.VERDICTS_READ))


@router.get("/verdicts", response=schemas.VerdictPage, summary="Verdicts of a period, page by page")
def verdicts(request: HttpRequest, question: Query[schemas.VerdictQuestion]) -> dict[str, Any]:
    """In the order of contact and check; `next` continues. Contacts that the edition has not judged are not listed."""
    if question.first > question.last:
        raise InputError("`from` lies after `to`.")
    view = view_of(request.user, {})
    edition = find_edition(question.edition) if question.edition else edition_in_use(view.newest)
    rows = _rows(view, edition, question)
    shown = rows[: question.limit]
    more = len(rows) > question.limit
    return {
        "edition": edition.hash,
        "manifest": view.reader.manifest.hash,
        "verdicts": [{**row, "day": row["day"].isoformat() if row["day"] else None} for row in shown],
        "withheld": sorted(view.blind),
        "next": paging.written((shown[-1]["item"], shown[-1]["contact_id"])) if more else None,
    }


def _rows(view: View, edition: Edition, question: schemas.VerdictQuestion) -> list[dict[str, Any]]:
    """One row more than asked for, where there is one."""
    asked = {
        "item": question.item,
        "verdict": question.verdict,
        "person": question.agent,
        "contact_id": question.contact,
    }
    where: dict[str, Value] = {name: value for name, value in asked.items() if value is not None}
    columns = ["contact_id", "item", "verdict", "reason", "evidence", "person", "day", "engine"]
    days = (question.first, question.last)
    found = view.reader.relation("verdicts", days=days, columns=columns, where=where, edition=edition.hash)
    after = paging.read(question.after, str)
    if after:
        item, contact_id = after
        found = found.filter(f"(contact_id, item) > ({literal(contact_id)}, {literal(item or '')})")
    rows: list[dict[str, Any]] = found.order("contact_id, item").limit(question.limit + 1).to_arrow_table().to_pylist()
    return rows
