"""How long people waited and were silent in a conversation, from the times its messages were sent.

Only what people said counts, as everywhere. Where one of the times that decide is not known, or contradicts the order of
the messages, the time is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bihuan.standards.checks.facts import UNKNOWN_TIME, between
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import AGENT, NOBODY, Ints, Scan


@dataclass(frozen=True)
class Took:
    """Per contact how long it took (µs, `UNKNOWN_TIME` where that is not known), and the messages it ran between."""

    us: Ints
    rows: Rows


def first_response(scan: Scan) -> Took:
    """From the customer's first message, or when a person was given the contact where that came later (X2), to the agent's
    next message."""
    asks, replies = _exchanges(scan)
    _, first = np.unique(scan.contact[asks], return_index=True)
    asks, replies = asks[first], replies[first]
    asked, replied = scan.sent_us[asks], scan.sent_us[replies]
    assigned = scan.micros("assigned_us")[scan.contact[asks]]
    later = (asked != UNKNOWN_TIME) & (assigned > asked) & (assigned <= replied)
    return _longest(scan, asks, replies, between(np.where(later, assigned, asked), replied))


def longest_response(scan: Scan) -> Took:
    """The longest that a customer's first unanswered message waited for the agent's next one (S2-3)."""
    asks, replies = _exchanges(scan)
    return _longest(scan, asks, replies, between(scan.sent_us[asks], scan.sent_us[replies]))


def longest_silence(scan: Scan) -> Took:
    """The longest time in which neither side said anything, between two messages."""
    before, after = _neighbours(scan, np.flatnonzero(scan.role != NOBODY))
    return _longest(scan, before, after, between(scan.sent_us[before], scan.sent_us[after]))


TIMINGS: Final[Mapping[str, Callable[[Scan], Took]]] = {
    "first_response_us": first_response,
    "longest_response_us": longest_response,
    "longest_silence_us": longest_silence,
}


def _exchanges(scan: Scan) -> tuple[Rows, Rows]:
    """The customer's first unanswered messages and the agent's next ones: neighbours among the messages that begin a turn."""
    spoken = np.flatnonzero(scan.role != NOBODY)
    role, contact = scan.role[spoken], scan.contact[spoken]
    begins: Flags = np.ones(len(spoken), dtype=np.bool_)
    begins[1:] = (role[1:] != role[:-1]) | (contact[1:] != contact[:-1])
    before, after = _neighbours(scan, spoken[begins])
    answers = scan.role[after] == AGENT
    return before[answers], after[answers]


def _neighbours(scan: Scan, rows: Rows) -> tuple[Rows, Rows]:
    """Each of the rows that another of its conversation follows, and the one that follows it."""
    same = scan.contact[rows[1:]] == scan.contact[rows[:-1]]
    return rows[:-1][same], rows[1:][same]


def _longest(scan: Scan, begun: Rows, ended: Rows, took: Ints) -> Took:
    """Per contact the longest of its stretches; not known where one of them is not."""
    contact, unknown = scan.contact[ended], took == UNKNOWN_TIME
    longest = np.full(scan.n, UNKNOWN_TIME)
    np.maximum.at(longest, contact, took)
    longest[contact[unknown]] = UNKNOWN_TIME
    last = scan.first(ended[(took == longest[contact]) & ~unknown])
    shown = np.isin(ended, last)
    return Took(longest, np.union1d(begun[shown], ended[shown]))
