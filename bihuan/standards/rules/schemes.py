"""Appraisal totals: typed terms, all on 0-100, with what is missing left out on both sides and said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.edition import Scale, Scheme, Term
from bihuan.standards.rules.plan import WHOLE
from bihuan.standards.rules.settlement import milli
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import NOT_APPLICABLE

INSUFFICIENT: Final = "insufficient"
NO_INPUT: Final = "no_input"


@dataclass(frozen=True)
class TermInput:
    """What a term takes: `value` in points on 0-100 (None: there is none, `reason` says why), made from `n` records.

    `coverage` (0-100) is the share of those records that could be judged. `raw` is the figure before it became points.
    """

    value: Decimal | None
    n: int | None = None
    coverage: Decimal | None = None
    reason: str = ""
    raw: Decimal | None = None


def points_of(scale: Scale, raw: Decimal) -> Decimal:
    """A figure in points on 0-100. Shares come as 0-1. The literal `raw` and `raw_complement` stay unscaled (X4)."""
    if scale.kind == "share":
        return raw * WHOLE
    if scale.kind == "complement":
        return min(Decimal(WHOLE), max(Decimal(0), (1 - raw) * WHOLE))  # more complaints than contacts earn nothing
    if scale.kind == "raw_complement":
        return 1 - raw
    if scale.kind == "linear" and scale.zero_at and scale.full_at:
        zero, full = scale.zero_at.share, scale.full_at.share
        return min(Decimal(WHOLE), max(Decimal(0), (raw - zero) / (full - zero) * WHOLE))
    return raw


def term_input(
    term: Term, raw: Decimal | None, *, n: int | None = None, coverage: Decimal | None = None, reason: str = ""
) -> TermInput:
    """The input of a term (or part) from the figure in its own unit: points 0-100, shares 0-1, NPS -100 to 100."""
    value = None if raw is None else points_of(term.scale, raw)
    return TermInput(value, n, coverage, reason, raw)


def inputs_of(scheme: Scheme) -> dict[str, Term]:
    """Every term or part that takes an input, by its id: the keys `total` expects."""
    return {leaf.id: leaf for term in scheme.terms for leaf in (term.parts or (term,))}


def is_literal(scheme: Scheme) -> bool:
    """Does the scheme add figures in their own units, as the text has it (X4)? Then nothing can be redistributed."""
    return any(leaf.scale.kind.startswith("raw") for leaf in inputs_of(scheme).values())


def total(scheme: Scheme, inputs: Mapping[str, TermInput]) -> ScoreNode:
    """The total of a scheme as a tree: total > terms > parts. Total = Σ(points × weight) ÷ Σ(weights that have points).

    `inputs` is by term id, or part id where a term has parts. A term without input leaves both sides and lowers
    coverage by its weight; below the scheme's floor the total has no value and reads `insufficient`.
    """
    valued = [_valued(term, inputs) for term in scheme.terms]
    whole = _whole(scheme, valued)
    result = _sum(scheme, valued, whole)
    coverage = _coverage(valued)
    floor = scheme.coverage_floor
    thin = result is None or (floor is not None and coverage < Fraction(floor.value))
    return ScoreNode(
        "total",
        scheme.id,
        scheme.label,
        weight=Decimal(WHOLE),
        value=None if thin or result is None else _points(result),
        unfailed=None if result is None else _points(result),
        verdict=INSUFFICIENT if thin else None,
        reason="below_coverage_floor" if thin else "",
        source=scheme.source,
        place=scheme.place,
        coverage=_points(coverage),
        children=tuple(_node(one, whole) for one in valued),
    )


@dataclass(frozen=True)
class _Valued:
    term: Term
    weight: Fraction
    value: Fraction | None
    coverage: Fraction
    given: TermInput | None
    parts: tuple[_Valued, ...] = ()


def _valued(term: Term, inputs: Mapping[str, TermInput]) -> _Valued:
    if term.parts:
        return _of_parts(term, [_valued(part, inputs) for part in term.parts])
    given = inputs.get(term.id, TermInput(None, reason=NO_INPUT))
    if given.value is None:
        return _Valued(term, Fraction(term.weight.value), None, Fraction(0), given)
    coverage = Fraction(WHOLE) if given.coverage is None else Fraction(given.coverage)
    return _Valued(term, Fraction(term.weight.value), Fraction(given.value), coverage, given)


def _of_parts(term: Term, parts: Sequence[_Valued]) -> _Valued:
    having = [part for part in parts if part.value is not None]
    below = sum((part.weight for part in having), Fraction(0))
    above = sum((part.weight * part.value for part in having if part.value is not None), Fraction(0))
    value = above / below if below else None
    return _Valued(term, Fraction(term.weight.value), value, _coverage(parts), None, tuple(parts))


def _whole(scheme: Scheme, valued: Sequence[_Valued]) -> Fraction:
    """The weight the terms share: what has a value, or everything where the method does not redistribute."""
    if scheme.na == "full" or is_literal(scheme):
        return sum((one.weight for one in valued), Fraction(0))
    return sum((one.weight for one in valued if one.value is not None), Fraction(0))


def _sum(scheme: Scheme, valued: Sequence[_Valued], whole: Fraction) -> Fraction | None:
    if not whole or (is_literal(scheme) and any(one.value is None for one in valued)):
        return None
    if all(one.value is None for one in valued):
        return None
    missing = Fraction(WHOLE) if scheme.na == "full" else Fraction(0)
    return sum((one.weight * (missing if one.value is None else one.value) for one in valued), Fraction(0)) / whole


def _coverage(valued: Sequence[_Valued]) -> Fraction:
    whole = sum((one.weight for one in valued), Fraction(0))
    return sum((one.weight * one.coverage for one in valued), Fraction(0)) / whole


def _node(one: _Valued, whole: Fraction) -> ScoreNode:
    term, given = one.term, one.given
    share = one.weight / whole if whole and one.value is not None else Fraction(0)
    inner = sum((part.weight for part in one.parts if part.value is not None), Fraction(0))
    return ScoreNode(
        "term",
        term.id,
        term.label,
        weight=_points(share * WHOLE),
        value=None if one.value is None else _points(one.value),
        contribution=None if one.value is None else _points(share * one.value),
        verdict=NOT_APPLICABLE if one.value is None else None,
        reason=given.reason if given else "",
        source=term.weight.source,
        place=term.place,
        n=given.n if given else None,
        coverage=_points(one.coverage),
        children=tuple(_node(part, inner / share if share else Fraction(0)) for part in one.parts),
    )


def _points(value: Fraction) -> Decimal:
    return Decimal(milli(value)) / MILLI
