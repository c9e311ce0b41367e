"""Whose keys the record holds, and what is exported to it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from bihuan.archive.schemas import STAFF
from bihuan.journal.models import Entry
from bihuan.kit.clock import day_bounds, to_us
from bihuan.kit.errors import NotAllowed
from bihuan.people import actions, refusals
from bihuan.people.actions import SeenKey
from bihuan.people.facts import staff_table
from bihuan.people.models import StaffKey, UnresolvedKey
from bihuan.people.rules.spans import Piece, Span, overlaps, pieces
from bihuan.people.tests.cast import JOINED, SYSTEM, Cast

MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)
ZONE = ZoneInfo("Asia/Shanghai")


def test_unknown_keys_wait_once_and_settled_ones_do_not_come_back(cast: Cast) -> None:
    seen = [SeenKey("phone", "A1", MAY, JUNE, 12), SeenKey("bihuan", "1001"), SeenKey("phone", "")]
    assert actions.notice_keys(SYSTEM, keys=seen) == 1
    assert actions.notice_keys(SYSTEM, keys=[SeenKey("phone", "A1", MAY, JUNE, 15)]) == 0
    assert UnresolvedKey.objects.get().contacts == 15
    actions.settle_key(cast.user("manager"), source="phone", key="A1", person=cast.person("agent"))
    row = UnresolvedKey.objects.get()
    assert row.settled_by is not None
    assert row.settled_by.username == "5001"
    assert not UnresolvedKey.objects.waiting().exists()
    assert Entry.objects.latest("id").verb == "people_key.settled"


def test_a_key_means_one_person_on_a_day_and_may_change_hands(cast: Cast) -> None:
    first = actions.settle_key(SYSTEM, source="phone", key="A1", person=cast.person("agent"))
    assert actions.settle_key(SYSTEM, source="phone", key="A1", person=cast.person("agent")) == first
    with pytest.raises(refusals.KeyTaken):
        actions.settle_key(SYSTEM, source="phone", key="A1", person=cast.person("senior_agent"), since=MAY)
    actions.release_key(SYSTEM, staff_key=first, until=MAY)
    actions.settle_key(SYSTEM, source="phone", key="A1", person=cast.person("senior_agent"), since=MAY)
    with pytest.raises(refusals.GrantEnded):
        actions.release_key(SYSTEM, staff_key=first, until=JUNE)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffKey.objects.create(person=cast.person("manager"), source="phone", key="A1", since=JUNE)


@pytest.mark.parametrize("who", ["agent", "supervisor", "inspector", "stranger"])
def test_others_settle_nothing(cast: Cast, who: str) -> None:
    key = StaffKey.objects.first()
    assert key is not None
    for act in (
        lambda: actions.settle_key(cast.user(who), source="p", key="k", person=cast.person("agent")),
        lambda: actions.release_key(cast.user(who), staff_key=key, until=MAY),
        lambda: actions.notice_keys(cast.user(who), keys=[SeenKey("p", "k")]),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not UnresolvedKey.objects.visible_to(cast.user(who)).exists()


def test_the_export_cuts_a_key_where_team_post_or_class_changes(cast: Cast) -> None:
    agent = cast.person("agent")
    actions.settle_key(SYSTEM, source="phone", key="A1", person=agent)
    actions.move_person(SYSTEM, person=agent, team=cast.west, on=MAY)
    actions.set_class(SYSTEM, person=agent, agent_class="mature", on=JUNE)
    table = staff_table(zone=ZONE, cutover_hour=4)
    assert table.schema == STAFF.schema
    rows = [row for row in table.to_pylist() if row["agent_key"] == "A1"]
    bounds = [to_us(day_bounds(day, ZONE, 4)[0]) for day in (JOINED, MAY, JUNE)]
    assert [(r["team"], r["agent_class"], r["from_us"], r["to_us"]) for r in rows] == [
        ("east", "new", bounds[0], bounds[1]),
        ("west", "new", bounds[1], bounds[2]),
        ("west", "mature", bounds[2], None),
    ]
    assert {(r["person"], r["name"], r["source"], r["post"]) for r in rows} == {("1001", "张三", "phone", None)}
    assert {row["agent_key"] for row in table.to_pylist()} >= {"1001", "5001"}


def test_pieces_join_equal_neighbours_and_stay_inside_the_frame() -> None:
    frame = Span(date(2026, 1, 1), date(2026, 4, 1), "")
    track = [Span(date(2025, 1, 1), date(2026, 2, 1), "a"), Span(date(2026, 2, 1), date(2026, 3, 1), "a")]
    assert pieces(frame, {"t": track}) == [
        Piece(date(2026, 1, 1), date(2026, 3, 1), {"t": "a"}),
        Piece(date(2026, 3, 1), date(2026, 4, 1), {"t": None}),
    ]
    assert pieces(Span(MAY, MAY, ""), {"t": track}) == []
    assert overlaps(JOINED, None, MAY, JUNE)
    assert not overlaps(JOINED, MAY, MAY, None)
    assert not overlaps(MAY, MAY, JOINED, None)
