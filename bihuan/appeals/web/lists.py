"""The declared columns of appeal lists and of overturn rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.appeals.kinds import kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.queries import Rate
from bihuan.appeals.rules import State
from bihuan.appeals.wording import STATES, named, results, said
from bihuan.kit.clock import to_us
from bihuan.ui.figures import Whisker
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column

LISTS: Final = ("mine", "deciding", "all", "closed")
_ORDER: Final = {"mine": "newest_first", "closed": "newest_first", "deciding": "by_due", "all": "by_due"}
_WHOLE: Final = 100


@dataclass(frozen=True)
class Line:
    """An appeal in a list, as the reader may see it: who owes a blind view is not told whose conversation it is."""

    appeal: Appeal
    at: datetime
    reader: Any

    @property
    def url(self) -> str:
        return reverse("appeals:appeal", args=[self.appeal.pk])

    @property
    def what(self) -> str:
        return named(self.appeal)

    @property
    def items(self) -> str:
        return "、".join(said(item.label) for item in self.appeal.items.all())

    @property
    def person(self) -> str:
        is_blind = self.appeal.state == State.SUBMITTED and self.appeal.adjudicator_id == getattr(self.reader, "pk", 0)
        return gettext("hidden until your view") if is_blind else self.appeal.person.name

    @property
    def adjudicator(self) -> str:
        return self.appeal.adjudicator.name if self.appeal.adjudicator else ""

    @property
    def state(self) -> str:
        return str(STATES[self.appeal.state])

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return results(self.appeal)

    @property
    def left_us(self) -> int:
        return to_us(self.appeal.due_at) - to_us(self.at)

    @property
    def near_us(self) -> int:
        return to_us(self.appeal.due_at) - to_us(self.appeal.remind_at)


def lines(appeals: Any, name: str, reader: Any, at: datetime, page: Page) -> list[Line]:
    """A page of a list of `LISTS`, already narrowed to what the reader may see; two further queries, however long."""
    wanted = {
        "mine": lambda: appeals.filter(person=reader),
        "deciding": lambda: appeals.open().filter(adjudicator=reader),
        "all": lambda: appeals.open(),
        "closed": lambda: appeals.closed(),
    }[name]()
    found = getattr(wanted, _ORDER[name])().select_related("person", "adjudicator").prefetch_related("items__decision")
    return [Line(appeal, at, reader) for appeal in found[page.offset : page.offset + page.per_page]]


_WHAT: Final = Column("what", _("What is appealed"), url=lambda row: row.url)
_ITEMS: Final = Column("items", _("Answers"))
_PERSON: Final = Column("person", _("Appellant"))
_ADJUDICATOR: Final = Column("adjudicator", _("Adjudicator"), reason=lambda row: gettext("nobody is free yet"))
_SUBMITTED: Final = Column("submitted", _("Submitted"), kind="moment", get=lambda row: row.appeal.submitted_at)
_STATE: Final = Column("state", pgettext_lazy("of an appeal", "State"), template="appeals/_state_cell.html")
_DUE: Final = Column("due", _("To be decided by"), template="appeals/_due_cell.html", get=lambda row: row.appeal.due_at)

COLUMNS: Final = {
    "mine": (_WHAT, _STATE, _ITEMS, _SUBMITTED, _DUE),
    "deciding": (_WHAT, _ITEMS, _PERSON, _SUBMITTED, _DUE, _STATE),
    "all": (_WHAT, _ITEMS, _PERSON, _ADJUDICATOR, _SUBMITTED, _DUE, _STATE),
    "closed": (_WHAT, _ITEMS, _PERSON, _ADJUDICATOR, _SUBMITTED, _STATE),
}
EMPTY: Final = {
    "mine": (_("No appeals yet"), _("Open one of your conversations: beside each verdict you may appeal it while the time runs.")),
    "deciding": (_("Nothing waits for you"), _("Appeals come here by themselves, to whoever is independent and has least to do.")),
    "all": (_("No open appeals"), _("Whatever agents appeal shows up here with its deadline.")),
    "closed": (_("No closed appeals yet"), _("Decided, withdrawn and ended appeals stay here for good.")),
}  # fmt: skip


def _rate_name(row: Rate) -> str:
    return said(row.label) or row.key or gettext("Machine")


def _whisker(row: Rate) -> Whisker:
    return Whisker(row.share * _WHOLE, row.low * _WHOLE, row.high * _WHOLE, 0, _WHOLE)


def rate_columns(by: str) -> Sequence[Column]:
    """The columns of overturn rates; the interval runs from 0 to 100 %."""
    names = {"item": _("Item"), "check": _("Check"), "rater": _("Rater")}
    of_kind = (Column("kind", _("What is appealed"), get=lambda row: str(kind_named(row.kind).label)),)
    return (
        Column("name", names[by], get=_rate_name, sortable=True),
        *(of_kind if by == "item" else ()),
        Column("n", _("Decided"), kind="number", sortable=True),
        Column("overturned", _("Overturned"), kind="number", sortable=True),
        Column("share", _("Overturn rate %"), kind="share", sortable=True, decimals=1),
        Column("interval", _("Interval, 0 to 100 %"), kind="whisker", get=_whisker, exported=False),
    )
