"""What people's answers to items say about the single checks behind them."""

from __future__ import annotations

from random import Random

import pytest

from bihuan.inspection.rules.form import ITEM, Question
from bihuan.inspection.rules.truth import Pair, pair_of, questions_about
from bihuan.standards.rules.edition import Label

MET, VIOLATED, NA, UNSURE = "met", "violated", "not_applicable", "cannot_tell"


def question(name: str, *checks: str, by_record: bool = False) -> Question:
    return Question(name, ITEM, Label(name, name), "S3-4", checks, by_record=by_record)


TALK = question("talk", "a", "b")
OWN = question("a", "a")


def test_a_checks_own_question_speaks_for_it_and_nothing_else() -> None:
    assert questions_about("a", [TALK, OWN]) == (OWN,)
    assert questions_about("b", [TALK, OWN]) == (TALK,)
    assert questions_about("c", [TALK, OWN]) == ()


def test_what_logged_times_decide_is_no_human_answer() -> None:
    assert questions_about("a", [question("times", "a", by_record=True)]) == ()


@pytest.mark.parametrize(
    ("machine", "answer", "expected"),
    [
        ({"a": VIOLATED, "b": MET}, MET, VIOLATED + MET),  # a false alarm
        ({"a": VIOLATED, "b": MET}, VIOLATED, VIOLATED + VIOLATED),
        ({"a": VIOLATED, "b": VIOLATED}, VIOLATED, None),  # which of the two was right nobody said
        (
            {"a": VIOLATED, "b": VIOLATED},
            MET,
            None,
        ),  # nor is it told where both were wrong, or the rest would be too good
        ({"a": MET, "b": VIOLATED}, VIOLATED, None),  # the other check explains it
        ({"a": MET, "b": MET}, VIOLATED, MET + VIOLATED),  # nobody flagged it: a miss of each
        ({"a": UNSURE, "b": MET}, VIOLATED, UNSURE + VIOLATED),
        ({"a": MET, "b": MET}, MET, MET + MET),
        ({"a": VIOLATED, "b": MET}, NA, VIOLATED + NA),
        ({"a": MET, "b": MET}, UNSURE, MET + UNSURE),
        ({"b": MET}, MET, None),  # the check gave no verdict
    ],
)
def test_an_item_of_several_checks_is_put_down_to_those_that_flagged_it(machine, answer, expected) -> None:
    found = pair_of("a", [TALK], machine, {"talk": answer})
    assert (None if found is None else found.machine + found.human) == expected


def test_a_check_of_two_items_is_cleared_by_either() -> None:
    other = question("tone", "a", "c")
    machine = {"a": VIOLATED, "b": MET, "c": MET}
    assert pair_of("a", [TALK, other], machine, {"talk": VIOLATED, "tone": MET}) == Pair(VIOLATED, MET)
    assert pair_of("a", [TALK, other], machine, {"talk": VIOLATED, "tone": NA}) == Pair(VIOLATED, VIOLATED)
    assert pair_of("a", [TALK, other], machine, {}) is None
    assert pair_of("a", [TALK, other], {**machine, "c": VIOLATED}, {"talk": VIOLATED, "tone": MET}) is None


def test_a_check_that_is_always_wrong_earns_no_precision_from_the_one_that_flags_beside_it() -> None:
    """`b` flags every real fault, `a` flags at random: of what `a` flags a fifth is a fault, and never `a`'s."""
    rnd = Random(4)
    found = []
    for _ in range(2000):
        fault = rnd.random() < 0.2
        machine = {"a": VIOLATED if rnd.random() < 0.5 else MET, "b": VIOLATED if fault else MET}
        found.append(pair_of("a", [TALK], machine, {"talk": VIOLATED if fault else MET}))
    flagged = [pair for pair in found if pair is not None and pair.machine == VIOLATED]
    assert len(flagged) > 500
    assert not any(pair.human == VIOLATED for pair in flagged)


@pytest.mark.parametrize(
    ("machine", "human", "agrees"),
    [
        (VIOLATED, VIOLATED, True),
        (MET, NA, True),
        (VIOLATED, NA, False),
        (MET, VIOLATED, False),
        (VIOLATED, UNSURE, True),
    ],
)
def test_they_disagree_where_only_one_of_them_sees_a_fault(machine, human, agrees) -> None:
    assert Pair(machine, human).agrees is agrees
