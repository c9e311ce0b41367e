"""Flip rate and mean shift of every item under each exchange, against the edition's limit."""

from __future__ import annotations

import polars as pl
import pytest

from bihuan.inspection.rules.fairness import Compared, Fairness, Limits, Suite, unfair_items

LIMITS = Limits(least=10, confidence=0.95, flips=0.02, shift=0.01)
KINDS = ("customer_name", "region")


def verdicts(answers: list[str], item: str = "polite") -> pl.DataFrame:
    return pl.DataFrame({"contact_id": [f"c{at}" for at in range(len(answers))], "item": item, "verdict": answers})


def judged(*compared: tuple[str, str, list[str], list[str]], limits: Limits = LIMITS) -> Fairness:
    suite = Suite(limits)
    for kind, value, base, other in compared:
        suite.add(Compared(kind, value, verdicts(base), verdicts(other)))
    (found,) = suite.result(["polite"], KINDS)
    return found


def test_an_item_that_never_flips_is_fair() -> None:
    found = judged(("region", "河南", ["met"] * 50, ["met"] * 50))
    assert (found.fair, found.leans[0].flips.value, found.leans[0].shift.value) == (True, 0.0, 0.0)
    assert found.leans[0].flips.high > 0  # fifty contacts do not prove that it never does


def test_above_the_limit_an_item_is_unfair_and_names_the_kind_and_the_value() -> None:
    found = judged(
        ("region", "河南", ["met"] * 50, ["violated"] * 5 + ["met"] * 45),
        ("region", "上海", ["met"] * 50, ["met"] * 50),
        ("customer_name", "王", ["met"] * 50, ["met"] * 50),
    )
    (lean,) = unfair_items([found])["polite"]
    assert (lean.kind, lean.value, lean.flips.value, lean.shift.value) == ("region", "河南", 0.1, -0.1)
    assert found.fair is False


def test_flips_both_ways_shift_nothing_but_are_flips() -> None:
    lean = judged(("region", "河南", ["met", "violated"] * 20, ["violated", "met"] * 20)).leans[0]
    assert (lean.flips.value, lean.shift.value, lean.over) == (1.0, 0.0, True)


def test_a_contact_flips_once_however_many_values_flip_it() -> None:
    one = ("customer_name", "王", ["met"] * 40, ["violated"] + ["met"] * 39)
    assert judged(one, ("customer_name", "马", *one[2:])).leans[0].flips.value == 1 / 40


def test_becoming_not_applicable_is_a_flip_and_no_shift() -> None:
    lean = judged(("region", "河南", ["met"] * 40, ["not_applicable"] * 4 + ["met"] * 36)).leans[0]
    assert (lean.flips.value, lean.shift.value, lean.shift.n) == (0.1, 0.0, 36)


def test_at_the_limit_an_item_is_still_fair() -> None:
    assert judged(("region", "河南", ["met"] * 100, ["not_applicable"] * 2 + ["met"] * 98)).fair is True


@pytest.mark.parametrize(
    ("limits", "contacts"), [(Limits(least=10, confidence=0.95), 50), (LIMITS, 9)], ids=["no limit", "too few"]
)
def test_without_a_limit_or_contacts_nothing_is_said(limits, contacts) -> None:
    found = judged(("region", "河南", ["met"] * contacts, ["violated"] * contacts), limits=limits)
    assert found.fair is None
    assert unfair_items([found]) == {}


def test_an_item_never_tried_is_not_called_fair() -> None:
    assert Suite(LIMITS).result(["greeting"], KINDS) == (Fairness("greeting"),)
    assert Fairness("greeting").fair is None


def test_one_kind_tried_on_too_few_leaves_it_open_unless_another_is_above_the_limit() -> None:
    few = ("customer_name", "王", ["met"] * 9, ["met"] * 9)
    assert judged(("region", "河南", ["met"] * 50, ["met"] * 50), few).fair is None
    assert judged(("region", "河南", ["met"] * 50, ["violated"] * 50), few).fair is False


def test_a_mean_shift_of_fewer_judged_contacts_than_asked_for_is_not_told() -> None:
    """Of five hundred contacts nine are judged at all: four flips among them are within the limit of flips."""
    rest = ["not_applicable"] * 491
    found = judged(("region", "河南", ["met"] * 9 + rest, ["violated"] * 4 + ["met"] * 5 + rest))
    (lean,) = found.leans
    assert (lean.shift.value, lean.shift.reason, lean.shift.n, lean.value) == (None, "too_few", 9, "")
    assert (lean.over, found.fair) == (None, None)
