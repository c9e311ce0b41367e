"""X16: the best of a month, ties, and who cannot be told apart from the cut."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bihuan.appraisal.rules.ranking import Standing, places, rank

TENTH = Decimal("0.1")


def ranked(totals, intervals=None, *, top_share=TENTH, least_people=5):
    points = {key: None if value is None else Decimal(value) for key, value in totals.items()}
    certain = dict.fromkeys(totals, (0, 0))
    return rank(points, intervals or certain, top_share=top_share, least_people=least_people)


@pytest.mark.parametrize(("n", "expected"), [(4, 0), (5, 1), (7, 1), (10, 1), (11, 2), (46, 5), (50, 5), (51, 6)])
def test_X16_S4_15_places_are_a_tenth_rounded_up_and_none_below_five_people(n: int, expected: int) -> None:
    assert places(n, TENTH, 5) == expected


def test_X16_ties_at_the_cut_are_all_included() -> None:
    answer = ranked({"a": "90.00", "b": "90.00", "c": "90.00", "d": "80", "e": "70", "f": "60"})
    assert {key: (one.rank, one.standing) for key, one in answer.items()} == {
        "a": (1, Standing.IN), "b": (1, Standing.IN), "c": (1, Standing.IN),
        "d": (4, Standing.OUT), "e": (5, Standing.OUT), "f": (6, Standing.OUT),
    }  # fmt: skip


def test_X16_a_tie_just_below_the_cut_stays_out() -> None:
    answer = ranked({"a": "90", "b": "80", "c": "80", "d": "70", "e": "60"})
    assert answer["a"].standing == Standing.IN
    assert {answer["b"].standing, answer["c"].standing} == {Standing.OUT}
    assert (answer["b"].rank, answer["c"].rank, answer["d"].rank) == (2, 2, 4)


def test_X16_an_interval_across_the_cut_is_not_separable_on_either_side_of_it() -> None:
    totals = {"a": "90", "b": "89", "c": "80", "d": "70", "e": "60"}
    answer = ranked(totals, {"a": (1, 2), "b": (1, 3), "c": (2, 3), "d": (4, 5), "e": (4, 5)})
    assert answer["a"].standing == answer["b"].standing == Standing.NOT_SEPARABLE
    assert answer["c"].standing == answer["e"].standing == Standing.OUT


def test_X16_an_interval_that_only_touches_the_cut_is_sure() -> None:
    totals = {"a": "90", "b": "89", "c": "80", "d": "70", "e": "60"}
    answer = ranked(totals, {"a": (1, 1), "b": (2, 3), "c": (2, 3), "d": (4, 4), "e": (5, 5)})
    assert answer["a"].standing == Standing.IN
    assert answer["b"].standing == Standing.OUT


def test_X16_with_fewer_than_five_people_nobody_is_among_the_best() -> None:
    answer = ranked({"a": "90", "b": "80", "c": "70", "d": "60"})
    assert [one.rank for one in answer.values()] == [1, 2, 3, 4]
    assert {one.standing for one in answer.values()} == {Standing.OUT}


def test_who_has_no_total_takes_no_rank_and_no_place() -> None:
    answer = ranked({"a": "90", "b": None, "c": "80"})
    assert answer["b"].rank is None
    assert answer["b"].standing == Standing.UNRANKED
    assert (answer["a"].rank, answer["c"].rank) == (1, 2)
