"""Everything doubtful about an edition, at once: each finding with its level, place, source and code.

The codes begin with the conflict of the sources they guard against (`X3.raw_points`); what an author has seen and
keeps stands under `accepts` with a reason and is not reported again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.applying import said_of
from bihuan.standards.rules.calling import metric_named, unit_named
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Edition, Number
from bihuan.standards.rules.findings import Finding, found
from bihuan.standards.rules.lint_cards import OF_CARD
from bihuan.standards.rules.lint_schemes import OF_SCHEME
from bihuan.standards.rules.plan import WHOLE


def lint(edition: Edition, language: str = "en") -> list[Issue]:
    """Every issue of an edition, gravest first; an empty list means that nothing is doubtful."""
    order = list(Level)
    issues = {finding.issue(language) for finding in findings(edition)}
    return sorted(issues, key=lambda issue: (order.index(issue.level), issue.place, issue.code, issue.message))


def findings(edition: Edition) -> Iterator[Finding]:
    """The findings before they are put into words."""
    for of_edition in OF_EDITION:
        yield from of_edition(edition)
    for card in edition.scorecards.values():
        for of_card in OF_CARD:
            yield from of_card(edition, card)
    for scheme in edition.schemes.values():
        accepted = {entry.code for entry in scheme.accepts}
        for of_scheme in OF_SCHEME:
            yield from (finding for finding in of_scheme(edition, scheme) if finding.code not in accepted)


def targets_agree(edition: Edition) -> Iterator[Finding]:
    """X1: targets of one metric differ by scope, never in direction or in kind of unit."""
    for one, other in combinations(edition.targets, 2):
        if one.metric != other.metric:
            continue
        if one.at_most != other.at_most:
            yield found("X1.direction", other.place, metric=metric_named(edition, one.metric))
        if _kind(one.limit.unit) != _kind(other.limit.unit):
            units = {"one": unit_named(one.limit.unit), "other": unit_named(other.limit.unit)}
            yield found("X1.units", other.place, metric=metric_named(edition, one.metric), **units)


def two_clocks(edition: Edition) -> Iterator[Finding]:
    """X2: where only queue and first response have targets, nobody answers for the customer's whole wait."""
    limited = {target.metric: target for target in reversed(edition.targets)}
    if {"first_response_time", "queue_time"} <= set(limited) and "customer_first_response_time" not in limited:
        yield found("X2.one_clock", limited["first_response_time"].place)


def for_a_part(edition: Edition) -> Iterator[Finding]:
    """What an edition for a part of the department decides, and what it does not: said to whoever writes one."""
    if not edition.applies_to.is_everybody:
        yield found("applies_to.part", "applies_to", part=said_of(edition.applies_to))


def days_of_the_record(edition: Edition) -> Iterator[Finding]:
    """The record's business days begin at midnight; an edition cannot move days that are recorded already."""
    hour = edition.calendar.cutover_hour
    if hour:
        yield found("calendar.cutover", "calendar.cutover_hour", hour=hour)


def bounds_in_order(edition: Edition) -> Iterator[Finding]:
    """A range `…_low`, `…_high` runs upwards."""
    for section in edition.sections.values():
        for name, low in section.items():
            high = section.get(f"{name.removesuffix('_low')}_high") if name.endswith("_low") else None
            if high is not None and low.value > high.value:
                yield found("totals.bounds", low.place, low=low.value, high=high.value)


def returns_are_kept(edition: Edition) -> Iterator[Finding]:
    """S2-8: the record looks for a customer's return within the repeat window; no other window may be longer."""
    terms = edition.section("metrics")
    kept = terms.get("repeat_window")
    for name in ("fcr_window", "fcr_early_window"):
        window = terms.get(name)
        if window is not None and kept is not None and window.micros > kept.micros:
            yield found("S2-8.window", window.place, window=_said(window), kept=_said(kept))


def clocks_nested(edition: Edition) -> Iterator[Finding]:
    """X11: one timeline of nested clocks, from the hand-over to the close; the hand-over's limit is told once."""
    for chain in _NESTED:
        told = [number for path in chain if (number := edition.number(path)) and _length(number)]
        for inner, outer in pairwise(told):
            if _length(inner) > _length(outer):
                yield found("X11.nested", outer.place, inner=_said(inner), outer=_said(outer))
    for level, path in (("L3", "hand_over.level_3_within"), (None, "hand_over.complex_within")):
        number, target = edition.number(path), edition.target("hand_over_time", level=level)
        if number and target and _length(number) != _length(target.limit):
            yield found("X11.two_limits", number.place, number=_said(number), target=_said(target.limit))


_NESTED: Final = (
    ("hand_over.level_3_within", "hand_over.complex_within", "complaints.classified_within",
     "complaints.first_follow_up_within", "complaints.closed_within_with_others"),
    ("complaints.closed_within", "complaints.closed_within_with_others"),
    ("follow_up.first_within", "follow_up.closed_within"),
)  # fmt: skip


def confirmations_counted(edition: Edition) -> Iterator[Finding]:
    """S4-7: the check of L2's confirmations has as many steps as the edition asks for."""
    number, setting = edition.number("levels.level_2_confirmations"), edition.checks.get(CONFIRMATIONS)
    if number is None or setting is None or setting.definition is None:
        return
    conditions = setting.definition.get("conditions", {}).values()
    steps = max((len(one["steps"]) for one in conditions if "steps" in one), default=0)
    if steps != number.value:
        yield found("S4-7.confirmations", setting.place, steps=steps, number=number.value)


CONFIRMATIONS: Final = "three_confirmations"


def exam_totals(edition: Edition) -> Iterator[Finding]:
    """S4-8: the parts of the theory exam are percent of one whole."""
    parts = edition.section("exam").values()
    total = sum((part.value for part in parts), Decimal(0))
    if parts and total != WHOLE:
        yield found("totals.weights", "numbers.exam", total=total, whole=WHOLE)


def appeals_fit(edition: Edition) -> Iterator[Finding]:
    """Appeals can be made and decided in whole working days, and a reminder comes after the appeal."""
    terms = edition.section("appeals")
    for name in ("window", "decided_within"):
        number = terms.get(name)
        if number is not None and (number.value < 1 or number.value != number.value.to_integral_value()):
            yield found("appeals.time", number.place, value=number.value)
    early, whole, floor = (terms.get(name) for name in ("remind_before", "decided_within", "precision_floor"))
    if early and whole and early.value >= whole.value:
        yield found("appeals.reminder", early.place, early=early.value, whole=whole.value)
    if floor and not 0 <= floor.value <= WHOLE:
        yield found("appeals.floor", floor.place, value=floor.value)


def trust_fits(edition: Edition) -> Iterator[Finding]:
    """A check starts in one of three standings, and counting asks for no less than assisting."""
    terms = edition.section("trust")
    for name in ("shipped_starts", "own_starts", "timed_starts"):
        number = terms.get(name)
        if number is not None and number.value not in (1, 2, 3):
            yield found("trust.start", number.place, value=number.value)
    for name in ("assisting_precision", "assisting_recall", "counting_recall"):
        number = terms.get(name)
        if number is not None and not 0 <= number.value <= WHOLE:
            yield found("trust.floor", number.place, value=number.value)
    pairs = (
        (terms.get("assisting_precision"), edition.number("appeals.precision_floor")),
        (terms.get("assisting_recall"), terms.get("counting_recall")),
    )
    for low, high in pairs:
        if low is not None and high is not None and low.value > high.value:
            yield found("trust.order", low.place, low=low.value, high=high.value)


OF_EDITION: Final[tuple[Callable[[Edition], Iterator[Finding]], ...]] = (
    targets_agree,
    two_clocks,
    for_a_part,
    days_of_the_record,
    bounds_in_order,
    returns_are_kept,
    clocks_nested,
    confirmations_counted,
    exam_totals,
    appeals_fit,
    trust_fits,
)


def _length(number: Number) -> Decimal:
    """A duration in microseconds; 0 for working days, whose length depends on the calendar."""
    return number.value * MICROS_OF_UNIT.get(number.unit, 0)


def _said(number: Number) -> str:
    return f"{number.value} {number.unit}"


def _kind(unit: str) -> str:
    return "time" if unit in MICROS_OF_UNIT else unit
