"""Rows that could not be used: written beside the import with line, column and reason, and counted."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import IO, Any

from bihuan.archive.sources.limits import MAX_REJECT_VALUE_CHARS, MAX_REJECTS_WRITTEN

_HEADER = ("line", "column", "reason", "value")
_KEPT_OF_LONG = 24
# A spreadsheet would run these; a leading apostrophe keeps them words.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """Collects refused rows. `counts` is reason → rows; `path` exists only where something was refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self._written = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, line: int, column: str, reason: str, value: str | None) -> None:
        """One refused row; `reason` is a short code, the value is shortened where long."""
        self.counts[reason] += 1
        if self._written >= MAX_REJECTS_WRITTEN:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", newline="", encoding="utf-8-sig", errors="backslashreplace")
            self._writer = csv.writer(self._file)
            self._writer.writerow(_HEADER)
        self._written += 1
        self._writer.writerow((line, column, reason, shown(value)))

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
