"""One contact of the plan in plain Python values, times in microseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from bihuan.demo.cast import COLUMN
from bihuan.demo.plan import CHANNELS, TOPICS, Plan
from bihuan.kit.clock import SECOND

PREFIX: Final = {"phone": "PH", "chat": "CH", "email": "EM", "social": "SO"}
LETTER_SECONDS: Final = 420


class At:
    """A row of the plan by name: every column of `Plan`, and what follows from them."""

    agent: int
    team: int
    customer: int
    level: int
    rounds: int
    rings: int
    rating: int
    nps: int
    pace: float
    acts: list[bool]
    named: bool
    negative: bool
    cross: bool
    account: bool
    abandoned: bool
    solved: bool
    vanished: bool
    test: bool
    repeat: bool
    complains: bool
    surveyed: bool
    transferred: bool
    serial: int
    parent_id: str | None
    back: int
    parent: int

    def __init__(self, values: dict[str, Any], day: date, midnight: int, ring_us: int) -> None:
        self.__dict__ = values
        self.channel = CHANNELS[values["channel"]]
        self.topic = TOPICS[values["topic"]]
        self.contact_id = contact_id(self.channel, day, self.serial, self.back)
        self.parent_id = None
        if self.parent >= 0:
            self.parent_id = contact_id(self.channel, day - timedelta(days=self.back), self.parent, 0)
        self.opened: int = midnight + values["opened_s"] * SECOND
        self.queue = int(values["queue_s"] * SECOND)
        self.accepted: int = self.opened + self.queue + self.rings * ring_us
        self.first_reply = int(values["first_reply_s"] * SECOND)
        if self.channel == "email":  # a letter waits in the inbox; writing the answer is the smaller part
            writing = min(self.first_reply, int(LETTER_SECONDS * values["pace"]) * SECOND)
            self.accepted, self.first_reply = self.opened + self.first_reply - writing, writing

    def does(self, act: str) -> bool:
        return self.acts[COLUMN[act]]


def contact_id(channel: str, day: date, serial: int, back: int) -> str:
    """The same whatever else happened that day, so that a later contact can name the one it continues."""
    return f"{PREFIX[channel]}-{_stamp(day)}-{f'R{back}' if back else ''}{serial + 1:05d}"


@cache
def _stamp(day: date) -> str:
    return f"{day:%Y%m%d}"


def lived(plan: Plan, day: date, midnight: int, ring_us: int) -> Iterator[At]:
    """The contacts of a plan in order of arrival."""
    names = [field.name for field in fields(Plan)]
    for values in zip(*(getattr(plan, name).tolist() for name in names), strict=True):
        yield At(dict(zip(names, values, strict=True)), day, midnight, ring_us)
