from decimal import Decimal

import pytest

from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.tests.golden_cases import contact_cases, decimal, optional, scheme_cases

CONTACTS = list(contact_cases())
SCHEMES = list(scheme_cases())


@pytest.mark.parametrize("case", CONTACTS, ids=lambda case: case.name)
def test_a_contact_scores_what_was_worked_out_by_hand(case):
    tree = case.score()
    assert (tree.value, tree.unfailed, tree.coverage) == tuple(
        optional(case.expect[name]) for name in ("value", "unfailed", "coverage")
    )
    for name, figures in case.expect.get("dimensions", {}).items():
        node = tree.find("dimension", name)
        assert node is not None
        assert {key: getattr(node, key) for key in figures} == {key: decimal(value) for key, value in figures.items()}


@pytest.mark.parametrize("case", SCHEMES, ids=lambda case: case.name)
def test_a_total_is_what_was_worked_out_by_hand(case):
    tree = case.total()
    assert (tree.value, tree.coverage) == (case.expected, case.coverage)


def test_S3_14_monthly_total_is_60_20_20():
    tree = next(case for case in SCHEMES if case.name == "S3-14 on 0-100").total()
    assert [(term.id, term.weight, term.contribution) for term in tree.children] == [
        ("daily", 60, 54),
        ("satisfaction", 20, Decimal("18.4")),
        ("complaints", 20, Decimal("19.8")),
    ]


def test_S4_11_performance_is_20_50_30():
    tree = next(case for case in SCHEMES if case.name == "S4-11 with every figure").total()
    assert [(term.id, term.weight) for term in tree.children] == [
        ("daily_conduct", 20),
        ("customer_evaluation", 50),
        ("inspection", 30),
    ]


def test_X4_literal_units_give_54_where_0_to_100_gives_92():
    literal = next(case for case in SCHEMES if case.name == "S3-14 as the text has it").total()
    typed = next(case for case in SCHEMES if case.name == "S3-14 on 0-100").total()
    assert round(literal.value, 1) == Decimal("54.4")
    assert typed.value == Decimal("92.2")


def test_a_term_without_input_says_so_and_leaves_both_sides():
    tree = next(case for case in SCHEMES if case.name == "S4-11 before attendance and exams exist").total()
    conduct = tree.find("term", "daily_conduct")
    assert (conduct.verdict, conduct.value, conduct.weight) == ("not_applicable", None, 0)
    assert [part.reason for part in conduct.children] == ["no_input"] * 3


@pytest.mark.parametrize("case", CONTACTS, ids=lambda case: case.name)
def test_a_tree_survives_the_way_through_json(case):
    tree = case.score()
    assert ScoreNode.from_json(tree.to_json()) == tree
