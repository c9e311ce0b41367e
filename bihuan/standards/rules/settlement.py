"""From sums of a form to its score: the one place where a division happens, in whole numbers, half up.

The tree of one contact and the columns of millions both end here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.plan import WHOLE, Plan


@dataclass(frozen=True)
class Sums:
    """Units of each dimension: earned, judged (met or violated), and not applicable; and which checks were violated."""

    earned: tuple[int, ...]
    judged: tuple[int, ...]
    not_applicable: tuple[int, ...]
    fatal: tuple[bool, ...] = ()
    deducted: tuple[bool, ...] = ()


@dataclass(frozen=True)
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
    covered = _weighted(plan.weights, judged, applicable)
    coverage = milli(covered * WHOLE) if covered is not None else 0
    floor = plan.card.coverage_floor
    insufficient = covered is None or (floor is not None and covered < Fraction(floor.share))
    hit = [entry.zeroes for entry, violated in zip(plan.card.fatal, sums.fatal, strict=True) if violated]
    unfailed = _score(plan, earned, judged, sums)
    standing = [0 if dimension.id in hit else e for dimension, e in zip(plan.card.dimensions, earned, strict=True)]
    score = 0 if "form" in hit else _score(plan, standing, judged, sums)
    return Settled(
        score_milli=None if insufficient and not hit else score,
        unfailed_milli=unfailed,
        coverage_milli=coverage,
        fatal=bool(hit),
        insufficient=insufficient,
    )


def effective_units(plan: Plan, sums: Sums) -> tuple[list[int], list[int], list[int]]:
    """Earned, judged and applicable units after the N/A method: left out of both sides, or counted as full."""
    totals = [plan.total_units(at) for at in range(len(plan.weights))]
    if plan.card.na == "full":
        earned = [e + n for e, n in zip(sums.earned, sums.not_applicable, strict=True)]
        return earned, [j + n for j, n in zip(sums.judged, sums.not_applicable, strict=True)], totals
    applicable = [t - n for t, n in zip(totals, sums.not_applicable, strict=True)]
    return list(sums.earned), list(sums.judged), applicable


def milli(value: Fraction) -> int:
    """A thousandth as unit, half up."""
    return (2 * value.numerator * MILLI + value.denominator) // (2 * value.denominator)


def deduction_milli(plan: Plan, sums: Sums) -> int:
    """Milli-points all violated deductions take off together."""
    pairs = zip(plan.card.deductions, sums.deducted, strict=True)
    return sum(milli(Fraction(entry.points.value)) for entry, violated in pairs if violated)


def _score(plan: Plan, earned: Sequence[int], judged: Sequence[int], sums: Sums) -> int | None:
    if plan.card.method == "raw_points":
        share = sum(
            (w / WHOLE * Fraction(e, s) for w, e, s in zip(plan.weights, earned, plan.scale, strict=True)), Fraction(0)
        )
        whole: Fraction | None = share
    else:
        share_of_weights = _weighted(plan.weights, earned, judged)
        whole = share_of_weights * WHOLE if share_of_weights is not None else None
    return None if whole is None else max(0, milli(whole) - deduction_milli(plan, sums))


def _weighted(weights: Sequence[Fraction], above: Sequence[int], below: Sequence[int]) -> Fraction | None:
    """Weighted mean of above ÷ below over the dimensions that have anything below the line; None where none has."""
    having = [(w, a, b) for w, a, b in zip(weights, above, below, strict=True) if b]
    whole = sum((w for w, _, _ in having), Fraction(0))
    return sum((w * a / b for w, a, b in having), Fraction(0)) / whole if whole else None
