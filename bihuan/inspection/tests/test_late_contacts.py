"""Contacts that reach the record after their day was drawn get their own draw: same plan, seeded, logged, repeatable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.actions import draw_due_days
from bihuan.inspection.actions.sampling import draw_supplement
from bihuan.inspection.models import Assignment, Draw
from bihuan.inspection.sampling.drawing import draw_late, late_contacts
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, TEXTS, drawn, second_inspector
from bihuan.journal.models import Entry
from bihuan.kit.clock import day_bounds
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.sampling import PPM

pytestmark = pytest.mark.django_db


def come_late(world: World, count: int, *, first: int = 0) -> list[str]:
    """So many more chats of the day, as an import told them afterwards."""
    rows: dict[str, list[dict]] = {"contacts": [], "messages": [], "events": []}
    keys = [f"late{at:02d}" for at in range(first, first + count)]
    for at, key in enumerate(keys, first):
        agent, start = ("1001", "1002")[at % 2], 40_000 + at * 300
        words = chat(("customer", start), (agent, start + 5), (agent, start + 60), (agent, start + 70), contact_id=key)
        rows["messages"] += [row | {"text": text} for row, text in zip(words, TEXTS, strict=True)]
        rows["contacts"].append(contact(key, start, start + 90, outcome="solved", customer_key=key, category="refund"))
        rows["events"] += course(("accepted", start + 1, agent), ("closed", start + 90, agent), contact_id=key)
    world.tell(**rows)
    world.refresh()
    return keys


def test_S3_10_late_contacts_are_drawn_by_the_same_plan_and_the_draw_is_logged(lived: World, cast: Cast) -> None:
    first = drawn()
    late = come_late(lived, 20)
    draw = draw_supplement(SYSTEM, day=DAY)
    assert draw is not None
    assert (draw.number, draw.contacts, draw.drawn) == (1, 20, 2)
    assert (draw.edition_hash, draw.seed) == (first.edition_hash, first.seed)
    rows = Assignment.objects.random().filter(draw=draw)
    assert {row.contact_id for row in rows} < set(late)
    assert [entry.data["number"] for entry in Entry.objects.filter(verb="draw.made").order_by("id")] == [0, 1]
    first.refresh_from_db()
    assert (first.contacts, first.drawn) == (30, 3)  # what was drawn stays what it was


def test_each_late_contact_has_the_chance_its_stratum_had_and_no_other(lived: World, cast: Cast) -> None:
    drawn()
    late = come_late(lived, 20)
    draw = draw_supplement(SYSTEM, day=DAY)
    assert draw is not None
    assert sum(part.contacts for part in draw.parts) == len(late)
    chances = {part.name: part.inclusion_ppm for part in draw.parts}
    rows = list(Assignment.objects.random().filter(draw=draw))
    assert all(row.inclusion_ppm == chances[row.stratum] for row in rows)
    estimate = sum(PPM / row.inclusion_ppm for row in rows)
    assert round(estimate) == len(late)  # weighted by their chance the drawn stand for all of them


def test_the_kept_seed_and_states_of_the_record_give_the_supplement_again(lived: World, cast: Cast) -> None:
    first = drawn()
    come_late(lived, 20)
    draw = draw_supplement(SYSTEM, day=DAY)
    assert draw is not None
    edition = edition_in_use(DAY)
    then, before = (Reader(lived.archive, lived.archive.manifest(one.manifest)) for one in (draw, first))
    late = late_contacts(then, before, edition, DAY)
    again = draw_late(then, edition, DAY, late, number=1)
    kept = set(Assignment.objects.random().filter(draw=draw).values_list("contact_id", flat=True))
    assert set(again.random.sample["contact_id"]) == kept


def test_nothing_late_means_no_supplement_and_a_second_round_draws_nobody_twice(lived: World, cast: Cast) -> None:
    drawn()
    assert draw_supplement(SYSTEM, day=DAY) is None
    come_late(lived, 20)
    assert draw_supplement(SYSTEM, day=DAY) is not None
    assert draw_supplement(SYSTEM, day=DAY) is None
    come_late(lived, 10, first=20)
    third = draw_supplement(SYSTEM, day=DAY)
    assert third is not None
    assert (third.number, third.contacts) == (2, 10)
    ids = list(Assignment.objects.values_list("contact_id", flat=True))
    assert len(ids) == len(set(ids))


def test_a_few_late_ones_wait_until_a_share_of_them_is_a_contact_or_the_week_is_over(lived: World, cast: Cast) -> None:
    """Drawn at once, each single late contact would be evaluated for certain: ten times as likely as the others."""
    drawn()
    come_late(lived, 4)
    assert draw_supplement(SYSTEM, day=DAY) is None
    draw = draw_supplement(SYSTEM, day=DAY, whatever=True)
    assert draw is not None
    assert (draw.contacts, draw.drawn) == (4, 1)
    assert Assignment.objects.random().get(draw=draw).inclusion_ppm == PPM // 4


def test_the_clock_draws_supplements_with_the_days_and_takes_the_last_chance(
    lived: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn()
    come_late(lived, 4)
    noon = day_bounds(DAY, lived.archive.zone, 0)[0] + timedelta(hours=12)
    looked_back = int(edition_in_use(DAY).number("sampling.looked_back").value)
    monkeypatch.setattr("bihuan.inspection.actions.sampling.now", lambda: noon + timedelta(days=looked_back - 1))
    assert draw_due_days(SYSTEM) == []
    monkeypatch.setattr("bihuan.inspection.actions.sampling.now", lambda: noon + timedelta(days=looked_back))
    assert [draw.number for draw in draw_due_days(SYSTEM)] == [1]
    assert draw_due_days(SYSTEM) == []


def test_late_work_is_shared_out_like_all_other(lived: World, cast: Cast) -> None:
    second_inspector(cast)
    drawn()
    come_late(lived, 20)
    draw = draw_supplement(SYSTEM, day=DAY)
    assert draw is not None
    assert not Assignment.objects.filter(draw=draw, holder__isnull=True).exists()
    assert Draw.objects.filter(day=DAY).count() == 2
