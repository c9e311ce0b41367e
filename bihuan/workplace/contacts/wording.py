"""How values of a conversation read to a person: channels, outcomes, categories, events, ways of rating."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

CHANNELS: Final[Mapping[str, str]] = {
    "phone": _("Phone call"),
    "chat": _("Web chat"),
    "email": _("E-mail"),
    "social": _("Social media"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "solved": _("Solved"),
    "unsolved": _("Unsolved"),
    "abandoned": _("Abandoned"),
    "unknown": _("Outcome unknown"),
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
EVENTS: Final[Mapping[str, str]] = {
    "opened": _("Conversation opened"),
    "queued": _("Entered the queue"),
    "rang": _("Rang"),
    "assigned": _("Assigned to %(who)s"),
    "accepted": _("Accepted by %(who)s"),
    "held": _("On hold"),
    "resumed": _("Resumed"),
    "transferred": _("Transferred"),
    "escalated": _("Escalated"),
    "handed_over": _("Handed over"),
    "resolved": _("Resolved"),
    "reopened": _("Opened again"),
    "closed": _("Conversation closed"),
    "abandoned": _("The customer left unanswered"),
    "wrap_up_started": _("After-call work begins"),
    "wrap_up_ended": _("After-call work ends"),
}
SENDERS: Final[Mapping[str, str]] = {
    "customer": _("Customer"),
    "agent": _("Agent"),
    "bot": _("Bot"),
    "system": _("Routing system"),
}
KINDS: Final[Mapping[str, str]] = {
    "text": _("Without words"),
    "image": _("Picture"),
    "voice": _("Voice without a transcript"),
    "file": _("File"),
    "card": _("Card"),
}
CAUSES: Final[Mapping[str, str]] = {
    "process": _("Process"),
    "product": _("Product"),
    "delivery": _("Delivery"),
    "attitude": _("Attitude"),
    "knowledge": _("Knowledge"),
}
MODES: Final[Mapping[str, str]] = {
    "chat": _("In the chat"),
    "ivr": _("By telephone menu"),
    "call-back": _("By call-back"),
    "outside": _("Asked by somebody outside"),
}


def said(words: Mapping[str, str], value: str | None) -> str:
    """The word for a value of the record; a value no list knows (an imported category) stands as it is."""
    if not value:
        return ""
    return gettext(words[value]) if value in words else value


def customer_name(surname: str | None) -> str:
    """How a customer is called on a page: the surname alone, the given name never (张**)."""
    return f"{surname}**" if surname else pgettext("somebody without a name", "Customer")
