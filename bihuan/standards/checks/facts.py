"""What is known about each contact beside its words: told by the record, or read from its events; told facts win."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.batch import CONTACT_COLUMNS, Batch
from bihuan.standards.checks.lexicon import SMALL, Flags

UNKNOWN_TIME: Final = np.iinfo(np.int64).min
_NEVER: Final = np.iinfo(np.int64).max
# How a contact changes hands, the weightiest first: to another department, to a higher level, to a colleague.
_PASSED_ON: Final = ("handed_over", "escalated", "transferred")
_TAKEN: Final = ("accepted", "assigned")
_HOLDS: Final = ("held", "resumed", "transferred", "closed", "abandoned")  # a hold, and what ends one

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]


class Facts:
    """The facts of `n` contacts, each an array with one entry per contact, in the order of the batch.

    Facts are the columns of `CONTACT_COLUMNS`, and of the events: `assigned_us` when a person took over, `resolved_us`;
    `rang_seq`, `queued_seq`, `opened_seq`, `hand_over_seq`, the event that tells a moment or a duration;
    `only_transferred` where a contact went to a colleague and no further. `hand_over_us` runs from the opening
    (S4-7, X11); it is negative where the events contradict it. `was_held`: the events tell that the customer was put on hold.
    """

    def __init__(self, batch: Batch) -> None:
        self._told = batch.contacts
        self._events = batch.events
        self.ids: list[str] = batch.contacts["contact_id"].to_list()
        self.n = len(self.ids)
        self._words: dict[str, Words] = {}
        self._numbers: dict[str, Ints] = {}

    def words(self, name: str) -> Words:
        """A fact in words, None where it is not known."""
        if name not in self._words:
            told = self._told[name].to_list() if name in self._told.columns else [None] * self.n
            self._words[name] = np.array(told, dtype=object)
        return self._words[name]

    def numbers(self, name: str) -> Ints:
        """A fact in whole numbers (a truth is 1 or 0), `UNKNOWN_TIME` where it is not known."""
        if name not in self._numbers:
            self._numbers[name] = self._known(name)
        return self._numbers[name]

    def unknown(self, name: str) -> Flags:
        """Of which contacts the fact is not known."""
        if CONTACT_COLUMNS[name] == pl.String:
            return np.asarray(self.words(name) == None, dtype=np.bool_)  # noqa: E711 - compared entry by entry
        return self.numbers(name) == UNKNOWN_TIME

    def _known(self, name: str) -> Ints:
        nobody = np.full(self.n, UNKNOWN_TIME)
        told = filled(self._told[name], UNKNOWN_TIME) if name in self._told.columns else nobody
        found = self._counted[name]() if name in self._counted else self._from_events.get(name, nobody)
        return np.where(told == UNKNOWN_TIME, found, told)

    @property
    def _counted(self) -> Mapping[str, Callable[[], Ints]]:
        return {"hand_over_us": self._hand_over_us, "hold_us": lambda: self._read.holds()}

    def _hand_over_us(self) -> Ints:
        passed, opened, begun = (
            self._from_events["passed_us"], self.numbers("opened_us"), self._from_events["begun_us"],
        )  # fmt: skip
        since = np.where(opened == UNKNOWN_TIME, begun, opened)
        known = (passed != UNKNOWN_TIME) & (since != UNKNOWN_TIME)
        return np.where(known, np.where(known, passed, 0) - np.where(known, since, 0), UNKNOWN_TIME)

    @cached_property
    def _read(self) -> _Events:
        return _Events(self._events, self.ids)

    @cached_property
    def _from_events(self) -> Mapping[str, Ints]:
        """Rings, ring time, queue time (entry → accepted, S3-6), hand-over and moments per contact."""
        events = self._read
        queued = events.least("happened_us", events.are("queued"))
        accepted = events.are("accepted") & (events.numbers("happened_us") >= queued[events.contact])
        waited, entered = events.least("happened_us", accepted), queued != UNKNOWN_TIME
        served = entered & (waited != UNKNOWN_TIME)
        rang, opened = events.are("rang"), events.are("opened")
        return {
            "rings": events.most("rings", rang),
            "ring_us": events.most("duration_us", rang),
            "queue_us": np.where(served, np.where(served, waited, 0) - np.where(served, queued, 0), UNKNOWN_TIME),
            "had_queue": events.any(events.are("queued")),
            "handed_over": events.any(events.are(*_PASSED_ON)),
            "assigned_us": events.least("happened_us", events.are(*_TAKEN)),
            "resolved_us": events.most("happened_us", events.are("resolved")),
            "was_held": events.any(events.are("held")),
            "rang_seq": events.first(rang),
            "queued_seq": events.first(events.are("queued")),
            "opened_seq": events.least("seq", opened),
            "begun_us": events.least("happened_us", opened),
            **events.hand_overs(),
        }


class _Events:
    """Events of known contacts as arrays; `contact` is the place of each event's contact."""

    def __init__(self, events: pl.DataFrame, ids: list[str]) -> None:
        self.n = len(ids)
        owners = places_of(events["contact_id"], ids) if events.height else np.zeros(0, dtype=np.int64)
        self._rows = np.flatnonzero(owners >= 0)
        self._events = events
        self.contact = owners[self._rows]
        kinds = events["kind"].to_list() if events.height else []
        self._kind = np.array(kinds, dtype=object)[self._rows]
        self._numbers: dict[str, Ints] = {}

    def numbers(self, name: str) -> Ints:
        if name not in self._numbers:
            held = name in self._events.columns
            column = filled(self._events[name], UNKNOWN_TIME) if held else np.full(self._events.height, UNKNOWN_TIME)
            self._numbers[name] = column[self._rows]
        return self._numbers[name]

    def are(self, *kinds: str) -> Flags:
        """Events of one of the kinds."""
        found = np.zeros(len(self._kind), dtype=np.bool_)
        for kind in kinds:
            found |= np.asarray(self._kind == kind, dtype=np.bool_)
        return found

    def any(self, where: Flags) -> Ints:
        """Per contact whether one of the events is there; unknown of a contact without any event."""
        found = np.full(self.n, UNKNOWN_TIME)
        found[self.contact] = 0
        found[self.contact[where]] = 1
        return found

    def first(self, where: Flags) -> Ints:
        """Per contact the sequence of the first of the events."""
        found, rows = np.full(self.n, UNKNOWN_TIME), np.flatnonzero(where)[::-1]
        found[self.contact[rows]] = self.numbers("seq")[rows]
        return found

    def least(self, name: str, where: Flags) -> Ints:
        """Per contact the least known value among the events."""
        found, known = np.full(self.n, _NEVER), where & (self.numbers(name) != UNKNOWN_TIME)
        np.minimum.at(found, self.contact[known], self.numbers(name)[known])
        return np.where(found == _NEVER, UNKNOWN_TIME, found)

    def most(self, name: str, where: Flags) -> Ints:
        """Per contact the greatest known value among the events."""
        found = np.full(self.n, UNKNOWN_TIME)
        np.maximum.at(found, self.contact[where], self.numbers(name)[where])
        return found

    def hand_overs(self) -> dict[str, Ints]:
        """Of the contacts that changed hands, few of all: when, and which event tells it; of several ways the weightiest,
        of that the first time."""
        found = {name: np.full(self.n, UNKNOWN_TIME) for name in ("passed_us", "hand_over_seq", "only_transferred")}
        first: dict[int, tuple[int, bool, int, int]] = {}
        for row in np.flatnonzero(self.are(*_PASSED_ON)).tolist():
            contact, at = int(self.contact[row]), int(self.numbers("happened_us")[row])
            way = (_PASSED_ON.index(self._kind[row]), at == UNKNOWN_TIME, at, int(self.numbers("seq")[row]))
            first[contact] = min(first.get(contact, way), way)
        for contact, (kind, _, at, seq) in first.items():
            values = (at, seq, int(_PASSED_ON[kind] == "transferred"))
            for column, value in zip(found.values(), values, strict=True):
                column[contact] = value
        return found

    def holds(self) -> Ints:
        """Per contact how long the customer was put on hold, all times together: as told, or until the talk went on or
        ended. Unknown where nothing tells of a hold, or one of them has no length."""
        rows = np.flatnonzero(self.are(*_HOLDS))
        rows = rows[np.lexsort((self.numbers("seq")[rows], self.contact[rows]))]
        until = np.full(len(rows), UNKNOWN_TIME)
        same = self.contact[rows[1:]] == self.contact[rows[:-1]]
        until[:-1][same] = self.numbers("happened_us")[rows[1:]][same]
        held = self._kind[rows] == "held"
        rows, until = rows[held], until[held]
        told, since = self.numbers("duration_us")[rows], self.numbers("happened_us")[rows]
        took = np.where(told == UNKNOWN_TIME, between(since, until), told)
        total = np.full(self.n, UNKNOWN_TIME)
        total[self.contact[rows]] = 0
        np.add.at(total, self.contact[rows], np.where(took == UNKNOWN_TIME, 0, took))
        total[self.contact[rows[took == UNKNOWN_TIME]]] = UNKNOWN_TIME
        return total


def between(start: Ints, end: Ints) -> Ints:
    """From start to end; unknown where one of them is, or where the end comes first."""
    known = (start != UNKNOWN_TIME) & (end != UNKNOWN_TIME) & (end >= start)
    return np.where(known, np.where(known, end, 0) - np.where(known, start, 0), UNKNOWN_TIME)


def places_of(owners: pl.Series, ids: list[str]) -> Ints:
    """The place in `ids` of each of the owners, −1 for one that is not there."""
    if len(owners) <= SMALL:
        places = {id_: place for place, id_ in enumerate(ids)}
        return np.array([places.get(owner, -1) for owner in owners.to_list()], dtype=np.int64)
    known = pl.DataFrame({"owner": ids}).with_row_index("place")
    found = owners.to_frame("owner").join(known, on="owner", how="left", maintain_order="left")
    return filled(found["place"], -1)


def filled(column: pl.Series, missing: int) -> Ints:
    """A whole-number or truth column with `missing` for null."""
    if len(column) <= SMALL:
        return np.array([missing if value is None else value for value in column.to_list()], dtype=np.int64)
    return column.cast(pl.Int64).fill_null(missing).to_numpy()


def completed(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.DataFrame:
    """The named columns of `frame`, null where it has none."""
    held = [
        frame[name] if name in frame.columns else pl.Series(name, [None] * frame.height, dtype=kind)
        for name, kind in columns.items()
    ]
    return pl.DataFrame(held)
