"""Verdicts counted by pattern: what item statistics need of a month, whatever its size.

Contacts with the same answers to all items are one row with a count, so that days add up and nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from bihuan.inspection.rules.estimate import Floats
from bihuan.standards.rules.verdict import MET, VIOLATED

WORD: Final = 62  # items to a whole number: sums of powers of two stay below the sign bit
Pattern = tuple[int, ...]


@dataclass(frozen=True)
class Mass:
    """Of each distinct answer: how many contacts gave it, the sum of their weights, and of the weights' squares."""

    counts: Floats
    weights: Floats
    squares: Floats


@dataclass(frozen=True)
class Tally:
    """`verdicts`: how often each item got each verdict. `patterns`: contacts by their met and violated items, as bits.

    `weights`: of each pattern the sum of its contacts' weights and of the squares; without any, all contacts weigh one.
    """

    items: tuple[str, ...]
    verdicts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    patterns: Mapping[Pattern, int] = field(default_factory=dict)
    weights: Mapping[Pattern, tuple[float, float]] = field(default_factory=dict)

    @property
    def contacts(self) -> int:
        return sum(self.patterns.values())

    def answers(self) -> tuple[Floats, Mass]:
        """Distinct answers, patterns × items (1 met, 0 violated, NaN neither), and what stands behind each."""
        ordered = sorted(self.patterns)
        words = -(-len(self.items) // WORD)
        bits = np.array(ordered, dtype=np.int64).reshape(len(ordered), 2 * words)
        word, bit = np.divmod(np.arange(len(self.items)), WORD)
        table = np.full((len(ordered), len(self.items)), np.nan)
        table[bits[:, word] >> bit & 1 == 1] = 1.0
        table[bits[:, words + word] >> bit & 1 == 1] = 0.0
        counts = np.array([self.patterns[one] for one in ordered], dtype=float)
        if not self.weights:
            return table, Mass(counts, counts, counts)
        weights, squares = np.array([self.weights[one] for one in ordered], dtype=float).reshape(len(ordered), 2).T
        return table, Mass(counts, weights, squares)


def tally_of(verdicts: pl.DataFrame, items: Sequence[str]) -> Tally:
    """Of rows (contact_id, item, verdict), one per contact and item; items not named are left out. A further column
    `weight` says what each contact weighs.

    "Not applicable" and "cannot tell" are missing answers: they are counted by item and are in no pattern.
    """
    named = tuple(items)
    weight = pl.col("weight") if "weight" in verdicts.columns else pl.lit(1.0).alias("weight")
    rows = verdicts.select(
        "contact_id", weight, pl.col("item").cast(pl.String), pl.col("verdict").cast(pl.String)
    ).filter(pl.col("item").is_in(named))  # fmt: skip
    counted = rows.group_by("item", "verdict").len()
    place = pl.col("item").replace_strict(named, range(len(named)), return_dtype=pl.Int64)
    bits = rows.with_columns(at=place).with_columns(
        bit=pl.lit(1, pl.Int64) * pl.lit(2, pl.Int64).pow(pl.col("at") % WORD)
    )
    words = [
        pl.col("bit")
        .filter((pl.col("verdict") == verdict) & (pl.col("at") // WORD == word))
        .sum()
        .alias(f"{verdict}{word}")
        for verdict in (MET, VIOLATED)
        for word in range(-(-len(named) // WORD))
    ]
    patterns = bits.group_by("contact_id").agg(*words, pl.col("weight").first()).drop("contact_id")
    names, weighs = [name for name in patterns.columns if name != "weight"], pl.col("weight")
    grouped = patterns.group_by(names).agg(pl.len(), weighs.sum(), (weighs**2).sum().alias("squares")).rows()
    return Tally(
        named,
        {(item, verdict): n for item, verdict, n in counted.iter_rows()},
        {tuple(row[:-3]): row[-3] for row in grouped},
        {tuple(row[:-3]): row[-2:] for row in grouped} if "weight" in verdicts.columns else {},
    )


def added(tallies: Iterable[Tally], items: Sequence[str]) -> Tally:
    """Tallies of the same items without weights, of days that share no contact, as one."""
    verdicts: dict[tuple[str, str], int] = {}
    patterns: dict[Pattern, int] = {}
    for tally in tallies:
        for key, n in tally.verdicts.items():
            verdicts[key] = verdicts.get(key, 0) + n
        for pattern, n in tally.patterns.items():
            patterns[pattern] = patterns.get(pattern, 0) + n
    return Tally(tuple(items), verdicts, patterns)
