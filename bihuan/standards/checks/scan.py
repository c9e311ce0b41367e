"""A batch laid out for algebra: who spoke in which place of which contact, and where patterns occur.

Rows are messages sorted by contact and sequence. `Rows` are ascending row numbers, `Flags` one truth value per row or
per contact. Only words of people count: bots, system lines, automatic and withdrawn messages have no role.
"""

from __future__ import annotations

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
from bihuan.standards.checks.texts import Texts

NOBODY: Final = 0
CUSTOMER: Final = 1
AGENT: Final = 2
ROLES: Final = {"customer": CUSTOMER, "agent": AGENT}
UNKNOWN_TIME: Final = np.iinfo(np.int64).min


_BLANK: Final = " \t\r\n\u3000"

Ints = npt.NDArray[np.int64]


class Scan:
    """One batch, scanned. Shapes: `rows` messages, `n` contacts.

    `contact`, `role`, `seq`, `sent_us`, `nth` (1 = the role's first message of the contact), `nth_last` (1 = its last)
    have one entry per row; `starts` has n + 1 offsets; `contacts` is a frame of n rows with all facts.
    """

    def __init__(self, batch: Batch, lexicon: Lexicon) -> None:
        self.contacts = contact_facts(batch)
        self.n = self.contacts.height
        messages = _ordered(batch.messages, self.contacts)
        self.rows = messages.height
        self.contact: Ints = filled(messages["ix"], 0)
        self.seq: Ints = filled(messages["seq"], -1)
        self.sent_us: Ints = filled(messages["sent_us"], UNKNOWN_TIME)
        self.text = messages["text"].fill_null("")
        self.agent_key = messages["agent_key"]
        self.role, self.system, self.bot = _roles(messages)
        self.starts: Ints = np.searchsorted(self.contact, np.arange(self.n + 1))
        self.nth, self.nth_last = self._places()
        folded, self.text_of = _distinct(self.text)
        spoken = np.zeros(len(folded), dtype=np.bool_)
        spoken[self.text_of[(self.role != NOBODY) | self.system | self.bot]] = True
        self.texts = Texts(folded, spoken, lexicon)
        self._flags: dict[str, Flags] = {}
        self._row_flags: dict[str, Flags] = {}
        self._facts: dict[str, npt.NDArray[Any]] = {}

    def said(self, role: int) -> Flags:
        """Rows spoken by the role."""
        spoken: Flags = self.role == role
        return spoken

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
        if name not in self._facts:
            self._facts[name] = np.array(self.contacts[name].to_list(), dtype=object)
        return np.asarray(self._facts[name] == value, dtype=np.bool_)

    def true(self, name: str) -> Flags:
        """Contacts whose fact (a truth column of `contacts`) is known and true."""
        known: Flags = filled(self.contacts[name], 0) != 0
        return known

    def micros(self, name: str) -> Ints:
        """A whole-number fact per contact, `UNKNOWN_TIME` where it is not known."""
        if name not in self._facts:
            self._facts[name] = filled(self.contacts[name], UNKNOWN_TIME)
        return self._facts[name]

    def once(self, name: str, compute: Callable[[Scan], Flags]) -> Flags:
        """A truth about contacts that several checks ask for, computed the first time."""
        if name not in self._flags:
            self._flags[name] = compute(self)
        return self._flags[name]

    def once_per_row(self, name: str, compute: Callable[[], Rows]) -> Flags:
        """Rows that several checks ask for, computed the first time."""
        if name not in self._row_flags:
            self._row_flags[name] = np.zeros(self.rows, dtype=np.bool_)
            self._row_flags[name][compute()] = True
        return self._row_flags[name]

    def find(self, name: str, where: Flags) -> Rows:
        """Rows among `where` that say what the name stands for: by a trained model where there is one, else by a pattern."""
        rows = np.flatnonzero(where)
        return rows[self.texts.say(name, self.text_of[rows])]

    def folded(self, rows: Rows) -> list[str]:
        """The folded text of each of `rows`."""
        return self.texts.read(self.text_of[rows])

    def spans(self, name: str, rows: Rows) -> tuple[Ints, Ints]:
        """Start and end, in code points of the original, of the words that show the name in each of `rows`."""
        return self.texts.spans(name, self.text_of[rows])

    @cached_property
    def scopes(self) -> tuple[list[tuple[str | None, str | None, str | None]], Ints]:
        """The distinct (channel, level, context) of the batch, and which of them each contact has."""
        numbers: dict[tuple[str | None, str | None, str | None], int] = {}
        columns = (self.contacts[name].to_list() for name in ("channel", "level", "context"))
        own = [numbers.setdefault(scope, len(numbers)) for scope in zip(*columns, strict=True)]
        return list(numbers), np.array(own, dtype=np.int64)

    @cached_property
    def lengths(self) -> Ints:
        """Code points of each message."""
        if self.rows <= SMALL:
            return np.array([len(text) for text in self.text.to_list()], dtype=np.int64)
        return self.text.str.len_chars().to_numpy().astype(np.int64)

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
    places = contacts.lazy().select("contact_id").with_row_index("ix")
    known = completed(messages, MESSAGE_COLUMNS)
    return known.join(places, on="contact_id", how="inner").sort(["ix", "seq"], maintain_order=True).collect()


def _roles(messages: pl.DataFrame) -> tuple[npt.NDArray[np.int8], Flags, Flags]:
    """Who spoke each row (nobody, where it does not count), and which rows are the system's and a bot's."""
    if messages.height <= SMALL:
        sender, speaks = messages["sender_kind"].to_list(), [_speaks(row) for row in messages.iter_rows(named=True)]
        role = [ROLES.get(kind, NOBODY) if spoken else NOBODY for kind, spoken in zip(sender, speaks, strict=True)]
        lines = (np.array([kind == wanted for kind in sender], dtype=np.bool_) for wanted in ("system", "bot"))
        return np.array(role, dtype=np.int8), next(lines), next(lines)
    kinds = messages["sender_kind"].replace_strict(ROLES, default=NOBODY, return_dtype=pl.Int8)
    words = messages["text"].fill_null("").str.contains(f"[^{_BLANK}]")
    other = messages["kind"].is_not_null() & (messages["kind"] != "text").fill_null(False)
    counts = ~messages["automatic"].fill_null(False) & messages["withdrawn_us"].is_null() & (words | other)
    system, bot = ((messages["sender_kind"] == kind).fill_null(False).to_numpy() for kind in ("system", "bot"))
    return np.where(counts.to_numpy(), kinds.to_numpy(), NOBODY).astype(np.int8), system, bot


def _speaks(message: dict[str, Any]) -> bool:
    """Whether a message counts as something said; as in the columns above, without their fixed cost."""
    if message["automatic"] or message["withdrawn_us"] is not None:
        return False
    return message["kind"] not in (None, "text") or bool((message["text"] or "").strip(_BLANK))


def filled(column: pl.Series, missing: int) -> Ints:
    """A whole-number or truth column with `missing` for null."""
    if len(column) <= SMALL:
        return np.array([missing if value is None else value for value in column.to_list()], dtype=np.int64)
    return column.cast(pl.Int64).fill_null(missing).to_numpy()


def _distinct(texts: pl.Series) -> tuple[pl.Series, Ints]:
    """The folded texts without repetition, and which of them each row holds."""
    if len(texts) <= SMALL:
        return pl.Series([fold(text) for text in texts.to_list()], dtype=pl.String), np.arange(len(texts))
    encoded = texts.to_arrow().dictionary_encode()
    folded = fold_column(pl.Series(pl.from_arrow(encoded.dictionary)))
    return folded, encoded.indices.to_numpy().astype(np.int64)
