"""The answer to one check for all contacts of a batch: who got which reason, shown by which spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import Ints, Scan
from bihuan.standards.rules.edition import Edition

EvidenceRole = Literal["hit", "looked"]


@dataclass(frozen=True)
class Shown:
    """Rows that are evidence: the first hit of `pattern` in each, explicit spans, or the whole message."""

    rows: Rows
    pattern: str | None = None
    starts: Ints | None = None
    ends: Ints | None = None
    role: EvidenceRole = "hit"


@dataclass(frozen=True)
class ShownEvent:
    """Evidence by event or by a fact told with the contact: per contact the event's sequence, −1 where a fact tells it."""

    events: Ints


@dataclass(frozen=True)
class Spans:
    """Evidence ready to be stored; −1 stands for "none" in every column."""

    contacts: Ints
    messages: Ints
    starts: Ints
    ends: Ints
    events: Ints
    role: EvidenceRole


class Answer:
    """Filled like a decision list: `settle` gives a reason to contacts that have none yet.

    `params` are the check's parameters after the edition had its say; `targets` finds the edition's scoped targets.
    """

    def __init__(self, scan: Scan, check: Check, params: dict[str, Any], edition: Edition | None = None) -> None:
        self.scan = scan
        self.check = check
        self.params = params
        self.edition = edition
        self.codes = list(check.reasons)
        self.reason: npt.NDArray[np.int16] = np.full(scan.n, -1, dtype=np.int16)
        self.values: dict[str, Ints] = {}
        self.has_values: Flags = np.zeros(scan.n, dtype=np.bool_)
        self.spans: list[Spans] = []

    @property
    def open(self) -> Flags:
        """Contacts without a reason so far."""
        return self.reason < 0

    def settle(self, where: Flags, code: str, *shown: Shown | ShownEvent, **values: Ints) -> None:
        """Give `code` to the open contacts in `where`; their part of `shown` becomes evidence.

        `values` (one number per contact) fill the reason's sentence and are stored with it, as `code?name=value`.
        """
        taken = where & self.open
        if not taken.any():
            return
        self.reason[taken] = self.codes.index(code)
        for name, numbers in values.items():
            kept = self.values.setdefault(name, np.full(self.scan.n, np.iinfo(np.int64).min, dtype=np.int64))
            kept[taken] = numbers[taken]
            self.has_values |= taken
        for part in shown:
            if isinstance(part, ShownEvent):
                self._show_event(part, taken)
            else:
                self._show(part, taken)

    def _show(self, part: Shown, taken: Flags) -> None:
        chosen = taken[self.scan.contact[part.rows]]
        rows = part.rows[chosen]
        if not len(rows):
            return
        if part.pattern is not None:
            starts, ends = self.scan.spans(part.pattern, rows)
        elif part.starts is not None and part.ends is not None:
            starts, ends = part.starts[chosen], part.ends[chosen]
        else:
            starts, ends = np.zeros(len(rows), dtype=np.int64), self.scan.lengths[rows]
        none = np.full(len(rows), -1, dtype=np.int64)
        self.spans.append(Spans(self.scan.contact[rows], self.scan.seq[rows], starts, ends, none, part.role))

    def _show_event(self, part: ShownEvent, taken: Flags) -> None:
        contacts = np.flatnonzero(taken)
        none = np.full(len(contacts), -1, dtype=np.int64)
        self.spans.append(Spans(contacts, none, none, none, part.events[contacts], "hit"))
