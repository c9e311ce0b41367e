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
class Tally:
    """`verdicts`: how often each item got each verdict. `patterns`: contacts by their met and violated items, as bits."""

    items: tuple[str, ...]
    verdicts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    patterns: Mapping[Pattern, int] = field(default_factory=dict)

    @property
    def contacts(self) -> int:
        return sum(self.patterns.values())

    def answers(self) -> tuple[Floats, Floats]:
        """Distinct answers, patterns × items (1 met, 0 violated, NaN neither), and how many contacts gave each."""
        ordered = sorted(self.patterns)
        words = -(-len(self.items) // WORD)
        bits = np.array(ordered, dtype=np.int64).reshape(len(ordered), 2 * words)
        word, bit = np.divmod(np.arange(len(self.items)), WORD)
        table = np.full((len(ordered), len(self.items)), np.nan)
        table[bits[:, word] >> bit & 1 == 1] = 1.0
        table[bits[:, words + word] >> bit & 1 == 1] = 0.0
        return table, np.array([self.patterns[one] for one in ordered], dtype=float)


def tally_of(verdicts: pl.DataFrame, items: Sequence[str]) -> Tally:
    """Of rows (contact_id, item, verdict), one per contact and item; items not named are left out.

    "Not applicable" and "cannot tell" are missing answers: they are counted by item and are in no pattern.
    """
    named = tuple(items)
    rows = verdicts.select(
        "contact_id", pl.col("item").cast(pl.String), pl.col("verdict").cast(pl.String)
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
    patterns = bits.group_by("contact_id").agg(words).drop("contact_id")
    grouped = patterns.group_by(patterns.columns).len()
    return Tally(
        named,
        {(item, verdict): n for item, verdict, n in counted.iter_rows()},
        {tuple(row[:-1]): row[-1] for row in grouped.iter_rows()},
    )


def added(tallies: Iterable[Tally], items: Sequence[str]) -> Tally:
    """Tallies of the same items, of days that share no contact, as one."""
    verdicts: dict[tuple[str, str], int] = {}
    patterns: dict[Pattern, int] = {}
    for tally in tallies:
        for key, n in tally.verdicts.items():
            verdicts[key] = verdicts.get(key, 0) + n
        for pattern, n in tally.patterns.items():
            patterns[pattern] = patterns.get(pattern, 0) + n
    return Tally(tuple(items), verdicts, patterns)
