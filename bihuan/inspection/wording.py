"""How values read to a person on the pages of inspection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.inspection.models import Assignment, CalibrationContact
from bihuan.ui import values

CHANNELS: Final[Mapping[str, str]] = {
    "phone": _("Phone call"),
    "chat": _("Web chat"),
    "email": _("E-mail"),
    "social": _("Social media"),
}
CATEGORIES: Final[Mapping[str, str]] = {
    "enquiry": _("Enquiry"),
    "order": _("Order"),
    "logistics": _("Logistics"),
    "refund": _("Refund and return"),
    "quality": _("Quality and repair"),
    "installation": _("Installation"),
    "invoice": _("Invoice"),
    "account": _("Account"),
    "complaint": _("Complaint"),
    "technical": _("Technical problem"),
    "price": _("Price and offers"),
}
CONTACT_OUTCOMES: Final[Mapping[str, str]] = {
    "solved": _("Solved"),
    "unsolved": _("Unsolved"),
    "abandoned": _("Abandoned"),
    "unknown": _("Outcome unknown"),
}
TIMES: Final[Mapping[str, str]] = {
    "morning": _("Morning"),
    "afternoon": _("Afternoon"),
    "evening": _("Evening"),
    "unknown": _("Unknown"),
    "pooled": _("Small strata together"),
}
CLASSES: Final[Mapping[str, str]] = {"new": _("New agents"), "mature": _("Mature agents"), "unknown": _("Unknown")}
KINDS: Final[Mapping[str, str]] = {"random": _("Random sample"), "risk": _("Risk queue")}
REASONS: Final[Mapping[str, str]] = {
    "fatal": _("Fatal finding"),
    "low_review": _("Negative review on a platform"),
    "low_rating": _("Low rating"),
    "many_complaints": _("Many complaints"),
    "long_silence": _("Long silence"),
    "full_marks": _("Full marks"),
    "disputed": _("People and machine disagree"),
    "objected": _("The agent objects"),
}
STATES: Final[Mapping[str, str]] = {
    "draft": _("Draft"),
    "submitted": _("Waits for release"),
    "released": _("Released"),
    "acknowledged": _("Acknowledged"),
    "waiting": _("In the pool"),
    "held": _("Taken"),
    "overdue": _("Overdue"),
    "done": _("Evaluated"),
}
VERDICT_WORDS: Final[Mapping[str, str]] = {
    "met": _("Met"),
    "violated": _("Violated"),
    "cannot_tell": _("Cannot tell"),
    "not_applicable": _("N/A"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "open": _("Being looked at"),
    "upheld": _("Upheld"),
    "amended": _("Amended"),
}
EVENTS: Final[Mapping[str, str]] = {
    "queued": _("Entered the queue"),
    "accepted": _("Accepted"),
    "held": _("On hold"),
    "resumed": _("Resumed"),
    "transferred": _("Transferred"),
    "escalated": _("Escalated"),
    "handed_over": _("Handed over"),
    "resolved": _("Resolved"),
    "reopened": _("Opened again"),
    "closed": _("Conversation closed"),
    "abandoned": _("The customer left"),
}
SENDERS: Final[Mapping[str, str]] = {
    "customer": _("Customer"),
    "agent": _("Agent"),
    "bot": _("Bot"),
    "system": _("Routing system"),
}


def said(words: Mapping[str, str], value: str | None) -> str:
    """The word for a value; one no list knows stands as it is."""
    if not value:
        return ""
    return gettext(words[value]) if value in words else value


def stratum_words(name: str) -> str:
    """`morning/chat/new` in words."""
    parts = name.split("/")
    return " · ".join(said(words, part) for words, part in zip((TIMES, CHANNELS, CLASSES), parts, strict=False))


def subject_of(work: Assignment | CalibrationContact) -> str:
    """What a drawn conversation is called in a blind queue: its topic, else its channel."""
    return topic(work.category, work.channel)


def topic(category: str | None, channel: str | None) -> str:
    return said(CATEGORIES, category) or said(CHANNELS, channel) or gettext("Conversation")


def kept_topic(category: str | None, channel: str | None) -> str:
    """A topic to be kept and put into words when it is read (`said_topic`)."""
    return f"{_TOPIC}{category or ''}/{channel or ''}"


def said_topic(kept: str) -> str:
    """The words of a kept topic in the reader's language; what was kept in words stands as it is."""
    if not kept.startswith(_TOPIC):
        return kept
    category, _slash, channel = kept.removeprefix(_TOPIC).rpartition("/")
    return topic(category, channel)


_TOPIC: Final = "topic:"


def when_of(work: Assignment | CalibrationContact) -> str:
    """Channel and time; nothing that tells who served or why it was drawn."""
    opened = values.moment(work.opened_at) if work.opened_at else ""
    return " · ".join(part for part in (said(CHANNELS, work.channel), opened) if part)


def told(refusal: object) -> str:
    """A refusal in the reader's language."""
    message, params = getattr(refusal, "message", ""), getattr(refusal, "params", {})
    return gettext(message) % params if params else gettext(message)
