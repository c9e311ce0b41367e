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
from bihuan.standards.checks.facts import contact_facts
from bihuan.standards.checks.fold import fold, fold_column
from bihuan.standards.checks.learned import Model, Units
from bihuan.standards.checks.lexicon import SMALL, Flags, Lexicon, Masks, Rows

NOBODY: Final = 0
CUSTOMER: Final = 1
AGENT: Final = 2
ROLES: Final = {"customer": CUSTOMER, "agent": AGENT}
UNKNOWN_TIME: Final = np.iinfo(np.int64).min
_WEIGHED_AT_ONCE: Final = 50_000
_NOWHERE: Final = np.iinfo(np.int64).max

_MARK: Final = "\U0010fffd"  # the last private character: folding takes it out of every text

_BLANK: Final = " \t\r\n\u3000"
_TRIM: Final = " ，。！、,.;；：:~～\n"  # a delimiter that a pattern needed is not part of what it shows

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
        self.contact: Ints = filled(messages["ix"], 0)
        self.seq: Ints = filled(messages["seq"], -1)
        self.sent_us: Ints = filled(messages["sent_us"], UNKNOWN_TIME)
        self.text = messages["text"].fill_null("")
        self.agent_key = messages["agent_key"]
        self.role, self.system, self.bot = _roles(messages)
        self.starts: Ints = np.searchsorted(self.contact, np.arange(self.n + 1))
        self.nth, self.nth_last = self._places()
        self.folded = _fold(self.text)
        self._admitted: dict[tuple[str, int], Flags] = {}
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
        if name not in self.lexicon.models:
            return self.worded(name, where)
        model, rows = self.lexicon.models[name], np.flatnonzero(where)
        known = self._known(model, where)[rows]
        if model.mode not in ("add", "join"):
            rows, known = rows[known], known[known]
        if model.mode == "words":
            return rows
        parts = range(0, len(rows), _WEIGHED_AT_ONCE)
        kept = [
            self._weighed(model, rows[part : part + _WEIGHED_AT_ONCE], known[part : part + _WEIGHED_AT_ONCE])
            for part in parts
        ]
        return np.concatenate(kept) if kept else rows

    def _known(self, model: Model, where: Flags) -> Flags:
        """Rows among `where` that the wording lists of the model find."""
        found = np.zeros((len(model.patterns), self.rows), dtype=np.bool_)
        for place, pattern in enumerate(model.patterns):
            found[place, self.worded(pattern, where if model.jointly else where & ~found.any(axis=0))] = True
        joined = np.logical_and if model.jointly else np.logical_or
        known: Flags = joined.reduce(found, axis=0)
        return known

    def _weighed(self, model: Model, rows: Rows, known: Flags) -> Rows:
        return rows[model.scores(Units.of(self.folded.gather(rows).to_list()), known) > 0]

    def worded(self, name: str, where: Flags) -> Rows:
        """Rows among `where` in which the pattern occurs outside its excluded phrases."""
        pattern = self.lexicon.patterns[name]
        if self.rows <= SMALL:
            rows = np.flatnonzero(where)
            return rows[self._confirmed(name, rows)]
        left = where.copy()
        for number, line in enumerate(pattern.lines):
            rows = np.flatnonzero(left & self._may(name, number))
            if len(rows):
                left[rows[self.folded.gather(rows).str.contains(line).to_numpy()]] = False
        rows = np.flatnonzero(where & ~left)
        if not pattern.unless or not len(rows):
            return rows
        excluded = _begins(self.folded.gather(rows), pattern.unless)
        doubtful = np.flatnonzero(excluded != _NOWHERE)
        begins = self._columnar_spans(name, rows[doubtful])[0]
        unsure = doubtful[begins >= excluded[doubtful]]
        kept = np.ones(len(rows), dtype=np.bool_)
        kept[unsure] = self._confirmed(name, rows[unsure])
        return rows[kept]

    def spans(self, name: str, rows: Rows) -> tuple[Ints, Ints]:
        """Start and end, in code points of the original, of the words that show the name in each of `rows`: the pattern's
        first counting hit, or what spoke most for a model."""
        if name not in self.lexicon.models:
            return self._worded_spans(name, rows)
        model = self.lexicon.models[name]
        starts, ends = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        left = np.ones(len(rows), dtype=np.bool_)
        for pattern in model.patterns:
            asked = np.zeros(self.rows, dtype=np.bool_)
            asked[rows[left]] = True
            places = np.flatnonzero(np.isin(rows, self.worded(pattern, asked)) & left)
            starts[places], ends[places] = self._worded_spans(pattern, rows[places])
            left[places] = False
        places = np.flatnonzero(left)
        weighed = model.spans(self.folded.gather(rows[places]).to_list())
        for place, (start, end) in zip(places.tolist(), weighed, strict=True):
            starts[place], ends[place] = start, end
        return starts, ends

    def _worded_spans(self, name: str, rows: Rows) -> tuple[Ints, Ints]:
        starts, ends = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        slow = np.arange(len(rows))
        if self.rows > SMALL:
            begins, starts, ends = self._columnar_spans(name, rows)
            unless = self.lexicon.patterns[name].unless
            slow = np.flatnonzero(begins >= _begins(self.folded.gather(rows), unless))
        expression = self.lexicon.expression(name)
        for place, text in zip(slow.tolist(), self.folded.gather(rows[slow]).to_list(), strict=True):
            span = expression.first(text)
            if span is not None:
                starts[place], ends[place] = _trimmed(text, *span)
        return starts, ends

    def _columnar_spans(self, name: str, rows: Rows) -> tuple[Ints, Ints, Ints]:
        """Where the first hit of any line begins, and start and end of what it shows; the earlier line wins a tie."""
        begins = np.full(len(rows), _NOWHERE, dtype=np.int64)
        starts, ends = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        for number, line in enumerate(self.lexicon.patterns[name].lines):
            places = np.flatnonzero(self._may(name, number)[rows])
            if not len(places):
                continue
            found = _line_spans(self.folded.gather(rows[places]), line)
            earlier = (found[0] >= 0) & (found[0] < begins[places])
            places = places[earlier]
            begins[places], starts[places], ends[places] = (part[earlier] for part in found)
        return begins, starts, ends

    def _may(self, name: str, line: int) -> Flags:
        """Rows in which the line may occur; asked for each line once or more, counted for all rows at once."""
        key = (name, line)
        if key not in self._admitted:
            self._admitted[key] = self.lexicon.may(name, line, self._masks)
        return self._admitted[key]

    @cached_property
    def _masks(self) -> Masks:
        return self.lexicon.candidates(self.folded, (self.role != NOBODY) | self.system)

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

    def _confirmed(self, name: str, rows: Rows) -> Flags:
        """For each of the rows whether a hit stands outside the excluded phrases."""
        expression = self.lexicon.expression(name)
        texts = self.folded.gather(rows).to_list()
        return np.fromiter((expression.occurs(text) for text in texts), np.bool_, len(texts))

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


def _fold(texts: pl.Series) -> pl.Series:
    if len(texts) <= SMALL:
        return pl.Series([fold(text) for text in texts], dtype=pl.String)
    return fold_column(texts)


def _begins(texts: pl.Series, lines: tuple[str, ...]) -> Ints:
    """Per text the code point where the first of the lines matches, beyond every text where none does."""
    begins = np.full(len(texts), _NOWHERE, dtype=np.int64)
    for line in lines:
        rows = texts.str.contains(line).arg_true()
        if len(rows):
            found = texts.gather(rows)
            place = pl.DataFrame({"text": found.cast(pl.Binary), "begin": found.str.find(line)})
            begin = place.select(pl.col("text").bin.slice(0, pl.col("begin")).cast(pl.String).str.len_chars())
            at = rows.to_numpy()
            begins[at] = np.minimum(begins[at], begin.to_series().cast(pl.Int64).to_numpy())
    return begins


def _line_spans(texts: pl.Series, line: str) -> tuple[Ints, Ints, Ints]:
    """Per text where the line's first hit begins, −1 without one, and start and end of what it shows without delimiters
    at its ends. The hit is found by replacing it: cheaper than a capture, which needs a slower automaton."""
    text, hit = pl.col("text"), pl.col("hit")
    bare = hit.str.strip_chars(_TRIM) == ""
    whole, kept = hit.str.len_chars(), hit.str.strip_chars(_TRIM).str.len_chars()
    lead = whole - hit.str.strip_chars_start(_TRIM).str.len_chars()
    marked = texts.str.replace(line, _MARK)
    begin = marked.str.find(_MARK, literal=True)
    length = texts.str.len_bytes() - marked.str.len_bytes() + len(_MARK.encode())
    cut = pl.DataFrame({"text": texts.cast(pl.Binary), "begin": begin, "length": length})
    places = cut.select(
        begin=text.bin.slice(0, pl.col("begin")).cast(pl.String).str.len_chars().cast(pl.Int64),
        hit=text.bin.slice(pl.col("begin"), pl.col("length")).cast(pl.String),
    ).select("begin", lead=pl.when(bare).then(0).otherwise(lead), kept=pl.when(bare).then(whole).otherwise(kept))
    begins = places["begin"].fill_null(-1).to_numpy()
    skipped, shown = (places[name].cast(pl.Int64).fill_null(0).to_numpy() for name in ("lead", "kept"))
    return begins, begins + skipped, begins + skipped + shown


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without delimiters at its ends, unless it is nothing else."""
    shown = text[start:end]
    if not shown.strip(_TRIM):
        return start, end
    return end - len(shown.lstrip(_TRIM)), start + len(shown.rstrip(_TRIM))
