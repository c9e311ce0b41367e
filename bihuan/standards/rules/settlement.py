"""From sums of a form to its score: the one place where a division happens, in whole numbers, half up.

The tree of one contact and the columns of millions both end here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.plan import WHOLE, Plan

Ratio = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sums:
    """Units of each dimension: earned, judged (met or violated), and not applicable; and which checks were violated."""

    earned: tuple[int, ...]
    judged: tuple[int, ...]
    not_applicable: tuple[int, ...]
    fatal: tuple[bool, ...] = ()
    deducted: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """Milli-points; None where nothing could be judged. `insufficient`: coverage is below the edition's floor."""

    score_milli: int | None
    unfailed_milli: int | None
    coverage_milli: int
    fatal: bool
    insufficient: bool


def settle(plan: Plan, sums: Sums) -> Settled:
    """The score of a form. A fatal violation holds whatever the coverage; a thin form without one has no score."""
    earned, judged, applicable = effective_units(plan, sums)
    covered = _weighted(plan.parts, judged, applicable)
    insufficient = covered is None or covered[0] * plan.floor[1] < plan.floor[0] * covered[1]
    unfailed = _score(plan, earned, judged, sums)
    score = None if insufficient else unfailed
    if any(sums.fatal):
        score = _failed_score(plan, earned, judged, sums)
    return Settled(score, unfailed, _milli(covered) if covered else 0, any(sums.fatal), insufficient)


def effective_units(plan: Plan, sums: Sums) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Earned, judged and applicable units after the N/A method: left out of both sides, or counted as full."""
    if plan.card.na == "full":
        earned = [e + n for e, n in zip(sums.earned, sums.not_applicable, strict=True)]
        return earned, [j + n for j, n in zip(sums.judged, sums.not_applicable, strict=True)], plan.totals
    applicable = [t - n for t, n in zip(plan.totals, sums.not_applicable, strict=True)]
    return sums.earned, sums.judged, applicable


def milli(value: Fraction) -> int:
    """In thousandths, half up."""
    return _rounded(value.numerator * MILLI, value.denominator)


def _rounded(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def _milli(ratio: Ratio) -> int:
    return _rounded(ratio[0] * WHOLE * MILLI, ratio[1])


def _failed_score(plan: Plan, earned: Sequence[int], judged: Sequence[int], sums: Sums) -> int | None:
    zeroed = {entry.zeroes for entry, violated in zip(plan.card.fatal, sums.fatal, strict=True) if violated}
    if "form" in zeroed:
        return 0
    standing = [0 if d.id in zeroed else e for d, e in zip(plan.card.dimensions, earned, strict=True)]
    return _score(plan, standing, judged, sums)


def _score(plan: Plan, earned: Sequence[int], judged: Sequence[int], sums: Sums) -> int | None:
    whole = _raw(plan, earned) if plan.card.method == "raw_points" else _weighted(plan.parts, earned, judged)
    if whole is None:
        return None
    taken = sum(points for points, violated in zip(plan.deductions, sums.deducted, strict=True) if violated)
    return max(0, _milli(whole) - taken)


def _raw(plan: Plan, earned: Sequence[int]) -> Ratio:
    """The literal reading: points times weight, added up, never brought to a share of what was possible (X3)."""
    shares = (Fraction(e, s) * w for w, e, s in zip(plan.weights, earned, plan.scale, strict=True))
    total = sum(shares, Fraction(0)) / WHOLE**2
    return total.numerator, total.denominator


def _weighted(parts: Sequence[int], above: Sequence[int], below: Sequence[int]) -> Ratio | None:
    """Weighted mean of above ÷ below over the dimensions that have anything below the line; None where none has.

    A bare pair of whole numbers: this runs once per distinct form of a record, and reducing fractions would take
    most of the time.
    """
    having = [(w, a, b) for w, a, b in zip(parts, above, below, strict=True) if b]
    if not having:
        return None
    common = prod(b for _, _, b in having)
    return sum(w * a * (common // b) for w, a, b in having), sum(w for w, _, _ in having) * common
