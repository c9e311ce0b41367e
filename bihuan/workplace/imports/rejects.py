"""The rows an import refused, as they may be shown: values masked, formulas harmless."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from bihuan.workplace.imports.models import Import
from bihuan.workplace.masking import masked


class Reject(NamedTuple):
    """One refused row: its line in the file, the column there, a short reason, the start of what stood there.

    `field` is what the mapping calls the column; empty in rejects that are older than it.
    """

    line: int
    column: str
    reason: str
    value: str
    field: str = ""


def read_rejects(row: Import, *, most: int | None = None) -> Iterator[Reject]:
    """The refused rows in the order they were met; none where the file is gone."""
    path = row.rejects
    if path is None or not path.is_file():
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        for said in islice(csv.DictReader(file), most):
            field = said.get("field") or ""
            yield Reject(int(said["line"]), said["column"], said["reason"], masked(said["value"]), field)
