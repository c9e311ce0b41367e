"""Judging a span of days: once each, whole or not at all, by the edition that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.actions import carry_out_judging, request_judging
from bihuan.inspection.judging import ensure_judged, is_judged, judge_day, judge_days
from bihuan.inspection.models import JudgingRun
from bihuan.journal.models import Entry
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.tests.cast import make_cast
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import LIBRARY, load_edition

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 3)
DAY_S = 86_400
SYSTEM = "system:test"


@pytest.fixture
def world(tmp_path: Path, settings) -> World:
    """One chat a day for three days, served by 8001 and, on the second, handed to 8002."""
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    return filled(tmp_path)


def filled(root: Path) -> World:
    world = World(root)
    for day in range(3):
        start, last = day * DAY_S, "8002" if day == 1 else "8001"
        key = f"c{day}"
        words = chat(
            ("customer", start),
            ("8001", start + 5),
            (last, start + 60),
            (last, start + 70),
            contact_id=key,
            kind="text",
        )
        texts = (
            "我的订单还没到",
            "您好,我是工号8001,请稍等",
            "已经为您催促物流",
            "请问还有其他可以帮您吗?感谢您的来电,再见",
        )
        words = [row | {"text": text} for row, text in zip(words, texts, strict=True)]
        world.tell(
            contacts=[contact(key, start, start + 90, outcome="solved", customer_known=True, customer_key=key)],
            messages=words,
            events=course(("accepted", start + 1, "8001"), ("closed", start + 90, last), contact_id=key),
        )
    world.staff(*({"agent_key": key, "person": key, "name": key} for key in ("8001", "8002")))
    world.refresh()
    return world


def verdicts(world: World, edition) -> list[tuple]:
    rows = Reader(world.archive).table("verdicts", edition=edition.hash).to_pylist()
    return sorted((row["contact_id"], row["item"], row["verdict"], row["person"], row["edition"]) for row in rows)


@pytest.mark.django_db
def test_judging_writes_every_check_of_every_contact_under_the_editions_hash(world: World) -> None:
    edition = load_edition("recommended")
    run = carry_out_judging(request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST))
    rows = verdicts(world, edition)
    assert (run.is_finished, run.days_done, run.contacts_done) == (True, 3, 3)
    assert {(row[0], row[1]) for row in rows} == {(f"c{at}", check) for at in range(3) for check in edition.checks}
    assert {row[4] for row in rows} == {edition.hash}
    assert Entry.objects.filter(verb__startswith="judging.").count() == 2


@pytest.mark.django_db
def test_verdicts_belong_to_the_person_who_served_last(world: World) -> None:
    ensure_judged(world.archive, load_edition("recommended"), [FIRST, date(2026, 7, 2)])
    owners = {(row[0], row[3]) for row in verdicts(world, load_edition("recommended"))}
    assert owners == {("c0", "8001"), ("c1", "8002")}


@pytest.mark.django_db
def test_judging_again_changes_nothing(world: World) -> None:
    run = carry_out_judging(request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST))
    again = carry_out_judging(request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST))
    assert (again.days_done, again.contacts_done) == (3, 0)
    assert again.manifest == run.manifest
    assert carry_out_judging(again, again=True).contacts_done == 3


@pytest.mark.django_db
def test_a_day_whose_record_changed_is_judged_again_and_the_others_are_not(world: World) -> None:
    edition = load_edition("recommended")
    assert ensure_judged(world.archive, edition, [FIRST, LAST]) == 2
    world.tell(contacts=[contact("late", 10, 20)], messages=chat(("customer", 10), ("8001", 15), contact_id="late"))
    world.refresh()
    assert not is_judged(world.archive.head(), edition, FIRST)
    assert ensure_judged(world.archive, edition, [FIRST, LAST]) == 1
    assert {row[0] for row in verdicts(world, edition)} == {"c0", "c2", "late"}


def steps_of(world: World, contact_id: str) -> tuple[str, str]:
    ensure_judged(world.archive, load_edition("recommended"), [FIRST, date(2026, 7, 2)])
    rows = Reader(world.archive).table("verdicts", edition=load_edition("recommended").hash).to_pylist()
    (row,) = (row for row in rows if (row["contact_id"], row["item"]) == (contact_id, "complaint_steps"))
    return row["verdict"], row["reason"]


def test_S2_7_the_ledger_makes_a_complaint_and_logs_show_its_steps(world: World) -> None:
    assert steps_of(world, "c0") == ("not_applicable", "no_complaint")
    row = {"complaint_id": "x", "contact_id": "c0", "praise": False, "opened_us": at(30)}
    world.tell(complaints=[row])
    world.refresh()
    assert steps_of(world, "c0") == ("violated", "missing_soothe_and_feed_back_and_follow_up")
    first = {"follow_up_id": "f", "contact_id": "c0", "first_us": at(500)}
    world.tell(follow_ups=[first])
    world.refresh()
    assert steps_of(world, "c0") == ("violated", "missing_soothe_and_feed_back")


def test_S2_7_praise_and_what_was_complained_of_later_make_no_complaint_of_the_talk(world: World) -> None:
    late = {"complaint_id": "x", "contact_id": "c0", "praise": False, "opened_us": at(5000)}
    kind = {"complaint_id": "y", "contact_id": "c1", "praise": True, "opened_us": at(30, day=1)}
    world.tell(complaints=[late, kind])
    world.refresh()
    assert steps_of(world, "c0") == ("not_applicable", "complained_later")
    assert steps_of(world, "c1") == ("not_applicable", "no_complaint")


def test_days_judged_by_processes_get_the_same_verdicts_as_by_one(world: World) -> None:
    edition = load_edition("recommended")
    alone = dict(judge_days(world.archive, edition, [FIRST, LAST], processes=1))
    files = {key: file.hash for key, file in world.archive.head().files(verdicts_of(edition.hash)).items()}
    assert dict(judge_days(world.archive, edition, [FIRST, LAST], processes=2)) == alone
    again = {key: file.hash for key, file in world.archive.head().files(verdicts_of(edition.hash)).items()}
    assert again == files
    assert len(files) == 2


@pytest.mark.django_db
def test_an_edition_changed_during_judging_leaves_each_verdict_with_its_own(world: World, tmp_path: Path) -> None:
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text.replace("id: recommended", "id: mine"), encoding="utf-8")
    run = request_judging(SYSTEM, edition=str(mine), first=FIRST, last=LAST)
    old = load_edition(mine)
    judge_day(world.archive, old, Engine.for_edition(old), FIRST)
    mine.write_text(
        text.replace("id: recommended", "id: mine").replace('version: "2026.1"', 'version: "2"'), encoding="utf-8"
    )
    new = load_edition(mine)
    assert new.hash != old.hash
    with pytest.raises(InputError, match="has changed since"):
        carry_out_judging(run)
    assert {row[4] for row in verdicts(world, old)} == {old.hash}
    assert verdicts(world, new) == []


@pytest.mark.django_db
def test_two_editions_judge_the_same_day_side_by_side(world: World) -> None:
    first, second = load_edition("recommended"), load_edition("service-quality")
    ensure_judged(world.archive, first, [FIRST])
    before = verdicts(world, first)
    ensure_judged(world.archive, second, [FIRST])
    assert verdicts(world, first) == before
    assert {row[4] for row in verdicts(world, second)} == {second.hash}


KILLED = """
import os, sys, django
django.setup()
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo
from bihuan.archive.store import Archive
from bihuan.inspection.judging import ensure_judged
from bihuan.standards.editions import load_edition

def die_after_the_first_day(what, done, due):
    if done == 1:
        os.kill(os.getpid(), 9)

archive = Archive(Path(sys.argv[1]), ZoneInfo("Asia/Shanghai"))
ensure_judged(archive, load_edition("recommended"), [date(2026, 7, day) for day in (1, 2, 3)], die_after_the_first_day)
"""


def test_a_process_killed_in_the_middle_loses_no_day_and_judges_none_twice(tmp_path: Path) -> None:
    world, whole = filled(tmp_path / "killed"), filled(tmp_path / "whole")
    edition, days = load_edition("recommended"), [date(2026, 7, day) for day in (1, 2, 3)]
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "killed")], env=os.environ, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert [is_judged(world.archive.head(), edition, day) for day in days] == [True, False, False]
    assert ensure_judged(world.archive, edition, days) == 2
    ensure_judged(whole.archive, edition, days)
    assert verdicts(world, edition) == verdicts(whole, edition)


@pytest.mark.django_db
def test_a_span_the_wrong_way_round_is_refused_and_leaves_no_run(world: World) -> None:
    with pytest.raises(InputError, match="before the first"):
        request_judging(SYSTEM, edition="recommended", first=LAST, last=FIRST)
    assert not JudgingRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("agent", False),
        ("supervisor", False),
        ("trainer", False),
        ("stranger", False),
        ("inspector", True),
        ("manager", True),
    ],
)
def test_only_who_may_judge_asks_for_judging(world: World, who: str, may: bool) -> None:
    user = make_cast().user(who)
    if may:
        assert request_judging(user, edition="recommended", first=FIRST, last=LAST).requested_by == user
        return
    with pytest.raises(NotAllowed):
        request_judging(user, edition="recommended", first=FIRST, last=LAST)


@pytest.mark.django_db
def test_records_without_times_are_judged_by_a_run_of_their_own_and_nothing_else_is(world: World) -> None:
    words = [
        {"contact_id": "u1", "seq": 1, "sender_kind": "customer", "kind": "text", "text": "在吗"},
        {"contact_id": "u1", "seq": 2, "sender_kind": "agent", "agent_key": "8001", "kind": "text", "text": "您好"},
    ]
    world.tell(contacts=[{"contact_id": "u1", "source": "test", "channel": "chat"}], messages=words)
    world.refresh()
    edition = load_edition("recommended")
    run = carry_out_judging(request_judging(SYSTEM, edition="recommended", first=None, last=None))
    assert run.contacts_done == 1
    assert {row[0] for row in verdicts(world, edition)} == {"u1"}
    with pytest.raises(InputError):
        request_judging(SYSTEM, edition="recommended", first=FIRST, last=None)
