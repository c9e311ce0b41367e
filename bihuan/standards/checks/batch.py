"""What the engine judges: contacts with their messages and events, in the columns of the service record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from bihuan.kit.clock import SECOND, to_us
from bihuan.standards.checks.fold import storable

FACTS: Final[Mapping[str, Any]] = {
    "rings": pl.Int32,
    "ring_us": pl.Int64,
    "queue_us": pl.Int64,
    "hold_us": pl.Int64,
    "had_queue": pl.Boolean,
    "agent_opened": pl.Boolean,
    "handed_over": pl.Boolean,
    "hand_over_us": pl.Int64,
    "complained": pl.Boolean,
    "complained_later": pl.Boolean,
    "followed_up": pl.Boolean,
    "duration_us": pl.Int64,
    "rating": pl.Int64,
    "context": pl.String,
}
CONTACT_COLUMNS: Final[Mapping[str, Any]] = {
    "contact_id": pl.String, "channel": pl.String, "category": pl.String, "level": pl.String, "outcome": pl.String,
    "customer_surname": pl.String, "queue": pl.String, "business_line": pl.String, "subject": pl.String,
    "opened_us": pl.Int64, "closed_us": pl.Int64, **FACTS,
}  # fmt: skip
MESSAGE_COLUMNS: Final[Mapping[str, Any]] = {
    "contact_id": pl.String, "seq": pl.Int32, "sent_us": pl.Int64, "sender_kind": pl.String, "agent_key": pl.String,
    "kind": pl.String, "text": pl.String, "automatic": pl.Boolean, "withdrawn_us": pl.Int64,
}  # fmt: skip
EVENT_COLUMNS: Final[Mapping[str, Any]] = {
    "contact_id": pl.String, "seq": pl.Int32, "kind": pl.String, "happened_us": pl.Int64, "agent_key": pl.String,
    "rings": pl.Int32, "duration_us": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Contacts, messages and events as in `archive.schemas`; unknown columns are ignored, missing ones are null.

    Messages of a contact are judged in the order of `seq`. Facts the events do not tell (`rings`, `ring_us`,
    `queue_us`, `hold_us`, `had_queue`, `agent_opened`, `handed_over`, `hand_over_us`, `duration_us`, `rating`, `context`) may stand in
    columns of `contacts`; so may what ledgers know (`logs.with_logs`): `complained`, `complained_later`, `followed_up`.
    """

    contacts: pl.DataFrame
    messages: pl.DataFrame
    events: pl.DataFrame

    @classmethod
    def of_one(cls, contact: Mapping[str, Any]) -> Batch:
        """A batch of one conversation in the JSON form of `bihuan check`; `seq` is the index in `messages`."""
        return cls.of_many([contact])

    @classmethod
    def of_many(cls, contacts: Iterable[Mapping[str, Any]]) -> Batch:
        """A batch of conversations in the JSON form of `bihuan check`; `contact_id` is the position as eight digits."""
        heads, messages = [], []
        for position, contact in enumerate(contacts):
            key = f"{position:08d}"
            heads.append({"contact_id": key, **_head(contact)})
            messages.extend(_messages(key, contact))
        return cls(
            pl.DataFrame(heads, schema=dict(CONTACT_COLUMNS), orient="row"),
            pl.DataFrame(messages, schema=dict(MESSAGE_COLUMNS), orient="row"),
            pl.DataFrame(schema=dict(EVENT_COLUMNS)),
        )


def _head(contact: Mapping[str, Any]) -> dict[str, Any]:
    facts = _mapping(contact.get("facts"))
    queue_us = _micros(facts.get("queue_seconds"))
    solved = _flag(facts.get("solved"))
    outcome = _text(facts.get("outcome")) or (None if solved is None else "solved" if solved else "unsolved")
    return {
        "channel": _text(contact.get("channel")),
        "category": _text(facts.get("category")),
        "level": _text(facts.get("level")),
        "outcome": outcome,
        "customer_surname": _text(_mapping(contact.get("customer")).get("surname")),
        "queue": _text(facts.get("queue")),
        "business_line": _text(facts.get("business_line")),
        "subject": _text(facts.get("subject")),
        "opened_us": _moment(facts.get("opened_at")),
        "closed_us": _moment(facts.get("closed_at")),
        "rings": _count(facts.get("rings")),
        "ring_us": _micros(facts.get("ring_seconds")),
        "queue_us": queue_us,
        "had_queue": _flag(facts.get("queued")) if "queued" in facts else (True if "queue_seconds" in facts else None),
        "hold_us": _micros(facts.get("hold_seconds")),
        "agent_opened": _flag(facts.get("agent_opened")),
        "handed_over": _flag(facts.get("handed_over", facts.get("escalated"))),
        "hand_over_us": _micros(facts.get("hand_over_seconds")),
        "complained": _flag(facts.get("complained")),
        "complained_later": None,
        "followed_up": _flag(facts.get("followed_up")),
        "duration_us": _micros(facts.get("duration_seconds")),
        "rating": _count(facts.get("rating")),
        "context": _text(facts.get("context")),
    }


def _messages(key: str, contact: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = contact.get("messages")
    rows = []
    for index, message in enumerate(given if isinstance(given, list) else []):
        fields = _mapping(message)
        rows.append(
            {
                "contact_id": key,
                "seq": index,
                "sent_us": _moment(fields.get("at")),
                "sender_kind": _text(fields.get("sender")),
                "agent_key": _text(fields.get("sender_id")),
                "kind": _text(fields.get("kind")),
                "text": _text(fields.get("text")),
                "automatic": _flag(fields.get("automatic")),
                "withdrawn_us": 0 if fields.get("withdrawn") or fields.get("withdrawn_at") else None,
            }
        )
    return rows


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return storable(value) if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    return int(value) if _is_number(value) and 0 <= value < 2**31 else None


def _micros(value: Any) -> int | None:
    return round(value * SECOND) if _is_number(value) and 0 <= value < 2**31 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _moment(value: Any) -> int | None:
    """Microseconds of an ISO time; a time without zone is read as UTC (only differences are judged); else None."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
