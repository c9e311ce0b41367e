"""What an edition of a standard says, as frozen values: no database, no files, no clock.

Every number is a `Number` that carries its unit, the rule it comes from and its place in the document, so that a
figure on a page can always be traced to the sentence that demanded it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from bihuan.kit.clock import DAY, HOUR, MINUTE, SECOND

HOUSE: Final = "house"
MICROS_OF_UNIT: Final[Mapping[str, int]] = MappingProxyType({"s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY})
PERCENT: Final = "%"


def _empty() -> Mapping[str, Number]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Label:
    """What a thing is called in both languages."""

    zh: str = ""
    en: str = ""

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def said(self, language: str) -> str:
        """The words in `zh…`, else in English."""
        return self.zh if language.startswith("zh") else self.en


UNNAMED: Final = Label()


@dataclass(frozen=True)
class Number:
    """A figure of an edition. `source` is a rule id such as `S3-10`, or `house`, which then has a `why`."""

    value: Decimal
    unit: str = ""
    source: str = ""
    why: Label = UNNAMED
    place: str = ""

    @property
    def micros(self) -> int:
        """The duration in whole microseconds; a unit that is no duration is a programming error."""
        return int(self.value * MICROS_OF_UNIT[self.unit])

    @property
    def seconds(self) -> Decimal:
        return Decimal(self.micros) / SECOND

    @property
    def share(self) -> Decimal:
        """A percentage as a share between 0 and 1; a number without a unit as it stands."""
        return self.value / 100 if self.unit == PERCENT else self.value

    @property
    def whole(self) -> int:
        return int(self.value)


@dataclass(frozen=True)
class AppliesTo:
    """The part of the department an edition is for; an empty field means every one. A contact is of the part where its
    channel, its business line and the team of who served it last are (`rules.applying`)."""

    business_line: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()

    @property
    def is_everybody(self) -> bool:
        return not (self.business_line or self.team or self.channel)

    def covers(self, other: AppliesTo) -> bool:
        """Is everything of the other part in this one?"""
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return all(not mine or (bool(theirs) and set(theirs) <= set(mine)) for mine, theirs in pairs)

    def meet(self, other: AppliesTo) -> AppliesTo | None:
        """What is of both parts; None where nothing can be."""
        met = {}
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            met[one.name] = tuple(name for name in mine if name in theirs) if mine and theirs else mine or theirs
            if mine and theirs and not met[one.name]:
                return None
        return AppliesTo(**met)


@dataclass(frozen=True)
class Target:
    """A limit for a metric within a scope (X1). `at_most` says which side is met; the limit itself is met."""

    metric: str
    at_most: bool
    limit: Number
    channel: str | None = None
    level: str | None = None
    context: str = "live"
    label: Label = UNNAMED
    place: str = ""

    @property
    def source(self) -> str:
        return self.limit.source

    def is_met_by(self, value: Decimal | int) -> bool:
        """`value` in the unit of the limit."""
        return value <= self.limit.value if self.at_most else value >= self.limit.value

    def is_met_by_micros(self, micros: int) -> bool:
        return micros <= self.limit.micros if self.at_most else micros >= self.limit.micros


@dataclass(frozen=True)
class CheckSetting:
    """How an edition uses a check: `counts` says whether any score takes notice of it, `why` gives a reason where it says one.

    `params` are its thresholds as plain values, times in microseconds and percentages as shares between 0 and 1; the
    same as written, with unit and source, are in `numbers`.
    """

    id: str
    severity: str
    source: str
    counts: bool = True
    numbers: Mapping[str, Number] = field(default_factory=_empty)
    label: Label = UNNAMED
    why: Label = UNNAMED
    definition: Mapping[str, Any] | None = None  # what an edition's own check looks for; None for a shipped check
    place: str = ""

    @property
    def params(self) -> Mapping[str, int | Decimal]:
        return MappingProxyType({name: _plain(number) for name, number in self.numbers.items()})


def _plain(number: Number) -> int | Decimal:
    value = Decimal(number.micros) if number.unit in MICROS_OF_UNIT else number.share
    return int(value) if value == value.to_integral_value() else value


@dataclass(frozen=True)
class Feed:
    """A check that feeds an item. `share` is its portion of the item's points; None shares equally."""

    check: str
    share: Number | None = None


@dataclass(frozen=True)
class Item:
    """A line of a scorecard. Without feeds people score it; `metric` names a rate that a period has (X6)."""

    id: str
    label: Label
    points: Number
    feeds: tuple[Feed, ...] = ()
    metric: str | None = None
    adjustable_to: Number | None = None
    place: str = ""


@dataclass(frozen=True)
class Dimension:
    """A group of items with a weight in percent. `per` is `contact` or `period` (joins at period end, X6)."""

    id: str
    label: Label
    weight: Number
    items: tuple[Item, ...]
    per: str = "contact"
    place: str = ""

    @property
    def points(self) -> Decimal:
        return sum((item.points.value for item in self.items), Decimal(0))


@dataclass(frozen=True)
class Fatal:
    """A check whose violation zeroes the whole form (`form`) or one dimension (its id)."""

    check: str
    zeroes: str
    source: str
    why: Label = UNNAMED
    place: str = ""


@dataclass(frozen=True)
class Deduction:
    """A check whose violation takes points off the total of 100."""

    check: str
    points: Number
    place: str = ""


@dataclass(frozen=True)
class Raise:
    """An item whose weight in the whole is set by name, past its dimension if need be (S3-8, X5)."""

    item: str
    weight: Number
    place: str = ""


@dataclass(frozen=True)
class Asked:
    """A question that people answer beside the scorecard: its share is told, and no score takes notice of it."""

    id: str
    label: Label
    source: str
    place: str = ""


@dataclass(frozen=True)
class Scorecard:
    """How a contact is scored. `method` is `share_of_applicable` (X3) or the literal `raw_points`."""

    id: str
    label: Label
    method: str
    na: str
    dimensions: tuple[Dimension, ...]
    coverage_floor: Number | None = None
    fatal: tuple[Fatal, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    raises: tuple[Raise, ...] = ()
    asks: tuple[Asked, ...] = ()
    source: str = ""
    place: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for dimension in self.dimensions for item in dimension.items)


@dataclass(frozen=True)
class Scale:
    """How a figure becomes points: `points`, `share`, `complement`, `linear`; literally `raw`, `raw_complement`."""

    kind: str
    zero_at: Number | None = None
    full_at: Number | None = None


@dataclass(frozen=True)
class Term:
    """A term of a scheme: either one input, or parts that share the term's weight."""

    id: str
    label: Label
    weight: Number
    input: str | None = None
    scale: Scale = Scale("points")
    parts: tuple[Term, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Accepted:
    """A finding of the linter that the author has seen and keeps, with a reason."""

    code: str
    why: Label


@dataclass(frozen=True)
class Scheme:
    """An appraisal total. `layer` is `service_quality` or `staff_appraisal` (X7), empty where a text does not say."""

    id: str
    label: Label
    cycle: str
    terms: tuple[Term, ...]
    layer: str = ""
    na: str = "redistribute"
    coverage_floor: Number | None = None
    accepts: tuple[Accepted, ...] = ()
    source: str = ""
    place: str = ""


@dataclass(frozen=True)
class Input:
    """A figure that schemes and items may take: the facts it is made of, and the range seen in practice."""

    id: str
    label: Label
    unit: str
    facts: tuple[str, ...]
    low: Number | None = None
    high: Number | None = None
    place: str = ""


@dataclass(frozen=True)
class Calendar:
    """The zone whose days are reported, the hour at which a business day begins, and which days are working days.

    `working_week` is a weekday or a span of them (`mon-fri`); `country` (ISO 3166) names whose holidays are free, empty
    for none. Deadlines in working days go by both.
    """

    zone: ZoneInfo
    cutover_hour: int
    working_week: str = "mon-fri"
    country: str = ""


@dataclass(frozen=True)
class Edition:
    """One edition of a standard. `hash` is the SHA-256 of its canonical content (64 hex digits)."""

    id: str
    version: str
    title: Label
    hash: str
    calendar: Calendar
    applies_to: AppliesTo = AppliesTo()
    effective_from: date | None = None
    author: str = ""
    approver: str = ""
    about: Label = UNNAMED
    rounding: Mapping[str, Number] = field(default_factory=_empty)
    targets: tuple[Target, ...] = ()
    checks: Mapping[str, CheckSetting] = field(default_factory=lambda: MappingProxyType({}))
    scorecards: Mapping[str, Scorecard] = field(default_factory=lambda: MappingProxyType({}))
    schemes: Mapping[str, Scheme] = field(default_factory=lambda: MappingProxyType({}))
    inputs: Mapping[str, Input] = field(default_factory=lambda: MappingProxyType({}))
    sections: Mapping[str, Mapping[str, Number]] = field(default_factory=lambda: MappingProxyType({}))
    document: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False, compare=False)

    def target(
        self, metric: str, *, channel: str | None = None, level: str | None = None, context: str = "live"
    ) -> Target | None:
        """The most specific target for this case (X1): channel outranks level; None where the edition sets none.

        A target without a channel or level is for all of them; a context must match exactly, with `live` behind it.
        """
        fitting = [t for t in self.targets if t.metric == metric and _fits(t, channel, level, context)]
        return max(fitting, key=lambda t: _specificity(t, context), default=None)

    def number(self, path: str) -> Number | None:
        """The number at `section.name`, such as `ranking.least_contacts`; None where the edition is silent."""
        section, _, name = path.partition(".")
        return self.sections.get(section, {}).get(name)

    def section(self, name: str) -> Mapping[str, Number]:
        """All numbers of a section; empty where the edition is silent."""
        return self.sections.get(name, MappingProxyType({}))

    @property
    def sampling(self) -> Mapping[str, Number]:
        return self.section("sampling")

    @property
    def metric_parameters(self) -> Mapping[str, Number]:
        return self.section("metrics")

    def decimals(self, kind: str) -> int:
        """Decimals to print a kind of figure with (`score`, `share`, …)."""
        return self.rounding[kind].whole

    def scorecard(self, name: str | None = None) -> Scorecard:
        """The named scorecard, or the first one, which is the edition's own."""
        return self.scorecards[name] if name else next(iter(self.scorecards.values()))


def _fits(target: Target, channel: str | None, level: str | None, context: str) -> bool:
    return target.channel in (None, channel) and target.level in (None, level) and target.context in ("live", context)


def _specificity(target: Target, context: str) -> tuple[bool, bool, bool]:
    return (target.context == context, target.channel is not None, target.level is not None)
