"""A month under another edition: who moves, why, and what the linter says of that edition. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from bihuan.appraisal.models import Computation
from bihuan.appraisal.replaying import Compared
from bihuan.appraisal.rules.ranking import Standing
from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.lint import lint
from bihuan.ui import formats
from bihuan.ui.charts import Move, Slope
from bihuan.ui.trees import text
from bihuan.ui.values import language

DRAWN: Final = 16
FARTHEST: Final = 2 * DRAWN
"""The last rank the drawing reaches: one line from far below would press all the others together; the list has it."""
GRADES: Final[Mapping[Level, str]] = {Level.ERROR: "urgent", Level.WARNING: "important", Level.NOTE: "general"}


@dataclass(frozen=True)
class Moved:
    """One person's move in words."""

    person: str
    name: str
    tag: tuple[str, str]
    ranks: str
    totals: str
    causes: str
    crosses: bool


@dataclass(frozen=True)
class Replay:
    """A replay as far as it came, between the edition in use and another one."""

    compared: Compared
    computation: Computation | None
    is_stale: bool

    @property
    def present(self) -> Edition:
        return self.compared.present

    @property
    def other(self) -> Edition:
        return self.compared.other

    @property
    def scheme(self) -> str:
        return self.compared.before

    @property
    def unruled(self) -> str:
        """The editions under which places are the order of totals alone."""
        return _(", ").join(_title(edition) for edition in self.compared.without_ranking)

    @property
    def totals(self) -> str:
        """Which totals are held against each other, where they are not one scheme of both editions."""
        one = self.compared
        if one.is_same_scheme:
            return ""
        before, after = (edition.schemes[scheme].label.said(language()) for edition, scheme in one.sides)
        known = {**one.other.inputs, **one.present.inputs}
        taken = _(", ").join(
            known[name].label.said(language()) if name in known else name for name in one.taken_by_both
        )
        words = _(
            "The editions have no total in common: A's “%(before)s” is held against B's “%(after)s”; both take %(taken)s."
        )
        return words % {"before": before, "after": after, "taken": taken}

    @property
    def is_done(self) -> bool:
        return bool(self.computation and self.computation.moves is not None)

    @property
    def raw(self) -> list[dict[str, Any]]:
        return list(self.computation.moves or ()) if self.computation else []

    @cached_property
    def moved(self) -> list[Moved]:
        """Whoever changes rank or standing, those who cross the cut first."""
        return [_moved(row) for row in self.raw if row["crosses_cut"] or row["ranks_moved"]]

    @property
    def still(self) -> int:
        return len(self.raw) - len(self.moved)

    @property
    def crossing(self) -> int:
        return sum(one.crosses for one in self.moved)

    @cached_property
    def chart(self) -> Slope | None:
        """The ranks of the best on either side; more than that nobody can read."""
        both = [row for row in self.raw if _rank(row, "before") and _rank(row, "after")]
        pairs = [(row, sorted((_rank(row, "before"), _rank(row, "after")))) for row in both]
        near = [row for row, (better, worse) in pairs if better <= DRAWN and worse <= FARTHEST]
        if not near:
            return None
        places = {side: _places(both, side) for side in ("before", "after")}
        moves = [
            Move(
                row["name"], places["before"][row["person"]], places["after"][row["person"]],
                _value(row, "before", places), _value(row, "after", places), row["crosses_cut"],
            )
            for row in sorted(near, key=lambda row: places["before"][row["person"]])
        ]  # fmt: skip
        summary = _("%(n)s people change rank, %(cut)s cross the line of the best.") % {
            "n": len(self.moved), "cut": self.crossing,
        }  # fmt: skip
        names = (_title(self.present), _title(self.other))
        return Slope("replay", _("Ranks of the first %(n)s") % {"n": DRAWN}, *names, moves, summary, cut=self._cut)

    @property
    def _cut(self) -> int | None:
        """The last rank that is surely or perhaps among the best on the side before."""
        best = [_rank(row, "before") for row in self.raw if (row["before"] or {}).get("standing") == Standing.IN]
        return max(best, default=None)

    @property
    def issues(self) -> list[tuple[str, Issue]]:
        """(grade, finding) of the other edition's linter."""
        return [(GRADES[issue.level], issue) for issue in lint(self.other, language())]


def _places(rows: Iterable[Mapping[str, Any]], side: str) -> dict[str, int]:
    """Everybody's own place in the order of ranks, so that ties do not lie upon one another."""
    ordered = sorted(rows, key=lambda row: (_rank(row, side), row["person"]))
    return {row["person"]: place for place, row in enumerate(ordered, 1)}


def _value(row: Mapping[str, Any], side: str, places: Mapping[str, Mapping[str, int]]) -> str:
    """The total, and the rank where it is shared."""
    total = formats.number(row[side]["total"], 1)
    shared = _rank(row, side) != places[side][row["person"]]
    return f"{total} (={_rank(row, side)})" if shared else total


def _title(edition: Edition) -> str:
    return f"{edition.title.said(language())} {edition.version}"


def _rank(row: Mapping[str, Any], side: str) -> int:
    return (row[side] or {}).get("rank") or 0


def _moved(row: Mapping[str, Any]) -> Moved:
    before, after = row["before"] or {}, row["after"] or {}
    causes = [f"{text(cause['label'], language())} {formats.signed(cause['change'], 2)}" for cause in row["causes"]]
    return Moved(
        row["person"], row["name"], _tag(before.get("standing"), after.get("standing")),
        f"{before.get('rank') or formats.MISSING} → {after.get('rank') or formats.MISSING}",
        f"{formats.number(before.get('total'), 2)} → {formats.number(after.get('total'), 2)}",
        _(", ").join(causes) or _("own total unchanged; others moved"), row["crosses_cut"],
    )  # fmt: skip


def _tag(before: str | None, after: str | None) -> tuple[str, str]:
    if after == before or "" in (before, after):
        return _("Moves"), ""
    words = {
        Standing.IN: (_("Enters"), "met"),
        Standing.OUT: (_("Leaves"), "bad"),
        Standing.NOT_SEPARABLE: (_("Not separable"), "warn"),
    }
    return words.get(Standing(after), (_("No rank"), "")) if after else (_("No rank"), "")
