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
"""Gravest first: where more wait than the group gets through, these go before."""

UPHELD, AMENDED = "upheld", "amended"


@dataclass(frozen=True)
class Candidate:
    """An evaluation of the week. `differing`: items on which person and machine do not say the same; `objected`: who it is
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


def chosen(candidates: Sequence[Candidate], plan: ReviewPlan, *, occasion: str) -> list[tuple[str, tuple[str, ...]]]:
    """(id, reasons) of those to look at again, gravest reason first; of equals a repeatable random choice."""
    flagged = [(one, reasons) for one in candidates if (reasons := reasons_of(one, plan))]
    flagged.sort(key=lambda pair: (REASONS.index(pair[1][0]), content_hash([plan.seed, occasion, pair[0].id])))
    return [(one.id, reasons) for one, reasons in flagged[: plan.most]]


def reasons_of(candidate: Candidate, plan: ReviewPlan) -> tuple[str, ...]:
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
