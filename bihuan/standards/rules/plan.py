"""A scorecard made ready to score: whole-number shares for every leaf, so that sums are exact on every engine.

A leaf is what one verdict decides: a check's portion of an item, or the whole item where people score it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Literal

from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.edition import Dimension, Item, Scorecard

Judge = Literal["machine", "people"]
WHOLE = 100


@dataclass(frozen=True)
class Leaf:
    """What one verdict decides: `key` is a check or, where people answer, the item; `points` of the form."""

    key: str
    item: Item
    dimension: int
    points: Fraction
    units: int


@dataclass(frozen=True)
class Plan:
    """`weights[d]` is the percent of dimension d after raising (X5), `parts` the same as whole numbers; `scale[d]` units
    make one of its points, `totals[d]` all of them. `floor` is the least coverage as a ratio, `deductions` milli-points.
    """

    card: Scorecard
    leaves: tuple[Leaf, ...]
    weights: tuple[Fraction, ...]
    parts: tuple[int, ...]
    scale: tuple[int, ...]
    totals: tuple[int, ...]
    floor: tuple[int, int]
    deductions: tuple[int, ...]


@lru_cache(maxsize=64)
def plan_of(card: Scorecard, judge: Judge = "machine") -> Plan:
    """The plan for machine verdicts (by check) or a person's answers (by item)."""
    shares = item_weights(card)
    leaves: list[Leaf] = []
    scale = []
    for at, dimension in enumerate(card.dimensions):
        points = _points(dimension, shares)
        portions = [portion for item in dimension.items for portion in _portions(item, points[item.id], judge)]
        units = lcm(*(portion.denominator for _, _, portion in portions))
        leaves += [Leaf(key, item, at, portion, int(portion * units)) for key, item, portion in portions]
        scale.append(units)
    weights = [sum((shares[item.id] for item in d.items), Fraction(0)) for d in card.dimensions]
    whole = lcm(*(weight.denominator for weight in weights))
    floor = Fraction(card.coverage_floor.share) if card.coverage_floor else Fraction(0)
    return Plan(
        card=card,
        leaves=tuple(leaves),
        weights=tuple(weights),
        parts=tuple(int(weight * whole) for weight in weights),
        scale=tuple(scale),
        totals=tuple(sum(leaf.units for leaf in leaves if leaf.dimension == at) for at in range(len(scale))),
        floor=(floor.numerator, floor.denominator),
        deductions=tuple(int(entry.points.value * MILLI) for entry in card.deductions),
    )


def item_weights(card: Scorecard) -> Mapping[str, Fraction]:
    """Percent of the whole each item decides. A raised item (S3-8) takes what it is given, even past its dimension,
    and all others shrink in proportion so that the sum stays what it was (X5)."""
    own = {
        item.id: Fraction(dimension.weight.value) * Fraction(item.points.value) / Fraction(dimension.points)
        for dimension in card.dimensions
        for item in dimension.items
    }
    raised = {entry.item: Fraction(entry.weight.value) for entry in card.raises}
    if not raised:
        return own
    rest = sum((share for item, share in own.items() if item not in raised), Fraction(0))
    left = sum(own.values(), Fraction(0)) - sum(raised.values(), Fraction(0))
    return {item: raised.get(item, share * left / rest if rest else Fraction(0)) for item, share in own.items()}


def _points(dimension: Dimension, shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Points of each item; raising moves points inside the dimension and leaves their sum alone."""
    weight = sum((shares[item.id] for item in dimension.items), Fraction(0))
    return {
        item.id: shares[item.id] / weight * Fraction(dimension.points) if weight else Fraction(0)
        for item in dimension.items
    }


def _portions(item: Item, points: Fraction, judge: Judge) -> list[tuple[str, Item, Fraction]]:
    if judge == "people" or not item.feeds:
        return [(item.id, item, points)]
    shares = [Fraction(feed.share.value if feed.share else Decimal(1)) for feed in item.feeds]
    return [(feed.check, item, points * share / sum(shares)) for feed, share in zip(item.feeds, shares, strict=True)]
