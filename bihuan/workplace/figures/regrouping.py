"""Groups of a figure table put together again (teams × days × hours → teams), so that one query serves a whole page.

Only for counts and shares: their parts add up. The answers equal those of asking anew (held by a test).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from bihuan.kit.numbers import divided
from bihuan.metrics import intervals, reasons
from bihuan.metrics.figures import Column, Figure, FigureTable

Key = tuple[str | None, ...]
Keys = Mapping[str, str | None]
Group = Mapping[str, Figure]
Label = Callable[[Keys], Key | None]
_COVERAGE_DECIMALS = 4


def regrouped(table: FigureTable, label: Label) -> dict[Key, Group]:
    """Figures of each label, by metric; `label` names the new group of an old one, None leaves it out.

    Raises ValueError for a metric whose parts do not add up.
    """
    labels: dict[Key, int] = {}
    places = np.full(len(table), -1, dtype=np.int64)
    for at, key in enumerate(table.keys):
        named = label(dict(zip(table.by, key, strict=True)))
        if named is not None:
            places[at] = labels.setdefault(named, len(labels))
    columns = {name: _Sums(column, places, len(labels), table) for name, column in table.columns.items()}
    return {
        key: {name: sums.figure(at) for name, sums in columns.items()} for key, at in sorted(labels.items(), key=_order)
    }


def by_names(*names: str) -> Label:
    """Keeps these dimensions and sums over the others."""
    return lambda keys: tuple(keys[name] for name in names)


def nothing(table: FigureTable) -> Group:
    """Figures of no rows at all, each with its reason."""
    return {
        name: _Sums(column, np.empty(0, dtype=np.int64), 1, table).figure(0) for name, column in table.columns.items()
    }


class _Sums:
    """The parts of one metric, summed by new group."""

    def __init__(self, column: Column, places: Any, groups: int, table: FigureTable) -> None:
        kind = column.metric.kind
        if kind.word != "simple" and kind.interval != "wilson":
            raise ValueError(f"the parts of {column.metric.name} do not add up")
        self.column = column
        inside = places >= 0
        parts = ("numerator", "denominator", "unsure", "pending", "n")
        self.parts = {part: _summed(getattr(column, part), places, inside, groups) for part in parts}
        self.low = self.high = np.full(groups, np.nan)
        if kind.interval == "wilson":
            confidence = float(table.request.params.confidence)
            self.low, self.high = intervals.wilson(self.parts["numerator"], self.parts["denominator"], confidence)
        self.decimals = table.request.params.decimals.get(column.metric.unit, 0)

    def figure(self, at: int) -> Figure:
        part = {name: int(values[at]) for name, values in self.parts.items()}
        below, unsure = part["denominator"], part["unsure"]
        told = below > 0 or (self.column.metric.kind.word == "simple" and part["numerator"] > 0)
        return Figure(
            keys={}, metric=self.column.metric.name, value=self._value(part) if told else None, n=part["n"],
            numerator=part["numerator"], denominator=below,
            low=self._bound(self.low[at]) if told else None, high=self._bound(self.high[at]) if told else None,
            coverage=divided(below, below + unsure, _COVERAGE_DECIMALS),
            reason=None if told else self._reason(unsure), provisional=part["pending"] > 0, unsure=unsure,
            pending=part["pending"],
        )  # fmt: skip

    def _value(self, part: Mapping[str, int]) -> Decimal | None:
        if self.column.metric.kind.word == "simple":
            return Decimal(part["numerator"])
        return divided(part["numerator"], part["denominator"], self.decimals)

    def _reason(self, unsure: int) -> str:
        return reasons.CANNOT_TELL if unsure else self.column.nothing

    def _bound(self, bound: float) -> Decimal | None:
        return None if np.isnan(bound) else Decimal(round(float(bound) * 10**self.decimals)).scaleb(-self.decimals)


def _summed(values: Any, places: Any, inside: Any, groups: int) -> Any:
    sums = np.zeros(groups, dtype=np.int64)
    if places.size:
        np.add.at(sums, places[inside], values[inside])
    return sums


def _order(labelled: tuple[Key, int]) -> list[tuple[bool, str]]:
    return [(part is None, part or "") for part in labelled[0]]
