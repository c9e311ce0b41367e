"""Calibration sessions in lists, and how far an open one has come; nobody's answers are in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.inspection.calibration.desk import Seated, rating_url, seated
from bihuan.inspection.calibration.terms import edition_of_session, terms_of
from bihuan.inspection.calibration.words import STATES, TONES
from bihuan.inspection.models import Calibration, CalibrationSeat, Rating
from bihuan.inspection.wording import said, subject_of, when_of
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.ui.figures import Tab
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table


@dataclass(frozen=True)
class SessionLine:
    """A session in the list of somebody who may see it."""

    session: Any
    at: datetime

    @property
    def state(self) -> tuple[str, str]:
        key = self.session.state(self.at)
        return said(STATES, key), TONES[key]

    @property
    def own(self) -> str:
        return f"{self.session.own_done} / {self.session.contacts_asked}" if self.session.is_mine else ""

    @property
    def url(self) -> str:
        return session_url(self.session)


SESSIONS: Final = (
    Column("name", gettext_lazy("Calibration"), get=lambda line: line.session.name, url=lambda line: line.url),
    Column("state", gettext_lazy("State"), template="inspection/_session_state.html"),
    Column("contacts", gettext_lazy("Conversations to rate"), "number", get=lambda line: line.session.contacts_asked),
    Column("seats", gettext_lazy("Raters"), "number", get=lambda line: line.session.seats_asked - 1),
    Column("own", gettext_lazy("My answers"), get=lambda line: line.own or None, reason=lambda line: _("You do not rate in it")),
    Column("due", gettext_lazy("Due"), "moment", get=lambda line: line.session.due_at),
    Column("closed", gettext_lazy("Session closed on"), "moment", get=lambda line: line.session.closed_at),
)  # fmt: skip
SEATS: Final = (
    Column("name", gettext_lazy("Rater"), get=lambda line: line.seat.person.name),
    Column("role", gettext_lazy("Takes part as"), get=lambda line: _("Expert") if line.seat.is_expert else _("Rater")),
    Column("submitted", gettext_lazy("Submitted"), get=lambda line: f"{line.submitted} / {line.asked}"),
    Column("begun", gettext_lazy("Drafts"), "number"),
    Column("last", gettext_lazy("Last submitted"), "moment", reason=lambda line: _("Nothing submitted yet")),
)
OWN: Final = (
    Column(
        "subject", gettext_lazy("Topic"), get=lambda pair: subject_of(pair[0]), url=lambda pair: rating_url(pair[0])
    ),
    Column("when", gettext_lazy("Channel and time"), get=lambda pair: when_of(pair[0])),
    Column("state", gettext_lazy("My answers"), get=lambda pair: _own_state(pair[1])),
)


@dataclass(frozen=True)
class SeatLine:
    """How much somebody has submitted; not what."""

    seat: CalibrationSeat
    asked: int
    submitted: int
    begun: int
    last: datetime | None


@dataclass(frozen=True)
class OpenPage:
    """An open session as its maker, its raters and who plans inspection may see it: progress, and one's own work."""

    session: Calibration
    person: Person | None

    @cached_property
    def edition(self) -> Edition:
        return edition_of_session(self.session)

    @cached_property
    def mine(self) -> Seated | None:
        return seated(self.session, self.person)

    @cached_property
    def own(self) -> Table | None:
        return Table(OWN, self.mine.contacts) if self.mine else None

    @cached_property
    def lines(self) -> list[SeatLine]:
        asked = self.session.contacts.count()
        told = Q(ratings__submitted_at__isnull=False)
        seats = self.session.seats.select_related("person").annotate(
            told=Count("ratings", filter=told), begun=Count("ratings", filter=~told), last=Max("ratings__submitted_at")
        )
        return [SeatLine(one, asked, one.told, one.begun, one.last) for one in seats]

    @property
    def seats(self) -> Table:
        return Table(SEATS, self.lines)

    @property
    def missing(self) -> int:
        """How many answers would stay missing if it were closed now."""
        return sum(line.asked - line.submitted for line in self.lines)


def session_url(session: Calibration) -> str:
    return reverse("inspection:calibration", args=[session.pk])


def sessions_table(user: Any, person: Person | None, shown: str, at: datetime, query: Mapping[str, str]) -> Table:
    """Sessions one may see, newest first."""
    seen = Calibration.objects.visible_to(user)
    rows = seen.closed() if shown == "closed" else seen.open()
    page = Page.from_query(query, rows.count())
    own = Q(contacts__ratings__submitted_at__isnull=False, contacts__ratings__seat__person=person)
    counted = rows.in_order().annotate(
        contacts_asked=Count("contacts", distinct=True), seats_asked=Count("seats", distinct=True),
        own_done=Count("contacts__ratings", filter=own, distinct=True),
        is_mine=Exists(CalibrationSeat.objects.filter(calibration=OuterRef("pk"), person=person)),
    )  # fmt: skip
    listed = counted[page.offset : page.offset + page.per_page]
    return Table(
        SESSIONS, [SessionLine(one, at) for one in listed], Sorting(), query, page,
        row_url=lambda line: line.url, empty_title=_("No calibration here"),
        empty_advice=_("In a calibration several raters answer the same conversations, blind; an expert's answers are the reference."),
    )  # fmt: skip


def tabs_of(user: Any, shown: str) -> list[Tab]:
    """Open and closed sessions."""
    seen = Calibration.objects.visible_to(user)
    return [
        Tab(_("Open calibrations"), "?show=open", shown == "open", seen.open().count()),
        Tab(_("Closed calibrations"), "?show=closed", shown == "closed", seen.closed().count()),
    ]


def overdue_days(user: Any, edition: Edition, at: datetime) -> tuple[int | None, int] | None:
    """(days since the last closed session, days the edition allows), where that is too long and the account could call one;
    the first is None where none was ever closed."""
    if not user.has_perm(Permission.CALIBRATE):
        return None
    allowed = terms_of(edition).sessions_every
    last = Calibration.objects.closed().order_by("-closed_at").values_list("closed_at", flat=True).first()
    if last is None:
        return None, allowed.days
    return ((at - last).days, allowed.days) if at - last > allowed else None


def _own_state(rating: Rating | None) -> str:
    if rating is None:
        return _("Not begun")
    return _("Draft begun") if rating.submitted_at is None else _("Submitted")
