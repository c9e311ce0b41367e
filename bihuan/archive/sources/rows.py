"""Rows of text on their way from a reader to the engine: collected by count and size, then turned into columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bihuan.archive.sources.limits import CHUNK_CHARS, CHUNK_ROWS
from bihuan.archive.sources.rejects import Rejects

LINE = "_line"


@dataclass(frozen=True)
class Chunk:
    """Rows as text columns under the mapping's names, with `_line`; `consumed` is bytes of the file so far."""

    frame: pl.DataFrame
    consumed: int


class Rows:
    """Collects rows of a width; a row of another width is refused. Blank rows are no rows."""

    def __init__(self, names: Sequence[str], places: Sequence[int | None], width: int, rejects: Rejects) -> None:
        self._names = tuple(names)
        self._places = tuple(places)
        self._width = width
        self._rejects = rejects
        self._numbers: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self._chars = 0
        self.consumed = 0

    @property
    def count(self) -> int:
        return len(self._rows)

    @property
    def full(self) -> bool:
        return len(self._rows) >= CHUNK_ROWS or self._chars >= CHUNK_CHARS

    def refuse(self, number: int, column: str, reason: str, value: str | None) -> None:
        self._rejects.add(number, column, reason, value)

    def add(self, number: int, row: Sequence[str | None], text: str) -> None:
        """One row; `text` is shown where it is refused."""
        if len(row) != self._width:
            if text.strip():
                self.refuse(number, "", "too_many_columns" if len(row) > self._width else "too_few_columns", text)
            return
        self._numbers.append(number)
        self._rows.append(row)
        self._chars += sum(map(len, filter(None, row)))

    def add_lines(self, first: int, lines: Sequence[str | None], delimiter: str) -> None:
        """Lines without quotes, split outright."""
        width, numbers, rows = self._width, self._numbers, self._rows
        for number, line in enumerate(lines, first):
            if not line:
                continue
            row = line.split(delimiter)
            if len(row) == width:
                numbers.append(number)
                rows.append(row)
            else:
                self.add(number, row, line)
        self._chars += sum(map(len, filter(None, lines)))

    def take(self) -> Chunk:
        """What was collected, as columns; the collection starts anew."""
        columns = list(zip(*self._rows, strict=True))
        frame = pl.DataFrame(
            [pl.Series(LINE, self._numbers, dtype=pl.Int64)]
            + [
                pl.Series(name, columns[place], dtype=pl.String)
                if place is not None
                else pl.repeat(None, len(self._rows), dtype=pl.String, eager=True).alias(name)
                for name, place in zip(self._names, self._places, strict=True)
            ]
        )
        self._numbers, self._rows, self._chars = [], [], 0
        return Chunk(frame, self.consumed)
