"""What can be doubtful about an appraisal total (X4, X7, X8, X9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final

from bihuan.standards.rules.calling import SCALES, UNITS, facts_named, input_named, part_named, word_named
from bihuan.standards.rules.edition import Edition, Scheme, Term
from bihuan.standards.rules.findings import Finding, figure, found
from bihuan.standards.rules.plan import WHOLE
from bihuan.standards.rules.reach import reaches
from bihuan.standards.rules.schemes import inputs_of

HARDLY: Final = Fraction(1, 2)  # a term that moves the total by less than half its weight does not do what it says
CONTACT_SCORES: Final = "contact_verdicts"
SCALES_OF_UNIT: Final = {
    "points": {"points", "raw"},
    "share": {"share", "complement", "linear"},
    "nps": {"linear"},
    "mean": {"linear"},
}
VAGUE: Final = {"满意度", "客户满意度", "satisfaction", "customer satisfaction"}


def term_totals(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """Term weights are percent of one whole."""
    total = sum((term.weight.value for term in scheme.terms), Decimal(0))
    if total != WHOLE:
        yield found("totals.weights", scheme.place, total=total, whole=WHOLE)


def term_units(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """X4: what is added up must be in one unit."""
    for term in inputs_of(scheme).values():
        unit = edition.inputs[str(term.input)].unit
        if term.scale.kind not in SCALES_OF_UNIT[unit]:
            values = {"unit": word_named(UNITS, unit), "scale": word_named(SCALES, term.scale.kind)}
            yield found("X4.units", term.place, input=input_named(edition, str(term.input)), **values)


def term_reach(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """X4: a term that hardly moves leaves its weight to the others."""
    for reach in reaches(scheme, edition.inputs):
        if reach.points is None or reach.effective is None:
            continue
        if reach.effective < Fraction(reach.declared) * HARDLY:
            values = {"points": figure(reach.points), "effective": figure(reach.effective), "declared": reach.declared}
            yield found("X4.reach", f"{scheme.place}.terms.{reach.term}", **values)


def facts_twice(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """X4, X7: one fact enters a total once. The daily score brings along what its scorecard counts per contact."""
    for one, other in combinations(inputs_of(scheme).values(), 2):
        shared = sorted(_facts(edition, one) & _facts(edition, other))
        if shared:
            yield found(
                "X4.counted_twice", other.place, one=part_named(one), other=part_named(other), facts=facts_named(shared)
            )
        for name in sorted(_inputs(edition, one) & _inputs(edition, other)):
            yield found(
                "X7.input_twice",
                other.place,
                input=input_named(edition, name),
                one=part_named(one),
                other=part_named(other),
            )


def layer_unsaid(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """X7: two totals for the same person compete unless each says which of the two layers it is."""
    if not scheme.layer:
        yield found("X7.layer", scheme.place)


def misleading_labels(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """X8, X9: a term must not carry the name of another figure, nor one that could be several."""
    names = {given.label.zh: given.id for given in edition.inputs.values()}
    for term in inputs_of(scheme).values():
        named = names.get(term.label.zh)
        if named not in (None, term.input):
            values = {"named": input_named(edition, str(named)), "input": input_named(edition, str(term.input))}
            yield found("X8.label", term.place, label=part_named(term), **values)
        if {term.label.zh, term.label.en.casefold()} & VAGUE:
            yield found("X9.vague", term.place, label=part_named(term))


def parts_unsplit(edition: Edition, scheme: Scheme) -> Iterator[Finding]:
    """A text that names the parts of a term but no split leaves a decision to the reader."""
    for term in scheme.terms:
        if any(not part.weight.source for part in term.parts):
            yield found("totals.unsplit", term.place)


OF_SCHEME: Final[tuple[Callable[[Edition, Scheme], Iterator[Finding]], ...]] = (
    term_totals,
    term_units,
    term_reach,
    facts_twice,
    layer_unsaid,
    misleading_labels,
    parts_unsplit,
)


def _inputs(edition: Edition, term: Term) -> set[str]:
    """The input of a term and, for scores of contacts, the rates their scorecard counts per contact."""
    given = edition.inputs[str(term.input)]
    return {given.id} | (set(_rates_in_contacts(edition)) if CONTACT_SCORES in given.facts else set())


def _facts(edition: Edition, term: Term) -> set[str]:
    return {fact for name in _inputs(edition, term) if name in edition.inputs for fact in edition.inputs[name].facts}


def _rates_in_contacts(edition: Edition) -> Iterator[str]:
    for card in edition.scorecards.values():
        for dimension in card.dimensions:
            if dimension.per == "contact":
                yield from (item.metric for item in dimension.items if item.metric)
