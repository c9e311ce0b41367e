"""All patterns of an engine as one multi-literal automaton: a single scan tells which patterns a message may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.phrases import Pattern

SMALL: Final = 256  # rows up to which compiled patterns in a loop beat a columnar call that compiles each time
_BITS: Final = 64

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


class Lexicon:
    """Patterns with their anchors; stateless after construction, so threads may share it."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = {pattern.name: pattern for pattern in patterns}
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._place = {name: position for position, name in enumerate(self.patterns)}
        self._words = max(1, -(-len(self.patterns) // _BITS))
        self.anchors = sorted({anchor for pattern in self.patterns.values() for anchor in pattern.anchors})
        self._always = np.zeros(self._words, dtype=np.uint64)
        self._masks = np.zeros((len(self.anchors), self._words), dtype=np.uint64)
        number = {anchor: position for position, anchor in enumerate(self.anchors)}
        for name, pattern in self.patterns.items():
            word, bit = self._bit(name)
            if not pattern.anchors:
                self._always[word] |= bit
            for anchor in pattern.anchors:
                self._masks[number[anchor], word] |= bit

    def candidates(self, folded: pl.Series, spoken: Flags) -> npt.NDArray[np.uint64]:
        """Per row the bit set of patterns that may occur in it; rows that nobody spoke have none."""
        masks = np.zeros((len(folded), self._words), dtype=np.uint64)
        rows = np.flatnonzero(spoken)
        masks[rows] = self._always
        if not self.anchors or not len(rows):
            return masks
        counts, found = self._scan(folded.gather(rows))
        hit = np.flatnonzero(counts)
        if len(hit):
            starts = np.concatenate(([0], np.cumsum(counts[hit])[:-1]))
            masks[rows[hit]] |= np.bitwise_or.reduceat(self._masks[found], starts, axis=0)
        return masks

    def may(self, name: str, masks: npt.NDArray[np.uint64]) -> Flags:
        """Rows in which the pattern may occur."""
        word, bit = self._bit(name)
        found: Flags = (masks[:, word] & bit) != 0
        return found

    def expression(self, name: str) -> re.Pattern[str]:
        """The pattern with exclusions, compiled: a match counts only when group 1 took part."""
        if name not in self._compiled:
            self._compiled[name] = re.compile(self.patterns[name].guarded)
        return self._compiled[name]

    def _scan(self, texts: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Anchors found per text, and their numbers one after the other."""
        if len(texts) <= SMALL:
            found = [
                {hit[0] for hit in self._automaton.find_matches_as_indexes(text, overlapping=True)} for text in texts
            ]
            counts = np.fromiter((len(numbers) for numbers in found), dtype=np.int64, count=len(found))
            return counts, np.fromiter(
                (n for numbers in found for n in numbers), dtype=np.int64, count=int(counts.sum())
            )
        lists = texts.str.extract_many(self.anchors, overlapping=True)
        numbers = lists.explode().drop_nulls().cast(self._enum).to_physical().to_numpy().astype(np.int64)
        return lists.list.len().to_numpy().astype(np.int64), numbers

    def _bit(self, name: str) -> tuple[int, np.uint64]:
        place = self._place[name]
        return place // _BITS, np.uint64(1 << (place % _BITS))

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(self.anchors)

    @cached_property
    def _enum(self) -> pl.Enum:
        return pl.Enum(self.anchors)
