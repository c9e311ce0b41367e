"""A conversation as lines to read: what was said, what happened, and the silences between; nothing unmasked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, ClassVar, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.archive.reader import ContactRecord
from bihuan.kit.clock import from_us
from bihuan.standards.rules.verdict import Verdict
from bihuan.ui import values
from bihuan.workplace.contacts.evidence import (
    Mark,
    Segment,
    marks_by_message,
    names,
    segments,
    strongest,
    tones_by_event,
)
from bihuan.workplace.contacts.names import Names
from bihuan.workplace.contacts.wording import EVENTS, KINDS, SENDERS, customer_name, said
from bihuan.workplace.masking import masked, shown

_FIRST: Final = ("opened", "queued", "rang", "assigned", "accepted")
_PLACED: Final = ("queued", "transferred", "handed_over")
_ICONS: Final[Mapping[str, str]] = {
    "opened": "login-2", "queued": "login-2", "rang": "phone-ringing", "assigned": "user-check", "accepted": "user-check",
    "held": "player-pause", "resumed": "player-play", "transferred": "arrows-exchange", "escalated": "arrow-up-right",
    "handed_over": "arrows-exchange", "resolved": "circle-check", "reopened": "rotate", "closed": "logout-2",
    "abandoned": "logout-2", "wrap_up_started": "pencil", "wrap_up_ended": "pencil",
}  # fmt: skip


@dataclass(frozen=True)
class Bubble:
    """A message. `side` is customer, agent, bot or system; `clock` is empty where the time is unknown.

    `tone` and `checks` are of evidence that is the whole message (a reply in time): the bubble is marked, not its words.
    """

    kind: ClassVar[str] = "message"
    seq: int
    side: str
    name: str
    initial: str
    clock: str
    segments: Sequence[Segment]
    tone: str = ""
    checks: str = ""
    length: str = ""
    rest: int = 0
    voice: bool = False
    automatic: bool = False
    withdrawn: bool = False
    attachment: str = ""
    sort: str = "text"

    @property
    def is_wordless(self) -> bool:
        """A picture, a file or an erased text: the page says what it was."""
        return not self.segments and not self.attachment

    @property
    def sort_word(self) -> str:
        return said(KINDS, self.sort)


@dataclass(frozen=True)
class Notice:
    """Events of one moment, in words."""

    kind: ClassVar[str] = "event"
    icon: str
    clock: str
    words: str
    tone: str = ""
    checks: str = ""


@dataclass(frozen=True)
class Gap:
    """A silence longer than the line; late where the customer was waiting."""

    kind: ClassVar[str] = "gap"
    length: str
    late: bool


@dataclass(frozen=True)
class NewDay:
    """The first line of another day."""

    kind: ClassVar[str] = "day"
    day: date


Line = Bubble | Notice | Gap | NewDay


@dataclass(frozen=True)
class Transcript:
    """Lines in reading order, and how many messages each side wrote."""

    lines: Sequence[Line]
    counts: Mapping[str, int] = field(default_factory=dict)
    undated: bool = False

    @property
    def messages(self) -> int:
        return sum(self.counts.values())


def transcript(
    record: ContactRecord, verdicts: Mapping[str, Verdict], called: Names, *, gap_us: int | None, revealed: bool = False
) -> Transcript:
    """The record of one contact for reading. `gap_us`: silences longer than this are drawn, None draws none."""
    rows = list(_in_order(record.events, record.messages))
    drawing = _Drawing(record, called, marks_by_message(verdicts), tones_by_event(verdicts), gap_us, revealed)
    counts: dict[str, int] = {}
    for message in record.messages:
        counts[message["sender_kind"]] = counts.get(message["sender_kind"], 0) + 1
    dated = any(_when(row) is not None for row in (*record.events, *record.messages))
    return Transcript(list(drawing.lines(rows)), counts, not dated)


def _when(row: Mapping[str, Any]) -> int | None:
    found: int | None = row.get("happened_us") if "happened_us" in row else row.get("sent_us")
    return found


def _in_order(events: Sequence[dict[str, Any]], messages: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Messages by their sequence; each event before the first message that came later.

    Events without a time stand where their kind puts them: the arrival first, everything else at the end.
    """
    early = [e for e in events if _when(e) is None and e["kind"] in _FIRST]
    late = [e for e in events if _when(e) is None and e["kind"] not in _FIRST]
    timed = sorted((e for e in events if _when(e) is not None), key=lambda e: (e["happened_us"], e["seq"]))
    yield from early
    at = 0
    for message in messages:
        sent = _when(message)
        while sent is not None and at < len(timed) and timed[at]["happened_us"] <= sent:
            yield timed[at]
            at += 1
        yield message
    yield from timed[at:]
    yield from late


@dataclass(frozen=True)
class _Drawing:
    """What is needed to turn one row after another into lines."""

    record: ContactRecord
    called: Names
    marks: Mapping[int, Sequence[Mark]]
    events: Mapping[int, Sequence[Mark]]
    gap_us: int | None
    revealed: bool

    def lines(self, rows: Sequence[dict[str, Any]]) -> Iterator[Line]:
        said_at: int | None = None
        waiting = False
        day: date | None = None
        for (kind, _moment), group in groupby(rows, key=_moment_of):
            here = list(group)
            now = _when(here[0])
            today = _day_of(now)
            if today is not None and day is not None and today != day:
                yield NewDay(today)
            day = today or day
            if kind == "event":
                yield self._notice(here)
                continue
            yield from self._gap(said_at, now, waiting)
            said_at = now if now is not None else said_at
            yield self._bubble(here[0])
            waiting = _still_waiting(here[0], waiting)

    def _gap(self, before: int | None, now: int | None, waiting: bool) -> Iterator[Line]:
        if before is not None and now is not None and self.gap_us is not None and now - before > self.gap_us:
            yield Gap(values.duration(now - before), waiting)

    def _bubble(self, message: dict[str, Any]) -> Bubble:
        text = shown(message["text"], revealed=self.revealed)
        whole, marks = _apart(self.marks.get(message["seq"], ()), len(text.text) + text.rest)
        side = message["sender_kind"]
        name = self._name(message)
        spoken = (
            (message["end_us"] - message["start_us"]) if message["end_us"] and message["start_us"] is not None else None
        )
        return Bubble(
            seq=message["seq"],
            side=side,
            name=name,
            initial=name[:1],
            clock=_clock(message["sent_us"]),
            segments=segments(text.text, marks, [(s.start, s.end) for s in text.private]),
            tone=strongest(whole),
            checks=names(whole),
            length=values.duration(spoken) if spoken else "",
            rest=text.rest,
            voice=message["kind"] == "voice",
            automatic=bool(message["automatic"]) and side == "agent",
            withdrawn=message["withdrawn_us"] is not None,
            attachment=masked(message["attachment"], revealed=self.revealed),
            sort=message["kind"] or "text",
        )

    def _name(self, message: dict[str, Any]) -> str:
        if message["sender_kind"] == "customer":
            return customer_name(self.record.contact["customer_surname"])
        if message["sender_kind"] == "agent" and message["agent_key"]:
            return agent_name(self.record, self.called, message["agent_key"])
        return said(SENDERS, message["sender_kind"])

    def _notice(self, events: Sequence[dict[str, Any]]) -> Notice:
        marks = [mark for event in events for mark in self.events.get(event["seq"], ())]
        told = dict.fromkeys(self._event(event) for event in events)
        last = events[-1]["kind"]
        return Notice(
            _ICONS.get(last, "point"), _clock(_when(events[0])), " · ".join(told), strongest(marks), names(marks)
        )

    def _event(self, event: dict[str, Any]) -> str:
        who = agent_name(self.record, self.called, event["agent_key"]) or _("an agent")
        words = said(EVENTS, event["kind"])
        words = words % {"who": who} if "%(who)s" in words else words
        where = event["team"] or event["queue"] or (self.record.contact["queue"] if event["kind"] == "queued" else "")
        rings = _("%(rings)s rings") % {"rings": event["rings"]} if event["rings"] else ""
        placed = self.called.team(where) if event["kind"] in _PLACED else ""
        extras = (placed, rings, masked(event["detail"], revealed=self.revealed))
        return " ".join([words, *(f"({extra})" for extra in extras if extra)])


def agent_name(record: ContactRecord, called: Names, key: str | None) -> str:
    """The name of the person behind a key of this contact, with the number where it differs."""
    if not key:
        return ""
    person = next((row["person"] for row in record.rollup if row["agent_key"] == key and row["person"]), key)
    name = called.person(person)
    return name if name == person else f"{name} {person}"


def _apart(marks: Sequence[Mark], length: int) -> tuple[list[Mark], list[Mark]]:
    """Marks of the whole message, and those of some of its words."""
    whole = [mark for mark in marks if mark.start <= 0 and mark.end >= length]
    return whole, [mark for mark in marks if mark not in whole]


def _still_waiting(message: Mapping[str, Any], waiting: bool) -> bool:
    """Whether the customer waits for people after this message; a bot's answer does not count."""
    return {"customer": True, "agent": False}.get(message["sender_kind"], waiting)


def _moment_of(row: Mapping[str, Any]) -> tuple[str, int | None]:
    """Events of one moment are told in one line; a message is a group of its own."""
    return ("event", row["happened_us"]) if "happened_us" in row else ("message", row["seq"])


def _clock(us: int | None) -> str:
    return "" if us is None else values.time_of_day(from_us(us))


def _day_of(us: int | None) -> date | None:
    return None if us is None else from_us(us).astimezone(timezone.get_current_timezone()).date()


def sides(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """(word, count) of every side that wrote, people first."""
    return [(said(SENDERS, side), counts[side]) for side in SENDERS if counts.get(side)]
