"""Figures as they leave the metrics: one column per metric over the same groups, read row by row or exported whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bihuan.kit.numbers import divided
from bihuan.metrics import reasons
from bihuan.metrics.engine.base import Request
from bihuan.metrics.engine.measured import Key
from bihuan.metrics.kinds import Metric

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
_COVERAGE_DECIMALS: Final = 4


@dataclass(frozen=True)
class Figure:
    """One metric of one group. `value`, `low` and `high` are in the metric's unit; None says nothing can be told, and
    `reason` why. `coverage` is the share of the population that could be told. `provisional`: time may still change it.
    """

    keys: Mapping[str, str | None]
    metric: str
    value: Decimal | None
    n: int
    numerator: int
    denominator: int
    low: Decimal | None
    high: Decimal | None
    coverage: Decimal | None
    reason: str | None
    provisional: bool
    unsure: int
    pending: int

    def to_json(self) -> dict[str, Any]:
        """Plain values; numbers as text, so that no digit is lost."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(one) if isinstance(one, Decimal) else one for name, one in plain.items()} | {
            "keys": dict(self.keys)
        }


@dataclass(frozen=True)
class Column:
    """One metric over all groups. `value` is in whole units of 10^-decimals and counts where `told`; bounds are NaN
    where there is no interval; `nothing` is the reason of a missing value, `present` says which groups have rows.
    """

    metric: Metric
    decimals: int
    value: NDArray[Any]
    told: NDArray[np.bool_]
    numerator: Integers
    denominator: Integers
    unsure: Integers
    pending: Integers
    n: Integers
    low: Floats
    high: Floats
    nothing: str
    present: NDArray[np.bool_]

    def reason(self, at: int) -> str:
        """Why there is no value: the reason for all groups, unless rows of this one are there and could not be told."""
        if not self.present[at] and self.nothing == reasons.NOT_RECORDED:
            return reasons.NOTHING
        return reasons.CANNOT_TELL if self.unsure[at] > 0 else self.nothing

    def figure(self, at: int, keys: Mapping[str, str | None]) -> Figure:
        below, unsure = int(self.denominator[at]), int(self.unsure[at])
        told = bool(self.told[at])
        return Figure(
            keys=keys,
            metric=self.metric.name,
            value=Decimal(int(self.value[at])).scaleb(-self.decimals) if told else None,
            n=int(self.n[at]),
            numerator=int(self.numerator[at]),
            denominator=below,
            low=self._bound(self.low[at]) if told else None,
            high=self._bound(self.high[at]) if told else None,
            coverage=divided(below, below + unsure, _COVERAGE_DECIMALS),
            reason=None if told else self.reason(at),
            provisional=int(self.pending[at]) > 0,
            unsure=unsure,
            pending=int(self.pending[at]),
        )

    def _bound(self, bound: float) -> Decimal | None:
        if np.isnan(bound):
            return None
        return Decimal(round(float(bound) * 10**self.decimals)).scaleb(-self.decimals)


@dataclass(frozen=True)
class FigureTable:
    """Figures of the metrics asked for, by group in the order of keys (missing keys last), and their totals.

    Totals are told from the same measures as the groups, so that they agree with them.
    """

    request: Request
    by: tuple[str, ...]
    keys: tuple[Key, ...]
    columns: Mapping[str, Column]
    tell_totals: Callable[[], Mapping[str, Figure]] = field(repr=False, compare=False)

    @cached_property
    def totals(self) -> Mapping[str, Figure]:
        """The figures of all groups together, told when first asked for."""
        return self.tell_totals()

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Figure]:
        """Group by group, metric by metric."""
        for at in range(len(self.keys)):
            yield from self.row(at).values()

    def row(self, at: int) -> dict[str, Figure]:
        """All figures of one group, by metric."""
        keys = dict(zip(self.by, self.keys[at], strict=True))
        return {name: column.figure(at, keys) for name, column in self.columns.items()}

    def get(self, metric: str, **keys: str | None) -> Figure | None:
        """The figure of the group with exactly these keys; None where there is no such group."""
        at = self._places.get(tuple(keys[name] for name in self.by))
        return None if at is None else self.columns[metric].figure(at, dict(keys))

    @cached_property
    def _places(self) -> Mapping[Key, int]:
        return {key: at for at, key in enumerate(self.keys)}

    def to_csv(self, beside: Mapping[str, str] | None = None) -> str:
        """One line per group and a last one for all; empty where nothing can be told, with the reason beside it.

        `beside` are columns that say the same on every line: a reader that expects nothing but lines is not disturbed.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        same = list((beside or {}).values())
        parts = ("", "_n", "_low", "_high", "_coverage", "_reason")
        writer.writerow([*self.by, *(f"{name}{part}" for name in self.columns for part in parts), *(beside or {})])
        for at, key in enumerate(self.keys):
            writer.writerow([*(_cell(one) for one in key), *_cells(self.row(at).values()), *same])
        if self.by:
            writer.writerow(["*", *("" for _ in self.by[1:]), *_cells(self.totals.values()), *same])
        return out.getvalue()

    def to_json(self) -> dict[str, Any]:
        """`by`, `figures` and `totals` as plain values."""
        return {
            "by": list(self.by),
            "figures": [figure.to_json() for figure in self],
            "totals": [figure.to_json() for figure in self.totals.values()],
        }


_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def _cell(text: str | None) -> str:
    """A key a spreadsheet will not take for a formula."""
    if text is None:
        return ""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cells(figures: Any) -> list[str]:
    found = []
    for one in figures:
        shown = (one.value, one.n, one.low, one.high, one.coverage, one.reason)
        found += ["" if part is None else str(part) for part in shown]
    return found
