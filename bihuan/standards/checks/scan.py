"""A batch laid out for algebra: who spoke in which place of which contact, and where patterns occur.

Rows are messages sorted by contact and sequence. `Rows` are ascending row numbers, `Flags` one truth value per row or
per contact. Only words of people count: bots, system lines, automatic and withdrawn messages have no role.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.batch import MESSAGE_COLUMNS, Batch
from bihuan.standards.checks.facts import UNKNOWN_TIME, Facts, completed, filled, places_of
from bihuan.standards.checks.fold import fold, fold_column
from bihuan.standards.checks.lexicon import SMALL, Flags, Lexicon, Rows
from bihuan.standards.checks.texts import Texts

NOBODY: Final = 0
CUSTOMER: Final = 1
AGENT: Final = 2
ROLES: Final = {"customer": CUSTOMER, "agent": AGENT}

_BLANK: Final = " \t\r\n\u3000"
_MARKS: Final = ("automatic", "withdrawn_us", "kind", "text")

Ints = npt.NDArray[np.int64]


class Scan:
    """One batch, scanned. Shapes: `rows` messages, `n` contacts.

    `contact`, `role`, `seq`, `sent_us`, `nth` (1 = the role's first message of the contact), `nth_last` (1 = its last)
    have one entry per row; `starts` has n + 1 offsets; `facts` tells what is known of the contacts beside their words.
    """

    def __init__(self, batch: Batch, lexicon: Lexicon) -> None:
        self.facts = Facts(batch)
        self.n = self.facts.n
        messages, self.contact = _ordered(batch.messages, self.facts.ids)
        self.rows = messages.height
        self.seq: Ints = filled(messages["seq"], -1)
        self.sent_us: Ints = filled(messages["sent_us"], UNKNOWN_TIME)
        self.text = messages["text"].fill_null("") if messages["text"].null_count() else messages["text"]
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
        """Contacts whose fact in words is `value`."""
        return np.asarray(self.facts.words(name) == value, dtype=np.bool_)

    def true(self, name: str) -> Flags:
        """Contacts of which the fact is known and true."""
        known: Flags = self.facts.numbers(name) == 1
        return known

    def micros(self, name: str) -> Ints:
        """A fact in whole numbers per contact, `UNKNOWN_TIME` where it is not known."""
        return self.facts.numbers(name)

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
        columns = (self.facts.words(name).tolist() for name in ("channel", "level", "context"))
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


def _ordered(messages: pl.DataFrame, ids: list[str]) -> tuple[pl.DataFrame, Ints]:
    """Known columns of the messages that belong to a contact of the batch, by contact and sequence, and whose they are."""
    owners, seq = places_of(messages["contact_id"], ids), filled(messages["seq"], -1)
    order = np.lexsort((seq, owners))
    order = order[owners[order] >= 0]
    known = completed(messages, MESSAGE_COLUMNS)
    in_order = len(order) == known.height and bool((order == np.arange(len(order))).all())
    return (known if in_order else known[order]), owners[order]


def _roles(messages: pl.DataFrame) -> tuple[npt.NDArray[np.int8], Flags, Flags]:
    """Who spoke each row (nobody, where it does not count), and which rows are the system's and a bot's."""
    if messages.height <= SMALL:
        sender, *marks = (messages[name].to_list() for name in ("sender_kind", *_MARKS))
        speaks = map(_speaks, *marks)
        role = [ROLES.get(kind, NOBODY) if spoken else NOBODY for kind, spoken in zip(sender, speaks, strict=True)]
        lines = (np.array([kind == wanted for kind in sender], dtype=np.bool_) for wanted in ("system", "bot"))
        return np.array(role, dtype=np.int8), next(lines), next(lines)
    kinds = messages["sender_kind"].replace_strict(ROLES, default=NOBODY, return_dtype=pl.Int8)
    words = messages["text"].fill_null("").str.contains(f"[^{_BLANK}]")
    other = messages["kind"].is_not_null() & (messages["kind"] != "text").fill_null(False)
    counts = ~messages["automatic"].fill_null(False) & messages["withdrawn_us"].is_null() & (words | other)
    system, bot = ((messages["sender_kind"] == kind).fill_null(False).to_numpy() for kind in ("system", "bot"))
    return np.where(counts.to_numpy(), kinds.to_numpy(), NOBODY).astype(np.int8), system, bot


def _speaks(automatic: bool | None, withdrawn_us: int | None, kind: str | None, text: str | None) -> bool:
    """Whether a message counts as something said; as in the columns above, without their fixed cost."""
    if automatic or withdrawn_us is not None:
        return False
    return kind not in (None, "text") or bool((text or "").strip(_BLANK))


def _distinct(texts: pl.Series) -> tuple[pl.Series, Ints]:
    """The folded texts without repetition, and which of them each row holds."""
    if len(texts) <= SMALL:
        return pl.Series([fold(text) for text in texts.to_list()], dtype=pl.String), np.arange(len(texts))
    encoded = texts.to_arrow().dictionary_encode()
    folded = fold_column(pl.Series(pl.from_arrow(encoded.dictionary)))
    return folded, encoded.indices.to_numpy().astype(np.int64)
