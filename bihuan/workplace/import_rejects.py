"""The rows an import refused, as they may be shown: values masked, formulas harmless."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from bihuan.workplace.import_models import Import
from bihuan.workplace.masking import masked


class Reject(NamedTuple):
    """One refused row: its line in the file, the column, a short reason, the start of what stood there."""

    line: int
    column: str
    reason: str
    value: str


def read_rejects(row: Import, *, most: int | None = None) -> Iterator[Reject]:
    """The refused rows in the order they were met; none where the file is gone."""
    path = row.rejects
    if path is None or not path.is_file():
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file)
        next(lines, None)
        for line, column, reason, value in islice(lines, most):
            yield Reject(int(line), column, reason, masked(value))
