"""Tables and strips of the inspection pages, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.scope import Scope
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.queries import Backlog
from bihuan.inspection.wording import CHANNELS, STATES, said, subject_of
from bihuan.kit.clock import to_us
from bihuan.people.models import Person
from bihuan.ui import formats, values
from bihuan.ui.figures import Tab, Timing
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table

TABS: Final = ("mine", "pool", "submitted", "done")
EVERYBODYS: Final = "waiting"
"""One tab more for who plans inspection: what anybody submitted and nobody released, for an absent inspector's sake."""
SECOND_US: Final = 1_000_000


@dataclass(frozen=True)
class WorkLine:
    """A drawn conversation in a list; nothing here tells who served or why it was drawn."""

    work: Assignment
    at: datetime

    @property
    def subject(self) -> str:
        return subject_of(self.work)

    @property
    def channel(self) -> str:
        return said(CHANNELS, self.work.channel)

    @property
    def opened(self) -> datetime | None:
        return self.work.opened_at

    @property
    def due(self) -> datetime:
        return self.work.due_at

    @property
    def left(self) -> str:
        return formats.time_left(to_us(self.work.due_at) - to_us(self.at), values.language())

    @property
    def late(self) -> bool:
        return self.work.due_at < self.at

    @property
    def state(self) -> str:
        begun = any(one.submitted_at is None for one in self.work.evaluations.all())
        return _("Draft begun") if begun else _("Not begun")

    @property
    def url(self) -> str:
        return reverse("inspection:assignment", args=[self.work.pk])


WORK: Final = (
    Column("subject", gettext_lazy("Topic"), url=lambda line: line.url),
    Column("channel", gettext_lazy("Channel")),
    Column("opened", gettext_lazy("Began"), "moment"),
    Column("state", gettext_lazy("State")),
    Column("due", gettext_lazy("Due"), "moment"),
    Column("left", gettext_lazy("Time left"), misses=lambda line: line.late),
)
DONE: Final = (
    Column(
        "subject",
        gettext_lazy("Topic"),
        get=lambda one: subject_of(one.assignment),
        url=lambda one: evaluation_url(one),
    ),
    Column("name", gettext_lazy("Agent"), get=lambda one: one.agent_name),
    Column("day", gettext_lazy("Day"), "day", get=lambda one: one.assignment.day),
    Column("total", gettext_lazy("Score"), "number", decimals=2),
    Column("coverage", gettext_lazy("Coverage %"), "number", decimals=1),
    Column("time", gettext_lazy("Time taken"), "duration", get=lambda one: one.active_seconds * SECOND_US),
    Column("evaluator", gettext_lazy("Inspector"), get=lambda one: one.evaluator.name),
    Column("state", gettext_lazy("State"), get=lambda one: said(STATES, one.state)),
)
OWN: Final = (
    Column(
        "subject",
        gettext_lazy("Topic"),
        get=lambda one: subject_of(one.assignment),
        url=lambda one: _opened(one),
    ),
    Column("name", gettext_lazy("Agent"), get=lambda one: one.agent_name),
    Column("day", gettext_lazy("Day"), "day", get=lambda one: one.assignment.day),
    Column("total", gettext_lazy("Score"), "number", decimals=2),
    Column("released_at", gettext_lazy("Released"), "moment"),
    Column("state", gettext_lazy("State"), get=lambda one: said(STATES, one.state)),
)


def evaluation_url(evaluation: Evaluation) -> str:
    return reverse("inspection:evaluation", args=[evaluation.pk])


def _opened(evaluation: Evaluation) -> str:
    """Its page, for who may read the conversation; a score alone opens nothing."""
    return evaluation_url(evaluation) if evaluation.opens else ""


def work_table(shown: str, person: Person, at: datetime, query: Mapping[str, str]) -> Table:
    """The list behind a tab of the queue."""
    if shown in ("submitted", "done"):
        mine = Evaluation.objects.filter(evaluator=person)
        rows = mine.waiting_for_release() if shown == "submitted" else mine.released().filter(version=1)
        return evaluations_table(rows, DONE, query)
    work = Assignment.objects.in_pool() if shown == "pool" else Assignment.objects.open().held_by(person)
    page = Page.from_query(query, work.count())
    lines = work.in_order().prefetch_related("evaluations")[page.offset : page.offset + page.per_page]
    return Table(
        WORK, [WorkLine(one, at) for one in lines], Sorting(), query, page,
        row_url=lambda line: line.url, empty_title=_("Nothing to do here"),
        empty_advice=_("A new sample is drawn for every day that is over."),
    )  # fmt: skip


def evaluations_table(rows: Any, columns: Any, query: Mapping[str, str], *, scope: Scope | None = None) -> Table:
    """Evaluations, newest first, with the names of their agents; those of conversations outside `scope` open nothing."""
    page = Page.from_query(query, rows.count())
    listed = list(
        rows.select_related("assignment", "evaluator", "acknowledgement")
        .defer("tree")
        .order_by("-submitted_at")[page.offset : page.offset + page.per_page]
    )
    numbers = {one.assignment.person for one in listed}
    names = dict(Person.objects.filter(number__in=numbers).values_list("number", "name"))
    for one in listed:
        one.agent_name = names.get(one.assignment.person, one.assignment.person)
        one.opens = scope is None or scope.admits(person=one.assignment.person, team=one.assignment.team)
    return Table(
        columns, listed, Sorting(), query, page, row_url=_opened, empty_title=_("No evaluations here"),
        empty_advice=_("What was submitted and released appears here."),
    )  # fmt: skip


def strip_of(backlog: Backlog) -> list[Timing]:
    """The state of own work in one line."""
    mean = values.duration(backlog.mean_seconds * SECOND_US) if backlog.mean_seconds is not None else ""
    return [
        Timing(_("To evaluate"), values.number(backlog.open)),
        Timing(_("Overdue"), values.number(backlog.overdue), tone="bad" if backlog.overdue else ""),
        Timing(_("In the pool"), values.number(backlog.pool)),
        Timing(_("Evaluated today"), values.number(backlog.done_today), note=_("%(mean)s each") % {"mean": mean} if mean else ""),
    ]  # fmt: skip


def tabs_of(shown: str, backlog: Backlog, *, everybodys: int | None = None) -> list[Tab]:
    """The tabs of the queue; `everybodys` counts what waits for release at all, for who may release all of it."""
    words = {"mine": _("Mine"), "pool": _("Pool"), "submitted": _("To release"), "done": _("Released")}
    counts = {"mine": backlog.open, "pool": backlog.pool, "submitted": backlog.to_release}
    tabs = [Tab(words[name], f"?show={name}", name == shown, counts.get(name)) for name in TABS]
    if everybodys is None:
        return tabs
    return [*tabs, Tab(_("To release, everybody's"), f"?show={EVERYBODYS}", shown == EVERYBODYS, everybodys)]
