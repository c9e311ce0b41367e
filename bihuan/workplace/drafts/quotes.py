"""What a trial shows of conversations: masked words with what decided lifted out, each linked to its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl
from django.urls import reverse

from bihuan.workplace.contacts.evidence import Mark, Segment, segments
from bihuan.workplace.contacts.names import Names, names_of
from bihuan.workplace.contacts.wording import SENDERS, said
from bihuan.workplace.drafts.sample import Sample
from bihuan.workplace.masking import masked, shown

BEFORE: Final = 24
AFTER: Final = 60
"""Characters around what is quoted: one or two lines of a list."""
MOST_QUOTES: Final = 3

Place = tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Quote:
    """A piece of a message, its speaker and where it stands; `segments` with a tone are what decided."""

    speaker: str
    seq: int
    url: str
    segments: Sequence[Segment]
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True)
class Quoted:
    """A conversation in a trial: its number, whose, when, its page, and what of it is worth reading."""

    name: str
    url: str
    day: date | None
    agent: str
    quotes: Sequence[Quote] = field(default_factory=tuple)


class Quoting:
    """Looks up the words of some conversations of a sample; one query of names."""

    def __init__(self, sample: Sample, contact_ids: Iterable[str]) -> None:
        wanted = sorted(set(contact_ids))
        messages = sample.batch.messages.filter(pl.col("contact_id").is_in(wanted))
        self._said = {(one["contact_id"], one["seq"]): one for one in messages.iter_rows(named=True)}
        served = sample.served.filter(pl.col("contact_id").is_in(wanted))
        self._served = {one["contact_id"]: one for one in served.iter_rows(named=True)}
        contacts = sample.batch.contacts.filter(pl.col("contact_id").is_in(wanted))
        self._numbers = dict(contacts.select("contact_id", "external_id").iter_rows())
        self._names: Names = names_of((one["person"] for one in self._served.values()), ())

    def conversation(self, contact_id: str, places: Iterable[Place] = (), *, tone: str = "look") -> Quoted:
        """The conversation with at most MOST_QUOTES of these places (seq, start, end), each message once."""
        row: Mapping[str, Any] = self._served.get(contact_id, {"person": None, "day": None})
        url = reverse("workplace:contact", args=[contact_id])
        chosen: dict[int, Place] = {}
        for place in places:
            chosen.setdefault(place[0], place)
        quotes = [self._quote(contact_id, place, url, tone) for place in list(chosen.values())[:MOST_QUOTES]]
        name = masked(self._numbers.get(contact_id) or contact_id)
        return Quoted(name, url, row["day"], self._names.person(row["person"]), [one for one in quotes if one])

    def _quote(self, contact_id: str, place: Place, url: str, tone: str) -> Quote | None:
        seq, start, end = place
        message = self._said.get((contact_id, seq))
        if message is None:
            return None
        text = shown(message["text"])
        first = max((start or 0) - BEFORE, 0)
        last = min((end if end is not None else start or 0) + AFTER, len(text.text))
        marks = [Mark(start - first, end - first, "", tone)] if start is not None and end is not None else []
        private = [(span.start - first, span.end - first) for span in text.private]
        part = segments(text.text[first:last], marks, private)
        return Quote(
            said(SENDERS, message["sender_kind"]), seq, f"{url}#m{seq}", part, first > 0, last < len(text.text)
        )


def places_of(evidence: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Where hits stand; where there are none, where something was looked for, without lifting it out."""
    spans = [one for one in evidence if one["message"] is not None]
    hits = [(one["message"], one["start"], one["end"]) for one in spans if one["role"] == "hit"]
    return hits or [(one["message"], None, None) for one in spans]
