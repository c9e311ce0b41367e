"""How standings, moves and their reasons read to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

STANDINGS: Final[Mapping[str, Any]] = {
    "observed": pgettext_lazy("standing of a check", "Observed"),
    "assisting": pgettext_lazy("standing of a check", "Assisting"),
    "counting": pgettext_lazy("standing of a check", "Counting"),
}
TONES: Final[Mapping[str, str]] = {"observed": "", "assisting": "accent", "counting": "met"}
FIGURE_REASONS: Final[Mapping[str, Any]] = {
    "too_few": _("Too few reviewed"),
    "never_flagged": _("The sample holds nothing it flagged"),
    "never_violated": _("The sample holds no fault of this kind"),
    "no_variation": _("The scores do not vary"),
    "no_machine_scores": _("The machine scored nothing"),
}
CODES: Final[Mapping[str, Any]] = {
    "precision_unknown": _("precision no longer known"),
    "recall_unknown": _("recall no longer known"),
    "precision_below_floor": _("precision below the floor"),
    "recall_below_floor": _("recall below the floor"),
    "unfair": _("above the limit of fairness"),
    "by_decision": _("by decision"),
}
KINDS: Final[Mapping[str, Any]] = {
    "customer_name": _("Customer's surname"),
    "address": _("Form of address"),
    "region": _("Region"),
    "agent": _("Agent's number"),
    "order": _("Order of messages in one breath"),
    "rows": _("Order of rows in the record"),
}


def word(words: Mapping[str, Any], code: str) -> str:
    """The word for a code; one no list knows stands as it is."""
    return str(words.get(code, code))


def because(codes: Sequence[str], reason: str = "") -> str:
    """Why a check moved: the person's words, else what its figures lacked."""
    return reason or gettext("; ").join(word(CODES, code) for code in codes)
