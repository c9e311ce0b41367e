"""A conversation ready for the desk: masked, and for blind work without the agent's name and number.

Every step keeps the length of a text, so that offsets, which count code points of the original, stay true.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from bihuan.archive.reader import ContactRecord
from bihuan.inspection.places import EVENT, MESSAGE, Place, place_of
from bihuan.inspection.wording import EVENTS, SENDERS, said
from bihuan.kit.clock import MINUTE, from_us
from bihuan.standards.checks.personal_data import find, mask
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import MET, VIOLATED
from bihuan.ui import values

LONG_GAP_US: Final = MINUTE  # silences above this are drawn; shorter ones are the normal pace of a talk
TONES: Final = ("mine", "bad", "met", "look", "note")
HIDDEN: Final = "＊"
_SIGN: Final = "\ufffd"
_UNSEEN: Final = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ),
    _SIGN,
)


@dataclass(frozen=True)
class Mark:
    """Code points [start, end) of a message that an answer or a comment stands on; an event has no extent."""

    start: int
    end: int
    check: str
    tone: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text over which nothing changes; `start` counts code points of the original."""

    text: str
    start: int
    tone: str = ""
    checks: str = ""
    private: bool = False


@dataclass(frozen=True)
class Line:
    """A message, an event or a silence. `tone` and `checks` of what rests on an event; on words they stand in `pieces`."""

    kind: str
    clock: str = ""
    words: str = ""
    seq: int = 0
    side: str = ""
    name: str = ""
    pieces: Sequence[Piece] = ()
    late: bool = False
    first_response: bool = False
    resolution: bool = False
    comments: Sequence[Any] = ()
    tone: str = ""
    checks: str = ""

    @property
    def place(self) -> str:
        """Its name on the page, which links to it lead to."""
        return anchor((self.kind, self.seq))


@dataclass(frozen=True)
class Sight:
    """What of a conversation is shown, and how: marks and comments by their place, words to hide in blind work."""

    marks: Mapping[Place, Sequence[Mark]] = field(default_factory=dict)
    comments: Mapping[Place, Sequence[Any]] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    agent: str = ""
    first_response: Place | None = None
    resolution: Place | None = None


def places_changed(before: Sight, after: Sight) -> set[Place]:
    """Places that look different by now."""
    moments = {before.first_response, after.first_response, before.resolution, after.resolution}
    places = {*before.marks, *after.marks, *before.comments, *after.comments, *(one for one in moments if one)}
    return {place for place in places if _look(before, place) != _look(after, place)}


def _look(sight: Sight, place: Place) -> tuple[Any, ...]:
    said = [(one.pk, one.words, one.start, one.end) for one in sight.comments.get(place, ())]
    return list(sight.marks.get(place, ())), said, place == sight.first_response, place == sight.resolution


def marks_of(check: str, verdict: str, spans: Iterable[Evidence], *, mine: bool) -> Iterator[tuple[Place, Mark]]:
    """(place, mark) for every span in words and every event; `mine` was chosen by the evaluator."""
    for span in spans:
        looked = span.role == "looked"
        tone = "mine" if mine else ("look" if looked else {MET: "met", VIOLATED: "bad"}.get(verdict, "look"))
        if span.message is None and span.event is not None:
            yield place_of(span), Mark(0, 0, check, tone)
        elif span.start is not None and span.end is not None:
            yield place_of(span), Mark(span.start, span.end, check, tone)


def anchor(place: Place) -> str:
    """The id of a place on the page."""
    kind, seq = place
    return f"{kind[0]}{seq}"


def event_words(row: Mapping[str, Any]) -> str:
    """What happened."""
    return said(EVENTS, row["kind"])


def event_clock(row: Mapping[str, Any]) -> str:
    """When it happened."""
    return _clock(row["happened_us"])


def lines_of(record: ContactRecord, sight: Sight) -> list[Line]:
    """The conversation in reading order."""
    found: list[Line] = []
    before: int | None = None
    waiting = False
    for row in _in_order(record):
        if "happened_us" in row:
            found.append(_event(row, sight))
            continue
        now = row["sent_us"]
        if before is not None and now is not None and now - before > LONG_GAP_US:
            found.append(Line("gap", words=values.duration(now - before), late=waiting))
        found.append(_message(record, row, sight))
        before = now if now is not None else before
        waiting = {"customer": True, "agent": False}.get(row["sender_kind"], waiting)
    return found


def lines_at(record: ContactRecord, sight: Sight, places: Container[Place]) -> list[Line]:
    """Of these places alone."""
    events = [_event(row, sight) for row in record.events if (EVENT, row["seq"]) in places and _is_shown(row)]
    return events + [_message(record, row, sight) for row in record.messages if (MESSAGE, row["seq"]) in places]


def _is_shown(event: Mapping[str, Any]) -> bool:
    return event["kind"] in EVENTS and event["happened_us"] is not None


def _in_order(record: ContactRecord) -> Iterator[dict[str, Any]]:
    """Messages in their sequence, each shown event before the first message that came later."""
    events = sorted(filter(_is_shown, record.events), key=lambda row: (row["happened_us"], row["seq"]))
    at = 0
    for message in record.messages:
        while at < len(events) and message["sent_us"] is not None and events[at]["happened_us"] <= message["sent_us"]:
            yield events[at]
            at += 1
        yield message
    yield from events[at:]


def _event(row: Mapping[str, Any], sight: Sight) -> Line:
    place: Place = (EVENT, row["seq"])
    comments = sight.comments.get(place, ())
    marks = [*sight.marks.get(place, ()), *(Mark(0, 0, f"comment-{one.pk}", "note") for one in comments)]
    return Line(
        EVENT, event_clock(row), event_words(row), row["seq"], first_response=place == sight.first_response,
        resolution=place == sight.resolution, comments=comments, tone=_tone(marks), checks=_checks(marks),
    )  # fmt: skip


def _message(record: ContactRecord, row: Mapping[str, Any], sight: Sight) -> Line:
    seq, side = row["seq"], row["sender_kind"]
    place: Place = (MESSAGE, seq)
    original = row["text"] or ""
    text = hide(mask(original), sight.hidden).translate(_UNSEEN)
    comments = sight.comments.get(place, ())
    noted = [Mark(one.start, one.end, f"comment-{one.pk}", "note") for one in comments]
    private = [(span.start, span.end) for span in find(original)]
    return Line(
        MESSAGE, _clock(row["sent_us"]), "" if text else gettext("without words"), seq, side, _name(record, side, sight),
        pieces(text, [*sight.marks.get(place, ()), *noted], private), first_response=place == sight.first_response,
        resolution=place == sight.resolution, comments=comments,
    )  # fmt: skip


def _name(record: ContactRecord, side: str, sight: Sight) -> str:
    if side == "customer":
        surname = record.contact["customer_surname"]
        return f"{surname}**" if surname else pgettext("somebody without a name", "Customer")
    if side == "agent" and sight.agent:
        return sight.agent
    return said(SENDERS, side)


def hide(text: str, words: Sequence[str]) -> str:
    """The text without these words, as long as before."""
    for word in words:
        text = text.replace(word, HIDDEN * len(word))
    return text


def pieces(text: str, marks: Sequence[Mark], private: Sequence[tuple[int, int]] = ()) -> list[Piece]:
    """The text cut where marks begin and end, so that overlapping spans nest in no markup; joined it is the whole."""
    live = [mark for mark in marks if mark.start < min(mark.end, len(text))]
    edges = {0, len(text)} | {min(place, len(text)) for mark in live for place in (mark.start, mark.end)}
    edges |= {place for span in private for place in span if 0 < place < len(text)}
    return [_piece(text, start, end, live, private) for start, end in pairwise(sorted(edges)) if start < end]


def _piece(text: str, start: int, end: int, marks: Sequence[Mark], private: Sequence[tuple[int, int]]) -> Piece:
    here = [mark for mark in marks if mark.start <= start and end <= mark.end]
    return Piece(text[start:end], start, _tone(here), _checks(here), any(a <= start and end <= b for a, b in private))


def _tone(marks: Sequence[Mark]) -> str:
    return min((mark.tone for mark in marks), key=TONES.index, default="")


def _checks(marks: Sequence[Mark]) -> str:
    return " ".join(dict.fromkeys(mark.check for mark in marks))


def _clock(us: int | None) -> str:
    return "" if us is None else values.time_of_day(from_us(us))
