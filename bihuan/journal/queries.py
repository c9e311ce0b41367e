"""Reads of the chain: its links in order, its heads by day, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Max

from bihuan.journal.models import Entry, Seal, Unsealed
from bihuan.journal.rules import GENESIS, Break, Line, Link, break_of
from bihuan.kit.clock import to_us

_CHUNK = 2000


@dataclass(frozen=True)
class Head:
    """The last seal of a sealing day. Once the day is over it never changes, so an exported copy is a witness."""

    day: date
    number: int
    digest: str


@dataclass(frozen=True)
class Verification:
    """What `verify` found: links checked, entries still waiting for the sealer, and the first break."""

    checked: int
    unsealed: int
    broken: Break | None

    @property
    def holds(self) -> bool:
        return self.broken is None


def line_of(entry: Entry) -> Line:
    """The entry as the chain sees it."""
    recorded = to_us(entry.recorded_at.astimezone(UTC))
    return Line(entry.id, recorded, entry.actor, entry.verb, entry.subject, entry.data, entry.day)


def links() -> Iterator[Link]:
    """The whole chain by number, streamed; an entry that was removed behind the database's back shows as None."""
    after = 0
    while chunk := list(Seal.objects.filter(number__gt=after).order_by("number")[:_CHUNK]):
        entries = Entry.objects.in_bulk([seal.entry_id for seal in chunk])
        for seal in chunk:
            entry = entries.get(seal.entry_id)
            line = line_of(entry) if entry else None
            yield Link(seal.number, seal.entry_id, seal.previous, seal.digest, line)
        after = chunk[-1].number


def heads() -> list[Head]:
    """The head of each sealing day, oldest first."""
    last = Seal.objects.order_by().values("sealed_on").annotate(last=Max("number")).values("last")
    return [Head(seal.sealed_on, seal.number, seal.digest) for seal in Seal.objects.filter(number__in=last)]


def verify(witnesses: Mapping[int, str] | None = None) -> Verification:
    """Recompute the chain; `witnesses` are digests by number from an earlier export of heads.

    Without witnesses a chain rewritten or cut at its end as a whole still agrees with itself; with them it does not.
    """
    known = dict(witnesses or {})
    number, previous, broken = 0, GENESIS, None
    for link in links():
        broken = break_of(link, number=number + 1, previous=previous)
        witness = known.pop(link.number, None)
        if broken is None and witness is not None and witness != link.digest:
            broken = Break(link.number, link.entry_id, "head_differs")
        if broken is not None:
            break
        number, previous = link.number, link.digest
    if broken is None and known:
        broken = Break(min(known), 0, "head_missing")
    return Verification(checked=number, unsealed=_waiting(), broken=broken)


def _waiting() -> int:
    """Entries without a seal, counted from the entries themselves: the waiting list could have been emptied."""
    return max(Unsealed.objects.count(), Entry.objects.filter(seal__isnull=True).count())
