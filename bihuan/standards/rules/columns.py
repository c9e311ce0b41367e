"""Scores of many contacts as columns. Sums are whole numbers; each distinct set of sums is settled once, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.plan import Judge, Plan, plan_of
from bihuan.standards.rules.settlement import Settled, Sums, settle
from bihuan.standards.rules.verdict import MET, NOT_APPLICABLE, VERDICTS, VIOLATED

Row = tuple[int, ...]
Ints = npt.NDArray[np.int64]
MOST_KNOWN: Final = 200_000  # settlements kept in memory, some hundred bytes each
WORD_BITS: Final = 62  # sums of whole columns stay below the sign bit of a 64-bit word
ANSWER: Final = {
    "score_milli": pl.Int64,
    "unfailed_milli": pl.Int64,
    "coverage_milli": pl.Int64,
    "fatal": pl.Boolean,
    "insufficient": pl.Boolean,
}


@dataclass(frozen=True)
class Field:
    """A sum kept in some bits of a word: what a row with this (item, verdict) adds to it."""

    name: str
    largest: int
    adds: dict[tuple[str, str], int]

    @property
    def bits(self) -> int:
        return self.largest.bit_length()


def score_columns(
    edition: Edition, verdicts: pl.DataFrame, *, scorecard: str | None = None, judge: Judge = "machine"
) -> pl.DataFrame:
    """Scores of many contacts, equal to `score_contact` of each.

    `verdicts` has one row per (contact_id, item) with columns contact_id, item, verdict and, where known, person and
    day. The answer has contact_id, person, day, score_milli, unfailed_milli, coverage_milli (0-100,000; scores null
    where nothing could be judged or coverage is below the floor), fatal, insufficient; in order of first appearance.
    """
    plan = plan_of(edition.scorecard(scorecard), judge)
    words = _words(_fields(plan))
    summed = _summed(verdicts, words)
    names = [f"word{at}" for at in range(len(words))]
    distinct = summed.select(names).unique()
    sums_of = _reader(plan, words)
    known = _settled_before(plan)
    settled = [_known(known, row, lambda row: settle(plan, sums_of(row))) for row in distinct.iter_rows()]
    columns = {name: [getattr(one, name) for one in settled] for name in ANSWER}
    table = distinct.with_columns(pl.Series(name, columns[name], dtype=kind) for name, kind in ANSWER.items())
    return summed.join(table, on=names, how="left", maintain_order="left").drop(names)


@lru_cache(maxsize=4)
def _settled_before(_plan: Plan) -> dict[Row, Settled]:
    """Settlements by their sums: the days of a month hold mostly the same few thousand, whichever batch they come in."""
    return {}


def _known(before: dict[Row, Settled], row: Row, settled: Callable[[Row], Settled]) -> Settled:
    found = before.get(row)
    if found is None:
        if len(before) >= MOST_KNOWN:
            before.clear()
        found = before[row] = settled(row)
    return found


def _fields(plan: Plan) -> list[Field]:
    fields = []
    for at, dimension in enumerate(plan.card.dimensions):
        total = plan.totals[at]
        units: dict[str, int] = {}
        for leaf in plan.leaves:
            if leaf.dimension == at and dimension.per == "contact":
                units[leaf.key] = units.get(leaf.key, 0) + leaf.units
        for name, kinds in (("earned", (MET,)), ("judged", (MET, VIOLATED)), ("na", (NOT_APPLICABLE,))):
            adds = {(key, kind): amount for key, amount in units.items() for kind in kinds}
            fields.append(Field(f"{name}.{at}", total, adds))
    checks = {"fatal": [e.check for e in plan.card.fatal], "deducted": [e.check for e in plan.card.deductions]}
    for kind, named in checks.items():
        fields += [Field(f"{kind}.{at}", 1, {(check, VIOLATED): 1}) for at, check in enumerate(named)]
    return fields


def _words(fields: list[Field]) -> list[list[tuple[Field, int]]]:
    """Fields packed side by side into as few 64-bit words as they need: fewer columns to sum over millions of rows."""
    words: list[list[tuple[Field, int]]] = [[]]
    used = 0
    for field in fields:
        if used + field.bits > WORD_BITS:
            words.append([])
            used = 0
        words[-1].append((field, used))
        used += field.bits
    return words


def _summed(verdicts: pl.DataFrame, words: list[list[tuple[Field, int]]]) -> pl.DataFrame:
    """One row per contact. The record keeps a contact's verdicts side by side, so runs of one contact are added up
    first, and only what is left of it, a twentieth, is grouped."""
    items = sorted({item for word in words for field, _ in word for item, _ in field.adds})
    known = verdicts.select(
        "contact_id",
        *(pl.col(name) if name in verdicts.columns else pl.lit(None).alias(name) for name in ("person", "day")),
        (_code("item", items) * len(VERDICTS) + _code("verdict", list(VERDICTS))).fill_null(-1).alias("code"),
        (pl.col("contact_id") != pl.col("contact_id").shift()).fill_null(True).alias("begins"),
    )
    begins = np.flatnonzero(known["begins"].to_numpy())
    code = known["code"].to_numpy()
    runs = known.select("contact_id", "person", "day")[begins].with_columns(
        pl.Series(f"word{at}", _sums_of_runs(_table(word, items)[code], begins), dtype=pl.Int64)
        for at, word in enumerate(words)
    )
    return runs.group_by("contact_id", maintain_order=True).agg(
        pl.col("person").first(), pl.col("day").first(), *(pl.col(f"word{at}").sum() for at in range(len(words)))
    )


def _table(word: list[tuple[Field, int]], items: list[str]) -> Ints:
    """What each (item, verdict) adds to the word; the last place is that of all others, which add nothing."""
    return np.array([*(_added(word, item, verdict) for item in items for verdict in VERDICTS), 0], dtype=np.int64)


def _sums_of_runs(amounts: Ints, begins: Ints) -> Ints:
    return np.add.reduceat(amounts, begins) if len(begins) else amounts


def _code(column: str, values: list[str]) -> pl.Expr:
    return pl.col(column).cast(pl.String).cast(pl.Enum(values), strict=False).to_physical().cast(pl.Int32)


def _added(word: list[tuple[Field, int]], item: str, verdict: str) -> int:
    return sum(field.adds.get((item, verdict), 0) << shift for field, shift in word)


def _reader(plan: Plan, words: list[list[tuple[Field, int]]]) -> Callable[[tuple[int, ...]], Sums]:
    """How to read the sums back out of a row of words."""
    places = {field.name: (at, shift, (1 << field.bits) - 1) for at, word in enumerate(words) for field, shift in word}
    each = range(len(plan.weights))
    whole = {at: plan.totals[at] for at, dimension in enumerate(plan.card.dimensions) if dimension.per == "period"}

    def read(row: tuple[int, ...], names: list[tuple[int, int, int]]) -> tuple[int, ...]:
        return tuple((row[at] >> shift) & mask for at, shift, mask in names)

    columns = [[places[f"{name}.{at}"] for at in each] for name in ("earned", "judged", "na")]
    flags = [
        [places[f"{kind}.{at}"] for at in range(len(entries))]
        for kind, entries in (("fatal", plan.card.fatal), ("deducted", plan.card.deductions))
    ]

    def sums_of(row: tuple[int, ...]) -> Sums:
        earned, judged, na = (read(row, names) for names in columns)
        fatal, deducted = (tuple(map(bool, read(row, names))) for names in flags)
        return Sums(earned, judged, tuple(whole.get(at, n) for at, n in enumerate(na)), fatal, deducted)

    return sums_of
