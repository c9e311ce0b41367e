"""The rows of a draw: who gets which drawn contact, and all of them into the database in one stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q

from bihuan.inspection.models import Assignment, Draw
from bihuan.inspection.queries import inspectors
from bihuan.inspection.sampling.drawing import DayDraw
from bihuan.kit.ids import new_id
from bihuan.people.models import Person
from bihuan.standards.rules.workload import Task, shared_out

TABLE: Final = Assignment._meta.db_table
TAKEN: Final = ("contact_id", "day", "stratum", "inclusion_ppm", "person", "opened_at")
WORDS: Final = ("team", "channel", "category")  # empty where the record does not know
COLUMNS: Final = ("id", "draw_id", "kind", "reasons", "due_at", "holder_id", "held_since", *TAKEN, *WORDS)

Row = Mapping[str, Any]


def assign(draw: Draw, found: DayDraw, *, due_at: datetime) -> int:
    """Lay down everything that was drawn, shared out to whoever has least open; returns how much.

    Risk and random alike; into the pool where nobody inspects. A thousand agents' day is some thousand rows: they are
    streamed (COPY), which takes a third of the time of inserting models.
    """
    rows = list(_drawn(found))
    holders = _shared_out(rows, draw.drawn_at)
    into = f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for kind, row in rows:
            copy.write_row(_laid_out(draw, kind, row, holders[row["contact_id"]], due_at))
    return len(rows)


def _drawn(found: DayDraw) -> Iterator[tuple[str, Row]]:
    random = found.random.sample.join(found.contacts.drop("stratum"), on="contact_id")
    risk = found.risk.join(found.looked_at, on="contact_id")
    for kind, rows in ((Assignment.Kind.RANDOM, random), (Assignment.Kind.RISK, risk)):
        yield from ((kind.value, row) for row in rows.iter_rows(named=True))


def _laid_out(draw: Draw, kind: str, row: Row, holder: int | None, due_at: datetime) -> tuple[Any, ...]:
    """The values of `COLUMNS`."""
    since = None if holder is None else draw.drawn_at
    reasons = json.dumps(row.get("reasons") or [])
    plan = (new_id(), draw.pk, kind, reasons, due_at, holder, since)
    return (*plan, *(row[name] for name in TAKEN), *(row[name] or "" for name in WORDS))


def _shared_out(rows: list[tuple[str, Row]], at: datetime) -> dict[str, int | None]:
    """contact → whose it is, by the key of the person."""
    people = {person.number: person.pk for person in inspectors(at)}
    tasks = [Task(row["contact_id"], frozenset({row["person"]})) for _, row in rows]
    given = shared_out(tasks, _open_work(people))
    return {contact: None if number is None else people[number] for contact, number in given.items()}


def _open_work(people: Mapping[str, int]) -> dict[str, int]:
    open_now = Count("inspections", filter=Q(inspections__done_at__isnull=True))
    listed = Person.objects.filter(number__in=people).annotate(open_now=open_now)
    return dict(listed.values_list("number", "open_now"))
