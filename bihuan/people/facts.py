"""What staff write into the service record: whose each external key was, and in which team, post and class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.conf import settings
from django.db.models import Prefetch

from bihuan.archive.schemas import STAFF
from bihuan.kit.clock import day_bounds, to_us
from bihuan.people.models import ClassHolding, Membership, PostHolding, StaffKey
from bihuan.people.rules.spans import Piece, Span, pieces


class _DatedRow(Protocol):
    since: date
    until: date | None


def staff_table(*, zone: ZoneInfo | None = None, cutover_hour: int = 0) -> pa.Table:
    """Rows of `archive.schemas.STAFF`: each settled key, cut wherever team, post or class changes.

    `from_us` and `to_us` are the half-open bounds in the department's business days, microseconds; `to_us` is null
    while the row is open.
    """
    place = zone or ZoneInfo(settings.TIME_ZONE)
    rows = [row for key in _settled() for row in _rows(key, place, cutover_hour)]
    rows.sort(key=lambda row: (row["agent_key"], row["from_us"], row["source"]))
    return pa.Table.from_pylist(rows, schema=STAFF.schema)


def _settled() -> Iterable[StaffKey]:
    rows: Any = StaffKey.objects.select_related("person")
    found: Iterable[StaffKey] = rows.prefetch_related(
        Prefetch("person__memberships", Membership.objects.select_related("team")),
        Prefetch("person__posts", PostHolding.objects.all()),
        Prefetch("person__classes", ClassHolding.objects.all()),
    )
    return found


def _rows(key: StaffKey, zone: ZoneInfo, cutover_hour: int) -> list[dict[str, Any]]:
    """A settled key cut into stretches; an empty span (settled and released on one day) gives none."""
    person = key.person
    tracks = {
        "team": [_span(row, row.team.key) for row in person.memberships.all()],
        "post": [_span(row, row.post) for row in person.posts.all()],
        "agent_class": [_span(row, row.agent_class) for row in person.classes.all()],
    }
    fixed = {"source": key.source, "agent_key": key.key, "person": person.number, "name": person.name}
    return [{**fixed, **piece.values, **_bounds(piece, zone, cutover_hour)} for piece in pieces(_span(key, ""), tracks)]


def _span(row: _DatedRow, value: str) -> Span[str]:
    return Span(row.since, row.until, value)


def _bounds(piece: Piece, zone: ZoneInfo, cutover_hour: int) -> dict[str, int | None]:
    begins = to_us(day_bounds(piece.since, zone, cutover_hour)[0])
    ends = to_us(day_bounds(piece.until, zone, cutover_hour)[0]) if piece.until else None
    return {"from_us": begins, "to_us": ends}
