"""Answers the conditions of a definition over a scanned batch: rows for looks, truths for conversations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from bihuan.standards.checks.authored.definition import (
    Anything,
    Condition,
    Fact,
    Gap,
    Likeness,
    Look,
    Place,
    Repetition,
    Steps,
    Words,
)
from bihuan.standards.checks.authored.meaning import alike, encoder
from bihuan.standards.checks.authored.timing import TIMINGS, Took
from bihuan.standards.checks.batch import CONTACT_COLUMNS
from bihuan.standards.checks.facts import UNKNOWN_TIME, between
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import AGENT, CUSTOMER, NOBODY, Ints, Scan

_PAIR: Final = 2
_MICROS: Final = 1_000_000
_LASTED: Final = "duration_us"


class Found:
    """The conditions of one definition, each answered when first asked for.

    Where a distance in time hangs on a time that is not known it counts as too far, or as near enough if
    `unknown_is_near`: what both readings say alike is sure.
    """

    def __init__(self, scan: Scan, conditions: Mapping[str, Condition], *, unknown_is_near: bool = False) -> None:
        self.scan = scan
        self.conditions = conditions
        self.unknown_is_near = unknown_is_near
        self._rows: dict[str, Rows] = {}
        self._reached: dict[str, list[Rows]] = {}
        self._took: dict[str, Took] = {}

    def truth(self, name: str) -> Flags:
        """Conversations of which the condition, or the common flag, is true."""
        condition = self.conditions.get(name)
        if condition is None:
            return self.scan.once(name, FLAGS[name])
        if isinstance(condition, Look):
            return self.scan.count(self.rows(name)) >= condition.times
        if isinstance(condition, Fact):
            return self._within(condition)
        return self.scan.any(self.reached(name)[-1])

    def unknown(self, name: str) -> Flags:
        """Conversations that do not tell the field or the time the condition hangs on; all where meaning is asked for and
        there is no encoder; none for another condition about messages."""
        condition = self.conditions.get(name)
        if isinstance(condition, Fact):
            return self._is_unknown(condition.field)
        return np.full(self.scan.n, True) if self.is_blind(name) else self.untimed(name)

    def untimed(self, name: str) -> Flags:
        """Conversations in which the condition comes out otherwise if times that are not known lie near enough."""
        if not (is_timed(name, self.conditions) and bool((self.scan.sent_us == UNKNOWN_TIME).any())):
            return np.zeros(self.scan.n, dtype=np.bool_)
        return self.truth(name) != self._otherwise.truth(name)

    @cached_property
    def _otherwise(self) -> Found:
        return Found(self.scan, self.conditions, unknown_is_near=not self.unknown_is_near)

    def is_blind(self, name: str) -> bool:
        """Whether the condition, or one it stands beside, compares meaning and there is no encoder here to do so."""
        return bool(meant_by(name, self.conditions)) and encoder() is None

    def rows(self, name: str) -> Rows:
        """Ascending rows that the look finds."""
        if name not in self._rows:
            look = self.conditions[name]
            assert isinstance(look, Look)
            self._rows[name] = self._found(look, self.region(look.place))
        return self._rows[name]

    def reached(self, name: str) -> list[Rows]:
        """For each step of the procedure the rows that fulfil it in time, all steps before it being fulfilled."""
        if name not in self._reached:
            steps = self.conditions[name]
            assert isinstance(steps, Steps)
            reached = [self.rows(steps.looks[0])]
            for look, gap in zip(steps.looks[1:], steps.gaps[1:], strict=True):
                reached.append(self._following(self.rows(look), reached[-1], gap))
            self._reached[name] = reached
        return self._reached[name]

    def took(self, field: str) -> Took:
        """A timing of the conversations, with the messages that show it."""
        if field not in self._took:
            self._took[field] = TIMINGS[field](self.scan)
        return self._took[field]

    def region(self, place: Place) -> Flags:
        """Rows in which a look searches."""
        scan = self.scan
        where = _spoken(scan, place.speaker)
        nth, nth_last = _positions(scan, where)
        if place.since is not None:
            where = where & (nth >= place.since)
        if place.until is not None:
            where = where & (nth <= place.until)
        if place.last is not None:
            where = where & (nth_last <= place.last)
        for anchor, direction in ((place.after, 1), (place.before, -1)):
            if anchor is not None:
                where = where & self._beside(anchor, place, direction)
        return where

    def _within(self, fact: Fact) -> Flags:
        if fact.values and CONTACT_COLUMNS.get(fact.field) == pl.String:
            return np.logical_or.reduce([self.scan.fact(fact.field, value) for value in fact.values])
        number = self._number(fact.field)
        if fact.values:
            return np.isin(number, [int(value) for value in fact.values if value.isdecimal()])
        kept: Flags = number != UNKNOWN_TIME
        if fact.least is not None:
            kept &= number >= fact.least
        if fact.most is not None:
            kept &= number <= fact.most
        return kept

    def _is_unknown(self, field: str) -> Flags:
        if CONTACT_COLUMNS.get(field) == pl.String:
            return self.scan.facts.unknown(field)
        return self._number(field) == UNKNOWN_TIME

    def _number(self, field: str) -> Ints:
        if field in TIMINGS:
            return self.took(field).us
        return _lasted(self.scan) if field == _LASTED else self.scan.micros(field)

    def _found(self, look: Look, where: Flags) -> Rows:
        rows = np.flatnonzero(where)
        if isinstance(look.what, Words):
            return self._worded(look.what, rows)
        if isinstance(look.what, Likeness):
            return rows[likeness(self.scan, rows, look.what) >= look.what.least]
        if isinstance(look.what, Repetition):
            return rows[_said_before(self.scan, rows) >= look.what.times]
        assert isinstance(look.what, Anything)
        return rows

    def _worded(self, words: Words, rows: Rows) -> Rows:
        texts = self.scan.text_of[rows]
        held = np.array([self.scan.texts.say(pattern, texts) for pattern in words.patterns])
        some = held.any(axis=0)
        if words.none:
            return rows[~some]
        if words.together:
            return rows[held.sum(axis=0) >= words.least]
        kinds = sum(self.scan.any(rows[one]).astype(np.int64) for one in held)
        return rows[some & (np.asarray(kinds) >= words.least)[self.scan.contact[rows]]]

    def _beside(self, anchor: str, place: Place, direction: int) -> Flags:
        """Rows on the asked side of the anchor's nth hit, near enough where a distance is given."""
        scan = self.scan
        mark = _nth(scan, self.rows(anchor), place.nth)[scan.contact]
        distance = (np.arange(scan.rows) - mark) * direction
        beside = (mark >= 0) & (distance > 0)
        if place.messages is not None:
            beside &= distance <= place.messages
        if place.seconds is not None:
            here, there = np.arange(scan.rows), np.maximum(mark, 0)
            first, second = (there, here) if direction > 0 else (here, there)
            beside &= self._near(first, second, place.seconds)
        return beside

    def _following(self, rows: Rows, before: Rows, gap: Gap) -> Rows:
        """Those of `rows` that stand at or behind one of `before` in their conversation, near enough."""
        if not len(before):
            return rows[:0]
        behind = np.searchsorted(before, rows, side="right") - 1
        nearest = before[np.maximum(behind, 0)]
        kept = (behind >= 0) & (self.scan.contact[nearest] == self.scan.contact[rows])
        if gap.messages is not None:
            kept &= rows - nearest <= gap.messages
        if gap.seconds is not None:
            kept &= self._near(nearest, rows, gap.seconds)
        return rows[kept]

    def _near(self, first: Ints, second: Ints, seconds: int) -> Flags:
        """Whether each second row was sent at most so long after the first."""
        start, end = self.scan.sent_us[first], self.scan.sent_us[second]
        known = (start != UNKNOWN_TIME) & (end != UNKNOWN_TIME)
        gap = np.where(known, end, 0) - np.where(known, start, 0)
        near: Flags = np.where(known, gap <= seconds * _MICROS, self.unknown_is_near)
        return near


def is_timed(name: str, conditions: Mapping[str, Condition]) -> bool:
    """Whether the condition, or one it stands beside, or one of its steps, must come within some seconds of another."""
    condition = conditions.get(name)
    if isinstance(condition, Steps):
        waits = any(gap.seconds is not None for gap in condition.gaps)
        return waits or any(is_timed(look, conditions) for look in condition.looks)
    if not isinstance(condition, Look):
        return False
    place = condition.place
    return place.seconds is not None or any(is_timed(one, conditions) for one in (place.after, place.before) if one)


def meant_by(name: str, conditions: Mapping[str, Condition]) -> set[str]:
    """The looks by meaning that a condition hangs on: itself, those it stands beside, its steps."""
    condition = conditions.get(name)
    if isinstance(condition, Steps):
        return set[str]().union(*(meant_by(look, conditions) for look in condition.looks))
    if not isinstance(condition, Look):
        return set()
    own = {name} if isinstance(condition.what, Likeness) and condition.what.by == "meaning" else set()
    anchors = (condition.place.after, condition.place.before)
    return own.union(*(meant_by(anchor, conditions) for anchor in anchors if anchor))


def likeness(scan: Scan, rows: Rows, what: Likeness) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """For each row how like its message is to the likest script (0 to 1); each distinct text is compared once.

    Nothing is alike by meaning where there is no encoder.
    """
    texts, places = np.unique(scan.text_of[rows], return_inverse=True)
    read = scan.texts.read(texts)
    if what.by == "meaning":
        return (alike(read, what.scripts, what.least) if encoder() else np.zeros(len(read)))[places]
    wanted = [_pairs(script) for script in what.scripts]
    shares = [max(len(pairs & held) / len(pairs) for pairs in wanted) for held in map(_pairs, read)]
    return np.array(shares, dtype=np.float64)[places]


def _pairs(text: str) -> set[str]:
    plain = "".join(char for char in text if char.isalnum())
    return {plain[place : place + _PAIR] for place in range(max(1, len(plain) - _PAIR + 1))}


def _said_before(scan: Scan, rows: Rows) -> Ints:
    """For each row how often its text was said in its conversation by the same speaker, up to and with it."""
    said = pl.DataFrame({"contact": scan.contact[rows], "role": scan.role[rows], "text": scan.folded(rows)})
    return said.select(pl.int_range(1, pl.len() + 1).over("contact", "role", "text")).to_series().to_numpy()


def _spoken(scan: Scan, speaker: str) -> Flags:
    if speaker == "bot":
        return scan.bot
    if speaker == "system":
        return scan.system
    if speaker == "anybody":
        return (scan.role != NOBODY) | scan.bot
    return scan.said(AGENT if speaker == "agent" else CUSTOMER)


def _positions(scan: Scan, where: Flags) -> tuple[Ints, Ints]:
    """For each row of `where` its place among those of its conversation, from 1, counted from the start and the end."""
    upto = np.concatenate(([0], np.cumsum(where)))
    first, after = upto[scan.starts[scan.contact]], upto[scan.starts[scan.contact + 1]]
    return upto[1:] - first, after - upto[:-1]


def _nth(scan: Scan, rows: Rows, nth: int) -> Ints:
    """Per conversation its nth row of `rows`, −1 where it has fewer; the last for −1."""
    if nth < 0:
        return scan.last(rows)
    held = np.searchsorted(scan.contact[rows], np.arange(scan.n))
    place = held + nth - 1
    enough = scan.count(rows) >= nth
    found = np.full(scan.n, -1, dtype=np.int64)
    found[enough] = rows[place[enough]]
    return found


def _lasted(scan: Scan) -> Ints:
    """How long a contact took as it is told, or the time from its opening to its end."""
    told = scan.micros(_LASTED)
    opened, closed = scan.micros("opened_us"), scan.micros("closed_us")
    return np.where(told == UNKNOWN_TIME, between(opened, closed), told)
