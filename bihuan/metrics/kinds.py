"""What a metric can be, as plain values: conditions on a row, measures of many rows, and the kinds built from them.

Pure: knows no engine, no Django, no clock. An engine turns conditions and measures into its own expressions; a division
happens outside it, last, in whole numbers. Every kind answers the same three questions: which rows are counted below the
line (`denominator`), which above it (`numerator`), and which cannot be told (`unsure`), so that one drill-down serves all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["numerator", "denominator", "unsure", "pending"]
PARTS: Final[tuple[Part, ...]] = ("numerator", "denominator", "unsure", "pending")


@dataclass(frozen=True)
class Number:
    """A number of the edition by its name, the same for every row (`short_abandon`)."""

    name: str


@dataclass(frozen=True)
class Target:
    """A target of the edition by its name; which value holds depends on the row (X1: the most specific scope wins)."""

    name: str


Operand = int | str | bool | Number | Target
Comparison = Literal["=", "<>", "<", "<=", ">", ">=", "known", "missing", "judged"]


class Condition:
    """A yes, no or unknown about one row. `&`, `|` and `~` combine; an unknown is never counted."""

    def __and__(self, other: Condition) -> Condition:
        return Every((self, other))

    def __or__(self, other: Condition) -> Condition:
        return Some((self, other))

    def __invert__(self) -> Condition:
        return Not(self)


@dataclass(frozen=True)
class Compare(Condition):
    """A column held against an operand; `known` and `missing` take none and are never unknown;
    `judged` asks whether there is both a value and an operand to hold it against."""

    column: str
    comparison: Comparison
    operand: Operand | None = None


@dataclass(frozen=True)
class Every(Condition):
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Some(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not(Condition):
    """The part is not known to hold."""

    part: Condition


ALWAYS: Final = Every(())


@dataclass(frozen=True)
class Column:
    """Spells conditions about a column the way they are read aloud."""

    name: str

    def is_(self, value: Operand) -> Condition:
        return Compare(self.name, "=", value)

    def is_not(self, value: Operand) -> Condition:
        return Compare(self.name, "<>", value)

    def __lt__(self, value: Operand) -> Condition:
        return Compare(self.name, "<", value)

    def __le__(self, value: Operand) -> Condition:
        return Compare(self.name, "<=", value)

    def __gt__(self, value: Operand) -> Condition:
        return Compare(self.name, ">", value)

    def __ge__(self, value: Operand) -> Condition:
        return Compare(self.name, ">=", value)

    def judged(self, target: Target) -> Condition:
        return Compare(self.name, "judged", target)

    @property
    def known(self) -> Condition:
        return Compare(self.name, "known")

    @property
    def missing(self) -> Condition:
        return Compare(self.name, "missing")


How = Literal["rows", "total", "moments", "distinct", "values"]


@dataclass(frozen=True)
class Measure:
    """A whole number (for `values` a list of them) made of the rows where `where` holds.

    `moments` is Σ column·other and serves intervals alone. Columns of microseconds are taken there in units of 1,024 µs,
    fine enough for an interval, and stay whole numbers. An empty `other` stands for 1, an empty `column` of `distinct`
    for nothing at all.
    """

    how: How
    column: str = ""
    where: Condition = ALWAYS
    other: str = ""

    @property
    def additive(self) -> bool:
        """May the figures of groups be added up to the figure of all?"""
        return self.how in ("rows", "total", "moments")


def rows(where: Condition) -> Measure:
    """How many rows."""
    return Measure("rows", where=where)


def total(column: str, where: Condition = ALWAYS) -> Measure:
    """The sum of a column where it is known."""
    return Measure("total", column, where & Column(column).known)


def distinct(column: str, where: Condition) -> Measure:
    """How many different values."""
    return Measure("distinct", column, where & Column(column).known)


Word = Literal["simple", "ratio", "quantile", "derived"]
Interval = Literal["", "wilson", "t", "clusters", "rank", "net"]


@dataclass(frozen=True)
class Kind:
    """How a figure comes from its measures. Made by the functions below, never by hand.

    `helpers` are the measures beyond the four parts that the value or its interval needs, in the order the interval
    named takes them. `per_mille` is the rank of a quantile.
    """

    word: Word
    numerator: Measure
    denominator: Measure
    unsure: Measure | None = None
    pending: Measure | None = None
    interval: Interval = ""
    helpers: tuple[Measure, ...] = ()
    per_mille: int = 0

    def part(self, name: Part) -> Measure | None:
        measure: Measure | None = getattr(self, name)
        return measure

    def measures(self) -> tuple[Measure, ...]:
        """Everything to ask the engine for, without doubles."""
        parts = (measure for measure in map(self.part, PARTS) if measure is not None)
        return tuple(dict.fromkeys((*parts, *self.helpers)))


def _rows_or_none(where: Condition | None) -> Measure | None:
    return None if where is None else rows(where)


def count(
    measure: Measure, known: Condition = ALWAYS, unsure: Condition | None = None, pending: Condition | None = None
) -> Kind:
    """Rows, or the sum of a column, as they are; the denominator is the rows where it could be told."""
    return Kind("simple", measure, rows(known), _rows_or_none(unsure), _rows_or_none(pending))


def share(met: Condition, of: Condition, unsure: Condition | None = None, pending: Condition | None = None) -> Kind:
    """Rows that meet ÷ rows of the population, with a Wilson interval."""
    return Kind("ratio", rows(of & met), rows(of), _rows_or_none(unsure), _rows_or_none(pending), "wilson")


def mean(column: str, of: Condition = ALWAYS, unsure: Condition | None = None) -> Kind:
    """Sum of a column ÷ rows where it is known, with a t interval."""
    known = of & Column(column).known
    helpers = (Measure("moments", column, known, column), Measure("moments", column, known))
    return Kind("ratio", total(column, of), rows(known), _rows_or_none(unsure), None, "t", helpers)


def rate(above: Measure, below: Measure, unsure: Measure | None = None) -> Kind:
    """One sum ÷ another of which it is a part, with a Wilson interval."""
    return Kind("ratio", above, below, unsure, None, "wilson")


def weighted_mean(column: str, weight: str, of: Condition = ALWAYS) -> Kind:
    """Σ column ÷ Σ weight; the interval takes each row as one cluster, since the turns of a contact are alike."""
    known = of & Column(column).known & (Column(weight) > 0)
    pairs = ((column, column), (column, weight), (weight, weight), (column, ""))
    helpers = (*(Measure("moments", left, known, right) for left, right in pairs), rows(known))
    return Kind("ratio", total(column, known), total(weight, known), None, None, "clusters", helpers)


def against(above: Measure, below: Measure) -> Kind:
    """One sum ÷ another that it may pass; a plain proportion of what was to what should be, without an interval."""
    return Kind("derived", above, below)


def quantile(column: str, per_mille: int, of: Condition = ALWAYS, unsure: Condition | None = None) -> Kind:
    """The value at a rank: of n sorted values the ⌈n·q⌉-th, exact, itself an observed value."""
    known = of & Column(column).known
    helpers = (Measure("values", column, known),)
    return Kind("quantile", rows(known), rows(known), _rows_or_none(unsure), None, "rank", helpers, per_mille)


def net(plus: Condition, minus: Condition, of: Condition, unsure: Condition | None = None) -> Kind:
    """Share of the one side − share of the other (NPS); the numerator is the one side alone."""
    return Kind("derived", rows(of & plus), rows(of), _rows_or_none(unsure), None, "net", (rows(of & minus),))


Unit = Literal["contacts", "count", "share", "seconds", "points", "nps", "rings"]
Better = Literal["up", "down", "none"]


@dataclass(frozen=True)
class Metric:
    """A metric: what it is called, whom it judges, over which rows it is counted, and which rules ask for it.

    `counts` tells figures of what happened (`event`) from figures of how things stand (`state`): they never share a name.
    `by` narrows the dimensions a figure makes sense by; empty means all.
    """

    name: str
    zh: str
    en: str
    unit: Unit
    better: Better
    population: str
    kind: Kind
    people_zh: str
    people_en: str
    sources: tuple[str, ...]
    version: int = 1
    judged_on: Literal["team", "person"] = "person"
    counts: Literal["event", "state", ""] = ""
    by: tuple[str, ...] = ()

    def operands(self) -> frozenset[Operand]:
        """Numbers and targets of the edition the definition leans on."""
        return frozenset(found for measure in self.kind.measures() for found in _operands(measure.where))


def _operands(condition: Condition) -> Iterator[Operand]:
    if isinstance(condition, Compare) and isinstance(condition.operand, Number | Target):
        yield condition.operand
    elif isinstance(condition, Not):
        yield from _operands(condition.part)
    elif isinstance(condition, Every | Some):
        for part in condition.parts:
            yield from _operands(part)
