"""Text cut where evidence begins and ends, so that overlapping spans nest in no markup. Offsets are code points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import MET, VIOLATED, Verdict

TONES: Final = ("bad", "met", "look")
"""Of spans that overlap the gravest draws the line: a violation, then what is met, then where something was sought."""


@dataclass(frozen=True)
class Mark:
    """Code points [start, end) of a message that a check rests on."""

    start: int
    end: int
    check: str
    tone: str


@dataclass(frozen=True)
class Segment:
    """A stretch of a message over which nothing changes. `checks` are names with a space between, for `data-check`."""

    text: str
    tone: str = ""
    checks: str = ""
    private: bool = False
    ends_bad: bool = False


def tone_of(verdict: Verdict, evidence: Evidence) -> str:
    """How a span of this verdict is drawn."""
    if evidence.role == "looked":
        return "look"
    return {MET: "met", VIOLATED: "bad"}.get(verdict.verdict, "look")


def marks_by_message(verdicts: Mapping[str, Verdict]) -> dict[int, list[Mark]]:
    """Every span in words, by the sequence of its message."""
    found: dict[int, list[Mark]] = {}
    for check, verdict in verdicts.items():
        for one in verdict.evidence:
            if one.message is not None and one.start is not None and one.end is not None:
                found.setdefault(one.message, []).append(Mark(one.start, one.end, check, tone_of(verdict, one)))
    return found


def tones_by_event(verdicts: Mapping[str, Verdict]) -> dict[int, list[Mark]]:
    """Evidence that is an event, by its sequence; the marks have no extent."""
    found: dict[int, list[Mark]] = {}
    for check, verdict in verdicts.items():
        for one in verdict.evidence:
            if one.message is None and one.event is not None:
                found.setdefault(one.event, []).append(Mark(0, 0, check, tone_of(verdict, one)))
    return found


def strongest(marks: Iterable[Mark]) -> str:
    """The tone that wins among marks; empty without any."""
    return min((mark.tone for mark in marks), key=TONES.index, default="")


def names(marks: Iterable[Mark]) -> str:
    """The checks of some marks, each once, in order."""
    return " ".join(dict.fromkeys(mark.check for mark in marks))


def segments(text: str, marks: Sequence[Mark], private: Sequence[tuple[int, int]] = ()) -> list[Segment]:
    """The text in pieces that join to the whole; spans beyond its end are clipped, empty ones left out."""
    clipped = [Mark(max(m.start, 0), min(m.end, len(text)), m.check, m.tone) for m in marks]
    live = [mark for mark in clipped if mark.start < mark.end]
    edges = {0, len(text), *(m.start for m in live), *(m.end for m in live)}
    edges |= {place for span in private for place in span if 0 < place < len(text)}
    places = sorted(edges)
    return [_segment(text, start, end, live, private) for start, end in pairwise(places) if start < end]


def _segment(text: str, start: int, end: int, marks: Sequence[Mark], private: Sequence[tuple[int, int]]) -> Segment:
    here = [mark for mark in marks if mark.start <= start and end <= mark.end]
    return Segment(
        text[start:end],
        strongest(here),
        names(here),
        any(first <= start and end <= last for first, last in private),
        any(mark.tone == "bad" and mark.end == end for mark in here),
    )
