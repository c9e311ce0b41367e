"""What the record holds of a conversation beside its words: whoever judges how it was filed has to see it (S2-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.inspection.wording import CATEGORIES, CHANNELS, CONTACT_OUTCOMES, said
from bihuan.standards.checks.personal_data import mask, masked_key


def filed_of(contact: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(name, value) of each field that an agent files; an empty value says that the record holds none.

    Personal data are masked: that a way to reach the customer is there is told, not which.
    """
    surname = contact["customer_surname"]
    return [
        (_("Channel"), said(CHANNELS, contact["channel"])),
        (_("Business line"), mask(contact["business_line"])),
        (_("Category"), mask(said(CATEGORIES, contact["category"]))),
        (pgettext("difficulty", "Level"), contact["level"] or ""),
        (_("Subject"), mask(contact["subject"])),
        (_("Outcome"), said(CONTACT_OUTCOMES, contact["outcome"])),
        (_("Customer"), f"{surname}**" if surname else ""),
        (_("Customer's number"), masked_key(contact["customer_key"])),
    ]
