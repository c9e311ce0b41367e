"""Scores of contacts: one as a tree with its reasons, many as columns; both by the same plan and settlement.

Dimension = points earned ÷ points applicable × 100, then × weight (X3). N/A leaves both sides; "cannot tell" leaves
both sides and lowers coverage; dimensions of the period join at its end (X6); a fatal violation zeroes and the
un-failed score stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.columns import score_columns
from bihuan.standards.rules.edition import UNNAMED, CheckSetting, Dimension, Edition, Item, Label, Scorecard
from bihuan.standards.rules.plan import WHOLE, Judge, Leaf, Plan, plan_of
from bihuan.standards.rules.settlement import Settled, Sums, effective_units, milli, settle
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED, Verdict

INSUFFICIENT: Final = "insufficient"
NOT_JUDGED: Final = Verdict(CANNOT_TELL, "not_judged")
FOR_PEOPLE: Final = Verdict(CANNOT_TELL, "awaits_people")
AT_PERIOD_END: Final = Verdict(NOT_APPLICABLE, "joins_at_period_end")
CONTACTS: Final = "contacts"
OF_CONTACTS: Final = Label("各次会话（日评分均值）", "Contacts (mean of daily scores)")

score_contacts = score_columns


def score_contact(
    edition: Edition, verdicts: Mapping[str, Verdict], *, scorecard: str | None = None, judge: Judge = "machine"
) -> ScoreNode:
    """The score of one contact as a tree: total > fatal, dimension > item > verdict > evidence, and deductions.

    `verdicts` is by check id, and by item id where people score (`judge="people"`: every item by its id). A missing
    verdict counts as "cannot tell". An edition without a scorecard answers an empty, insufficient total.
    """
    if not edition.scorecards:
        return ScoreNode("total", "none", edition.title, verdict=INSUFFICIENT, reason="no_scorecard")
    plan = plan_of(edition.scorecard(scorecard), judge)
    found = [_verdict_of(plan, leaf, verdicts) for leaf in plan.leaves]
    sums = _sums(plan, found, verdicts)
    settled = settle(plan, sums)
    return _total(edition, plan, found, sums, settled, verdicts)


def period_score(
    card: Scorecard, contact_mean: Decimal, verdicts: Mapping[str, Verdict], n: Mapping[str, int] = MappingProxyType({})
) -> ScoreNode:
    """A period's score: the mean contact score (0-100) with the weight of its dimensions, and the dimensions that join
    at period end (X6) by `verdicts` per item, made from `n` records each (`CONTACTS`: the contacts scored). Rates without
    a verdict leave both sides."""
    of_contacts = sum((d.weight.value for d in card.dimensions if d.per == "contact"), Decimal(0))
    joining = [
        (dimension, _rate_dimension(dimension, verdicts)) for dimension in card.dimensions if dimension.per == "period"
    ]
    whole = of_contacts + sum((d.weight.value for d, value in joining if value is not None), Decimal(0))
    contacts = ScoreNode("dimension", CONTACTS, OF_CONTACTS, source="X6", n=n.get(CONTACTS))
    nodes = [
        _weighed(contacts, of_contacts, contact_mean, whole),
        *(_weighed(_rates_node(d, verdicts, n, whole), d.weight.value, value, whole) for d, value in joining),
    ]
    parts = [(of_contacts, contact_mean), *((d.weight.value, value) for d, value in joining if value is not None)]
    total = sum((Fraction(weight) * Fraction(value) for weight, value in parts), Fraction(0)) / Fraction(whole)
    return ScoreNode(
        "total", card.id, card.label, weight=Decimal(WHOLE), value=_points(milli(total)), source=card.source,
        place=card.place, children=tuple(nodes),
    )  # fmt: skip


def _rate_dimension(dimension: Dimension, verdicts: Mapping[str, Verdict]) -> Decimal | None:
    judged = [item for item in dimension.items if _counts(item, verdicts)]
    below = sum((item.points.value for item in judged), Decimal(0))
    above = sum((item.points.value for item in judged if verdicts[item.id].verdict == MET), Decimal(0))
    return above / below * WHOLE if below else None


def _weighed(node: ScoreNode, weight: Decimal, value: Decimal | None, whole: Decimal) -> ScoreNode:
    """The node with its share of the whole; without a value it is left out on both sides."""
    if value is None:
        return replace(node, weight=Decimal(0), verdict=NOT_APPLICABLE)
    share = Fraction(weight) / Fraction(whole)
    return replace(
        node, weight=_points(milli(share * WHOLE)), value=_points(milli(Fraction(value))),
        contribution=_points(milli(share * Fraction(value))),
    )  # fmt: skip


def _rates_node(
    dimension: Dimension, verdicts: Mapping[str, Verdict], n: Mapping[str, int], whole: Decimal
) -> ScoreNode:
    judged = sum((i.points.value for i in dimension.items if _counts(i, verdicts)), Decimal(0))
    worth = Fraction(dimension.weight.value) * WHOLE / Fraction(whole) / Fraction(judged) if judged else Fraction(0)
    return ScoreNode(
        "dimension", dimension.id, dimension.label, source=dimension.weight.source, place=dimension.place,
        children=tuple(_rate_node(item, verdicts.get(item.id, NOT_JUDGED), n, worth) for item in dimension.items),
    )  # fmt: skip


def _counts(item: Item, verdicts: Mapping[str, Verdict]) -> bool:
    return item.id in verdicts and verdicts[item.id].verdict in (MET, VIOLATED)


def _rate_node(item: Item, verdict: Verdict, n: Mapping[str, int], worth: Fraction) -> ScoreNode:
    counts = verdict.verdict in (MET, VIOLATED)
    earned = item.points.value if verdict.verdict == MET else Decimal(0)
    return ScoreNode(
        "item", item.id, item.label, weight=_points(milli(Fraction(item.points.value) * worth)) if counts else None,
        possible=item.points.value if counts else None,
        earned=earned if counts else None, contribution=_points(milli(Fraction(earned) * worth)) if counts else None,
        verdict=verdict.verdict, reason=verdict.reason, source=item.points.source, place=item.place, n=n.get(item.id),
    )  # fmt: skip


def _verdict_of(plan: Plan, leaf: Leaf, verdicts: Mapping[str, Verdict]) -> Verdict:
    if plan.card.dimensions[leaf.dimension].per == "period":
        return AT_PERIOD_END
    return verdicts.get(leaf.key, FOR_PEOPLE if leaf.key == leaf.item.id else NOT_JUDGED)


def _sums(plan: Plan, found: Sequence[Verdict], verdicts: Mapping[str, Verdict]) -> Sums:
    def units(dimension: int, *words: str) -> int:
        pairs = zip(plan.leaves, found, strict=True)
        return sum(leaf.units for leaf, v in pairs if leaf.dimension == dimension and v.verdict in words)

    each = range(len(plan.weights))
    return Sums(
        earned=tuple(units(at, MET) for at in each),
        judged=tuple(units(at, MET, VIOLATED) for at in each),
        not_applicable=tuple(units(at, NOT_APPLICABLE) for at in each),
        fatal=tuple(_violated(verdicts, entry.check) for entry in plan.card.fatal),
        deducted=tuple(_violated(verdicts, entry.check) for entry in plan.card.deductions),
    )


def _violated(verdicts: Mapping[str, Verdict], check: str) -> bool:
    return check in verdicts and verdicts[check].verdict == VIOLATED


def _total(
    edition: Edition,
    plan: Plan,
    found: Sequence[Verdict],
    sums: Sums,
    settled: Settled,
    verdicts: Mapping[str, Verdict],
) -> ScoreNode:
    card = plan.card
    fatal = (
        _fatal(edition, entry.check, entry.place, entry.source, verdicts[entry.check])
        for entry, hit in zip(card.fatal, sums.fatal, strict=True)
        if hit
    )
    children = (*fatal, *_dimensions(edition, plan, found, sums), *_deductions(edition, plan, sums, verdicts))
    return ScoreNode(
        "total",
        card.id,
        card.label,
        weight=Decimal(WHOLE),
        value=None if settled.score_milli is None else _points(settled.score_milli),
        unfailed=None if settled.unfailed_milli is None else _points(settled.unfailed_milli),
        verdict=INSUFFICIENT if settled.score_milli is None else None,
        reason=_total_reason(settled),
        source=card.source,
        place=card.place,
        coverage=_points(settled.coverage_milli),
        children=children,
    )


def _total_reason(settled: Settled) -> str:
    if settled.fatal:
        return "fatal"
    return "below_coverage_floor" if settled.insufficient else ""


def _fatal(edition: Edition, check: str, place: str, source: str, verdict: Verdict) -> ScoreNode:
    setting = edition.checks[check]
    leaf = _leaf_node(setting, check, verdict, None, None)
    return ScoreNode(
        "fatal", check, setting.label, verdict=verdict.verdict, reason=verdict.reason, source=source, place=place,
        evidence=verdict.evidence, children=leaf.children,
    )  # fmt: skip


def _deductions(edition: Edition, plan: Plan, sums: Sums, verdicts: Mapping[str, Verdict]) -> list[ScoreNode]:
    taken = []
    for entry, hit in zip(plan.card.deductions, sums.deducted, strict=True):
        if hit:
            setting, verdict = edition.checks[entry.check], verdicts[entry.check]
            taken.append(
                ScoreNode(
                    "deduction", entry.check, setting.label, contribution=-entry.points.value, verdict=VIOLATED,
                    reason=verdict.reason, source=entry.points.source, place=entry.place, evidence=verdict.evidence,
                    children=_leaf_node(setting, entry.check, verdict, None, None).children,
                )
            )  # fmt: skip
    return taken


def _dimensions(edition: Edition, plan: Plan, found: Sequence[Verdict], sums: Sums) -> list[ScoreNode]:
    earned, judged, applicable = effective_units(plan, sums)
    whole = sum((w for w, j in zip(plan.weights, judged, strict=True) if j), Fraction(0))
    nodes = []
    for at, dimension in enumerate(plan.card.dimensions):
        if plan.card.method == "raw_points":
            worth = plan.weights[at] / WHOLE  # points of the total per point of the form
        else:
            points = Fraction(judged[at], plan.scale[at])
            worth = plan.weights[at] / whole * WHOLE / points if judged[at] else Fraction(0)
        pairs = [(leaf, v) for leaf, v in zip(plan.leaves, found, strict=True) if leaf.dimension == at]
        items = tuple(_item(edition, item, [p for p in pairs if p[0].item is item], worth) for item in dimension.items)
        nodes.append(_dimension(plan, at, (earned[at], judged[at], applicable[at]), worth, whole, items))
    return nodes


def _dimension(
    plan: Plan, at: int, units: tuple[int, int, int], worth: Fraction, whole: Fraction, items: tuple[ScoreNode, ...]
) -> ScoreNode:
    dimension, scale = plan.card.dimensions[at], plan.scale[at]
    earned, judged, applicable = units
    share = plan.weights[at] / whole * WHOLE if judged and plan.card.method != "raw_points" else plan.weights[at]
    return ScoreNode(
        "dimension",
        dimension.id,
        dimension.label,
        weight=_points(milli(share)) if judged else Decimal(0),
        possible=_points(milli(Fraction(judged, scale))),
        earned=_points(milli(Fraction(earned, scale))),
        contribution=_points(milli(Fraction(earned, scale) * worth)) if judged else None,
        value=_points(milli(Fraction(earned, judged) * WHOLE)) if judged else None,
        verdict=None if judged else (CANNOT_TELL if applicable else NOT_APPLICABLE),
        reason=AT_PERIOD_END.reason if dimension.per == "period" else "",
        source=dimension.weight.source,
        place=dimension.place,
        coverage=_points(milli(Fraction(judged, applicable) * WHOLE)) if applicable else None,
        children=items,
    )


def _item(edition: Edition, item: Item, pairs: Sequence[tuple[Leaf, Verdict]], worth: Fraction) -> ScoreNode:
    earned = sum((leaf.points for leaf, v in pairs if v.verdict == MET), Fraction(0))
    possible = sum((leaf.points for leaf, v in pairs if v.verdict in (MET, VIOLATED)), Fraction(0))
    full = sum((leaf.points for leaf, _ in pairs), Fraction(0))
    leaves = tuple(
        _leaf_node(edition.checks.get(leaf.key), leaf.key, v, leaf.points, worth if possible else None, item=item)
        for leaf, v in pairs
    )
    return ScoreNode(
        "item",
        item.id,
        item.label,
        weight=_points(milli(full)),
        possible=_points(milli(possible)),
        earned=_points(milli(earned)),
        contribution=_points(milli(earned * worth)) if possible else None,
        value=_points(milli(earned / possible * WHOLE)) if possible else None,
        verdict=None if possible else _unjudged(pairs),
        reason="" if possible else next((v.reason for _, v in pairs if v.reason), ""),
        source=item.points.source,
        place=item.place,
        children=leaves,
    )


def _unjudged(pairs: Sequence[tuple[Leaf, Verdict]]) -> str:
    return NOT_APPLICABLE if all(v.verdict == NOT_APPLICABLE for _, v in pairs) else CANNOT_TELL


def _leaf_node(
    setting: CheckSetting | None,
    key: str,
    verdict: Verdict,
    points: Fraction | None,
    worth: Fraction | None,
    *,
    item: Item | None = None,
) -> ScoreNode:
    counted = points is not None and verdict.verdict in (MET, VIOLATED)
    earned = points if counted and verdict.verdict == MET else Fraction(0)
    named = setting or item
    return ScoreNode(
        "verdict",
        key,
        named.label if named else UNNAMED,
        possible=_points(milli(points)) if counted and points is not None else None,
        earned=_points(milli(earned)) if counted and earned is not None else None,
        contribution=_points(milli(earned * worth)) if counted and earned is not None and worth is not None else None,
        verdict=verdict.verdict,
        reason=verdict.reason,
        source=setting.source if setting else (item.points.source if item else ""),
        place=named.place if named else "",
        evidence=verdict.evidence,
        children=tuple(ScoreNode("span", str(at), evidence=(e,)) for at, e in enumerate(verdict.evidence)),
    )


def _points(thousandths: int) -> Decimal:
    return Decimal(thousandths) / MILLI
