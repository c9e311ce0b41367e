"""Whose keys the record holds: noticing unknown ones, settling and releasing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.actions.spells import end, here_on, locked
from bihuan.people.authority import Actor, account, require
from bihuan.people.models import Person, StaffKey, UnresolvedKey
from bihuan.people.refusals import EndsBeforeStart, GrantEnded, KeyTaken
from bihuan.people.rules.roles import Permission


@dataclass(frozen=True)
class SeenKey:
    """A key as the record holds it: days of its first and last contact (None without times) and how many contacts."""

    source: str
    key: str
    first_day: date | None = None
    last_day: date | None = None
    contacts: int = 0


@transaction.atomic
def notice_keys(actor: Actor, *, keys: Iterable[SeenKey]) -> int:
    """Put keys nobody has settled on the waiting list and refresh those that wait; returns how many are new."""
    require(actor, Permission.SETTLE_KEYS)
    settled = set(StaffKey.objects.values_list("source", "key"))
    fresh = [seen for seen in keys if seen.key and (seen.source, seen.key) not in settled]
    before = UnresolvedKey.objects.count()
    rows = [
        UnresolvedKey(
            source=seen.source, key=seen.key, first_day=seen.first_day, last_day=seen.last_day, contacts=seen.contacts
        )
        for seen in {(seen.source, seen.key): seen for seen in fresh}.values()
    ]
    UnresolvedKey.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["first_day", "last_day", "contacts"],
    )
    added = UnresolvedKey.objects.count() - before
    if added:
        record(actor=actor, verb="people_key.noticed", subject="keys", data={"new": added})
    return added


@transaction.atomic
def settle_key(
    actor: Actor, *, source: str, key: str, person: Person, since: date | None = None, until: date | None = None
) -> StaffKey:
    """`key` in `source` meant `person` from `since` (joining, by default) until the day before `until`.

    Settling the same again changes nothing; a key that is somebody else's on one of these days is refused.
    """
    require(actor, Permission.SETTLE_KEYS)
    person = locked(person)
    begins, ends = since or person.joined, until or person.left
    here_on(person, begins)
    if ends is not None and ends < begins:
        raise EndsBeforeStart
    taken: StaffKey | None = (
        StaffKey.objects.touching(begins, ends).filter(source=source, key=key).select_related("person").first()
    )
    if taken is not None and (taken.person_id, taken.since, taken.until) == (person.pk, begins, ends):
        return taken
    if taken is not None:
        raise KeyTaken(key=key, name=taken.person.name)
    row = StaffKey.objects.create(
        source=source, key=key, person=person, since=begins, until=ends, recorded_by=account(actor)
    )
    UnresolvedKey.objects.waiting().filter(source=source, key=key).update(settled_at=now(), settled_by=account(actor))
    data = {"source": source, "key": key, "since": str(begins), "until": str(ends or "")}
    record(actor=actor, verb="people_key.settled", subject=f"person:{person.number}", data=data)
    return row


@transaction.atomic
def release_key(actor: Actor, *, staff_key: StaffKey, until: date) -> StaffKey:
    """The key stops meaning this person with the day before `until`, so that it can be somebody else's."""
    require(actor, Permission.SETTLE_KEYS)
    row = StaffKey.objects.select_for_update(of=("self",)).select_related("person").get(pk=staff_key.pk)
    if row.until is not None and row.until <= until:
        raise GrantEnded
    end(row, until=until, by=actor)
    data = {"source": row.source, "key": row.key, "until": str(row.until)}
    record(actor=actor, verb="people_key.released", subject=f"person:{row.person.number}", data=data)
    return row
