"""Who moves when a month is computed under another edition, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.standards.rules.edition import Label
from bihuan.standards.rules.tree import ScoreNode


@dataclass(frozen=True)
class Placed:
    """A person's place under one edition. `standing` is empty where the edition has no rules of ranking: then the `rank` is
    the order of the totals alone, and nobody stands to any cut."""

    name: str
    team: str
    total: Decimal | None
    rank: int | None
    standing: str
    tree: ScoreNode

    def to_json(self) -> dict[str, Any]:
        total = None if self.total is None else str(self.total)
        return {"total": total, "rank": self.rank, "standing": self.standing}


@dataclass(frozen=True)
class Cause:
    """A term whose contribution changed; None where the term is missing on that side."""

    term: str
    label: Label
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))

    def to_json(self) -> dict[str, Any]:
        return {"term": self.term, "label": self.label.to_json(), "change": str(self.change)}


@dataclass(frozen=True)
class Move:
    """One person before and after. `causes` are the changed terms, the greatest change first."""

    person: str
    before: Placed | None
    after: Placed | None
    causes: tuple[Cause, ...]

    @property
    def ranks_moved(self) -> int | None:
        """Ranks gained (positive) or lost; None where one side has none."""
        if not self.before or not self.after or self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank

    @property
    def crosses_cut(self) -> bool:
        """Did the standing to the cut of the best change?"""
        if not self.before or not self.after or "" in (self.before.standing, self.after.standing):
            return False
        return self.before.standing != self.after.standing

    def to_json(self) -> dict[str, Any]:
        """Plain values; numbers as text, so that no digit is lost."""
        one = self.after or self.before
        return {
            "person": self.person,
            "name": one.name if one else "",
            "team": one.team if one else "",
            "before": self.before and self.before.to_json(),
            "after": self.after and self.after.to_json(),
            "ranks_moved": self.ranks_moved,
            "crosses_cut": self.crosses_cut,
            "causes": [cause.to_json() for cause in self.causes],
        }


def compare(before: Mapping[str, Placed], after: Mapping[str, Placed]) -> list[Move]:
    """Everybody of either side: those who cross the cut first, then by ranks moved."""
    people = sorted({*before, *after})
    moves = [Move(one, before.get(one), after.get(one), _causes(before.get(one), after.get(one))) for one in people]
    return sorted(moves, key=lambda move: (not move.crosses_cut, -abs(move.ranks_moved or 0), move.person))


def _causes(before: Placed | None, after: Placed | None) -> tuple[Cause, ...]:
    old, new = _terms(before), _terms(after)
    causes = [
        Cause(key, (new.get(key) or old[key]).label, _given(old.get(key)), _given(new.get(key)))
        for key in {**old, **new}
    ]
    changed = [cause for cause in causes if cause.change]
    return tuple(sorted(changed, key=lambda cause: (-abs(cause.change), cause.term)))


def _terms(placed: Placed | None) -> dict[str, ScoreNode]:
    return {node.id: node for node in _top(placed)}


def _top(placed: Placed | None) -> Iterator[ScoreNode]:
    yield from placed.tree.children if placed else ()


def _given(node: ScoreNode | None) -> Decimal | None:
    return node.contribution if node else None
