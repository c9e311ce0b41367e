"""Words for what appeals know by code, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.appeals.kinds import kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import Outcome, Stage, State
from bihuan.ui import values

STATES: Final[Mapping[str, Any]] = {
    State.SUBMITTED: _("Waits for the second view"),
    State.VIEWED: _("Waits for the decision"),
    State.DECIDED: _("Decided"),
    State.WITHDRAWN: _("Withdrawn"),
    State.LAPSED: _("Ended without decision"),
}
OUTCOMES: Final[Mapping[str, Any]] = {
    Outcome.UPHOLD: pgettext_lazy("of an appeal", "Upheld"),
    Outcome.AMEND: pgettext_lazy("of an appeal", "Amended"),
    Outcome.DISMISS: pgettext_lazy("of an appeal", "Dismissed"),
}
TONES: Final[Mapping[str, str]] = {Outcome.UPHOLD: "met", Outcome.AMEND: "accent", Outcome.DISMISS: ""}
STAGES: Final[Mapping[str, Any]] = {Stage.NEAR: _("nearly due"), Stage.OVERDUE: _("overdue")}


def said(label: Mapping[str, str]) -> str:
    """A kept label in the reader's language, else in the other one."""
    language = "zh" if values.language().startswith("zh") else "en"
    return label.get(language) or label.get("zh", "")


def title_of(appeal: Appeal) -> str:
    """What is appealed, in the language of who reads, not of who filed."""
    return kind_named(appeal.kind).says(appeal.title, appeal.edition)


def named(appeal: Appeal) -> str:
    """The kind and what is appealed, for lists of several kinds."""
    return " · ".join(part for part in (str(kind_named(appeal.kind).label), title_of(appeal)) if part)


def deadline(moment: datetime) -> str:
    """The end of a day is 24:00 of that day, not 00:00 of the next: nobody reads a day too many out of it."""
    if timezone.localtime(moment).time() != time():
        return values.moment(moment)
    return f"{values.day(timezone.localdate(moment - timedelta(microseconds=1)))} 24:00"


def results(appeal: Appeal) -> list[tuple[str, str]]:
    """(word, tone) of what became of a decided appeal's items, each once."""
    outcomes = dict.fromkeys(item.decision.outcome for item in appeal.items.all() if hasattr(item, "decision"))
    return [(str(OUTCOMES[outcome]), TONES[outcome]) for outcome in outcomes]
