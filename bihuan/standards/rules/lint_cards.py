"""What can be doubtful about a scorecard (X3, X5, X6, X7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final

from bihuan.standards.rules.calling import DEDUCTED, Named, Several, check_named, part_named, severity_named
from bihuan.standards.rules.edition import Dimension, Edition, Scorecard
from bihuan.standards.rules.findings import Finding, figure, found
from bihuan.standards.rules.plan import WHOLE, item_weights, plan_of


def raw_points(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """X3: points times weight, without bringing the dimension to 100, can never reach 100."""
    if card.method != "raw_points":
        return
    pairs = zip(plan_of(card).weights, card.dimensions, strict=True)
    best = sum((weight * Fraction(dimension.points) for weight, dimension in pairs), Fraction(0)) / WHOLE
    points = " / ".join(f"{dimension.points.normalize():f}" for dimension in card.dimensions)
    yield found("X3.raw_points", card.place, best=figure(best), whole=WHOLE, points=points)


def weights_total(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """Dimension weights are percent of one whole; so are raised items (X5)."""
    total = sum((dimension.weight.value for dimension in card.dimensions), Decimal(0))
    if total != WHOLE:
        yield found("totals.weights", card.place, total=total, whole=WHOLE)
    if any(weight < 0 for weight in item_weights(card).values()):
        yield found("X5.too_high", card.place, whole=WHOLE)


def item_past_dimension(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """X5: an item may grow past its dimension only where the dimension grows with it."""
    for dimension in card.dimensions:
        for item in dimension.items:
            limit = item.adjustable_to
            if limit is not None and limit.value > dimension.weight.value:
                values = {"item": limit.value, "dimension": dimension.weight.value}
                yield found("X5.item_past_dimension", limit.place, **values)


def rate_per_contact(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """X6: a single contact has no positive rate, complaint rate or NPS."""
    for dimension in card.dimensions:
        rates = tuple(Named(item.metric, item.label) for item in dimension.items if item.metric)
        if rates and dimension.per == "contact":
            yield found("X6.rate_per_contact", dimension.place, rates=Several(rates))


def check_twice(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """X7: a check bears on a total once; within a dimension it may share out its points."""
    for one, other in combinations(card.dimensions, 2):
        for check in sorted(_checks_of(one) & _checks_of(other)):
            yield found(
                "X7.check_twice",
                other.place,
                check=check_named(edition, check),
                one=part_named(one),
                other=part_named(other),
            )
    for entry in card.deductions:
        for dimension in card.dimensions:
            if entry.check in _checks_of(dimension):
                yield found(
                    "X7.check_twice",
                    entry.place,
                    check=check_named(edition, entry.check),
                    one=part_named(dimension),
                    other=DEDUCTED,
                )


def fatal_severity(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """What zeroes a score is called fatal, and what is called fatal zeroes."""
    fatal = {entry.check for entry in card.fatal}
    for entry in card.fatal:
        severity = edition.checks[entry.check].severity
        if severity != "fatal":
            yield found(
                "severity.zeroes",
                entry.place,
                check=check_named(edition, entry.check),
                severity=severity_named(severity),
            )
    for setting in edition.checks.values():
        if setting.severity == "fatal" and setting.id not in fatal:
            yield found("severity.unheeded", setting.place, check=check_named(edition, setting.id))


def counted_as_said(edition: Edition, card: Scorecard) -> Iterator[Finding]:
    """`counts` of a check says what the scorecard does with it."""
    used = {entry.check for entry in card.fatal} | {entry.check for entry in card.deductions}
    used |= {check for dimension in card.dimensions for check in _checks_of(dimension)}
    for setting in edition.checks.values():
        if setting.counts and setting.id not in used:
            yield found("checks.idle", setting.place, check=check_named(edition, setting.id))
        if not setting.counts and setting.id in used:
            yield found("checks.counts", setting.place, check=check_named(edition, setting.id))


OF_CARD: Final[tuple[Callable[[Edition, Scorecard], Iterator[Finding]], ...]] = (
    raw_points,
    weights_total,
    item_past_dimension,
    rate_per_contact,
    check_twice,
    fatal_severity,
    counted_as_said,
)


def _checks_of(dimension: Dimension) -> set[str]:
    return {feed.check for item in dimension.items for feed in item.feeds}
