"""Which evaluations the group looks at again in a week (S3-13), and what its raters' opinions come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bihuan.kit.ids import content_hash

OBJECTED, DISPUTED, MANY_COMPLAINTS, FULL_MARKS = "objected", "disputed", "many_complaints", "full_marks"
REASONS: Final = (OBJECTED, DISPUTED, MANY_COMPLAINTS, FULL_MARKS)
"""Gravest first."""
Reasons = tuple[str, ...]

UPHELD, AMENDED = "upheld", "amended"


@dataclass(frozen=True)
class Candidate:
    """An evaluation that never came before the group. `differing`: items on which person and machine do not say the same; `objected`: who it is
    about does not agree."""

    id: str
    total: Decimal | None
    differing: int
    complaints: int
    objected: bool = False


@dataclass(frozen=True)
class ReviewPlan:
    """From where on an evaluation is looked at again, and how many at most."""

    disagreements_from: int
    complaints_from: int
    full_marks: Decimal
    most: int
    seed: int


def chosen(
    candidates: Sequence[Candidate], plan: ReviewPlan, *, occasion: str, taken: Sequence[Reasons] = ()
) -> tuple[list[tuple[str, Reasons]], int]:
    """(id, reasons) of those to look at again beside the `taken` ones, and how many wait for the next session.

    Whoever objects comes first. The other kinds take turns, the gravest beginning, so that a week of many disputes still
    has its share of full marks (S3-13 names both); within a kind a repeatable random choice.
    """
    kinds: dict[str, list[tuple[str, Reasons]]] = {reason: [] for reason in REASONS}
    for one in sorted(candidates, key=lambda one: content_hash([plan.seed, occasion, one.id])):
        if reasons := reasons_of(one, plan):
            kinds[reasons[0]].append((one.id, reasons))
    counts = Counter(reasons[0] for reasons in taken)
    ordered = kinds.pop(OBJECTED)
    while waiting := [reason for reason, ones in kinds.items() if ones]:
        turn = min(waiting, key=lambda reason: counts[reason])
        counts[turn] += 1
        ordered.append(kinds[turn].pop(0))
    room = max(plan.most - len(taken), 0)
    return ordered[:room], len(ordered[room:])


def reasons_of(candidate: Candidate, plan: ReviewPlan) -> Reasons:
    """Why an evaluation is looked at again; empty: it is not."""
    signs = {
        OBJECTED: candidate.objected,
        DISPUTED: candidate.differing >= plan.disagreements_from,
        MANY_COMPLAINTS: candidate.complaints >= plan.complaints_from,
        FULL_MARKS: candidate.total is not None and candidate.total >= plan.full_marks,
    }
    return tuple(reason for reason in REASONS if signs[reason])


def majority(first: str, opinions: Collection[str]) -> str:
    """What most of the raters say to an item; where none has most, the first answer stands."""
    counts = Counter(opinions).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return first
    return counts[0][0]


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Items whose answer a decision changes, in the order of `before`."""
    return [item for item, verdict in before.items() if after.get(item, verdict) != verdict]
