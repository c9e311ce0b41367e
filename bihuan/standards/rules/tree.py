"""A score as a tree, from the total down to the words it rests on; every figure on a page opens one of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from bihuan.standards.rules.edition import UNNAMED, Label

KINDS: Final = ("total", "term", "dimension", "item", "verdict", "span", "deduction", "fatal")
_DECIMALS: Final = ("weight", "possible", "earned", "contribution", "value", "unfailed", "coverage")


@dataclass(frozen=True)
class Evidence:
    """A place in the record: code points [start, end) of a message, or an event; `role` is `hit` or `looked`."""

    message: int | None = None
    start: int | None = None
    end: int | None = None
    event: int | None = None
    role: str = "hit"

    def to_json(self) -> dict[str, Any]:
        return {"message": self.message, "start": self.start, "end": self.end, "event": self.event, "role": self.role}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """From what `to_json` wrote, or a row of the record's evidence column."""
        return cls(
            data.get("message"), data.get("start"), data.get("end"), data.get("event"), data.get("role") or "hit"
        )


@dataclass(frozen=True)
class ScoreNode:
    """A node of a score.

    `weight` is percent of the whole as applied (after N/A left), `possible` and `earned` are points of the form,
    `contribution` is points of the total of 100, `value` is the node's own score on 0-100, `coverage` is 0-100.
    `verdict` is one of the four verdict words, or `insufficient` on a total below its floor. `unfailed` stands on
    the total: the score as it would be without fatal items. All figures are exact to a thousandth, half up.
    """

    kind: str
    id: str
    label: Label = UNNAMED
    weight: Decimal | None = None
    possible: Decimal | None = None
    earned: Decimal | None = None
    contribution: Decimal | None = None
    value: Decimal | None = None
    unfailed: Decimal | None = None
    verdict: str | None = None
    reason: str = ""
    source: str = ""
    place: str = ""
    n: int | None = None
    evidence: tuple[Evidence, ...] = ()
    coverage: Decimal | None = None
    children: tuple[ScoreNode, ...] = ()

    def walk(self) -> Iterator[ScoreNode]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, kind: str, node_id: str) -> ScoreNode | None:
        """The first node of that kind and id."""
        return next((node for node in self.walk() if node.kind == kind and node.id == node_id), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values; decimals as strings so that nothing is lost on the way."""
        figures = {name: _text(getattr(self, name)) for name in _DECIMALS}
        return {
            "kind": self.kind,
            "id": self.id,
            "label": self.label.to_json(),
            **figures,
            "verdict": self.verdict,
            "reason": self.reason,
            "source": self.source,
            "place": self.place,
            "n": self.n,
            "evidence": [evidence.to_json() for evidence in self.evidence],
            "children": [child.to_json() for child in self.children],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScoreNode:
        """The node that `to_json` wrote; equal to the original."""
        figures = {name: _decimal(data.get(name)) for name in _DECIMALS}
        label = data.get("label") or {}
        return cls(
            kind=data["kind"],
            id=data["id"],
            label=Label(label.get("zh", ""), label.get("en", "")),
            verdict=data.get("verdict"),
            reason=data.get("reason", ""),
            source=data.get("source", ""),
            place=data.get("place", ""),
            n=data.get("n"),
            evidence=tuple(Evidence.from_json(entry) for entry in data.get("evidence", ())),
            children=tuple(cls.from_json(child) for child in data.get("children", ())),
            **figures,
        )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
