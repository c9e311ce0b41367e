"""Conversations: a list that pages by key, and one with everything that belongs to it; personal data always masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest
from ninja import Query, Router

from bihuan.appraisal.decisions import decided_until
from bihuan.appraisal.queries import contact_verdicts
from bihuan.archive.library import Filters
from bihuan.inspection.review_rate import review_rate_of_record
from bihuan.kit.errors import InputError
from bihuan.people.rules.tokens import ApiScope
from bihuan.standards.checks.personal_data import masked_key
from bihuan.standards.rules.scoring import score_contact
from bihuan.workplace.api import paging, schemas
from bihuan.workplace.api.auth import Scoped
from bihuan.workplace.api.figures import narrowed_view
from bihuan.workplace.contacts.judged_by import edition_of_day, judged_apart
from bihuan.workplace.masking import masked, may_find
from bihuan.workplace.reading import View, view_of

router = Router(tags=["contacts"], auth=Scoped(ApiScope.CONTACTS_READ))
_CONTACT: Final = (
    "contact_id", "external_id", "parent_id", "source", "channel", "queue", "business_line", "category", "level", "subject",
    "customer_key", "customer_known", "opened_at", "closed_at", "day", "outcome", "effective", "ineffective_reason",
)  # fmt: skip
_LINE: Final = (
    "contact_id", "external_id", "source", "channel", "queue", "business_line", "category", "level", "subject",
    "customer_key", "opened_us", "closed_us", "day", "outcome", "person", "team", "csat", "customer_frt_us", "queue_us",
    "duration_us", "customer_messages", "agent_messages", "complaints",
)  # fmt: skip
_PARTS: Final = {
    "messages": ("seq", "sent_at", "sender_kind", "agent_key", "kind", "text", "automatic", "withdrawn_us", "reply_to_seq"),
    "events": ("seq", "kind", "happened_at", "actor_kind", "agent_key", "team", "queue", "duration_us", "detail"),
    "ratings": ("rating_id", "agent_key", "kind", "mode", "value", "words", "given_at"),
    "complaints": (
        "complaint_id", "agent_key", "praise", "grade", "opened_at", "classified_at", "followed_up_at", "closed_at",
        "valid", "cause", "responsibility", "words",
    ),
    "follow_ups": ("follow_up_id", "agent_key", "opened_at", "promised_at", "first_at", "closed_at", "reason"),
}  # fmt: skip
_WHO: Final = ("person", "agent_key")
_FREE: Final = frozenset({"external_id", "subject", "text", "detail", "words", "reason", "cause", "responsibility"})
"""Columns that hold what somebody typed: masked, whatever they say."""
_KEYS: Final = frozenset({"customer_key"})
"""Columns that name a customer: starred as on the pages."""


@router.get("/contacts", response=schemas.ContactPage, summary="Conversations by filter, page by page")
def contacts(request: HttpRequest, question: Query[schemas.ContactQuestion]) -> dict[str, Any]:
    """Newest first unless asked otherwise; `next` continues. Without a period: the whole record, undated ones too."""
    view = narrowed_view(request, question)
    page = view.reader.contacts_page(
        _filters(view, question),
        order=question.order,
        descending=question.descending,
        limit=question.limit,
        after=paging.read(question.after, int),
    )
    rows = [nobodys(row) if row["contact_id"] in view.nameless else row for row in page.rows]
    days = view.filters.period if _is_dated(question) else None
    return {
        "contacts": [plain(row, _LINE) for row in rows],
        "human_review": review_rate_of_record(view.reader, days, view.filters.where).to_json(),
        "next": paging.written(page.next),
    }


@router.get("/contacts/{str:contact_id}", response=schemas.Contact, summary="One conversation, whole")
def contact(request: HttpRequest, contact_id: str) -> dict[str, Any]:
    """What was said and done, how it was rated, and the verdicts of the edition of its day with their evidence."""
    view = view_of(request.user, {})
    record = view.reader.contact(contact_id)
    if record is None:
        raise Http404
    edition = edition_of_day(view.reader.manifest, record.contact["day"], view.edition)
    verdicts = contact_verdicts(view.reader, edition, contact_id)
    own = nobodys if contact_id in view.nameless else dict
    parts = {name: [plain(own(row), columns) for row in getattr(record, name)] for name, columns in _PARTS.items()}
    return {
        "contact": plain(record.contact, _CONTACT),
        **parts,
        "edition": edition.hash,
        "withheld": contact_id in view.blind,
        "verdicts": [_verdict(item, one) for item, one in verdicts.items()],
        "score": score_contact(edition, decided_until(edition).on_contact(contact_id, verdicts)).to_json()
        if verdicts
        else None,
        "human_review": _reviewed(view, record.contact["day"]),
    }


def plain(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """Those columns of a row of the record, masked where free text stands."""
    return {name: _value(name, row.get(name)) for name in columns}


def nobodys(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the record that does not tell who served."""
    return {**row, **{name: None for name in _WHO if name in row}}


def _value(name: str, value: Any) -> Any:
    if name in _FREE and isinstance(value, str):
        return masked(value)
    if name in _KEYS and isinstance(value, str):
        return masked_key(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _filters(view: View, question: schemas.ContactQuestion) -> Filters:
    if (question.check is None) != (question.verdict is None):
        raise InputError("Name both `check` and `verdict`, or neither.")
    if question.check and question.check not in view.edition.checks:
        raise InputError(f"The edition in use has no check {question.check}.")
    where: dict[str, Any] = {
        "person" if name == "agent" else name: (value,) for name, value in view.filters.where.items()
    }
    if question.outcome:
        where["outcome"] = (question.outcome,)
    if question.rating is not None:
        where["rating"] = (question.rating,)
    if question.check and question.verdict:
        where["verdict"] = (view.edition.hash, question.check, (question.verdict,))
        where["editions"] = judged_apart(view.reader.manifest, view.edition)
    return Filters(
        days=view.filters.period if _is_dated(question) else None, words=question.words or "", finds=may_find, **where
    )


def _is_dated(question: schemas.ContactQuestion) -> bool:
    return question.first is not None or question.last is not None


def _reviewed(view: View, day: date | None) -> dict[str, Any]:
    return review_rate_of_record(view.people_reader, (day, day) if day else None).to_json()


def _verdict(item: str, one: Any) -> dict[str, Any]:
    evidence = [span.to_json() for span in one.evidence]
    return {"item": item, "verdict": one.verdict, "reason": one.reason, "evidence": evidence}
