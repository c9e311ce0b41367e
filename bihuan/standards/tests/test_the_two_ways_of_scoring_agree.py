import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.standards.editions import load_edition
from bihuan.standards.rules.scoring import score_contact, score_contacts
from bihuan.standards.rules.verdict import VERDICTS, Verdict

EDITIONS = ("recommended", "service-quality")
CARDS = [(name, card) for name in EDITIONS for card in load_edition(name).scorecards]


def keys_of(card):
    edition = load_edition(card[0])
    return sorted({*edition.checks, *(item.id for item in edition.scorecards[card[1]].items)})


def judged(keys):
    return st.dictionaries(st.sampled_from([*keys, "unknown_check"]), st.sampled_from(VERDICTS), max_size=len(keys) + 1)


@pytest.mark.parametrize("judge", ["machine", "people"])
@pytest.mark.parametrize("card", CARDS, ids=".".join)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_columns_equal_the_tree_of_every_contact(card, judge, data):
    contacts = data.draw(st.lists(judged(keys_of(card)), min_size=1, max_size=6))
    rows = [
        {"contact_id": f"c{at}", "person": f"p{at}", "day": at, "item": item, "verdict": word}
        for at, verdicts in enumerate(contacts)
        for item, word in verdicts.items()
    ]
    schema = {"contact_id": pl.String, "person": pl.String, "day": pl.Int64, "item": pl.String, "verdict": pl.String}
    edition = load_edition(card[0])
    table = score_contacts(edition, pl.DataFrame(rows, schema=schema), scorecard=card[1], judge=judge)
    assert table.height == sum(1 for verdicts in contacts if verdicts)
    for row in table.iter_rows(named=True):
        verdicts = {item: Verdict(word) for item, word in contacts[row["day"]].items()}
        tree = score_contact(edition, verdicts, scorecard=card[1], judge=judge)
        assert row["person"] == f"p{row['day']}"
        assert row["score_milli"] == (None if tree.value is None else tree.value * 1000)
        assert row["unfailed_milli"] == (None if tree.unfailed is None else tree.unfailed * 1000)
        assert row["coverage_milli"] == tree.coverage * 1000
        assert row["fatal"] == any(child.kind == "fatal" for child in tree.children)
        assert row["insufficient"] == (tree.reason == "below_coverage_floor") or row["fatal"]


@settings(max_examples=50, deadline=None)
@given(verdicts=judged(keys_of(CARDS[0])))
def test_a_score_lies_between_0_and_100_and_its_parts_add_up(verdicts):
    tree = score_contact(load_edition("recommended"), {key: Verdict(word) for key, word in verdicts.items()})
    if tree.unfailed is None:
        return
    assert 0 <= tree.unfailed <= 100
    dimensions = [node for node in tree.children if node.kind == "dimension" and node.contribution is not None]
    deductions = [node for node in tree.children if node.kind == "deduction"]
    added = sum(node.contribution for node in [*dimensions, *deductions])
    assert abs(max(added, 0) - tree.unfailed) <= len(tree.children) / 1000


def test_an_empty_record_has_an_empty_answer():
    empty = pl.DataFrame(schema={"contact_id": pl.String, "item": pl.String, "verdict": pl.String})
    assert score_contacts(load_edition("recommended"), empty).height == 0
