"""The complaint ledger 投诉-原因-处理 (S3-12): content, agents, cause, outcome, and whether it was classified in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bihuan.archive.reader import Reader
from bihuan.metrics.intervals import wilson
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition
from bihuan.ui import values
from bihuan.ui.figures import Target, Timing
from bihuan.ui.tables import Column
from bihuan.workplace.contacts.wording import CAUSES, said
from bihuan.workplace.key_names import person_names
from bihuan.workplace.masking import masked

IN_TIME, LATE, OPEN = "in_time", "late", "open"
_COLUMNS: Final = (
    "complaint_id", "contact_id", "agent_key", "praise", "opened_us", "classified_us", "followed_up_us", "closed_us",
    "valid", "cause", "responsibility", "words",
)  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """One row of the ledger; `took_us` until the first classification, `state` against the edition's limit."""

    row: Mapping[str, Any]
    agent: str
    state: str
    is_nameless: bool = False

    @property
    def took_us(self) -> int | None:
        opened, classified = self.row["opened_us"], self.row["classified_us"]
        return None if opened is None or classified is None else classified - opened

    @property
    def outcome(self) -> str:
        if self.row["closed_us"] is not None:
            return _("closed")
        return _("followed up") if self.row["followed_up_us"] is not None else _("open")

    @property
    def validity(self) -> str:
        return {True: _("valid"), False: _("not valid")}.get(self.row["valid"], "")


def classification(row: Mapping[str, Any], *, within_us: int, at_us: int) -> str | None:
    """`in_time`, `late` (classified late, or not yet though the time is over) or `open`; None without an opening time."""
    if row["opened_us"] is None:
        return None
    due = row["opened_us"] + within_us
    if row["classified_us"] is not None:
        return IN_TIME if row["classified_us"] <= due else LATE
    return LATE if at_us > due else OPEN


def within_of(edition: Edition) -> int:
    """The limit of the first classification; where the edition is silent, the shipped one's (S3-12: 24 h)."""
    return number_of(edition, "complaints.classified_within").micros


def ledger(
    reader: Reader, edition: Edition, days: tuple[date, date], *, at_us: int, nameless: Collection[str] = ()
) -> list[Complaint]:
    """The complaints of the contacts of these days that the reader may see, the latest first; praise is none. Who served
    the `nameless` contacts is left out."""
    rows = [row for row in reader.table("complaints", days=days, columns=_COLUMNS).to_pylist() if not row["praise"]]
    names = person_names({row["agent_key"] for row in rows if row["agent_key"]})
    within = within_of(edition)
    found = [
        Complaint(
            row,
            "" if row["contact_id"] in nameless else names.get(row["agent_key"], row["agent_key"] or ""),
            classification(row, within_us=within, at_us=at_us) or "",
            row["contact_id"] in nameless,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-(one.row["opened_us"] or 0), one.row["complaint_id"]))


def strip_of(found: Sequence[Complaint], edition: Edition, *, confidence: float) -> list[Timing]:
    """How many, and the share classified in time with its interval; what may still be in time counts neither way."""
    told = [one for one in found if one.state in (IN_TIME, LATE)]
    met = sum(one.state == IN_TIME for one in told)
    low, high = wilson([met], [len(told)], confidence) if told else ([0.0], [0.0])
    limit = values.duration(within_of(edition))
    share = values.share(met / len(told), 1) if told else "—"
    note = _("interval %(low)s–%(high)s, n %(n)s") % {
        "low": values.share(float(low[0]), 1), "high": values.share(float(high[0]), 1), "n": len(told)
    }  # fmt: skip
    late = len(told) - met
    return [
        Timing(_("Complaints"), values.number(len(found))),
        Timing(_("First classified in time"), share, Target(_("within %(limit)s") % {"limit": limit}), note if told else ""),
        Timing(_("Classified late or not at all"), values.number(late), tone="bad" if late else ""),
        Timing(_("Still to be classified"), values.number(sum(one.state == OPEN for one in found))),
    ]  # fmt: skip


def _words(row: Complaint) -> str:
    return masked(row.row["words"]) or row.row["contact_id"]


def cause_of(row: Complaint) -> str:
    """The cause in words; empty where none was recorded."""
    return said(CAUSES, masked(row.row["cause"]))


def _hidden(row: Complaint) -> str:
    return _("Hidden until your own answer is given") if row.is_nameless else ""


def _url(row: Complaint) -> str:
    return reverse("workplace:contact", args=[row.row["contact_id"]])


SIDES: Final = {
    "own": gettext_noop("our own"), "third_party": gettext_noop("a third party"), "customer": gettext_noop("the customer"),
}  # fmt: skip
STATES: Final = {IN_TIME: gettext_lazy("in time"), LATE: gettext_lazy("late"), OPEN: gettext_lazy("time is running")}
LEDGER: Final = (
    Column("opened", gettext_lazy("Opened"), "moment", get=lambda one: one.row["opened_us"]),
    Column("words", gettext_lazy("Complaint"), get=_words, url=_url),
    Column("agent", gettext_lazy("Agent"), reason=_hidden),
    Column("cause", gettext_lazy("Cause"), get=lambda one: cause_of(one)),
    Column("responsibility", gettext_lazy("Responsibility"), get=lambda one: said(SIDES, masked(one.row["responsibility"]))),
    Column("validity", gettext_lazy("Valid")),
    Column("outcome", gettext_lazy("Outcome")),
    Column("took_us", gettext_lazy("Until classified"), "duration"),
    Column(
        "state", gettext_lazy("Classification"), get=lambda one: str(STATES.get(one.state, "")),
        misses=lambda one: one.state == LATE,
    ),
)  # fmt: skip
