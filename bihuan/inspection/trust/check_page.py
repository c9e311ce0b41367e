"""One check opened: its history, where people and machine disagree, and what exchanging what must not matter does to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.inspection.models import FairnessRun, TrustMove
from bihuan.inspection.queries import evaluations_shown_to
from bihuan.inspection.rules.trust import ORDER, Standing
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.inspection.trust.standing import newest_reckoning, sample_of
from bihuan.inspection.trust.table import Line, lines_of
from bihuan.inspection.trust.tried import fairness_of
from bihuan.inspection.trust.words import KINDS, STANDINGS, because, word
from bihuan.people.queries import scope_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import VIOLATED
from bihuan.ui import formats, values
from bihuan.ui.figures import Tab
from bihuan.ui.tables import Column, Table

SHOWN: Final = 200
ALARMS, MISSES = "alarms", "misses"


@dataclass(frozen=True)
class Disagreement:
    """One reviewed contact on which people and machine say different things about the check."""

    day: date
    contact_id: str
    evaluation: UUID | None  # where the account may open the conversation too
    machine: str
    human: str

    @property
    def kind(self) -> str:
        return ALARMS if self.machine == VIOLATED else MISSES

    @property
    def url(self) -> str:
        return reverse("inspection:evaluation", args=[self.evaluation]) if self.evaluation else ""


DISAGREEMENTS: Final = (
    Column("day", gettext_lazy("Day"), "day"),
    Column("contact_id", gettext_lazy("Conversation"), url=lambda row: row.url),
    Column("machine", pgettext_lazy("whose verdict", "Machine"), "verdict"),
    Column("human", pgettext_lazy("whose verdict", "People"), "verdict"),
)


def _who(move: TrustMove) -> str:
    return move.moved_by.name if move.moved_by else _("by its figures")


def _figures(name: str) -> Any:
    return lambda move: formats.share(move.figures[name]["value"], 1)


HISTORY: Final = (
    Column("moved_at", pgettext_lazy("of a move", "When"), "moment"),
    Column("before", pgettext_lazy("of a move", "From"), get=lambda move: word(STANDINGS, move.before)),
    Column("after", pgettext_lazy("of a move", "To"), get=lambda move: word(STANDINGS, move.after)),
    Column("who", pgettext_lazy("of a move", "By"), get=_who),
    Column("reason", gettext_lazy("Reason"), get=lambda move: because(move.codes, move.reason)),
    Column("precision", gettext_lazy("Precision"), get=_figures("precision")),
    Column("recall", gettext_lazy("Recall"), get=_figures("recall")),
)


@dataclass(frozen=True)
class CheckPage:
    """A check under an edition, as one account may see it."""

    edition: Edition
    line: Line
    user: Any
    at: datetime
    shown: str

    @property
    def history(self) -> Table:
        fingerprint = fingerprint_of(self.line.setting)
        moves = TrustMove.objects.filter(
            standard=self.edition.id, check_id=self.line.setting.id, fingerprint=fingerprint
        )  # fmt: skip
        return Table(HISTORY, list(moves.select_related("moved_by").order_by("-sequence")))

    @cached_property
    def disagreements(self) -> list[Disagreement]:
        """Newest first; only of evaluations the account may see, to be opened where it may read the conversation."""
        pairs = sample_of(self.edition, self.at).pairs(self.line.setting.id)
        differing = [(look, pair) for look, pair in reversed(pairs) if not pair.agrees]
        wanted = [look.evaluation for look, _ in differing]
        rows = evaluations_shown_to(self.user).filter(pk__in=wanted)
        scope = scope_of(self.user)
        seen = {
            pk: pk if scope.admits(person=person, team=team) else None
            for pk, person, team in rows.values_list("pk", "assignment__person", "assignment__team")
        }
        return [
            Disagreement(look.day, look.contact_id, seen[look.evaluation], pair.machine, pair.human)
            for look, pair in differing
            if look.evaluation in seen
        ]

    @property
    def table(self) -> Table:
        rows = [one for one in self.disagreements if one.kind == self.shown]
        return Table(
            DISAGREEMENTS, rows[:SHOWN],
            empty_title=_("Nothing here"), empty_advice=_("In the random sample people and machine agree on this."),
        )  # fmt: skip

    @property
    def tabs(self) -> list[Tab]:
        named = ((ALARMS, _("Flagged wrongly")), (MISSES, _("Overlooked")))
        return [
            Tab(name, f"?edition={self.edition.hash}&show={kind}", kind == self.shown, self._count(kind))
            for kind, name in named
        ]

    def _count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.disagreements)

    @property
    def up(self) -> str:
        return word(STANDINGS, self.line.next) if self.line.next and not self.line.stand.stopped else ""

    @property
    def down(self) -> str:
        lowest = self.line.standing == Standing.OBSERVED
        return "" if lowest else word(STANDINGS, ORDER[self.line.rank - 1])

    @property
    def exchanges(self) -> Table:
        return Table(EXCHANGES, exchange_rows(self.line.fairness["kinds"]) if self.line.fairness else [])


def check_page(edition: Edition, check: str, user: Any, at: datetime, shown: str) -> CheckPage | None:
    """None where the edition has no such check."""
    line = next((one for one in lines_of(edition, newest_reckoning(edition)) if one.setting.id == check), None)
    return CheckPage(edition, line, user, at, MISSES if shown == MISSES else ALARMS) if line else None


@dataclass(frozen=True)
class Exchange:
    """What one kind of exchange does to a check."""

    kind: str
    n: int
    flips: float | None
    low: float | None
    high: float | None
    shift: float | None
    by: str
    over: bool | None
    name: str = ""
    url: str = ""


def exchange_rows(kinds: Sequence[Any], name: str = "", url: str = "") -> list[Exchange]:
    return [
        Exchange(
            word(KINDS, one["kind"]), one["flip_rate"]["n"], one["flip_rate"]["value"], one["flip_rate"]["low"],
            one["flip_rate"]["high"], one["mean_shift"]["value"], one["shifted_by"] or "", one["above_limit"], name, url,
        )
        for one in kinds
    ]  # fmt: skip


def _interval(row: Exchange) -> str:
    return "" if row.low is None or row.high is None else formats.interval(row.low * 100, row.high * 100, 1)


def _over(row: Exchange) -> tuple[str, str]:
    tells = {True: (_("above the limit"), "bad"), False: (_("within"), "met"), None: (_("not judged"), "")}
    return tells[row.over]


EXCHANGES: Final = (
    Column("kind", gettext_lazy("Exchanged")),
    Column("n", gettext_lazy("Conversations tried"), "number"),
    Column("flips", gettext_lazy("Flip rate"), "share", decimals=2),
    Column("interval", gettext_lazy("Interval %"), get=_interval),
    Column("shift", gettext_lazy("Mean shift"), "share", decimals=2),
    Column("by", gettext_lazy("Under"), reason=lambda row: ""),
    Column("over", pgettext_lazy("of a limit", "Limit"), template="inspection/_trust_tag.html", get=_over),
)
OF_ALL: Final = (Column("name", gettext_lazy("Check"), url=lambda row: row.url), *EXCHANGES)


def worst_exchanges(edition: Edition) -> list[Exchange]:
    """The exchange that hurts each check most, the worst check first; checks under which nothing flips are left out."""
    rows = []
    for check, found in fairness_of(edition).items():
        label = edition.checks[check].label.said(values.language()) or check
        url = f"{reverse('inspection:trust_check', args=[check])}?edition={edition.hash}"
        told = exchange_rows(found["kinds"], label, url)
        rows += sorted(told, key=lambda one: (one.over is not True, -(one.flips or 0.0)))[:1]
    return sorted((one for one in rows if one.flips), key=lambda one: (one.over is not True, -(one.flips or 0.0)))


def last_run(edition: Edition) -> FairnessRun | None:
    """The newest run over the standard, finished or not."""
    return FairnessRun.objects.filter(standard=edition.id).order_by("-requested_at").first()


def fallen(edition: Edition, at: datetime) -> list[tuple[str, TrustMove]]:
    """Checks that fell by their figures in the last week and stand there still, with their names."""
    since = at - timedelta(days=TOLD_FOR)
    rows = []
    for line in lines_of(edition, None):
        move = line.stand.move
        if move is not None and move.cause == TrustMove.Cause.FIGURES and move.moved_at >= since:
            rows.append((line.name, move))
    return rows


TOLD_FOR: Final = 7
