"""What a scheme's terms really weigh: computed from the ranges in which their inputs move, not asserted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bihuan.standards.rules.edition import Input, Scheme, Term
from bihuan.standards.rules.plan import WHOLE
from bihuan.standards.rules.schemes import is_literal, points_of


@dataclass(frozen=True)
class Reach:
    """How far a term can move the total: `declared` and `effective` weight in percent, `points` of the total.

    `points` is None where an input has no range to compute with.
    """

    term: str
    declared: Decimal
    points: Fraction | None
    effective: Fraction | None


def reaches(scheme: Scheme, inputs: Mapping[str, Input]) -> list[Reach]:
    """The reach of each term, in order: points of the total between the low and the high end of its inputs."""
    whole = sum((Fraction(term.weight.value) for term in scheme.terms), Fraction(0))
    moved = [_moved(term, inputs) for term in scheme.terms]
    below = Fraction(WHOLE) if is_literal(scheme) else whole
    points = [
        None if m is None else m * Fraction(t.weight.value) / below for t, m in zip(scheme.terms, moved, strict=True)
    ]
    known = sum((p for p in points if p is not None), Fraction(0))
    return [
        Reach(term.id, term.weight.value, p, None if p is None or not known else p / known * WHOLE)
        for term, p in zip(scheme.terms, points, strict=True)
    ]


def _moved(term: Term, inputs: Mapping[str, Input]) -> Fraction | None:
    """Points between the ends of a term's range; of parts, their weighted mean."""
    if term.parts:
        moved = [_moved(part, inputs) for part in term.parts]
        if any(m is None for m in moved):
            return None
        weights = [Fraction(part.weight.value) for part in term.parts]
        return sum((w * m for w, m in zip(weights, moved, strict=True) if m is not None), Fraction(0)) / sum(weights)
    found = inputs.get(term.input or "")
    if found is None or found.low is None or found.high is None:
        return None
    return abs(Fraction(points_of(term.scale, found.high.share)) - Fraction(points_of(term.scale, found.low.share)))
