"""Items that tell nobody apart, that mark down the better ones, that say the same twice; how far a card can be relied on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.inspection.rules.items import Limits, item_report
from bihuan.inspection.rules.tallies import Tally, added, tally_of

WORDS = {1: "met", 0: "violated", None: "not_applicable"}
LIMITS = Limits(least=20, confidence=0.95, always_from=0.99, redundant_from=0.9)


def verdicts(columns: dict[str, list], first: int = 0) -> pl.DataFrame:
    rows = [
        (f"c{first + at}", item, WORDS.get(answer, answer))
        for item, answers in columns.items()
        for at, answer in enumerate(answers)
    ]
    return pl.DataFrame(rows, schema=["contact_id", "item", "verdict"], orient="row")


def report(columns: dict[str, list], limits: Limits = LIMITS):
    return item_report(tally_of(verdicts(columns), list(columns)), limits)


def able(n: int = 400, seed: int = 3) -> dict[str, list]:
    """Five items that follow one ability, one turned round, one always met, one that repeats another."""
    generator = np.random.default_rng(seed)
    ability = generator.standard_normal(n)
    items = {f"good{at}": (ability + generator.standard_normal(n) > -0.5).astype(int).tolist() for at in range(5)}
    items["turned"] = (ability + generator.standard_normal(n) < 0.5).astype(int).tolist()
    return items | {"always": [1] * n, "twin": items["good0"]}


def by_name(found) -> dict:
    return {one.item: one for one in found.items}


def test_an_item_that_nearly_everybody_meets_is_named_and_one_nobody_meets_too() -> None:
    found = by_name(report(able() | {"never": [0] * 400}))
    assert {name: one.always for name, one in found.items() if one.always} == {"always": "met", "never": "violated"}
    assert (found["always"].share_met.value, found["always"].discrimination.reason) == (1.0, "no_variation")


def test_an_item_turned_round_discriminates_below_zero_and_good_ones_above() -> None:
    found = by_name(report(able()))
    assert [name for name, one in found.items() if one.is_negative] == ["turned"]
    assert all(found[f"good{at}"].discrimination.low > 0.2 for at in range(5))
    assert found["turned"].reliability_without.value > report(able()).reliability.value


def test_two_items_that_always_answer_alike_are_a_pair_and_the_others_are_not() -> None:
    (pair,) = report(able()).redundant
    assert (pair.first, pair.second, pair.phi.value, pair.phi.n) == ("good0", "twin", 1.0, 400)


def test_the_corrected_correlation_leaves_the_item_itself_out_of_the_total() -> None:
    columns = {name: answers for name, answers in able().items() if name.startswith("good")}
    table = np.array(list(columns.values()), dtype=float)
    found = by_name(report(columns))
    for at, name in enumerate(columns):
        rest = np.delete(table, at, axis=0).mean(axis=0)
        assert found[name].discrimination.value == pytest.approx(np.corrcoef(table[at], rest)[0, 1])


def test_reliability_of_whole_answers_is_kuder_and_richardsons_formula_20() -> None:
    columns = {name: answers for name, answers in able().items() if name.startswith("good")}
    table = np.array(list(columns.values()), dtype=float)
    shares, k = table.mean(axis=1), len(table)
    kr20 = k / (k - 1) * (1 - (shares * (1 - shares)).sum() / table.sum(axis=0).var())
    assert report(columns).reliability.value == pytest.approx(kr20)


def test_reliability_and_its_interval_are_those_of_the_package_pingouin() -> None:
    oracle, pandas = pytest.importorskip("pingouin"), pytest.importorskip("pandas")
    columns = {name: answers for name, answers in able(60).items() if name.startswith("good")}
    value, bounds = oracle.cronbach_alpha(pandas.DataFrame(columns))
    found = report(columns).reliability
    assert found.value == pytest.approx(value)
    assert [found.low, found.high] == pytest.approx(bounds.tolist(), abs=6e-4)  # printed with three decimals


def test_not_applicable_and_cannot_tell_are_missing_on_both_sides_and_counted() -> None:
    columns = able(100)
    columns["good1"] = [None if at % 2 else answer for at, answer in enumerate(columns["good1"])]
    columns["good2"] = ["cannot_tell" if at % 4 == 0 else answer for at, answer in enumerate(columns["good2"])]
    found = by_name(report(columns))
    assert (found["good1"].share_met.n, found["good1"].counts["not_applicable"]) == (50, 50)
    assert (found["good2"].share_met.n, found["good2"].counts["cannot_tell"]) == (75, 25)
    assert found["good1"].share_met.value == np.mean([a for a in columns["good1"] if a is not None])


def test_items_never_judged_together_are_left_out_of_the_reliability_and_named() -> None:
    columns = able(100)
    columns["early"] = [1, 0] * 10 + [None] * 80
    columns["late"] = [None] * 80 + [1, 0] * 10
    found = report(columns)
    assert len(set(found.left_out) & {"early", "late"}) == 1
    assert found.reliability.value is not None


def test_too_little_gives_reasons_and_no_figures() -> None:
    found = report({"a": [1, 0, 1], "b": [0, 1, 1]})
    assert all(one.share_met.reason == one.discrimination.reason == "too_few" for one in found.items)
    assert (found.reliability.value, found.reliability.reason) == (None, "few_items")
    assert report({"a": [1] * 30, "b": [1] * 30}).reliability.reason == "no_variation"
    empty = item_report(Tally(("a", "b")), LIMITS)
    assert (empty.contacts, empty.reliability.reason, empty.items[0].share_met.n) == (0, "few_items", 0)


def test_an_edition_without_limits_names_no_item() -> None:
    found = report(able(), Limits(least=20, confidence=0.95))
    assert (found.redundant, [one.always for one in found.items if one.always]) == ((), [])


def test_items_outside_the_scorecard_are_held_against_it_but_make_no_part_of_it() -> None:
    columns = able()
    good = [name for name in columns if name.startswith("good")]
    found = item_report(tally_of(verdicts(columns), list(columns)), LIMITS, good)
    alone = report({name: columns[name] for name in good})
    assert found.reliability.value == pytest.approx(alone.reliability.value)
    for name in good:
        mine, theirs = (by_name(one)[name].discrimination.value for one in (found, alone))
        assert mine == pytest.approx(theirs)
    table = np.array([columns[name] for name in good], dtype=float)
    turned = by_name(found)["turned"]
    assert turned.discrimination.value == pytest.approx(np.corrcoef(columns["turned"], table.mean(axis=0))[0, 1])
    assert (turned.reliability_without.value, turned.reliability_without.reason) == (None, "not_scored")


def test_days_add_up_to_the_month() -> None:
    columns = able(90)
    parts = [
        tally_of(verdicts({k: v[start : start + 30] for k, v in columns.items()}, start), list(columns))
        for start in (0, 30, 60)
    ]
    assert added(parts, list(columns)) == tally_of(verdicts(columns), list(columns))


def test_more_items_than_bits_of_a_word_are_told_apart() -> None:
    generator = np.random.default_rng(1)
    columns = {f"i{at:03}": generator.integers(0, 2, 40).tolist() for at in range(130)}
    table, mass = tally_of(verdicts(columns), list(columns)).answers()
    assert (table.shape, mass.counts.sum()) == ((40, 130), 40)
    assert sorted(map(tuple, table.T)) == sorted(map(tuple, _sorted_like(columns, table)))


def _sorted_like(columns: dict[str, list], table: np.ndarray) -> np.ndarray:
    """The answers in the order of the patterns: contacts are told apart by their whole row."""
    rows = {tuple(row): row for row in np.array(list(columns.values()), dtype=float).T}
    return np.array([rows[tuple(row)] for row in table]).T


COLUMNS = st.lists(
    st.lists(st.sampled_from([1, 0, None]), min_size=6, max_size=6), min_size=1, max_size=4
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(columns=COLUMNS)
def test_no_verdicts_give_a_figure_that_is_no_number(columns) -> None:
    few = Limits(least=2, confidence=0.9, always_from=0.9, redundant_from=0.5)
    found = report({f"i{at}": answers for at, answers in enumerate(columns)}, few)
    figures = [found.reliability, *(pair.phi for pair in found.redundant)]
    figures += [
        figure for one in found.items for figure in (one.share_met, one.discrimination, one.reliability_without)
    ]
    for figure in figures:
        assert figure.value is None or np.isfinite(figure.value)
        assert figure.reason or figure.low - 1e-9 <= figure.value <= figure.high + 1e-9
