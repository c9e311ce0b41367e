"""Where evidence, comments and key moments may stand: in a message, or at an event of the timeline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive

Place = tuple[str, int]
"""("message", 3) or ("event", 2): a contact numbers the two apart."""
MESSAGE, EVENT = "message", "event"
FIRST_RESPONSE, RESOLUTION = "first_response", "resolution"
MOMENTS = (FIRST_RESPONSE, RESOLUTION)


def place_of(thing: Any) -> Place:
    """Where evidence or a comment stands."""
    return (EVENT, thing.event) if thing.message is None else (MESSAGE, thing.message)


def moment_place(evaluation: Any, moment: str) -> Place | None:
    """Where a key moment of an evaluation, or a rating, was marked."""
    message, event = getattr(evaluation, moment, None), getattr(evaluation, f"{moment}_event", None)
    if event is not None:
        return EVENT, event
    return None if message is None else (MESSAGE, message)


@dataclass(frozen=True)
class Places:
    """`lengths`: code points of every message by its sequence; `events`: sequences of what happened."""

    lengths: Mapping[int, int]
    events: Collection[int]

    def has(self, message: int | None, event: int | None) -> bool:
        """Whether it is one message, or one event, of the contact."""
        return message in self.lengths if event is None else message is None and event in self.events

    def holds(self, message: int | None, start: int, end: int, event: int | None) -> bool:
        """Whether code points [start, end) are in the message; an event has no extent."""
        if event is not None:
            return self.has(message, event) and (start, end) == (0, 0)
        return message is not None and 0 <= start < end <= self.lengths.get(message, 0)


def places_in(contact_id: str) -> Places:
    found = Reader(open_archive()).contact(contact_id)
    if found is None:
        return Places({}, ())
    return Places({row["seq"]: len(row["text"] or "") for row in found.messages}, {row["seq"] for row in found.events})
