"""Every column of the roll-up, with numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.kit.clock import DAY, SECOND


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_S2_2_a_bot_greeting_does_not_stop_the_customers_clock(world: World) -> None:
    world.tell(contacts=[contact()], messages=chat(("bot", 0), ("customer", 5), ("bot", 6), ("a1", 25)))
    (row,) = world.rollup()
    assert row["customer_frt_us"] == 20 * SECOND
    assert (row["customer_messages"], row["bot_messages"], row["agent_messages"]) == (1, 2, 1)


def test_S2_2_an_automatic_or_withdrawn_reply_does_not_stop_the_clock(world: World) -> None:
    said = chat(("customer", 0), ("a1", 1), ("a1", 2), ("a1", 30))
    said[1]["automatic"] = True
    said[2]["withdrawn_us"] = at(3)
    world.tell(contacts=[contact()], messages=said)
    (row,) = world.rollup()
    assert row["customer_frt_us"] == 30 * SECOND
    assert row["agent_messages"] == 1


def test_S2_3_a_second_customer_message_does_not_restart_the_wait(world: World) -> None:
    world.tell(
        contacts=[contact()],
        messages=chat(("customer", 0), ("customer", 8), ("a1", 20), ("a1", 21), ("customer", 30), ("a1", 35)),
    )
    (row,) = world.rollup()
    assert (row["exchanges"], row["exchange_wait_us"]) == (2, 25 * SECOND)
    waits = [(e["seq"], e["reply_seq"], e["wait_us"], e["first"]) for e in world.exchanges()]
    assert waits == [(1, 3, 20 * SECOND, True), (5, 6, 5 * SECOND, False)]


def test_S2_3_each_reply_is_booked_to_its_sender(world: World) -> None:
    world.tell(
        contacts=[contact()], messages=chat(("customer", 0), ("a1", 10), ("customer", 20), ("a2", 50), ("customer", 60))
    )
    second, first = world.rollup()
    assert (second["agent_key"], second["exchange_wait_us"], second["is_primary"]) == ("a2", 30 * SECOND, True)
    assert (first["agent_key"], first["exchange_wait_us"], first["is_primary"]) == ("a1", 10 * SECOND, False)
    assert first["customer_frt_us"] is None, "what is about the contact stands on the primary row alone"
    open_wait = world.exchanges()[-1]
    assert (open_wait["seq"], open_wait["reply_seq"], open_wait["wait_us"], open_wait["person"]) == (
        5,
        None,
        None,
        None,
    )


def test_X2_the_customer_waits_from_the_message_and_the_agent_from_the_assignment(world: World) -> None:
    world.tell(
        contacts=[contact()],
        messages=chat(("customer", 0), ("a1", 70)),
        events=course(("queued", 2, None), ("assigned", 55, "a1"), ("accepted", 60, "a1")),
    )
    (row,) = world.rollup()
    assert row["customer_frt_us"] == 70 * SECOND
    assert row["agent_frt_us"] == 15 * SECOND
    assert row["assigned_us"] == at(55)
    assert row["queue_us"] == 58 * SECOND


def test_X2_after_a_conversation_with_a_bot_the_hand_off_starts_the_customers_clock(world: World) -> None:
    world.tell(
        contacts=[contact()],
        messages=chat(("customer", 0), ("bot", 1), ("customer", 300), ("a1", 330)),
        events=course(("queued", 301, None), ("accepted", 320, "a1")),
    )
    (row,) = world.rollup()
    assert row["customer_frt_us"] == 29 * SECOND
    assert row["exchange_wait_us"] == 29 * SECOND
    assert row["agent_frt_us"] == 10 * SECOND


def test_X2_without_any_assignment_the_agents_clock_starts_with_the_unanswered_message(world: World) -> None:
    world.tell(contacts=[contact()], messages=chat(("customer", 0), ("customer", 5), ("a1", 12)))
    (row,) = world.rollup()
    assert (row["assigned_us"], row["agent_frt_us"]) == (None, 12 * SECOND)


def test_X2_on_the_phone_acceptance_is_the_answer(world: World) -> None:
    world.tell(
        contacts=[contact(channel="phone", closed=200)],
        events=course(("queued", 0, None), ("rang", 30, "a1"), ("accepted", 39, "a1"), ("closed", 200, None)),
    )
    (row,) = world.rollup()
    assert (row["customer_frt_us"], row["agent_frt_us"]) == (39 * SECOND, 9 * SECOND)
    assert (row["queue_us"], row["ring_us"], row["rings"]) == (39 * SECOND, 9 * SECOND, None)
    assert (row["offered"], row["answered"], row["abandoned"]) == (1, 1, 0)
    assert (row["agent_messages"], row["exchanges"], row["customer_messages"]) == (None, None, None)


def test_S0_13_an_abandoned_call_was_offered_and_not_answered(world: World) -> None:
    steps = course(("queued", 0, None), ("rang", 10, "a1"), ("abandoned", 34, None))
    steps[1]["rings"] = 5
    world.tell(contacts=[contact(channel="phone", closed=34, outcome="abandoned")], events=steps)
    (row,) = world.rollup()
    assert (row["offered"], row["answered"], row["abandoned"]) == (1, 0, 1)
    assert (row["queue_us"], row["rings"]) == (34 * SECOND, 5)
    assert (row["agent_key"], row["person"], row["is_primary"]) == (None, None, True)
    assert row["customer_waiting_since_us"] == at(0)
    assert row["solved"] is None


def test_X20_contact_duration_counts_the_queue_and_handle_time_does_not(world: World) -> None:
    world.tell(
        contacts=[contact(channel="phone", closed=200)],
        events=course(
            ("queued", 0, None), ("accepted", 40, "a1"), ("held", 60, "a1"), ("resumed", 90, "a1"),
            ("wrap_up_started", 200, "a1"), ("closed", 200, None), ("wrap_up_ended", 225, "a1"),
        ),
    )  # fmt: skip
    (row,) = world.rollup()
    assert row["duration_us"] == 200 * SECOND
    assert (row["active_us"], row["hold_us"], row["wrap_up_us"]) == (130 * SECOND, 30 * SECOND, 25 * SECOND)
    assert row["handle_us"] == 185 * SECOND


def test_X20_one_hold_of_unknown_length_makes_the_holds_and_the_time_without_them_unknown(world: World) -> None:
    """The time in hand, and so the handle time, is known all the same: holds are part of it."""
    world.tell(
        contacts=[contact(channel="phone", closed=200)],
        events=course(
            ("accepted", 40, "a1"), ("held", 60, "a1"), ("resumed", 90, "a1"), ("held", None, "a1"), ("resumed", 120, "a1"),
            ("closed", 200, None), ("wrap_up_started", 200, "a1"), ("wrap_up_ended", 225, "a1"),
        ),
    )  # fmt: skip
    (row,) = world.rollup()
    assert (row["hold_us"], row["active_us"]) == (None, None)
    assert (row["wrap_up_us"], row["handle_us"]) == (25 * SECOND, 185 * SECOND)


def test_X20_a_transfer_parts_the_handle_time_and_credits_who_served_last(world: World) -> None:
    world.tell(
        contacts=[contact(channel="phone", closed=300)],
        events=course(
            ("accepted", 10, "a1"), ("transferred", 100, "a1"), ("accepted", 120, "a2"), ("wrap_up_started", 125, "a1"),
            ("wrap_up_ended", 400, "a1"), ("closed", 300, None),
        ),
    )  # fmt: skip
    last, first = world.rollup()
    assert (last["agent_key"], last["active_us"], last["transferred"]) == ("a2", 180 * SECOND, 1)
    assert (first["agent_key"], first["active_us"], first["wrap_up_us"]) == ("a1", 90 * SECOND, 275 * SECOND)
    assert (first["handle_us"], first["transferred"]) == (365 * SECOND, None)


def test_S2_8_a_transfer_stands_on_the_row_of_who_passed_it_on_and_not_of_who_received_it(world: World) -> None:
    """A answers and passes on, B solves. Of who passed on nothing is told where no event and no holder names them."""

    def told(contact_id: str, transfer: str | None, *before: tuple[str, float | None, str | None]) -> None:
        steps = (*before, ("transferred", 60, transfer), ("accepted", 70, "b"), ("resolved", 90, "b"))
        world.tell(contacts=[contact(contact_id)], events=course(*steps, contact_id=contact_id))

    told("named", "a", ("accepted", 5, "a"))
    told("held", None, ("accepted", 5, "a"))
    told("unknown", None)
    for one in ("named", "held"):
        last, first = world.rollup(one)
        assert (last["agent_key"], last["is_primary"], last["first_hand"], last["passed_on"]) == (
            "b",
            True,
            False,
            None,
        )
        assert (first["agent_key"], first["is_primary"], first["first_hand"], first["passed_on"]) == (
            "a",
            False,
            True,
            1,
        )
        assert (last["transferred"], last["solved"]) == (1, 1)
    (only,) = world.rollup("unknown")
    assert (only["agent_key"], only["first_hand"], only["passed_on"], only["transferred"]) == ("b", True, None, 1)


def test_S2_8_a_contact_is_booked_once_however_often_it_is_passed_on(world: World) -> None:
    world.tell(
        contacts=[contact()],
        events=course(("accepted", 5, "a"), ("transferred", 60, "a"), ("accepted", 70, "b"), ("transferred", 80, "b"),
                      ("accepted", 90, "a"), ("resolved", 99, "a")),
    )  # fmt: skip
    rows = {row["agent_key"]: row for row in world.rollup()}
    assert {key: (row["first_hand"], row["passed_on"]) for key, row in rows.items()} == {
        "a": (True, 1),
        "b": (False, None),
    }


def test_X2_a_wait_belongs_to_whoever_held_the_contact_then(world: World) -> None:
    """Assigned to A for 20 s, then to B who answers: A's wait ends with the next one's assignment, and A served nobody."""
    world.tell(
        contacts=[contact(closed=900)],
        messages=chat(("customer", 0), ("b", 70)),
        events=course(("assigned", 5, "a"), ("assigned", 25, "b"), ("closed", 900, None)),
    )
    last, first = world.rollup()
    assert (last["agent_key"], last["served"], last["released_us"], last["agent_frt_us"]) == ("b", 1, None, 45 * SECOND)
    assert (first["agent_key"], first["served"], first["assigned_us"]) == ("a", 0, at(5))
    assert (first["released_us"], first["agent_frt_us"]) == (at(25), None)


def test_X2_who_gets_a_contact_back_answers_for_the_time_it_was_theirs(world: World) -> None:
    """A has it for 10 s, B for 100 s, then A again, who replies after 7 s."""
    world.tell(
        contacts=[contact(closed=900)],
        messages=chat(("customer", 0), ("a", 122)),
        events=course(("assigned", 5, "a"), ("assigned", 15, "b"), ("assigned", 115, "a"), ("closed", 900, None)),
    )
    rows = {row["agent_key"]: row for row in world.rollup()}
    assert (rows["a"]["assigned_us"], rows["a"]["released_us"], rows["a"]["agent_frt_us"]) == (
        at(115),
        None,
        7 * SECOND,
    )
    assert (rows["b"]["assigned_us"], rows["b"]["released_us"], rows["b"]["agent_frt_us"]) == (at(15), at(115), None)


def test_a_wait_ends_where_the_contact_goes_back_into_the_queue_and_is_unknown_where_nobody_knows_when(
    world: World,
) -> None:
    def told(contact_id: str, *steps: tuple[str, float | None, str | None]) -> None:
        world.tell(contacts=[contact(contact_id, closed=900)], events=course(*steps, contact_id=contact_id))

    told("c", ("assigned", 5, "a"), ("queued", 35, None), ("assigned", 60, "b"))
    told("d", ("assigned", 5, "a"), ("assigned", None, "b"))
    waits = {row["agent_key"]: (row["assigned_us"], row["released_us"]) for row in world.rollup("c")}
    assert waits == {"a": (at(5), at(35)), "b": (at(60), None)}
    assert {row["agent_key"]: row["assigned_us"] for row in world.rollup("d")} == {"a": None, "b": None}


def test_S0_13_wrap_up_a_source_never_tells_of_is_unknown_and_not_zero(world: World) -> None:
    """Of two sources one tells of wrap-up: there its absence on another contact means none, elsewhere nobody knows."""
    for one, source in (("c", "calls"), ("d", "calls"), ("e", "mute")):
        steps = [("accepted", 10, "a1"), ("closed", 100, None)]
        steps += [("wrap_up_started", 100, "a1"), ("wrap_up_ended", 130, "a1")] if one == "c" else []
        world.tell(contacts=[contact(one, closed=100, source=source)], events=course(*steps, contact_id=one))
    held = {one: world.rollup(one)[0] for one in "cde"}
    assert {row["active_us"] for row in held.values()} == {90 * SECOND}
    assert {one: row["handle_us"] for one, row in held.items()} == {"c": 120 * SECOND, "d": 90 * SECOND, "e": None}


def test_an_unanswered_customer_is_an_open_interval(world: World) -> None:
    world.tell(contacts=[contact()], messages=chat(("customer", 3), ("system", 4), ("customer", 9)))
    (row,) = world.rollup()
    assert (row["customer_frt_us"], row["customer_waiting_since_us"]) == (None, at(3))


def test_X2_a_chat_that_the_bot_keeps_to_itself_waits_for_nobody(world: World) -> None:
    world.tell(contacts=[contact()], messages=chat(("customer", 3), ("bot", 4), ("customer", 9)))
    (row,) = world.rollup()
    assert (row["offered"], row["customer_frt_us"], row["customer_waiting_since_us"]) == (0, None, None)
    world.tell(events=course(("queued", 20, None)))
    (row,) = world.rollup()
    assert (row["offered"], row["customer_waiting_since_us"]) == (1, at(20))


def test_unknown_times_give_null_and_never_zero(world: World) -> None:
    world.tell(contacts=[contact(opened=None)], messages=chat(("customer", None), ("a1", None)))
    (row,) = world.rollup()
    unknown = ("customer_frt_us", "customer_waiting_since_us", "agent_frt_us", "duration_us", "exchange_wait_us", "day",
               "queue_us", "active_us", "handle_us", "next_contact_us")  # fmt: skip
    assert {row[column] for column in unknown} == {None}
    assert (row["agent_messages"], row["answered"], row["exchanges"]) == (1, 1, 0)
    (wait,) = world.exchanges()
    assert (wait["seq"], wait["reply_seq"], wait["wait_us"]) == (1, 2, None)


def test_a_reopening_is_a_new_episode_and_leaves_the_old_figures_alone(world: World) -> None:
    world.tell(contacts=[contact("c", 0, 60)], messages=chat(("customer", 0), ("a1", 10)))
    before = world.rollup()[0]
    world.tell(
        contacts=[contact("d", 3600, 3700, parent_id="c")],
        messages=chat(("customer", 3600), ("a2", 3650), contact_id="d"),
    )
    after = world.rollup()[0]
    assert (before["reopened"], after["reopened"]) == (None, 1)
    assert after["customer_frt_us"] == before["customer_frt_us"] == 10 * SECOND
    assert world.rollup("d")[0]["customer_frt_us"] == 50 * SECOND


def test_events_of_the_case_are_counted_and_the_hand_over_is_timed(world: World) -> None:
    world.tell(
        contacts=[contact(level="L3")],
        events=course(("accepted", 5, "a1"), ("escalated", 50, "a1"), ("handed_over", 540, "a1"), ("reopened", 900, None),
                      ("resolved", 950, "a1")),
    )  # fmt: skip
    (row,) = world.rollup()
    assert (row["escalated"], row["handed_over"], row["reopened"]) == (1, 1, 1)
    assert row["hand_over_us"] == 540 * SECOND
    assert row["solved"] == 1


TOLD = ("transferred", "escalated", "reopened")


def test_S0_9_of_what_a_source_never_tells_none_on_record_is_not_none(world: World) -> None:
    """The phone tells of a transfer in July and of nothing else; the desk, whose calls were transferred too, of nothing at all."""
    month = 31 * 86_400
    world.tell(
        contacts=[contact("c", source="phone"), contact("d", 86_400, source="phone"), contact("e", month, source="phone"),
                  contact("f", source="desk")],
        events=[*course(("accepted", 5, "a1"), ("transferred", 9, "a1"), ("accepted", 12, "a2")),
                *course(("accepted", 86_405, "a1"), contact_id="d"), *course(("accepted", month + 5, "a1"), contact_id="e"),
                *course(("accepted", 5, "a1"), contact_id="f")],
    )  # fmt: skip
    assert {key: [world.rollup(key)[0][name] for name in TOLD] for key in "cdef"} == {
        "c": [1, None, None], "d": [0, None, None], "e": [None] * 3, "f": [None] * 3,
    }  # fmt: skip
    assert [world.rollup(key)[0]["passed_on"] for key in "def"] == [0, 0, 0]


def test_S2_8_a_source_that_opens_contacts_again_as_others_tells_of_re_openings(world: World) -> None:
    world.tell(
        contacts=[contact("c", 0, 60), contact("d", 90, parent_id="c"), contact("e", 100)],
        events=[*course(("accepted", 5, "a1")), *course(("accepted", 105, "a1"), contact_id="e")],
    )
    assert [world.rollup(key)[0]["reopened"] for key in "ce"] == [1, 0]


def test_S2_8_the_next_contact_is_sought_over_days_and_channels_within_the_window(world: World) -> None:
    one = {"customer_key": "u", "customer_known": True, "category": "fee"}
    world.tell(
        contacts=[
            contact("c", 0, 100, **one), contact("other", 500, 600, **{**one, "category": "card"}),
            contact("d", 3 * 86_400, 3 * 86_400 + 50, channel="phone", outcome="solved", **one),
            contact("e", 20 * 86_400, **one), contact("x", 0, **{**one, "customer_known": False}),
        ]
    )  # fmt: skip
    assert world.rollup("c")[0]["next_contact_us"] == 3 * DAY - 100 * SECOND
    assert world.rollup("d")[0]["next_contact_us"] is None, "seventeen days later is beyond the window"
    assert world.rollup("x")[0]["next_contact_us"] is None
    assert world.rollup("d")[0]["solved"] == 1


def test_S2_8_a_return_without_a_category_may_be_the_same_matter(world: World) -> None:
    one = {"customer_key": "u", "customer_known": True}
    world.tell(
        contacts=[
            contact("c", 0, 100, category="fee", **one),
            contact("d", 3600, 3700, **one),
            contact("e", 7200, **one),
        ]
    )
    returns = {key: world.rollup(key)[0] for key in "cde"}
    assert (returns["c"]["next_contact_us"], returns["c"]["next_unsorted_us"]) == (None, 3500 * SECOND)
    for key in "de":
        assert (returns[key]["next_contact_us"], returns[key]["next_unsorted_us"]) == (None, None)


def test_S2_8_a_contact_told_later_corrects_the_days_its_window_reaches(world: World) -> None:
    one = {"customer_key": "u", "customer_known": True, "category": "fee"}
    world.tell(contacts=[contact("c", 0, 100, **one)])
    assert world.rollup("c")[0]["next_contact_us"] is None
    world.tell(contacts=[contact("d", 2 * 86_400, **one)])
    assert world.rollup("c")[0]["next_contact_us"] == 2 * DAY - 100 * SECOND


def test_who_a_key_was_comes_from_the_staff_list_as_of_then(world: World) -> None:
    world.tell(contacts=[contact("c", 0), contact("d", 86_400)], messages=[
        *chat(("customer", 0), ("k1", 10)), *chat(("customer", 86_400), ("k1", 86_410), contact_id="d")])  # fmt: skip
    assert world.rollup("c")[0]["person"] == "k1", "an unresolved key stands for itself"
    move = at(0, day=1)
    held = {"agent_key": "k1", "person": "8012", "post": "agent"}
    world.staff(
        {**held, "team": "T1", "agent_class": "new", "to_us": move},
        {**held, "team": "T2", "agent_class": "mature", "from_us": move},
    )
    rows = [world.rollup("c")[0], world.rollup("d")[0]]
    assert [row["person"] for row in rows] == ["8012", "8012"]
    assert [(row["team"], row["agent_class"]) for row in rows] == [("T1", "new"), ("T2", "mature")]
    assert [e["team"] for e in world.exchanges("d")] == ["T2"]


def test_equal_keys_of_two_sources_are_two_people(world: World) -> None:
    world.tell(
        contacts=[contact("c", source="desk"), contact("d", source="hotline"), contact("e", source="mail")],
        messages=[row for one in "cde" for row in chat(("customer", 0), ("7", 10), contact_id=one)],
    )
    world.staff(
        {"source": "desk", "agent_key": "7", "person": "8001"},
        {"source": "hotline", "agent_key": "7", "person": "8002"},
        {"agent_key": "7", "person": "8003"},
    )
    assert [world.rollup(one)[0]["person"] for one in "cde"] == ["8001", "8002", "8003"]


def test_a_new_staff_list_rebuilds_only_the_days_whose_people_it_changes(world: World) -> None:
    world.tell(
        contacts=[contact("c", 0), contact("d", 86_400)],
        messages=[*chat(("customer", 0), ("k1", 10)), *chat(("customer", 86_400), ("k2", 86_410), contact_id="d")],
    )
    first = {"agent_key": "k1", "person": "8001", "team": "T1"}
    second = {"agent_key": "k2", "person": "8002", "team": "T1"}
    world.staff(first, second)

    def built() -> dict[str, str]:
        return {day: file.hash for day, file in world.refresh().manifest.files("rollup").items()}

    before = built()
    unknown = {"agent_key": "k9", "person": "8009"}
    moved_later = [{**first, "to_us": at(0, day=5)}, {**first, "team": "T2", "from_us": at(0, day=5)}]
    world.staff(*moved_later, second, unknown)
    assert world.refresh().manifest.files("rollup") == world.archive.head().files("rollup")
    assert built() == before, "who is new, and what happens later, changes no day"
    world.staff({**first, "person": "8005"}, second)
    after = built()
    assert [day for day in before if after[day] != before[day]] == ["2026-07-01"]
    assert world.rollup("c")[0]["person"] == "8005"


def test_the_snapshot_of_the_event_wins_over_the_staff_list(world: World) -> None:
    steps = course(("accepted", 5, "k1"))
    steps[0] |= {"team": "T9", "post": "expert", "agent_class": "mature"}
    world.tell(contacts=[contact()], events=steps)
    world.staff({"agent_key": "k1", "person": "8012", "team": "T1", "post": "agent", "agent_class": "new"})
    (row,) = world.rollup()
    assert (row["person"], row["team"], row["post"], row["agent_class"]) == ("8012", "T9", "expert", "mature")


def test_exactly_one_row_of_a_contact_is_primary(world: World) -> None:
    world.tell(
        contacts=[contact("c"), contact("silent")],
        events=course(("assigned", 1, "a3"), ("accepted", 2, "a1"), ("accepted", 3, "a2")),
    )
    assert [(r["agent_key"], r["is_primary"]) for r in world.rollup("c")] == [
        ("a2", True),
        ("a1", False),
        ("a3", False),
    ]
    assert [(r["agent_key"], r["is_primary"], r["offered"]) for r in world.rollup("silent")] == [(None, True, None)]
