"""Ranks of a month (X16): by rounded score, ties share a rank, all tied at the cut are in, doubt is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum


class Standing(StrEnum):
    """Where somebody stands to the cut of the best."""

    IN = "in"
    OUT = "out"
    NOT_SEPARABLE = "not_separable"
    UNRANKED = "unranked"


@dataclass(frozen=True)
class Ranked:
    """A rank from 1, and where it stands to the cut; `rank` is None for whoever may not be ranked."""

    rank: int | None
    standing: Standing


def places(n: int, top_share: Decimal, least_people: int) -> int:
    """How many places the best have: a share of `n`, rounded up, none below `least_people` (X16, S4-15)."""
    if n < least_people:
        return 0
    return max(1, int((n * top_share).to_integral_value(ROUND_CEILING)))


def rank(
    totals: Mapping[str, Decimal | None],
    intervals: Mapping[str, tuple[int, int]],
    *,
    top_share: Decimal,
    least_people: int,
) -> dict[str, Ranked]:
    """Rank everybody who has a total; `totals` are rounded already, `intervals` are (best, worst) rank.

    Whoever's interval crosses the cut is not separable: the score alone does not decide there (X16, X17).
    """
    scored = {key: value for key, value in totals.items() if value is not None}
    ranks = _competition_ranks(scored)
    cut = places(len(scored), top_share, least_people)
    last_in = max((r for r in ranks.values() if r <= cut), default=0)
    answer = {key: Ranked(None, Standing.UNRANKED) for key in totals}
    for key, place in ranks.items():
        answer[key] = Ranked(place, _standing(place, intervals.get(key), cut, last_in))
    return answer


def order_of(totals: Mapping[str, Decimal | None]) -> dict[str, int]:
    """Everybody's place by the total alone, where no rules say who may be ranked; none without a total."""
    return _competition_ranks({key: value for key, value in totals.items() if value is not None})


def _standing(place: int, interval: tuple[int, int] | None, cut: int, last_in: int) -> Standing:
    if not cut:
        return Standing.OUT
    if interval and interval[0] <= cut < interval[1]:
        return Standing.NOT_SEPARABLE
    return Standing.IN if place <= last_in else Standing.OUT


def _competition_ranks(scored: Mapping[str, Decimal]) -> dict[str, int]:
    """1, 2, 2, 4: equal scores share the better rank."""
    ordered: Sequence[Decimal] = sorted(scored.values(), reverse=True)
    first_place: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        first_place.setdefault(value, place)
    return {key: first_place[value] for key, value in scored.items()}
