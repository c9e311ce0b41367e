"""All lines of an engine's patterns as one multi-literal automaton: a single scan tells which lines a message may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from ahocorasick_rs import AhoCorasick

from bihuan.standards.checks.expression import Regexp, compiled
from bihuan.standards.checks.learned import Model
from bihuan.standards.checks.phrases import Pattern

SMALL: Final = 256  # rows up to which compiled patterns in a loop beat a columnar call that compiles each time
_BITS: Final = 64

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]


class Lexicon:
    """Patterns with their anchors; threads may share it. What only one of the two ways needs is made when first used."""

    def __init__(self, patterns: Iterable[Pattern], models: Mapping[str, Model] | None = None) -> None:
        self.models = models or {}
        self.patterns = {pattern.name: pattern for pattern in patterns}
        self._compiled: dict[str, Regexp] = {}
        self._masks: dict[tuple[str, ...], int] = {}

    def candidates(self, folded: pl.Series, spoken: Flags) -> Masks:
        """Per text the bit set of lines that may occur in it (shape: words × texts); texts that nobody spoke have none."""
        words, masks_of, always = self._anchored
        masks = np.zeros((len(always), len(folded)), dtype=np.uint64)
        rows = np.flatnonzero(spoken)
        masks[:, rows] = always[:, None]
        if not words or not len(rows):
            return masks
        lists = folded.gather(rows).str.extract_many(words, overlapping=True)
        counts = lists.list.len().to_numpy().astype(np.int64)
        found = lists.explode().drop_nulls().cast(pl.Enum(words)).to_physical().to_numpy()
        hit = np.flatnonzero(counts)
        if len(hit):
            starts = np.concatenate(([0], np.cumsum(counts[hit])[:-1]))
            for word in range(len(always)):
                masks[word, rows[hit]] |= np.bitwise_or.reduceat(masks_of[word][found], starts)
        return masks

    def may(self, line: str, masks: Masks, texts: Rows) -> Flags:
        """In which of the texts the line, of a pattern or of its excluded phrases, may occur."""
        place = self._places[line]
        found: Flags = (masks[place // _BITS][texts] & np.uint64(1 << (place % _BITS))) != 0
        return found

    def compiled(self, line: str) -> Regexp:
        """The line compiled; kept, because compiling costs more than searching."""
        if line not in self._compiled:
            self._compiled[line] = compiled(line)
        return self._compiled[line]

    def bits(self, text: str) -> int:
        """The lines that may occur in one text, a bit each: what `candidates` tells, without its fixed cost."""
        found = {number for number, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        _, masks_of, always = self._anchored
        told = np.bitwise_or.reduce(masks_of[:, list(found)], axis=1, initial=np.uint64(0)) | always
        return sum(int(word) << (_BITS * place) for place, word in enumerate(told))

    def admitted(self, lines: tuple[str, ...], bits: int) -> list[Regexp]:
        """Those of the lines whose bit is set, compiled."""
        if not bits & self.mask(lines):
            return []
        return [self.compiled(line) for line in lines if bits >> self._places[line] & 1]

    def mask(self, lines: tuple[str, ...]) -> int:
        """The bits of the lines together."""
        if lines not in self._masks:
            self._masks[lines] = sum(1 << self._places[line] for line in set(lines))
        return self._masks[lines]

    @cached_property
    def _automaton(self) -> AhoCorasick:
        """All anchors in one automaton: the columnar scan builds its own each time, which few texts do not repay."""
        return AhoCorasick(self._anchored[0])

    @cached_property
    def _places(self) -> dict[str, int]:
        """The bit of every distinct line."""
        lines = [line for pattern in self.patterns.values() for line in (*pattern.lines, *pattern.unless)]
        return {line: place for place, line in enumerate(dict.fromkeys(lines))}

    @cached_property
    def _anchored(self) -> tuple[list[str], Masks, Masks]:
        """All anchors, the lines each of them admits (words × anchors), and the lines without any (words)."""
        anchors_of = {line: a for p in self.patterns.values() for line, a in p.anchors.items()}
        anchors = sorted({anchor for listed in anchors_of.values() for anchor in listed})
        number = {anchor: position for position, anchor in enumerate(anchors)}
        words = -(-len(self._places) // _BITS) or 1
        masks = np.zeros((words, len(anchors)), dtype=np.uint64)
        always = np.zeros(words, dtype=np.uint64)
        for line, place in self._places.items():
            word, bit = place // _BITS, np.uint64(1 << (place % _BITS))
            if not anchors_of[line]:
                always[word] |= bit
            masks[word, [number[anchor] for anchor in anchors_of[line]]] |= bit
        return anchors, masks, always


def first_hit(text: str, lines: Sequence[Regexp], excluded: Sequence[Regexp]) -> tuple[int, int] | None:
    """Start and end, in code points, of the hit that counts. Where no excluded phrase occurs it is the first hit of the
    first line that has one, and so where every excluded phrase begins later than that. Otherwise, going from left to right,
    a hit of any line counts (the earlier line wins a tie) unless an excluded phrase begins no later and reaches into it."""
    encoded = text.encode()
    plain = next((hit for line in lines if (hit := line.search(encoded))), None)
    if plain is None:
        return None
    barriers = _from(encoded, 0, list(enumerate(excluded)))
    if not barriers or min(barriers)[0] > plain.start():
        return in_code_points(encoded, plain.start(), plain.end())
    hits, place = _from(encoded, 0, list(enumerate(lines))), 0
    while hits:
        start, _, end = min(hits)
        if not barriers or min(barriers)[0] > start:
            return in_code_points(encoded, start, end)
        barrier = min(barriers)
        place = max(barrier[2], barrier[0] + 1)
        hits, barriers = _onward(encoded, place, hits, lines), _onward(encoded, place, barriers, excluded)
    return None


def in_code_points(encoded: bytes, start: int, end: int) -> tuple[int, int]:
    """A span of bytes as one of code points."""
    begin = len(encoded[:start].decode())
    return begin, begin + len(encoded[start:end].decode())


_Found: TypeAlias = list[
    tuple[int, int, int]
]  # where each line that occurs begins first, which line it is, where it ends


def _from(encoded: bytes, place: int, lines: list[tuple[int, Regexp]]) -> _Found:
    matches = ((number, line.search(encoded, place)) for number, line in lines)
    return [(match.start(), number, match.end()) for number, match in matches if match]


def _onward(encoded: bytes, place: int, found: _Found, lines: Sequence[Regexp]) -> _Found:
    """From `place` on: only a line whose first place is passed is searched again; one without any has none later."""
    passed = [(number, lines[number]) for start, number, _ in found if start < place]
    return [one for one in found if one[0] >= place] + _from(encoded, place, passed)
