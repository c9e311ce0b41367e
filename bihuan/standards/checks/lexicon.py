"""All lines of an engine's patterns as one multi-literal automaton: a single scan tells which lines a message may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import re2

from bihuan.standards.checks.learned import Model
from bihuan.standards.checks.phrases import Pattern

SMALL: Final = 256  # rows up to which compiled patterns in a loop beat a columnar call that compiles each time
_BITS: Final = 64
_AUTOMATON_BYTES: Final = 1 << 26  # most memory of one compiled pattern; beyond it matching is slower, not wrong

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]


class Lexicon:
    """Patterns with their anchors; threads may share it. What only one of the two ways needs is made when first used."""

    def __init__(self, patterns: Iterable[Pattern], models: Mapping[str, Model] | None = None) -> None:
        self.models = models or {}
        self.patterns = {pattern.name: pattern for pattern in patterns}
        self._compiled: dict[str, Expression] = {}
        self._place: dict[tuple[str, int], int] = {}
        for name, pattern in self.patterns.items():
            for line in range(len(pattern.lines)):
                self._place[name, line] = len(self._place)
        self._words = max(1, -(-len(self._place) // _BITS))

    def candidates(self, folded: pl.Series, spoken: Flags) -> Masks:
        """Per row the bit set of lines that may occur in it; rows that nobody spoke have none."""
        anchors, masks_of, always = self._anchored
        masks = np.zeros((self._words, len(folded)), dtype=np.uint64)
        rows = np.flatnonzero(spoken)
        masks[:, rows] = always[:, None]
        if not anchors or not len(rows):
            return masks
        lists = folded.gather(rows).str.extract_many(anchors, overlapping=True)
        counts = lists.list.len().to_numpy().astype(np.int64)
        found = lists.explode().drop_nulls().cast(pl.Enum(anchors)).to_physical().to_numpy()
        hit = np.flatnonzero(counts)
        if len(hit):
            starts = np.concatenate(([0], np.cumsum(counts[hit])[:-1]))
            for word in range(self._words):
                masks[word, rows[hit]] |= np.bitwise_or.reduceat(masks_of[word][found], starts)
        return masks

    def may(self, name: str, line: int, masks: Masks) -> Flags:
        """Rows in which the line of the pattern may occur."""
        word, bit = self._bit(name, line)
        found: Flags = (masks[word] & bit) != 0
        return found

    def expression(self, name: str) -> Expression:
        """The pattern with its exclusions, compiled."""
        if name not in self._compiled:
            self._compiled[name] = Expression(self.patterns[name])
        return self._compiled[name]

    def _bit(self, name: str, line: int) -> tuple[int, np.uint64]:
        place = self._place[name, line]
        return place // _BITS, np.uint64(1 << (place % _BITS))

    @cached_property
    def _anchored(self) -> tuple[list[str], Masks, Masks]:
        """All anchors, the lines each of them admits (words × anchors), and the lines without any (words)."""
        lines = [(name, line, anchors) for name, p in self.patterns.items() for line, anchors in enumerate(p.anchors)]
        words = sorted({anchor for _, _, anchors in lines for anchor in anchors})
        number = {anchor: position for position, anchor in enumerate(words)}
        masks = np.zeros((self._words, len(words)), dtype=np.uint64)
        always = np.zeros(self._words, dtype=np.uint64)
        for name, line, anchors in lines:
            word, bit = self._bit(name, line)
            if not anchors:
                always[word] |= bit
            masks[word, [number[anchor] for anchor in anchors]] |= bit
        return words, masks, always


class Expression:
    """A pattern with its exclusions: going from left to right, a hit counts unless an excluded phrase begins no later and
    reaches into it. Time is linear in the text; nothing is captured, because captures need a slower automaton."""

    def __init__(self, pattern: Pattern) -> None:
        unless = "|".join(pattern.unless)
        self._either = _compiled(f"{unless}|{pattern.hit}" if unless else pattern.hit)
        self._unless = _compiled(unless) if unless else None
        self._hit = _compiled(pattern.hit)

    def occurs(self, text: str) -> bool:
        """Whether some hit stands outside the excluded phrases."""
        return self._begin(text.encode()) >= 0

    def first(self, text: str) -> tuple[int, int] | None:
        """Start and end, in code points, of the first hit outside the excluded phrases."""
        encoded = text.encode()
        begin = self._begin(encoded)
        if begin < 0:
            return None
        start = len(encoded[:begin].decode())
        return start, start + len(encoded[begin : self._hit.match(encoded, begin).end()].decode())

    def _begin(self, encoded: bytes) -> int:
        place = 0
        while match := self._either.search(encoded, place):
            begin: int = match.start()
            excluded = self._unless.match(encoded, begin) if self._unless else None
            if excluded is None:
                return begin
            place = max(excluded.end(), begin + 1)
        return -1


def _compiled(expression: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = _AUTOMATON_BYTES
    options.log_errors = False
    return re2.compile(expression.encode(), options)
