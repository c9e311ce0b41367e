"""How far checks are trusted, as the page shows it: a line each with its figures, its last move, and what it lacks to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.inspection.forms_of_editions import TIMED, form_for
from bihuan.inspection.items.columns import percent
from bihuan.inspection.models import Reckoning
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.form import questions_of
from bihuan.inspection.rules.trust import ORDER, Accuracy, Standing, reviews_lacking
from bihuan.inspection.rules.truth import questions_about
from bihuan.inspection.trust.policy import TrustPolicy, trust_policy
from bihuan.inspection.trust.standing import Stand, accuracy_read, newest_reckoning, scored_checks, stands
from bihuan.inspection.trust.tried import fairness_of
from bihuan.inspection.trust.words import FIGURE_REASONS, STANDINGS, TONES, word
from bihuan.standards.rules.edition import CheckSetting, Edition
from bihuan.ui import formats, values
from bihuan.ui.figures import Timing, Whisker
from bihuan.ui.tables import Column, Sorting, Table


@dataclass(frozen=True)
class Line:
    """One check of an edition."""

    setting: CheckSetting
    stand: Stand
    accuracy: Accuracy | None
    fairness: Mapping[str, Any] | None
    policy: TrustPolicy
    scored: bool
    asked: bool
    edition: str

    @property
    def name(self) -> str:
        return self.setting.label.said(values.language()) or self.setting.id

    @property
    def source(self) -> str:
        return self.setting.source

    @property
    def url(self) -> str:
        return f"{reverse('inspection:trust_check', args=[self.setting.id])}?edition={self.edition}"

    @property
    def timed(self) -> bool:
        return self.setting.id in TIMED

    @property
    def standing(self) -> Standing:
        return self.stand.standing

    @property
    def rank(self) -> int:
        return ORDER.index(self.standing)

    @property
    def state(self) -> tuple[str, str]:
        """Word and tone of the tag."""
        return word(STANDINGS, self.standing), TONES[self.standing]

    @property
    def precision(self) -> float | None:
        return percent(self.accuracy.precision.value) if self.accuracy else None

    @property
    def recall(self) -> float | None:
        return percent(self.accuracy.recall.value) if self.accuracy else None

    @property
    def precision_whisker(self) -> Whisker | None:
        return _whisker(self.accuracy.precision, self._floor("precision")) if self.accuracy else None

    @property
    def recall_whisker(self) -> Whisker | None:
        return _whisker(self.accuracy.recall, self._floor("recall")) if self.accuracy else None

    @property
    def reviewed(self) -> int | None:
        return self.accuracy.reviewed if self.accuracy and self.asked else None

    def _floor(self, figure: str) -> float | None:
        floor = self.policy.floors.of(self.next or Standing.COUNTING)
        return percent(getattr(floor, figure)) if floor else None

    def reason(self, figure: str) -> str:
        """Why a figure is missing."""
        if self.timed:
            return _("Measured, not judged: computed from logged times, so that precision and recall do not apply")
        if not self.asked:
            return _("The form asks people nothing about it")
        if self.accuracy is None:
            return _("Not reckoned yet")
        found: Estimate = getattr(self.accuracy, figure)
        words = word(FIGURE_REASONS, found.reason)
        return f"{words} (n = {values.number(found.n)})" if found.reason and found.n else words

    @property
    def precision_reason(self) -> str:
        return self.reason("precision")

    @property
    def recall_reason(self) -> str:
        return self.reason("recall")

    @property
    def fair(self) -> tuple[str, str]:
        """Word and tone: how often verdicts flip at worst, or that nobody tried."""
        if self.fairness is None:
            return _("Not tried"), ""
        worst = max((kind["flip_rate"]["value"] or 0.0 for kind in self.fairness["kinds"]), default=0.0)
        shown = formats.share(worst, 1)
        over = f"{_('above the limit')} · {shown}"
        return {True: (shown, "met"), False: (over, "bad"), None: (_("Too few"), "")}[self.fairness["fair"]]

    @property
    def moved(self) -> str:
        """When it moved last and by whom."""
        if self.stand.stopped:
            return f"{values.day(timezone.localdate(self.stand.stopped.suspended_at))} · {_('by appeals')}"
        move = self.stand.move
        if move is None:
            return _("as the edition starts it")
        who = move.moved_by.name if move.moved_by else _("by its figures")
        return f"{values.day(timezone.localdate(move.moved_at))} · {who}"

    @property
    def next(self) -> Standing | None:
        return ORDER[self.rank + 1] if self.rank + 1 < len(ORDER) else None

    @cached_property
    def lacks(self) -> list[str]:
        """What is missing until the next standing, in short sentences; empty where a person may move it up."""
        if self.next is None:
            return []
        if self.stand.stopped:
            return [_("stopped by appeals")]
        if self.timed:
            return [_("above the limit of fairness")] if self._is_unfair else []
        if not self.asked:
            return [self.reason("precision")]
        return [*self._figures_lack(), *self._fairness_lacks()]

    @property
    def lacking(self) -> tuple[str, str]:
        """The same for a cell: the gravest in few words."""
        if self.next is None:
            return "", ""
        if not self.lacks:
            return _("may be moved up"), "met"
        more = self._evaluations_lacking
        return (_("about %(n)s evaluations") % {"n": values.number(more)} if more else self.lacks[0]), ""

    @property
    def _evaluations_lacking(self) -> int:
        """Evaluations of the random sample still needed; 0 where they are not what is lacking, or would not do."""
        floor = self.policy.floors.of(self.next) if self.next else None
        if floor is None or self.accuracy is None or not self.asked or self.stand.stopped:
            return 0
        needed = []
        for figure, limit in ((self.accuracy.precision, floor.precision), (self.accuracy.recall, floor.recall)):
            if limit is not None:
                more = reviews_lacking(figure, limit, least=self.policy.least, confidence=self.policy.confidence)
                if more is None or (more and not figure.n):
                    return 0
                needed.append(ceil(more * self.accuracy.reviewed / figure.n) if more else 0)
        return max(needed, default=0)

    @property
    def _is_unfair(self) -> bool:
        return self.next == Standing.COUNTING and self.fairness is not None and self.fairness["fair"] is False

    def _figures_lack(self) -> list[str]:
        floor = self.policy.floors.of(self.next) if self.next else None
        if floor is None or self.accuracy is None:
            return [_("Not reckoned yet")] if self.accuracy is None else []
        told = []
        least, confidence = self.policy.least, self.policy.confidence
        for figure, limit, short, bad in (
            (self.accuracy.precision, floor.precision, _PRECISION_SHORT, _PRECISION_BAD),
            (self.accuracy.recall, floor.recall, _RECALL_SHORT, _RECALL_BAD),
        ):
            if limit is not None:
                more = reviews_lacking(figure, limit, least=least, confidence=confidence)
                told += [str(bad) % {"floor": formats.share(limit, 0)}] if more is None else []
                told += [self._short(str(short), figure, more)] if more else []
        return told

    def _short(self, words: str, figure: Estimate, more: int) -> str:
        """How many rows of a kind are lacking, and, where the sample tells how common they are, how many evaluations of
        the random sample hold so many."""
        told = words % {"n": values.number(more)}
        if not figure.n or self.accuracy is None:
            return told
        about = values.number(ceil(more * self.accuracy.reviewed / figure.n))
        return _("%(lacking)s (about %(all)s evaluations)") % {"lacking": told, "all": about}

    def _fairness_lacks(self) -> list[str]:
        if self.next != Standing.COUNTING:
            return []
        fair = self.fairness["fair"] if self.fairness else None
        return {True: [], False: [_("above the limit of fairness")], None: [_("fairness not shown yet")]}[fair]


_PRECISION_SHORT: Final = gettext_lazy("%(n)s more flagged conversations reviewed")
_RECALL_SHORT: Final = gettext_lazy("%(n)s more faults found by people")
_PRECISION_BAD: Final = gettext_lazy("precision below %(floor)s")
_RECALL_BAD: Final = gettext_lazy("recall below %(floor)s")


def _whisker(figure: Estimate, floor: float | None) -> Whisker | None:
    if figure.value is None:
        return None
    value, low, high = (percent(end) for end in (figure.value, figure.low, figure.high))
    return Whisker(value, low, high, 0.0, 100.0, target=floor, decimals=1, width=72)


def _reason(figure: str) -> Any:
    return lambda line: line.reason(figure)


COLUMNS: Final = (
    Column("name", gettext_lazy("Check"), url=lambda line: line.url, sortable=True),
    Column(
        "rank", pgettext_lazy("of a check", "Standing"), template="inspection/_trust_state.html",
        get=lambda line: line.rank, sortable=True,
    ),
    Column("precision", gettext_lazy("Precision %"), "number", sortable=True, decimals=1, reason=_reason("precision")),
    Column(
        "precision_interval", gettext_lazy("Interval"), "whisker", get=lambda line: line.precision_whisker,
        reason=_reason("precision"), exported=False,
    ),
    Column("recall", gettext_lazy("Recall %"), "number", sortable=True, decimals=1, reason=_reason("recall")),
    Column(
        "recall_interval", gettext_lazy("Interval"), "whisker", get=lambda line: line.recall_whisker,
        reason=_reason("recall"), exported=False,
    ),
    Column("reviewed", gettext_lazy("Reviewed"), "number", sortable=True, reason=_reason("precision")),
    Column("fair", gettext_lazy("Fairness: flips"), template="inspection/_trust_tag.html", get=lambda line: line.fair),
    Column(
        "lacking", gettext_lazy("Until the next standing"), template="inspection/_trust_lacking.html",
        get=lambda line: line.lacking, reason=lambda line: "",
    ),
    Column("moved", gettext_lazy("Last move")),
)  # fmt: skip


@dataclass(frozen=True)
class TrustPage:
    """Every check of an edition."""

    edition: Edition
    reckoning: Reckoning | None
    lines: list[Line]
    query: Mapping[str, str]

    @property
    def table(self) -> Table:
        sorting = Sorting.from_query(self.query, COLUMNS)
        return Table(COLUMNS, sorting.apply(self.lines, COLUMNS), sorting=sorting, query=self.query)

    @property
    def strip(self) -> list[Timing]:
        tells = [(standing, sum(one.standing == standing for one in self.lines)) for standing in reversed(ORDER)]
        return [*(Timing(word(STANDINGS, one), values.number(n)) for one, n in tells), self._rate, self._reckoned]

    @property
    def _rate(self) -> Timing:
        label, row = _("Evaluated at random"), self.reckoning
        if row is None or not row.contacts:
            return Timing(label, formats.MISSING, note=_("nothing drawn yet"))
        share = formats.share(row.reviewed / row.contacts, 1)
        return Timing(label, share, note=f"{values.number(row.reviewed)} / {values.number(row.contacts)}")

    @property
    def _reckoned(self) -> Timing:
        label, row = _("Reckoned"), self.reckoning
        if row is None:
            return Timing(label, formats.MISSING)
        return Timing(
            label, values.moment(row.reckoned_at), note=f"{values.day(row.first_day)} – {values.day(row.last_day)}"
        )


def trust_page(edition: Edition, query: Mapping[str, str]) -> TrustPage:
    """The page of an edition, from its newest reckoning."""
    reckoning = newest_reckoning(edition)
    return TrustPage(edition, reckoning, lines_of(edition, reckoning), query)


def lines_of(edition: Edition, reckoning: Reckoning | None) -> list[Line]:
    """A line a check, those that count first, then in the order of the edition."""
    standing, fairness, scored = stands(edition), fairness_of(edition), scored_checks(edition)
    policy, figures = trust_policy(edition), reckoning.figures if reckoning else {}
    questions = questions_of(form_for(edition)).values() if edition.scorecards else ()
    lines = [
        Line(
            setting, standing[check], accuracy_read(figures[check]) if check in figures else None, fairness.get(check),
            policy, check in scored, bool(questions_about(check, questions)), edition.hash,
        )
        for check, setting in edition.checks.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.rank, not line.scored))
