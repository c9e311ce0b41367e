"""Dated rows: half-open spans of days, `until` exclusive, None for open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Span(Generic[T]):
    """`value` holds from `since` until the day before `until`."""

    since: date
    until: date | None
    value: T

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Piece:
    """Days on which no track changes; `values` by track name, None where a track is silent."""

    since: date
    until: date | None
    values: Mapping[str, str | None]


def overlaps(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Do two half-open spans share a day? An empty span shares none."""
    starts, ends = max(since, other_since), _earlier(until, other_until)
    return ends is None or starts < ends


def pieces(frame: Span[str], tracks: Mapping[str, Sequence[Span[str]]]) -> list[Piece]:
    """Cut `frame` wherever a track changes; neighbours with equal values are joined."""
    cuts = {frame.since}
    for spans in tracks.values():
        cuts |= {day for span in spans for day in (span.since, span.until) if day is not None}
    inside = sorted(day for day in cuts if frame.holds_on(day))
    cut: list[Piece] = []
    for index, since in enumerate(inside):
        until = inside[index + 1] if index + 1 < len(inside) else frame.until
        values = {name: _on(spans, since) for name, spans in tracks.items()}
        if cut and cut[-1].values == values:
            cut[-1] = Piece(cut[-1].since, until, values)
        else:
            cut.append(Piece(since, until, values))
    return cut


def _on(spans: Sequence[Span[str]], day: date) -> str | None:
    return next((span.value for span in spans if span.holds_on(day)), None)


def _earlier(first: date | None, second: date | None) -> date | None:
    known = [day for day in (first, second) if day is not None]
    return min(known) if known else None
