"""Everything doubtful about an edition, at once: each finding with its level, place, source and code.

The codes begin with the conflict of the sources they guard against (`X3.raw_points`); what an author has seen and
keeps stands under `accepts` with a reason and is not reported again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final

from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Dimension, Edition, Scheme, Scorecard, Term
from bihuan.standards.rules.plan import WHOLE, item_weights, plan_of
from bihuan.standards.rules.reach import Reach, reaches

HARDLY: Final = Fraction(1, 2)  # a term that moves the total by less than half its weight does not do what it says
SCALES_OF_UNIT: Final = {
    "points": {"points"},
    "share": {"share", "complement", "linear"},
    "nps": {"linear"},
    "mean": {"linear"},
}
VAGUE: Final = {"满意度", "客户满意度", "satisfaction", "customer satisfaction"}


def lint(edition: Edition) -> list[Issue]:
    """Every issue of an edition, gravest first; an empty list means that nothing is doubtful."""
    found = [issue for check in _OF_EDITION for issue in check(edition)]
    for card in edition.scorecards.values():
        found += [issue for check in _OF_CARD for issue in check(edition, card)]
    for scheme in edition.schemes.values():
        accepted = {entry.code for entry in scheme.accepts}
        found += [i for check in _OF_SCHEME for i in check(edition, scheme) if i.code not in accepted]
    order = list(Level)
    return sorted(set(found), key=lambda issue: (order.index(issue.level), issue.place, issue.code))


def error(place: str, code: str, message: str, source: str = "") -> Issue:
    """An issue that stops publication."""
    return Issue(Level.ERROR, place, message, source, code)


def warning(place: str, code: str, message: str, source: str = "") -> Issue:
    """An issue that a reader should weigh."""
    return Issue(Level.WARNING, place, message, source, code)


def raw_points(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """X3: points times weight without bringing the dimension to 100 can never reach 100."""
    if card.method != "raw_points":
        return
    plan = plan_of(card)
    best = (
        sum((w * Fraction(d.points) for w, d in zip(plan.weights, card.dimensions, strict=True)), Fraction(0)) / WHOLE
    )
    points = " / ".join(f"{dimension.points.normalize():f}" for dimension in card.dimensions)
    yield error(
        card.place,
        "X3.raw_points",
        f"Points times weight reach at most {_figure(best)} of {WHOLE}, because the dimensions have {points} points. "
        "Take the share of applicable points in each dimension, then the weight.",
        "X3",
    )


def weights_total(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """Dimension weights are percent of one whole."""
    total = sum((dimension.weight.value for dimension in card.dimensions), Decimal(0))
    if total != WHOLE:
        yield error(card.place, "totals.weights", f"The weights of the dimensions add up to {total} %, not {WHOLE} %.")
    if any(weight < 0 for weight in item_weights(card).values()):
        yield error(card.place, "X5.too_high", f"Raised items take more than {WHOLE} % together.", "X5")


def item_past_dimension(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """X5: an item may grow past its dimension only where the dimension grows with it."""
    for dimension in card.dimensions:
        for item in dimension.items:
            limit = item.adjustable_to
            if limit is not None and limit.value > dimension.weight.value:
                yield error(
                    limit.place,
                    "X5.item_past_dimension",
                    f"An item of {limit.value} % does not fit into a dimension of {dimension.weight.value} %. "
                    "Raise the item under `raises`: the dimension grows and the rest shrinks in proportion.",
                    "X5",
                )


def rate_per_contact(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """X6: a single contact has no positive rate, complaint rate or NPS."""
    for dimension in card.dimensions:
        rates = [item.metric for item in dimension.items if item.metric]
        if rates and dimension.per == "contact":
            yield error(
                dimension.place,
                "X6.rate_per_contact",
                f"{', '.join(rates)} exist only over a period; let the dimension join at its end (per: period).",
                "X6",
            )


def check_in_two_dimensions(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """X7: one input enters a total once; within a dimension it may share out its points."""
    for one, other in combinations(card.dimensions, 2):
        for check in sorted(_checks_of(one) & _checks_of(other)):
            message = f"Check '{check}' feeds both '{one.id}' and '{other.id}' and so counts twice."
            yield error(other.place, "X7.check_twice", message, "X7")


def deducted_twice(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """X7: a check that feeds an item must not take points off the total as well."""
    fed = {check for dimension in card.dimensions for check in _checks_of(dimension)}
    for entry in card.deductions:
        if entry.check in fed:
            message = f"Check '{entry.check}' feeds an item and is deducted as well."
            yield error(entry.place, "X7.check_twice", message, "X7")


def settings_of_checks(edition: Edition, card: Scorecard) -> Iterator[Issue]:
    """A check's severity and `counts` must say what the scorecard does with it."""
    fatal = {entry.check for entry in card.fatal}
    for entry in card.fatal:
        setting = edition.checks[entry.check]
        if setting.severity != "fatal":
            message = f"'{entry.check}' is {setting.severity} but zeroes a score."
            yield warning(entry.place, "severity.zeroes", message, entry.source)
    used = fatal | {e.check for e in card.deductions} | {c for d in card.dimensions for c in _checks_of(d)}
    for setting in edition.checks.values():
        if setting.severity == "fatal" and setting.id not in fatal:
            yield warning(setting.place, "severity.unheeded", "A fatal check zeroes nothing in this scorecard.")
        if setting.counts != (setting.id in used):
            said = (
                "is said to count, but no score takes notice of it"
                if setting.counts
                else "is said not to count, but does"
            )
            yield warning(setting.place, "checks.counts", f"'{setting.id}' {said}.")


def term_totals(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """Term weights are percent of one whole."""
    total = sum((term.weight.value for term in scheme.terms), Decimal(0))
    if total != WHOLE:
        yield error(scheme.place, "totals.weights", f"The weights of the terms add up to {total} %, not {WHOLE} %.")


def term_units(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """X4: what is added up must be in one unit."""
    for term in _leaves(scheme):
        unit = edition.inputs[term.input].unit if term.input else "points"
        if term.scale.kind not in SCALES_OF_UNIT[unit]:
            yield error(
                term.place,
                "X4.units",
                f"'{term.input}' is a {unit} and enters as it stands ({term.scale.kind}); "
                "a sum of different units means nothing. Bring every term to 0-100.",
                "X4",
            )


def term_reach(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """X4: a term that hardly moves leaves its weight to the others."""
    for reach in reaches(scheme, edition.inputs):
        if reach.effective is not None and reach.effective < Fraction(reach.declared) * HARDLY:
            yield warning(f"{scheme.place}.terms.{reach.term}", "X4.reach", _reach_message(reach), "X4")


def facts_twice(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """X4, X7: one fact enters a total once. The daily score brings along what its scorecard counts per contact."""
    for one, other in combinations(_leaves(scheme), 2):
        shared = sorted(_facts(edition, one) & _facts(edition, other))
        if shared:
            message = f"'{one.id}' and '{other.id}' both rest on {', '.join(shared)}; it counts twice in this total."
            yield error(other.place, "X4.counted_twice", message, "X4")
        for name in sorted(_inputs(edition, one) & _inputs(edition, other)):
            message = f"Input '{name}' enters through '{one.id}' and again through '{other.id}'."
            yield error(other.place, "X7.input_twice", message, "X7")


def layer_unsaid(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """X7: two totals for the same person compete unless each says which of the two layers it is."""
    if not scheme.layer:
        message = "Says neither service_quality nor staff_appraisal; two such totals would compete for one month."
        yield warning(scheme.place, "X7.layer", message, "X7")


def misleading_labels(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """X8, X9: a term must not carry the name of another figure, nor one that could be several."""
    names = {
        word.casefold(): found.id for found in edition.inputs.values() for word in (found.label.zh, found.label.en)
    }
    for term in _leaves(scheme):
        for word in sorted({term.label.zh, term.label.en}):
            named = names.get(word.casefold())
            if named not in (None, term.input):
                message = f"'{word}' is the name of {named}, but the term takes {term.input}."
                yield error(term.place, "X8.label", message, "X8")
            if word.casefold() in VAGUE:
                message = f"'{word}' may be a mean, a positive rate or a five-star share; name the one in use."
                yield warning(term.place, "X9.vague", message, "X9")


def parts_unsplit(edition: Edition, scheme: Scheme) -> Iterator[Issue]:
    """A text that names the parts of a term but no split leaves a decision to the reader."""
    for term in scheme.terms:
        if any(not part.weight.source for part in term.parts):
            message = "The text does not say how this term splits; its parts count equally until somebody decides."
            yield Issue(Level.NOTE, term.place, message, term.weight.source, "totals.unsplit")


def targets_agree(edition: Edition) -> Iterator[Issue]:
    """X1: targets of one metric differ by scope, never in direction or in kind of unit."""
    for one, other in combinations(edition.targets, 2):
        if one.metric != other.metric:
            continue
        if one.at_most != other.at_most:
            yield error(
                other.place, "X1.direction", f"'{one.metric}' is to be low in one scope and high in another.", "X1"
            )
        if _kind(one.limit.unit) != _kind(other.limit.unit):
            message = f"'{one.metric}' is limited in {one.limit.unit} and in {other.limit.unit}."
            yield error(other.place, "X1.units", message, "X1")


def bounds_in_order(edition: Edition) -> Iterator[Issue]:
    """A range `…_low`, `…_high` runs upwards."""
    for section in edition.sections.values():
        for name, low in section.items():
            high = section.get(f"{name.removesuffix('_low')}_high") if name.endswith("_low") else None
            if high is not None and low.value > high.value:
                message = f"The lower bound {low.value} lies above the upper bound {high.value}."
                yield error(low.place, "totals.bounds", message, low.source)


def exam_totals(edition: Edition) -> Iterator[Issue]:
    """S4-8: the parts of the theory exam are percent of one whole."""
    parts = edition.section("exam").values()
    total = sum((part.value for part in parts), Decimal(0))
    if parts and total != WHOLE:
        yield error(
            "numbers.exam", "totals.weights", f"The parts of the exam add up to {total} %, not {WHOLE} %.", "S4-8"
        )


def queue_on_person(edition: Edition) -> Iterator[Issue]:
    """X2: where queue and first response share one clock, a person is judged for the team's queue."""
    response = next((t for t in edition.targets if t.metric == "first_response_time" and not t.channel), None)
    if response and any(t.metric == "queue_time" for t in edition.targets) and not _has_customer_clock(edition):
        message = "Queue and first response have targets, the customer's whole wait has none (two clocks, X2)."
        yield Issue(Level.NOTE, response.place, message, "X2", "X2.one_clock")


_OF_EDITION: Final[tuple[Callable[[Edition], Iterator[Issue]], ...]] = (
    targets_agree,
    bounds_in_order,
    exam_totals,
    queue_on_person,
)
_OF_CARD: Final[tuple[Callable[[Edition, Scorecard], Iterator[Issue]], ...]] = (
    raw_points,
    weights_total,
    item_past_dimension,
    rate_per_contact,
    check_in_two_dimensions,
    deducted_twice,
    settings_of_checks,
)
_OF_SCHEME: Final[tuple[Callable[[Edition, Scheme], Iterator[Issue]], ...]] = (
    term_totals,
    term_units,
    term_reach,
    facts_twice,
    layer_unsaid,
    misleading_labels,
    parts_unsplit,
)


def _checks_of(dimension: Dimension) -> set[str]:
    return {feed.check for item in dimension.items for feed in item.feeds}


def _leaves(scheme: Scheme) -> list[Term]:
    return [leaf for term in scheme.terms for leaf in (term.parts or (term,))]


def _inputs(edition: Edition, term: Term) -> set[str]:
    """The input of a term and, for scores of contacts, the rates its scorecard counts per contact."""
    found = edition.inputs[term.input] if term.input else None
    if found is None:
        return set()
    return {found.id} | (set(_rates_in_contacts(edition)) if "contact_verdicts" in found.facts else set())


def _facts(edition: Edition, term: Term) -> set[str]:
    return {fact for name in _inputs(edition, term) if name in edition.inputs for fact in edition.inputs[name].facts}


def _rates_in_contacts(edition: Edition) -> Iterator[str]:
    for card in edition.scorecards.values():
        for dimension in card.dimensions:
            if dimension.per == "contact":
                yield from (item.metric for item in dimension.items if item.metric)


def _reach_message(reach: Reach) -> str:
    return (
        f"Over the range seen in practice this term moves the total by {_figure(reach.points or Fraction(0))} points: "
        f"an effective weight of {_figure(reach.effective or Fraction(0))} % instead of {reach.declared} %."
    )


def _kind(unit: str) -> str:
    return "time" if unit in MICROS_OF_UNIT else unit


def _has_customer_clock(edition: Edition) -> bool:
    return any(target.metric == "customer_first_response_time" for target in edition.targets)


def _figure(value: Fraction) -> str:
    return f"{round(float(value), 1):g}"
