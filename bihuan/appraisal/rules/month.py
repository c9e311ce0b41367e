"""A person's month as whole numbers per day: what every term of a scheme is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Any

from bihuan.kit.numbers import divided, rounded
from bihuan.standards.rules.edition import PERCENT, Edition, Item, Scheme
from bihuan.standards.rules.schemes import TermInput, inputs_of, term_input, total
from bihuan.standards.rules.scoring import CONTACTS, period_score
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED, Verdict

PRECISION = 28
PLAIN_DECIMALS = 2
DAILY_SCORE = "daily_score"


@dataclass(frozen=True)
class Part:
    """One day's share of a figure: the figure of a span is Σ numerator ÷ Σ denominator, in its own unit."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Figure:
    """A figure of the month by day. `n` counts the records behind it, `coverage` is 0-100, `reason` says why it lacks."""

    days: Mapping[date, Part]
    n: int = 0
    coverage: Decimal | None = None
    reason: str = ""
    per: int = 1  # the numerator is in 1/per of the unit (milli-points: 1000)

    @cached_property
    def value(self) -> Decimal | None:
        """The exact figure, to 28 digits; None where nothing stands below the line."""
        below = sum(part.denominator for part in self.days.values()) * self.per
        if not below:
            return None
        with localcontext() as context:
            context.prec = PRECISION
            return Decimal(sum(part.numerator for part in self.days.values())) / Decimal(below)


@dataclass(frozen=True)
class DaySum:
    """One person's judged contacts of a day in whole numbers; their scores and coverages in milli-points, added up."""

    judged: int
    scored: int
    score_milli: int
    coverage_milli: int
    fatal: int

    @property
    def mean_milli(self) -> int | None:
        """The day's score: the mean of its scored contacts (S3-13)."""
        mean = divided(self.score_milli, self.scored, 0)
        return None if mean is None else int(mean)


MISSING = Figure({}, reason="not_recorded")


@dataclass(frozen=True)
class PersonMonth:
    """Everything the schemes take about one person in one month. `quality`: see `appraisal.quality`; `scope`: what of the
    month is of the edition's part (`appraisal.scoping`)."""

    person: str
    name: str
    team: str
    contacts: int
    fatal_contacts: int
    figures: Mapping[str, Figure]
    days: Mapping[date, DaySum] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=dict)

    def figure(self, name: str) -> Figure:
        return self.figures.get(name, MISSING)

    @cached_property
    def days_told(self) -> list[list[str | int]]:
        """What is kept of the days, in order: [day, judged, scored, score_milli, coverage_milli, fatal]."""
        return [
            [at.isoformat(), day.judged, day.scored, day.score_milli, day.coverage_milli, day.fatal]
            for at, day in sorted(self.days.items())
        ]


def month_total(scheme: Scheme, month: PersonMonth) -> ScoreNode:
    """The total of a scheme as a tree; the days of the daily score hang below its term (S3-13, X19)."""
    return total(scheme, inputs(scheme, month))


def inputs(scheme: Scheme, month: PersonMonth) -> dict[str, TermInput]:
    """The input of every term or part: its figure in points, how many records, how much could be judged."""
    answer = {}
    for key, term in inputs_of(scheme).items():
        figure = month.figure(term.input or "")
        value = figure.value
        reason = figure.reason or ("nothing_to_divide" if value is None else "")
        answer[key] = term_input(term, value, n=figure.n, coverage=figure.coverage, reason=reason)
    return answer


def period_of(edition: Edition, month: PersonMonth) -> ScoreNode | None:
    """The score of the month by the edition's scorecard: the daily scores, and the rates that no single contact has (X6).

    It stands beside the totals and enters none: they take the customers' answers as terms of their own (X7). None where
    the scorecard has no such rates or nothing was scored.
    """
    card = edition.scorecard() if edition.scorecards else None
    daily = month.figure(DAILY_SCORE)
    rates = [item for d in card.dimensions if d.per == "period" for item in d.items] if card else []
    if card is None or daily.value is None or not rates:
        return None
    n = {CONTACTS: daily.n, **{item.id: month.figure(item.metric or "").n for item in rates}}
    return period_score(card, daily.value, {item.id: _rate(edition, item, month) for item in rates}, n)


def _rate(edition: Edition, item: Item, month: PersonMonth) -> Verdict:
    """A rate of the period against its target; the reason is the figure beside the limit it was held against (X1)."""
    figure, target = month.figure(item.metric or ""), edition.target(item.metric or "")
    if target is None:
        return Verdict(NOT_APPLICABLE, "no_target")
    if figure.value is None:
        return Verdict(CANNOT_TELL, figure.reason or "nothing_to_divide")
    is_share = target.limit.unit == PERCENT
    met = target.is_met_by(figure.value * 100 if is_share else figure.value)
    sign = ("≤" if met else ">") if target.at_most else ("≥" if met else "<")
    kind, factor, unit = ("share", 100, " %") if is_share else ("nps", 1, "")
    shown = _shown(figure.value * factor, edition, kind)
    return Verdict(MET if met else VIOLATED, f"{shown}{unit} {sign} {target.limit.value:f}{unit}")


def _shown(value: Decimal, edition: Edition, kind: str) -> str:
    """A figure with the edition's decimals; where it sets none, with two."""
    return f"{rounded(value, edition.decimals(kind) if kind in edition.rounding else PLAIN_DECIMALS):f}"
