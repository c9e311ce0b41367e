"""Who may decide, what a ruling leads to, and when a check stops counting: without a database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.appeals.policy import terms_of
from bihuan.appeals.rules import (
    Candidate,
    Outcome,
    Parties,
    Ruling,
    answer_after,
    best_precision,
    choose,
    objection,
    ruling_issue,
    stops_counting,
)
from bihuan.standards.editions import load_edition

PARTIES = Parties("1001", frozenset({"3001"}), frozenset({"east"}))
TERMS = terms_of(load_edition("recommended"))
ANSWERS = ("met", "violated", "not_applicable")


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (Candidate("1001"), "appellant"),
        (Candidate("3001"), "first_rater"),
        (Candidate("2001", leads=frozenset({"east"})), "superior"),
        (Candidate("2002", leads=frozenset({"west"})), ""),
        (Candidate("3002"), ""),
    ],
)
def test_who_is_touched_may_not_decide(candidate, why):
    assert objection(candidate, PARTIES) == why


def test_the_free_one_with_the_least_work_is_chosen():
    people = [
        Candidate("3001"),
        Candidate("3002", waiting=3),
        Candidate("3003", waiting=1),
        Candidate("3004", waiting=1),
    ]
    assert choose(people, PARTIES).number == "3003"


def test_a_leader_of_another_team_decides_only_where_no_inspector_is_left():
    leader = Candidate("2002", leads=frozenset({"west"}))
    assert choose([leader, Candidate("3002", waiting=9)], PARTIES).number == "3002"
    assert choose([leader, Candidate("3001")], PARTIES).number == "2002"


def test_an_overseer_decides_only_where_nobody_else_is_left():
    manager = Candidate("5001", oversees=True)
    assert choose([manager, Candidate("3002", waiting=9)], PARTIES).number == "3002"
    assert choose([manager, Candidate("3001")], PARTIES).number == "5001"


people = st.builds(
    Candidate, st.sampled_from(["1001", "3001", "3002", "2001", "5001"]), st.integers(0, 5),
    st.frozensets(st.sampled_from(["east", "west"])), st.booleans(),
)  # fmt: skip


@given(st.lists(people, max_size=6))
def test_whoever_is_chosen_is_independent_and_nobody_free_has_less_to_do(candidates):
    chosen = choose(candidates, PARTIES)
    free = [one for one in candidates if not objection(one, PARTIES)]
    assert (chosen is None) == (not free)
    if chosen:
        assert objection(chosen, PARTIES) == ""
        assert all(
            chosen.waiting <= one.waiting
            for one in free
            if (one.oversees, bool(one.leads)) == (chosen.oversees, bool(chosen.leads))
        )


@pytest.mark.parametrize(
    ("outcome", "answer", "holds"),
    [
        (Outcome.UPHOLD, "", "met"),
        (Outcome.DISMISS, "", "violated"),
        (Outcome.AMEND, "not_applicable", "not_applicable"),
    ],
)
def test_an_outcome_says_which_answer_holds(outcome, answer, holds):
    ruling = Ruling(outcome, "看过对话", answer)
    assert ruling_issue(ruling, first="violated", claimed="met", answers=ANSWERS) == ""
    assert answer_after(ruling, first="violated", claimed="met") == holds


@pytest.mark.parametrize(
    ("ruling", "issue"),
    [
        (Ruling(Outcome.DISMISS, "  "), "reason_missing"),
        (Ruling(Outcome.AMEND, "看过"), "answer_missing"),
        (Ruling(Outcome.AMEND, "看过", "other"), "answer_missing"),
        (Ruling(Outcome.AMEND, "看过", "violated"), "amended_to_first"),
        (Ruling(Outcome.AMEND, "看过", "met"), "amended_to_claimed"),
    ],
)
def test_a_ruling_that_cannot_stand_is_told_why(ruling, issue):
    assert ruling_issue(ruling, first="violated", claimed="met", answers=ANSWERS) == issue


@pytest.mark.parametrize(
    ("accusations", "overturned", "reviewed", "stops"),
    [
        (100, 21, 30, True),
        (100, 20, 30, False),  # four fifths are rightful at best: on the floor, not below it
        (100, 21, 19, False),  # too few reviews to say so
        (1000, 25, 30, False),  # most appeals won, yet a sound check: nobody appeals a rightful verdict
        (0, 0, 0, False),
    ],
)
def test_a_check_stops_only_when_even_its_best_precision_is_below_the_floor(accusations, overturned, reviewed, stops):
    assert stops_counting(best_precision(accusations, overturned), reviewed, TERMS) is stops


def test_the_floor_is_the_editions():
    assert stops_counting(Decimal("0.85"), 30, replace(TERMS, precision_floor=Decimal("0.9")))
    assert not stops_counting(Decimal("0.85"), 30, TERMS)
