"""Rows that could not be used: written beside the import with line, column and reason, and counted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from bihuan.archive.sources.limits import MAX_REJECT_VALUE_CHARS, MAX_REJECTS_WRITTEN
from bihuan.archive.sources.words import REASONS

HEADER = ("line", "column", "reason", "value", "field", "why")
"""`column` as the file calls it, `field` as the mapping does; `reason` is a code, `why` its words in both languages."""
_KEPT_OF_LONG = 24
# A spreadsheet would run these; a leading apostrophe keeps them words.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """Collects refused rows. `counts` is reason → rows; `path` exists only where something was refused.

    `origins` leads from every name of a mapping to the column of the mapping it is made of; `headers` from those to what
    the columns are called in the file at hand, which a reader of the file tells.
    """

    def __init__(self, path: Path, origins: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self.headers: dict[str, str] = {}
        self._origins = origins or {}
        self._written = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, line: int, column: str, reason: str, value: str | None) -> None:
        """One refused row; `column` is a name of the mapping, `reason` a short code; long values are shortened."""
        self.counts[reason] += 1
        if self._written >= MAX_REJECTS_WRITTEN:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", newline="", encoding="utf-8-sig", errors="backslashreplace")
            self._writer = csv.writer(self._file)
            self._writer.writerow(HEADER)
        self._written += 1
        words = REASONS.get(reason)
        why = f"{words.zh} / {words.en}" if words else reason
        self._writer.writerow((line, shown(self._in_file(column)), reason, shown(value), column, why))

    def _in_file(self, column: str) -> str:
        """What the column is called in the file; empty where the whole line is meant."""
        origin = self._origins.get(column, column)
        return self.headers.get(origin, origin)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def shown(value: str | None) -> str:
    """A value fit for a person's spreadsheet: long ones keep their beginning and length, formulas stay words."""
    if value is None:
        return ""
    text = value.replace("\0", "\\0")
    if len(text) > MAX_REJECT_VALUE_CHARS:
        text = f"{text[:_KEPT_OF_LONG]}… ({len(text)} characters)"
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
