"""A month's ranking as its page shows it: one scheme of one kept set, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import ceil, floor
from statistics import fmean, stdev
from typing import Any, Final

from django.db.models import Count

from bihuan.appraisal.cut import reasons_that_hold
from bihuan.appraisal.inputs import PROVISIONAL, last_day
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.queries import edition_of_set, newest_set, reader_of
from bihuan.appraisal.rules.policy import RankPolicy, policy_of
from bihuan.appraisal.rules.ranking import Standing, places
from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.review_rate import ReviewRate, review_rate_of_record
from bihuan.kit.errors import InputError
from bihuan.metrics.intervals import t_interval
from bihuan.people.models import Person, Team
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition, Scheme
from bihuan.standards.rules.tree import ScoreNode
from bihuan.ui.figures import Part, Whisker
from bihuan.ui.values import language
from bihuan.workplace.months.result_words import label_of

WHISKER_STEP: Final = 2
FULL: Final = 100


@dataclass(frozen=True)
class Line:
    """One person's line: the kept result, and how far the total moved since the month before."""

    result: Result
    team: str
    before: Decimal | None
    scale: tuple[int, int]
    weights: dict[str, Decimal] = field(repr=False)
    on_trial: bool = False  # checks in it do not count yet
    cut: CutReason | None = None  # the written reason that decides where the score cannot

    @cached_property
    def tree(self) -> ScoreNode:
        return ScoreNode.from_json(self.result.tree)

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.result.total is None:
            return None
        return self.result.total - self.before

    @property
    def rank_between(self) -> str:
        one = self.result
        return "" if one.rank_best is None else f"{one.rank_best}–{one.rank_worst}"

    @property
    def is_unsure(self) -> bool:
        return self.result.standing == Standing.NOT_SEPARABLE

    @property
    def whisker(self) -> Whisker | None:
        one = self.result
        if one.total is None or one.low is None:
            return None
        return Whisker(one.total, one.low, one.high, *self.scale, unsure=self.is_unsure, decimals=2, width=176)

    @property
    def parts(self) -> list[Part]:
        return [
            Part(label_of(term), self.weights.get(term.id, term.weight or 0), _share(term.value))
            for term in self.tree.children
        ]

    @property
    def is_provisional(self) -> bool:
        return any(node.reason == PROVISIONAL for node in self.tree.walk())


def _share(value: Decimal | None) -> Decimal | None:
    return None if value is None else value / FULL


@dataclass(frozen=True)
class Month:
    """A kept set under one scheme. `lines` are those the reader may see; `everybody` and `ranked` count all; `until` is the
    month's last day in the record; `team` the one it is narrowed to."""

    kept: ResultSet
    edition: Edition | None
    scheme: str
    lines: Sequence[Line]
    everybody: int
    ranked: int
    policy: RankPolicy
    sees: Scope
    until: date | None
    team_names: dict[str, str]
    team: str = ""

    @property
    def declared(self) -> Scheme | None:
        return self.edition.schemes.get(self.scheme) if self.edition else None

    @property
    def scheme_name(self) -> str:
        return self.declared.label.said(language()) if self.declared else self.scheme

    @property
    def cut(self) -> int:
        """Places of the best (X16)."""
        return places(self.ranked, self.policy.top_share, self.policy.least_people) if self.policy.given else 0

    @property
    def above_the_cut(self) -> int:
        """How many of the lines shown stand above the cut, ties included."""
        return sum(1 for line in self.lines if line.result.rank is not None and line.result.rank <= self.cut)

    @property
    def unsure(self) -> int:
        return sum(line.is_unsure for line in self.lines)

    @property
    def undecided(self) -> int:
        """Of those whom the score cannot place, how many nobody has written a reason about; a fatal item keeps out anyway."""
        return sum(line.is_unsure and line.cut is None and not line.result.fatal_contacts for line in self.lines)

    @property
    def provisional(self) -> int:
        return sum(line.is_provisional for line in self.lines)

    @property
    def sees_others(self) -> bool:
        """Does the reader see more than their own line?"""
        return self.sees.everything or bool(self.sees.teams)

    @cached_property
    def mean(self) -> tuple[float, float, float] | None:
        """Mean of the totals shown, with its interval; None below two people or where the edition's text is gone."""
        totals = [float(line.result.total) for line in self.lines if line.result.total is not None]
        if len(totals) < 2 or not self.sees_others or self.edition is None:
            return None
        confidence = float(number_of(self.edition, "statistics.confidence").share)
        bounds = t_interval([fmean(totals)], [stdev(totals)], [len(totals)], confidence)
        low, high = (float(bound[0]) for bound in bounds)
        return fmean(totals), low, high

    @cached_property
    def name_keys(self) -> dict[str, str]:
        """{staff number: pinyin of the name}, for sorting; one query, asked only by who sorts by name."""
        numbers = [line.result.person for line in self.lines]
        return dict(Person.objects.filter(number__in=numbers).values_list("number", "sort_key"))

    @cached_property
    def team_places(self) -> dict[str, int]:
        """{team: its place among the teams shown}, for sorting."""
        keys = Team.objects.filter(key__in=self.team_names).values_list("key", flat=True)
        return {key: place for place, key in enumerate(keys)}

    @cached_property
    def reviewed(self) -> ReviewRate:
        """How many of the month's contacts people have evaluated themselves (X12), as far as the reader sees."""
        span = (self.kept.month, last_day(self.kept.month))
        reader = Reader(open_archive(), scope=self.sees)
        return review_rate_of_record(reader, span, {"team": self.team} if self.team else {})

    @property
    def is_running(self) -> bool:
        return self.until is not None and self.until < last_day(self.kept.month)


def month_page(kept: ResultSet, scheme: str, sees: Scope, team: str = "") -> Month:
    """The lines of a scheme (the first of the set where it does not exist) that may be seen; of one team where given."""
    edition = edition_behind(kept)
    schemes = schemes_of(kept, edition)
    chosen = scheme if scheme in schemes else next(iter(schemes), "")
    every = Result.objects.of(kept).by_scheme(chosen)
    counts = every.aggregate(everybody=Count("pk"), ranked=Count("rank"))
    visible = every.within(everything=sees.everything, persons=sees.persons, teams=sees.teams)
    seen = list(visible.in_order())
    names = team_names({row.team for row in seen})
    rows = [row for row in seen if not team or row.team == team]
    return Month(
        kept=kept,
        edition=edition,
        scheme=chosen,
        lines=_lines(rows, kept, edition, chosen, names),
        everybody=counts["everybody"],
        ranked=counts["ranked"],
        policy=policy_of(edition) if edition else RankPolicy(given=False),
        sees=sees,
        until=_until(kept),
        team_names={key: names.get(key, key) for key in sorted({row.team for row in seen if row.team})},
        team=team,
    )


def _until(kept: ResultSet) -> date | None:
    """How far the record behind the results went."""
    last = last_day(kept.month)
    held = [day for key in reader_of(kept).manifest.files("contacts") if (day := day_of(key)) is not None]
    return max((day for day in held if kept.month <= day <= last), default=None)


def team_names(keys: Iterable[str]) -> dict[str, str]:
    """{key: name} of teams; one query."""
    return dict(Team.objects.filter(key__in=set(keys)).values_list("key", "name"))


def schemes_of(kept: ResultSet, edition: Edition | None) -> dict[str, str]:
    """{scheme: name} of a set, in the edition's order; ids alone where the edition's text is gone."""
    if edition:
        return {key: scheme.label.said(language()) for key, scheme in edition.schemes.items()}
    return {key: key for key in kept.results.order_by("scheme").values_list("scheme", flat=True).distinct()}


def edition_behind(kept: ResultSet) -> Edition | None:
    try:
        return edition_of_set(kept)
    except InputError:
        return None


def _lines(
    rows: Sequence[Result], kept: ResultSet, edition: Edition | None, scheme: str, names: dict[str, str]
) -> list[Line]:
    before = _totals_before(kept, scheme, [row.person for row in rows])
    declared = edition.schemes.get(scheme) if edition else None
    weights = {term.id: term.weight.value for term in declared.terms} if declared else {}
    scale = _scale(rows)
    trial, cut = kept.is_provisional, reasons_that_hold(kept, rows)
    return [
        Line(row, names.get(row.team, row.team), before.get(row.person), scale, weights, trial, cut.get(row.pk))
        for row in rows
    ]


def _totals_before(kept: ResultSet, scheme: str, persons: Sequence[str]) -> dict[str, Decimal]:
    """Totals of the month before by the same edition: totals of two editions are no figures of one scale."""
    month = (kept.month - timedelta(days=1)).replace(day=1)
    before = newest_set(month, edition=kept.edition_hash)
    if before is None:
        return {}
    rows: Any = Result.objects.of(before).by_scheme(scheme).filter(person__in=persons, total__isnull=False)
    return dict(rows.values_list("person", "total"))


def _scale(rows: Sequence[Result]) -> tuple[int, int]:
    """One scale for the column, in even steps, so that every interval lies within it."""
    ends = [float(end) for row in rows for end in (row.low, row.high) if end is not None]
    if not ends:
        return 0, FULL
    low, high = floor(min(ends) / WHISKER_STEP) * WHISKER_STEP, ceil(max(ends) / WHISKER_STEP) * WHISKER_STEP
    return low, max(high, low + WHISKER_STEP)
