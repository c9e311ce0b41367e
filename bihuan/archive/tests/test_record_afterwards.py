"""What came after a contact: ratings, complaints, follow-ups, ledgers and repeats, with numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.archive.ledgers import SUFFIX, ledgers_of
from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.kit.clock import DAY

Row = dict[str, Any]
MONTH_AGO = -20 * 86_400  # seconds before the first morning, in June


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def rating(rating_id: str, value: int | None, contact_id: str = "c", **more: object) -> Row:
    return {"rating_id": rating_id, "contact_id": contact_id, "kind": "csat", "value": value, **more}


def complaint(complaint_id: str, contact_id: str = "c", **more: object) -> Row:
    return {"complaint_id": complaint_id, "contact_id": contact_id, "opened_us": at(0), **more}


def test_S2_11_a_late_rating_corrects_the_day_of_its_contact(world: World) -> None:
    world.tell(contacts=[contact("c", 0, 60)], messages=chat(("customer", 0), ("a1", 10)))
    (row,) = world.rollup()
    assert (row["csat"], row["surveyed"], world.afterwards()) == (None, 0, [])
    result = world.tell(ratings=[rating("r", 4, given_us=at(0, day=3))])
    assert [day.isoformat() for day in result.days_touched if day] == ["2026-07-01"]
    (row,) = world.rollup()
    assert (row["csat"], row["nps"]) == (4, None)
    (said,) = world.afterwards()
    assert (said["kind"], said["value"], said["agent_key"], said["day"]) == ("csat", 4, "a1", date(2026, 7, 1))


def test_S2_11_an_answer_without_an_invitation_on_record_does_not_tell_how_many_were_asked(world: World) -> None:
    asked = {"rating_id": "i", "contact_id": "asked", "kind": "invitation"}
    world.tell(contacts=[contact(one) for one in ("asked", "both", "silent", "c", "open")],
               ratings=[asked, {**asked, "rating_id": "j", "contact_id": "both"}, rating("r", 5, "both"), rating("s", 5),
                        rating("t", None, "open")])  # fmt: skip
    told = {one: world.rollup(one)[0]["surveyed"] for one in ("asked", "both", "silent", "c", "open")}
    assert told == {"asked": 1, "both": 1, "silent": 0, "c": None, "open": None}
    assert [row["value"] for row in world.afterwards("both")] == [5]


def test_S2_11_of_two_ratings_both_count_and_each_for_the_agent_it_names(world: World) -> None:
    world.tell(
        contacts=[contact("c", 0, 60, source="desk")],
        messages=chat(("customer", 0), ("a1", 10), ("customer", 20), ("a2", 30)),
        ratings=[
            rating("r1", 1, agent_key="a1"),
            rating("r2", 5),
            rating("r3", 3, agent_key="k7"),
            rating("r4", 2, agent_key="a1"),
        ],
    )
    world.staff(
        {"agent_key": "a1", "person": "8001", "team": "T1"}, {"agent_key": "k7", "person": "8007", "team": "T7"}
    )
    told = [(row["entry_id"], row["value"], row["person"], row["team"]) for row in world.afterwards()]
    assert told == [("r1", 1, "8001", "T1"), ("r2", 5, "a2", None), ("r3", 3, "8007", "T7"), ("r4", 2, "8001", "T1")]
    assert [row["agent_key"] for row in world.rollup()] == ["a2", "a1"], "who is only rated has served nobody"
    moved = {"agent_key": "k7", "person": "8008", "team": "T8"}
    world.staff({"agent_key": "a1", "person": "8001", "team": "T1"}, moved)
    assert world.afterwards()[2]["person"] == "8008", "a new staff list rebuilds the days in which a key is only named"


def test_S3_9_process_results_complaints_and_praise_enter_as_they_come_and_count_at_once(world: World) -> None:
    world.tell(contacts=[contact("c", 0, 60)], messages=chat(("customer", 0), ("a1", 10)))
    assert world.rollup()[0]["agent_messages"] == 1
    world.tell(ratings=[rating("r", 5, given_us=at(0, day=1))])
    assert world.rollup()[0]["csat"] == 5
    world.tell(complaints=[complaint("k", opened_us=at(0, day=2), valid=True)])
    (row,) = world.rollup()
    assert (row["complaints"], row["praises"]) == (1, None)
    world.tell(complaints=[complaint("p", opened_us=at(0, day=2), praise=True)])
    (row,) = world.rollup()
    assert (row["praises"], row["complaints"], row["csat"], row["agent_messages"]) == (1, 1, 5, 1)


def test_S1_9_S2_13_complaints_and_praise_are_rows_of_their_own_with_their_own_clock(world: World) -> None:
    world.tell(
        contacts=[contact()],
        complaints=[complaint("k1", valid=True, opened_us=at(90), closed_us=at(500)), complaint("k2", valid=False),
                    complaint("k3"), complaint("k4", praise=True)],
    )  # fmt: skip
    told = [
        (row["entry_id"], row["kind"], row["valid"], row["begun_us"], row["closed_us"]) for row in world.afterwards()
    ]
    assert told == [
        ("k1", "complaint", True, at(90), at(500)), ("k2", "complaint", False, at(0), None),
        ("k3", "complaint", None, at(0), None), ("k4", "praise", None, at(0), None),
    ]  # fmt: skip


def test_X11_others_must_act_on_what_is_L3_was_handed_over_or_is_a_third_partys_fault(world: World) -> None:
    world.tell(
        contacts=[contact("plain"), contact("l3", level="L3"), contact("moved"), contact("third")],
        events=course(("handed_over", 5, "a1"), contact_id="moved"),
        complaints=[complaint(one, one, responsibility="own") for one in ("plain", "l3", "moved")]
        + [complaint("third", "third", responsibility="third_party")],
    )
    told = {one: world.afterwards(one)[0]["context"] for one in ("plain", "l3", "moved", "third")}
    assert told == {
        "plain": "live",
        "l3": "other_departments",
        "moved": "other_departments",
        "third": "other_departments",
    }


def test_S2_10_a_follow_up_began_when_it_says_else_when_the_contact_ended(world: World) -> None:
    promise = {"follow_up_id": "f1", "contact_id": "c", "promised_us": at(900), "first_us": at(800)}
    world.tell(
        contacts=[contact("c", 0, 300)], follow_ups=[promise, {**promise, "follow_up_id": "f2", "opened_us": at(200)}]
    )
    told = [(row["begun_us"], row["promised_us"], row["first_us"], row["closed_us"]) for row in world.afterwards()]
    assert told == [(at(300), at(900), at(800), None), (at(200), at(900), at(800), None)]


def test_S3_12_X10_a_source_without_a_ledger_has_no_complaints_on_record_and_not_none(world: World) -> None:
    """The desk has complaints in June and in August, so July had none; the hotline keeps no ledger at all."""
    august = 40 * 86_400
    days = {"june": MONTH_AGO, "july": 0, "august": august, "later": 80 * 86_400}
    world.tell(contacts=[*(contact(name, start, source="desk") for name, start in days.items()),
                         contact("call", 0, source="hotline"), contact("undated", None, source="desk")],
               complaints=[complaint("k1", "june"), complaint("k2", "august")])  # fmt: skip
    told = {one: world.rollup(one)[0]["complaints"] for one in (*days, "call", "undated")}
    assert told == {"june": 1, "july": 0, "august": 1, "later": None, "call": None, "undated": None}


def test_S3_12_a_new_ledger_rebuilds_the_days_it_covers_and_no_others(world: World) -> None:
    world.tell(
        contacts=[contact("june", MONTH_AGO), contact("c", 0), contact("d", 10 * 86_400), contact("e", 40 * 86_400)]
    )
    before = world.refresh().manifest.files("rollup")
    result = world.tell(complaints=[complaint("k")])
    assert [day.isoformat() for day in result.days_touched if day] == ["2026-07-01"]
    after = world.refresh().manifest.files("rollup")
    assert [day for day in before if after[day] != before[day]] == ["2026-07-01", "2026-07-11"]
    assert world.rollup("d")[0]["complaints"] == 0
    assert world.refresh().manifest.files("rollup") == after


def test_what_ledgers_are_kept_is_remembered_beside_the_files_and_found_again_without_it(world: World) -> None:
    world.tell(contacts=[contact("c", source="desk")], complaints=[complaint("k")])
    head = world.archive.head()
    (file,) = head.files("complaints").values()
    (ledger,) = ledgers_of(world.archive, head)
    assert (ledger.source, ledger.kind, ledger.first, ledger.last) == (
        "desk",
        "complaint",
        date(2026, 7, 1),
        date(2026, 7, 31),
    )
    beside = (world.archive.root / file.path).with_suffix(SUFFIX)
    assert beside.exists()
    world.tell(contacts=[contact("c", source="mail")])
    assert [one.source for one in ledgers_of(world.archive, world.archive.head())] == ["mail"]


def asking(*more: Row, **one: object) -> list[Row]:
    """A contact on the fourth day and earlier ones, all of one customer about one category."""
    known = {"customer_key": "u", "customer_known": True, "category": "fee"}
    return [{**known, **row} for row in (*more, contact("c", 3 * 86_400, 3 * 86_400 + 60, **one))]


@pytest.mark.parametrize(
    ("earlier", "effective"),
    [
        ([], True),
        ([contact("p", 0, 60, outcome="unsolved")], False),
        ([contact("p", 0, 60, outcome="solved")], True),
        ([contact("p", 0, 60)], None),
        ([contact("p", 0, 60, outcome="unsolved", category="card")], True),
        ([contact("p", 0, 60, outcome="unsolved", category=None)], None),
        ([contact("p", 0, 60, outcome="unsolved", customer_key="v")], True),
        ([contact("p", 0, 60, outcome="abandoned")], True),
        # the latest answer of the category decides; who hung up was not answered
        ([contact("o", 0, 60, outcome="unsolved"), contact("p", 90, 99, outcome="solved")], True),
        ([contact("o", 0, 60, outcome="unsolved"), contact("p", 90, 99, outcome="abandoned")], False),
        # beyond the window of seven days
        ([contact("p", -5 * 86_400, -5 * 86_400 + 60, outcome="unsolved")], True),
        ([contact("p", -5 * 86_400, -4 * 86_400, outcome="unsolved")], False),
    ],
)  # fmt: skip
def test_S2_5_a_return_about_an_unsolved_question_is_a_repeat_where_the_source_does_not_say(
    world: World, earlier: list[Row], effective: bool | None
) -> None:
    world.tell(contacts=asking(*earlier))
    (row,) = world.rollup()
    assert (row["effective"], row["ineffective_reason"]) == (effective, "repeat" if effective is False else None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"effective": True}, (True, None)),
        ({"effective": False, "ineffective_reason": "test"}, (False, "test")),
        ({"ineffective_reason": "test"}, (False, "test")),
        ({"customer_key": None}, (None, None)),
        ({"customer_known": False}, (None, None)),
        ({"category": None}, (None, None)),
    ],
)
def test_S2_5_what_the_source_says_holds_and_an_unknown_customer_or_matter_cannot_be_told(
    world: World, told: Row, expected: tuple[bool | None, str | None]
) -> None:
    world.tell(contacts=asking(contact("p", 0, 60, outcome="unsolved"), **told))
    (row,) = world.rollup()
    assert (row["effective"], row["ineffective_reason"]) == expected


def test_S2_5_an_outcome_told_later_corrects_the_day_of_the_return(world: World) -> None:
    world.tell(contacts=asking(contact("p", 0, 60)))
    assert world.rollup()[0]["effective"] is None
    world.tell(contacts=asking(contact("p", 0, 60, outcome="unsolved"))[:1])
    row = world.rollup()[0]
    assert (row["effective"], row["day"]) == (False, date(2026, 7, 4))
    assert world.rollup(repeat_window_us=2 * DAY)[0]["effective"] is True
