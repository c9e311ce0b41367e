"""A batch laid out for algebra: who spoke in which place of which contact, and where patterns occur.

Rows are messages sorted by contact and sequence. `Rows` are ascending row numbers, `Flags` one truth value per row or
per contact. Only words of people count: bots, system lines, automatic and withdrawn messages have no role.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.batch import MESSAGE_COLUMNS, Batch
from bihuan.standards.checks.facts import completed, contact_facts
from bihuan.standards.checks.fold import fold, fold_column
from bihuan.standards.checks.lexicon import SMALL, Flags, Lexicon, Rows

NOBODY: Final = 0
CUSTOMER: Final = 1
AGENT: Final = 2
ROLES: Final = {"customer": CUSTOMER, "agent": AGENT}
UNKNOWN_TIME: Final = np.iinfo(np.int64).min

_TRAIL: Final = " ，。！、,.;；：:~～\n"  # a delimiter that a pattern needed is not part of what it shows

Ints = npt.NDArray[np.int64]


class Scan:
    """One batch, scanned. Shapes: `rows` messages, `n` contacts.

    `contact`, `role`, `seq`, `sent_us`, `nth` (1 = the role's first message of the contact), `nth_last` (1 = its last)
    have one entry per row; `starts` has n + 1 offsets; `contacts` is a frame of n rows with all facts.
    """

    def __init__(self, batch: Batch, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.contacts = contact_facts(batch)
        self.n = self.contacts.height
        messages = _ordered(batch.messages, self.contacts)
        self.rows = messages.height
        self.contact: Ints = messages["ix"].to_numpy().astype(np.int64)
        self.seq: Ints = messages["seq"].fill_null(-1).to_numpy().astype(np.int64)
        self.sent_us: Ints = messages["sent_us"].fill_null(UNKNOWN_TIME).to_numpy().astype(np.int64)
        self.text = messages["text"].fill_null("")
        self.agent_key = messages["agent_key"]
        self.role, self.system, self.bot = _roles(messages)
        self.starts: Ints = np.searchsorted(self.contact, np.arange(self.n + 1))
        self.nth, self.nth_last = self._places()
        self.folded = _fold(self.text)
        self._masks = lexicon.candidates(self.folded, (self.role != NOBODY) | self.system)
        self._flags: dict[str, Flags] = {}

    def said(self, role: int) -> Flags:
        """Rows spoken by the role."""
        return self.role == role

    def first(self, rows: Rows) -> Ints:
        """Per contact the first of the ascending `rows`, −1 where it has none."""
        found = np.full(self.n, -1, dtype=np.int64)
        found[self.contact[rows[::-1]]] = rows[::-1]
        return found

    def last(self, rows: Rows) -> Ints:
        """Per contact the last of the ascending `rows`, −1 where it has none."""
        found = np.full(self.n, -1, dtype=np.int64)
        found[self.contact[rows]] = rows
        return found

    def any(self, rows: Rows) -> Flags:
        """Contacts to which one of `rows` belongs."""
        found = np.zeros(self.n, dtype=np.bool_)
        found[self.contact[rows]] = True
        return found

    def count(self, rows: Rows) -> Ints:
        """How many of `rows` each contact has."""
        return np.bincount(self.contact[rows], minlength=self.n).astype(np.int64)

    def fact(self, name: str, value: str) -> Flags:
        """Contacts whose fact (a text column of `contacts`) is `value`."""
        return (self.contacts[name] == value).fill_null(False).to_numpy()

    def true(self, name: str) -> Flags:
        """Contacts whose fact (a truth column of `contacts`) is known and true."""
        return self.contacts[name].fill_null(False).to_numpy()

    def micros(self, name: str) -> Ints:
        """A whole-number fact per contact, `UNKNOWN_TIME` where it is not known."""
        return self.contacts[name].fill_null(UNKNOWN_TIME).to_numpy().astype(np.int64)

    def once(self, name: str, compute: Callable[[Scan], Flags]) -> Flags:
        """A truth about contacts that several checks ask for, computed the first time."""
        if name not in self._flags:
            self._flags[name] = compute(self)
        return self._flags[name]

    def find(self, name: str, where: Flags) -> Rows:
        """Rows among `where` in which the pattern occurs outside its excluded phrases."""
        pattern = self.lexicon.patterns[name]
        rows = np.flatnonzero(where & self.lexicon.may(name, self._masks))
        if not len(rows):
            return rows
        if len(rows) <= SMALL:
            return self._confirmed(name, rows)
        texts = self.folded.gather(rows)
        hit = texts.str.contains(pattern.hit)
        rows, texts = rows[hit.to_numpy()], texts.filter(hit)
        if pattern.unless is None or not len(rows):
            return rows
        doubtful = texts.str.contains(pattern.unless).to_numpy()
        return np.sort(np.concatenate((rows[~doubtful], self._confirmed(name, rows[doubtful]))))

    def spans(self, name: str, rows: Rows) -> tuple[Ints, Ints]:
        """Start and end, in code points of the original, of the pattern's first counting hit in each of `rows`."""
        pattern = self.lexicon.patterns[name]
        starts = np.zeros(len(rows), dtype=np.int64)
        ends = np.zeros(len(rows), dtype=np.int64)
        if not len(rows):
            return starts, ends
        texts = self.folded.gather(rows)
        slow = np.ones(len(rows), dtype=np.bool_)
        if len(rows) > SMALL:
            slow = texts.str.contains(pattern.unless).to_numpy() if pattern.unless else ~slow
            quick = texts.filter(pl.Series(~slow))
            starts[~slow], ends[~slow] = _columnar_spans(quick, pattern.hit)
        expression = self.lexicon.expression(name)
        for place in np.flatnonzero(slow):
            match = _counting(expression, texts[int(place)])
            if match is not None:
                starts[place], ends[place] = match.start(1), match.start(1) + len(match[1].rstrip(_TRAIL))
        return starts, ends

    @cached_property
    def lengths(self) -> Ints:
        """Code points of each message."""
        return self.text.str.len_chars().to_numpy().astype(np.int64)

    def _confirmed(self, name: str, rows: Rows) -> Rows:
        expression = self.lexicon.expression(name)
        kept = [row for row in rows.tolist() if _counting(expression, self.folded[row]) is not None]
        return np.array(kept, dtype=np.int64)

    def _places(self) -> tuple[Ints, Ints]:
        nth = np.zeros(self.rows, dtype=np.int64)
        nth_last = np.zeros(self.rows, dtype=np.int64)
        for role in ROLES.values():
            spoken = self.role == role
            upto = np.concatenate(([0], np.cumsum(spoken)))
            nth[spoken] = (upto[1:] - upto[self.starts[self.contact]])[spoken]
            nth_last[spoken] = (upto[self.starts[self.contact + 1]] - upto[:-1])[spoken]
        return nth, nth_last


def _ordered(messages: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """Known columns of the messages that belong to a contact of the batch, sorted, with the contact's index `ix`."""
    lacking = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in MESSAGE_COLUMNS.items() if name not in messages.columns
    ]
    known = messages.with_columns(lacking).select(list(MESSAGE_COLUMNS))
    places = contacts.select("contact_id").with_row_index("ix")
    return known.join(places, on="contact_id", how="inner").sort(["ix", "seq"], maintain_order=True)


def _roles(messages: pl.DataFrame) -> tuple[npt.NDArray[np.int8], Flags, Flags]:
    """Who spoke each row (nobody, where it does not count), and which rows are the system's and a bot's."""
    role = messages["sender_kind"].replace_strict(ROLES, default=NOBODY, return_dtype=pl.Int8)
    words = messages["text"].fill_null("").str.contains(r"[^ \t\r\n\x{3000}]")
    other = messages["kind"].is_not_null() & (messages["kind"] != "text").fill_null(False)
    counts = ~messages["automatic"].fill_null(False) & messages["withdrawn_us"].is_null() & (words | other)
    system, bot = ((messages["sender_kind"] == kind).fill_null(False).to_numpy() for kind in ("system", "bot"))
    return np.where(counts.to_numpy(), role.to_numpy(), NOBODY).astype(np.int8), system, bot


def _fold(texts: pl.Series) -> pl.Series:
    if len(texts) <= SMALL:
        return pl.Series([fold(text) for text in texts], dtype=pl.String)
    return fold_column(texts)


def _columnar_spans(texts: pl.Series, expression: str) -> tuple[Ints, Ints]:
    frame = pl.DataFrame({"text": texts}).select(
        pl.col("text")
        .cast(pl.Binary)
        .bin.slice(0, pl.col("text").str.find(expression))
        .cast(pl.String)
        .str.len_chars(),
        length=pl.col("text").str.extract(f"({expression})").str.len_chars(),
    )
    starts = frame["text"].fill_null(0).to_numpy().astype(np.int64)
    return starts, starts + frame["length"].fill_null(0).to_numpy().astype(np.int64)


def _counting(expression: re.Pattern[str], text: Any) -> re.Match[str] | None:
    """The first match that is no excluded phrase."""
    return next((match for match in expression.finditer(text) if match[1] is not None), None)
