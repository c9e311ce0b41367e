"""Whether verdicts hang on what must not matter: how often they flip, and which way they lean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from bihuan.inspection.rules.estimate import TOO_FEW, Estimate
from bihuan.metrics.intervals import wilson
from bihuan.standards.rules.verdict import MET, NOT_APPLICABLE, VIOLATED

NO_LIMIT: Final = "no_limit"


@dataclass(frozen=True)
class Limits:
    """What an edition allows: shares 0 to 1; None where it is silent. `least`: contacts a rate must rest on."""

    least: int
    confidence: float
    flips: float | None = None
    shift: float | None = None


@dataclass(frozen=True)
class Compared:
    """Verdicts of the same contacts before and after; columns contact_id, item, verdict."""

    kind: str
    value: str
    base: pl.DataFrame
    other: pl.DataFrame


@dataclass(frozen=True)
class Lean:
    """One kind of exchange for one item.

    `flips`: contacts whose verdict changes under any value ÷ contacts to which the item applies on either side. `shift`:
    the largest mean change of the answer (met 1, violated 0) under one value, `value`; below zero this value is judged
    worse.
    """

    item: str
    kind: str
    flips: Estimate
    shift: Estimate
    value: str
    over: bool | None


@dataclass(frozen=True)
class Fairness:
    """Of one item: what each kind of exchange does to it. `fair` None: the edition has no limit, or too few were compared
    under some kind that was tried; a single kind above its limit is enough to be unfair."""

    item: str
    leans: tuple[Lean, ...] = ()

    @property
    def fair(self) -> bool | None:
        return fair_of(lean.over for lean in self.leans)


@dataclass
class Suite:
    """Collects comparisons one by one, so that only two tables of verdicts are held at a time."""

    limits: Limits
    _seen: dict[tuple[str, str], _Counts] = field(default_factory=dict)

    def add(self, compared: Compared) -> None:
        """Take one comparison in. Contacts that are not on both sides are not compared, nor are those to which the item
        applies on neither: nothing could flip there, and each would make the rate look smaller."""
        for item, found in _joined(compared).partition_by("item", as_dict=True).items():
            counts = self._seen.setdefault((str(item[0]), compared.kind), _Counts())
            rows = found.filter(~((pl.col("verdict") == NOT_APPLICABLE) & (pl.col("verdict_other") == NOT_APPLICABLE)))
            counts.contacts.update(rows["contact_id"])
            counts.flipped.update(rows.filter(pl.col("verdict") != pl.col("verdict_other"))["contact_id"])
            counts.shifts[compared.value] = _shift(rows)

    def result(self, items: Sequence[str], kinds: Sequence[str]) -> tuple[Fairness, ...]:
        """Every item with the kinds that were tried on it, in the given order."""
        return tuple(
            Fairness(item, tuple(self._lean(item, kind) for kind in kinds if (item, kind) in self._seen))
            for item in items
        )

    def _lean(self, item: str, kind: str) -> Lean:
        counts, limits = self._seen[item, kind], self.limits
        n = len(counts.contacts)
        if n < max(limits.least, 1):
            return Lean(item, kind, Estimate.unknown(TOO_FEW, n), Estimate.unknown(TOO_FEW, n), "", None)
        low, high = (float(bound) for bound in wilson(len(counts.flipped), n, limits.confidence))
        flips = Estimate(len(counts.flipped) / n, low, high, n)
        value, shift = _largest(counts.shifts, limits.least)
        return Lean(item, kind, flips, shift, value if shift.value else "", above_limit(flips, shift, limits))


@dataclass
class _Counts:
    contacts: set[str] = field(default_factory=set)
    flipped: set[str] = field(default_factory=set)
    shifts: dict[str, Estimate] = field(default_factory=dict)


def unfair_items(found: Iterable[Fairness]) -> Mapping[str, tuple[Lean, ...]]:
    """Items above the limit, with the kinds that put them there; such an item cannot count."""
    return {one.item: tuple(lean for lean in one.leans if lean.over) for one in found if one.fair is False}


def above_limit(flips: Estimate, shift: Estimate, limits: Limits) -> bool | None:
    """Whether one kind of exchange passes a limit. None: there is no limit, or no figure passes its own and one rests on
    fewer contacts than `least`, so that nobody knows."""
    told = [
        abs(figure.value) > limit if figure.value is not None and figure.n >= limits.least else None
        for figure, limit in ((flips, limits.flips), (shift, limits.shift))
        if limit is not None
    ]
    return _any_known(told)


def fair_of(above: Iterable[bool | None]) -> bool | None:
    """From `above_limit` of every kind that was tried; None where one of them is not known and none is above."""
    found = _any_known(list(above))
    return None if found is None else not found


def _any_known(told: Sequence[bool | None]) -> bool | None:
    if any(told):
        return True
    return False if told and None not in told else None


def _largest(shifts: Mapping[str, Estimate], least: int) -> tuple[str, Estimate]:
    """The value under which the answer changes most, of those with enough contacts."""
    known = {value: shift for value, shift in shifts.items() if shift.value is not None and shift.n >= least}
    if not known:
        return "", Estimate.unknown(TOO_FEW, max(shift.n for shift in shifts.values()))
    return max(known.items(), key=lambda one: (abs(one[1].value or 0), one[0]))


def _joined(compared: Compared) -> pl.DataFrame:
    names = ["contact_id", "item", "verdict"]
    one, other = (
        side.select(pl.col(name).cast(pl.String) for name in names) for side in (compared.base, compared.other)
    )
    return one.join(other, on=names[:2], suffix="_other")


def _shift(rows: pl.DataFrame) -> Estimate:
    """Mean change over the contacts judged met or violated on both sides."""
    judged = rows.filter(pl.col("verdict").is_in([MET, VIOLATED]) & pl.col("verdict_other").is_in([MET, VIOLATED]))
    if not judged.height:
        return Estimate.unknown(TOO_FEW)
    change = (judged["verdict_other"] == MET).cast(pl.Int8) - (judged["verdict"] == MET).cast(pl.Int8)
    return Estimate(float(change.sum()) / judged.height, n=judged.height)
