"""How dated rows change: close the row that holds, open the next, under the person's lock."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from bihuan.kit.clock import now
from bihuan.people.authority import Actor, account
from bihuan.people.models import Person
from bihuan.people.models.dated import Dated
from bihuan.people.refusals import LaterChangeExists, NotHereThen

D = TypeVar("D", bound=Dated)


def locked(person: Person) -> Person:
    """The person's row, locked until the transaction ends: two changes of one person wait for each other."""
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def here_on(person: Person, day: date) -> None:
    """Refuse a day before joining or after leaving."""
    if not person.works_on(day):
        raise NotHereThen(name=person.name, day=day)


def turn(model: type[D], person: Person, *, on: date, by: Actor, **values: Any) -> tuple[D, D | None]:
    """From `on` the person's row of `model` has `values`. Returns the new row and the one it ended.

    When the row that holds already has these values it is returned twice and nothing is written.
    """
    here_on(person, on)
    rows: Any = model._default_manager.filter(person=person)
    later = rows.filter(since__gt=on).order_by("since").first()
    if later is not None:
        raise LaterChangeExists(day=later.since)
    held = next((row for row in rows.order_by("since") if row.holds_on(on)), None)
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return held, held
    if held is not None:
        end(held, until=on, by=by)
    new = model(person=person, since=on, until=person.left, recorded_by=account(by), **values)
    new.save()
    return new, held


def end(row: Dated, *, until: date, by: Actor) -> None:
    """Close an open row: its last day is the one before `until`; an end before its start makes it empty."""
    row.until = max(until, row.since)
    row.ended_by = account(by)
    row.ended_at = now()
    row.save(update_fields=["until", "ended_by", "ended_at"])
