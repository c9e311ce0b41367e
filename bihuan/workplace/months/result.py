"""One result opened: its tree in words, its days, its history, and why the rank is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.appraisal.cut import holding
from bihuan.appraisal.inputs import METRIC_OF, PROVISIONAL, last_day
from bihuan.appraisal.models import CutReason, Result
from bihuan.appraisal.queries import DayScore, day_scores, history_of, reader_of
from bihuan.appraisal.rules.policy import policy_of
from bihuan.appraisal.rules.ranking import Standing, places
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.blindness import Owed
from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.metrics.figures import Figure as Told
from bihuan.metrics.query import figures
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.schemes import inputs_of
from bihuan.standards.rules.tree import ScoreNode
from bihuan.ui import formats, values
from bihuan.ui.charts import Panel, Series
from bihuan.ui.figures import Part, Whisker
from bihuan.ui.values import language
from bihuan.workplace.months.result_words import (
    confidence_words,
    engine_words,
    in_words,
    interval_words,
    label_of,
    term_words,
    unranked_words,
)
from bihuan.workplace.months.scope_words import filters_of, part_of, scope_of_result
from bihuan.workplace.wording import interval_text, metric_label, reason_text, said

LOSSES_SHOWN: Final = 2
FULL: Final = 100


@dataclass(frozen=True)
class Figure:
    """A figure the total is made of, as its own page tells it for this person and month; `url` is empty where no page does."""

    label: str
    value: str
    n: int
    interval: str
    reason: str
    url: str


@dataclass(frozen=True)
class Day:
    """A day's score beside the whole span of the month's, and the way to its contacts."""

    score: DayScore
    whisker: Whisker
    url: str
    is_blind: bool = False


@dataclass(frozen=True)
class Opened:
    """A result on its page. `edition` is None where the text it was computed by is gone."""

    result: Result
    edition: Edition | None
    ranked: int
    team: str
    blind: Mapping[str, Owed] = field(default_factory=dict)
    written: Sequence[CutReason] = ()  # reasons where the score cannot place the person, newest first

    @property
    def month(self) -> str:
        return f"{self.result.set.month:%Y-%m}"

    @property
    def scheme_name(self) -> str:
        declared = self.edition.schemes.get(self.result.scheme) if self.edition else None
        return declared.label.said(language()) if declared else self.result.scheme

    @property
    def interval_name(self) -> str:
        return interval_words(self.edition)

    @property
    def edition_url(self) -> str:
        address = reverse("standards:edition", args=[self.result.set.edition_hash])
        return f"{address}#schemes.{self.result.scheme}"

    @cached_property
    def kept_tree(self) -> ScoreNode:
        return ScoreNode.from_json(self.result.tree)

    @property
    def tree(self) -> ScoreNode:
        return in_words(self.kept_tree)

    @cached_property
    def parts(self) -> list[Part]:
        """The terms of the total as wide as they weigh; what is not filled was lost."""
        terms = self.kept_tree.children
        return [
            Part(label_of(term), term.weight or 0, None if term.value is None else term.value / FULL) for term in terms
        ]

    @property
    def part(self) -> str:
        """The part of the department the result is of; empty for the whole."""
        return part_of(self.result.set)

    @property
    def compares_only(self) -> bool:
        """Was it computed by an edition that is not the one in use for its month? Then it decides nothing."""
        kept = self.result.set
        return not kept.by_edition_in_use and edition_in_use(last_day(kept.month)).hash != kept.edition_hash

    @property
    def period(self) -> ScoreNode | None:
        """The scorecard's own score of the month, its fourth dimension joined (X6), beside the total."""
        kept = self.result.period
        return in_words(ScoreNode.from_json(kept)) if kept else None

    @cached_property
    def days(self) -> list[Day]:
        scores = day_scores(self.result)
        hidden = self.blind_days
        known = [float(one.value) for one in scores if one.value is not None and one.day not in hidden]
        low, high = (min(known), max(known)) if known else (0.0, float(FULL))
        return [
            Day(
                one,
                Whisker(one.value, None, None, low, max(high, low + 1), width=120),
                reverse("workplace:result_day", args=[self.result.pk, one.day.isoformat()]),
                one.day in hidden,
            )
            for one in scores
        ]

    @property
    def engine(self) -> str:
        return engine_words(self.result.set.engine)

    @cached_property
    def blind_days(self) -> set[date]:
        """Days with a contact the reader is still to judge blind: the day's mean would tell its score."""
        own = [one for one in self.blind.values() if one.person == self.result.person]
        reader = Reader(open_archive()) if any(one.day is None for one in own) else None
        days = {one.day or _day_in(reader, one.contact_id) for one in own}
        return {day for day in days if day is not None}

    @property
    def judged(self) -> int:
        return sum(day.score.n for day in self.days)

    @cached_property
    def reviewed(self) -> ReviewRate:
        """How many of the person's contacts in the record people have evaluated themselves (X12)."""
        month = self.result.set.month
        return self._reviewed((month, last_day(month)))

    def reviewed_on(self, day: date) -> ReviewRate:
        """The same of one day."""
        return self._reviewed((day, day))

    def _reviewed(self, days: tuple[date, date]) -> ReviewRate:
        return review_rate_of_record(Reader(open_archive()), days, {"agent": self.result.person})

    @cached_property
    def history(self) -> list[Result]:
        return history_of(self.result)

    @property
    def chart(self) -> Series | None:
        """Totals over months with their intervals; nothing while there is but one month."""
        if len(self.history) < 2:
            return None
        totals = [one.total for one in self.history]
        panel = Panel(
            _("Total"), totals, low=[one.low for one in self.history], high=[one.high for one in self.history], decimals=2,
        )  # fmt: skip
        steps = [f"{one.set.month:%Y-%m}" for one in self.history]
        last = formats.number(totals[-1], 2)
        summary = _("Totals of %(n)s months, the last %(last)s.") % {"n": len(steps), "last": last}
        return Series("history", _("Months"), steps, [panel], summary, _("Month"))

    @cached_property
    def figures(self) -> list[Figure]:
        """The metrics the total takes, on the record it was computed from; the daily score's are the days."""
        declared = self.edition.schemes.get(self.result.scheme) if self.edition else None
        if declared is None or self.edition is None:
            return []
        taken = (term.input or "" for term in inputs_of(declared).values())
        names = [METRIC_OF[name] for name in taken if name in METRIC_OF]
        first = self.result.set.month
        span, reader, params = (
            (first, last_day(first)),
            reader_of(self.result.set),
            metric_params(self.edition, self.result.set.lent),
        )
        part = filters_of(self.result.set)
        who = {"agent": (self.result.person,), **part}
        told = figures(
            reader, names, by=("agent",), period=span, where=who, params=params, as_of_us=reader.manifest.told_until_us
        )
        query = {"agent": self.result.person, "from": span[0].isoformat(), "to": span[1].isoformat()}
        query |= {name: wanted[0] for name, wanted in part.items()}
        told_there = all(len(wanted) == 1 for wanted in part.values())  # a page's filters name one of each
        return [_figure(one, params.decimals, urlencode(query) if told_there else "") for one in told]

    @property
    def why(self) -> list[str]:
        """Why this rank, in sentences."""
        return [sentence for sentence in self._sentences() if sentence]

    def _sentences(self) -> Iterator[str]:
        yield scope_of_result(self.result)
        yield from self._rank_sentences()
        yield self._losses()
        yield from self._left_out()
        if self.result.fatal_contacts:
            words = ngettext(
                "%(n)s contact holds a fatal item: a reward needs a month without any (X17).",
                "%(n)s contacts hold a fatal item: a reward needs a month without any (X17).",
                self.result.fatal_contacts,
            )
            yield words % {"n": self.result.fatal_contacts}

    def _rank_sentences(self) -> Iterator[str]:
        one = self.result
        if one.rank is None:
            yield unranked_words(one.reason) + self._limit(one.reason)
            return
        words = _(
            "Rank %(rank)s of %(of)s. Redrawn from its own days, the rank lies between %(best)s and %(worst)s (%(share)s)."
        )
        between = {"best": one.rank_best, "worst": one.rank_worst, "share": confidence_words(self.edition)}
        yield words % {"rank": one.rank, "of": self.ranked, **between}
        yield self._standing()
        if self.cut is not None:
            yield cut_words(self.cut)

    @property
    def is_unsure(self) -> bool:
        return self.result.standing == Standing.NOT_SEPARABLE

    @cached_property
    def cut(self) -> CutReason | None:
        """The written reason that holds for these figures."""
        return holding(self.result, self.written)

    def _limit(self, reason: str) -> str:
        """The number that was missed, where the edition names one."""
        if self.edition is None:
            return ""
        policy, one = policy_of(self.edition), self.result
        if reason == "too_few_contacts":
            return _(": %(have)s of at least %(need)s.") % {"have": one.contacts, "need": policy.least_contacts}
        if reason == "below_coverage_floor" and one.coverage is not None:
            have, need = formats.percent(one.coverage, 1), formats.percent(policy.coverage_floor, 0)
            return _(": %(have)s of at least %(need)s.") % {"have": have, "need": need}
        return ""

    def _standing(self) -> str:
        if self.edition is None:
            return ""
        policy = policy_of(self.edition)
        cut = places(self.ranked, policy.top_share, policy.least_people)
        given = {"share": formats.share(policy.top_share, 0), "cut": cut}
        words = {
            Standing.IN: _("Surely among the best %(share)s (%(cut)s places)."),
            Standing.OUT: _("Below the line of the best %(share)s (%(cut)s places)."),
            Standing.NOT_SEPARABLE: _(
                "The interval crosses place %(cut)s, the line of the best %(share)s: the score alone cannot decide,"
                " a supervisor's written reason does (X16 · X17)."
            ),
        }.get(Standing(self.result.standing), "")
        return words % given if cut else ""

    def _losses(self) -> str:
        """Where the most points were lost: weight less contribution, the greatest first."""
        lost = [
            (node.weight - node.contribution, label_of(node))
            for node in self.kept_tree.children
            if node.weight is not None and node.contribution is not None and node.weight > node.contribution
        ]
        most = sorted(lost, key=lambda pair: (-pair[0], pair[1]))[:LOSSES_SHOWN]
        if not most:
            return ""
        listed = _(", ").join(f"{label} −{formats.number(points, 2)}" for points, label in most)
        return _("Most points were lost at: %(terms)s.") % {"terms": listed}

    def _left_out(self) -> Iterator[str]:
        missing = [label_of(node) for node in self.kept_tree.children if node.value is None]
        if missing and self.result.total is not None:
            yield _("Without input, and therefore left out on both sides: %(terms)s.") % {
                "terms": _(", ").join(missing)
            }


def cut_words(cut: CutReason) -> str:
    """What a written reason decided, why, by whom and when, in one sentence."""
    words = (
        _("Among the best by written reason of %(name)s (%(at)s): %(reason)s")
        if cut.is_in
        else _("Not among the best by written reason of %(name)s (%(at)s): %(reason)s")
    )
    return words % {"name": cut.written_by.name, "at": values.moment(cut.written_at), "reason": cut.reason}


def _day_in(reader: Reader | None, contact_id: str) -> date | None:
    record = reader.contact(contact_id) if reader else None
    day: date | None = record.contact["day"] if record else None
    return day


def _figure(told: Told, decimals: Mapping[str, int], query: str) -> Figure:
    return Figure(
        metric_label(told.metric),
        said(told.metric, told.value, decimals),
        told.n,
        interval_text(told, decimals),
        term_words(PROVISIONAL) if told.provisional else reason_text(told.reason),
        f"{reverse('workplace:metric', args=[told.metric])}?{query}" if query else "",
    )


def day_of_result(result: Result, day: date) -> DayScore | None:
    """The kept score of one day; None where nothing was judged on it."""
    return next((one for one in day_scores(result) if one.day == day), None)


def neighbours(days: Sequence[DayScore], day: date) -> tuple[date | None, date | None]:
    """The day before and after among those with a score."""
    before = [one.day for one in days if one.day < day]
    after = [one.day for one in days if one.day > day]
    return (before[-1] if before else None), (after[0] if after else None)
