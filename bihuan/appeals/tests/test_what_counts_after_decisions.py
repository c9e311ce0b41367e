"""A decided answer replaces the first one in the score of its day, and moves nothing else."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.appeals.rules import Candidate as Someone
from bihuan.appeals.rules import Parties, choose
from bihuan.appeals.standing import REASON, frame_in_force, verdicts_in_force
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import MET, NOT_APPLICABLE, VERDICTS, VIOLATED, Verdict

EDITION = load_edition("recommended")
CARD = EDITION.scorecard()
CHECKS = tuple(EDITION.checks)


def _all_met(edition: Edition = EDITION) -> dict[str, Verdict]:
    return {check: Verdict(MET) for check in edition.checks}


def _score(verdicts: dict[str, Verdict]) -> Decimal:
    value = score_contact(EDITION, verdicts).value
    assert value is not None
    return value


def test_X19_a_decision_replaces_the_item_of_its_day_and_the_mean_is_of_day_scores() -> None:
    check = next(feed.check for item in CARD.items for feed in item.feeds if feed.check not in _zeroing())
    first = _all_met() | {check: Verdict(VIOLATED, "absent")}
    untouched = _all_met()
    before = (_score(first) + _score(untouched)) / 2
    after = (_score(verdicts_in_force(first, {check: MET})) + _score(untouched)) / 2
    assert before < after == _score(untouched)
    changed = verdicts_in_force(first, {check: MET})
    assert {key for key in first if changed[key] != first[key]} == {check}
    assert changed[check].reason == REASON


def test_S3_13_a_disputed_case_is_evaluated_again_by_somebody_else() -> None:
    parties = Parties("1001", frozenset({"3001"}), frozenset({"east"}))
    group = [Someone("3001"), Someone("2001", leads=frozenset({"east"})), Someone("3002", waiting=5)]
    chosen = choose(group, parties)
    assert chosen is not None
    assert chosen.number == "3002"


@pytest.mark.parametrize("entry", [*CARD.deductions, *CARD.fatal], ids=lambda entry: entry.check)
def test_X18_forbidden_wording_that_was_not_said_costs_nothing_any_more(entry) -> None:
    accused = _all_met() | {entry.check: Verdict(VIOLATED, "said")}
    assert _score(accused) < _score(_all_met())
    assert _score(verdicts_in_force(accused, {entry.check: MET})) == _score(_all_met())


def test_X18_standard_wording_said_in_other_words_is_met_once_people_say_so() -> None:
    accused = _all_met() | {"closing_thanks": Verdict(VIOLATED, "absent")}
    assert _score(verdicts_in_force(accused, {"closing_thanks": MET})) == _score(_all_met())


def test_S2_7_a_step_of_a_complaint_that_people_found_is_no_fault_any_more() -> None:
    accused = _all_met() | {"complaint_steps": Verdict(VIOLATED, "missing")}
    assert _score(accused) < _score(_all_met())
    assert _score(verdicts_in_force(accused, {"complaint_steps": MET})) == _score(_all_met())


@pytest.mark.parametrize("answer", [MET, VIOLATED, NOT_APPLICABLE])
def test_a_dismissed_appeal_holds_the_first_answer(answer: str) -> None:
    verdicts = _all_met() | {"greeting": Verdict(answer)}
    assert _score(verdicts_in_force(verdicts, {"greeting": answer})) == _score(verdicts)


def test_a_suspended_check_counts_no_more_but_what_people_decided_does() -> None:
    verdicts = _all_met() | {"greeting": Verdict(VIOLATED), "empathy": Verdict(VIOLATED)}
    kept = verdicts_in_force(verdicts, {"greeting": VIOLATED}, suspended={"greeting", "empathy"})
    assert kept["greeting"].verdict == VIOLATED
    assert "empathy" not in kept
    assert score_contact(EDITION, kept).coverage < 100


@given(
    st.dictionaries(st.sampled_from(CHECKS), st.sampled_from(VERDICTS), min_size=1),
    st.dictionaries(st.sampled_from(CHECKS), st.sampled_from(VERDICTS)),
    st.sets(st.sampled_from(CHECKS)),
)
def test_many_contacts_at_once_are_settled_as_one_is(
    said: dict[str, str], people: dict[str, str], suspended: set[str]
) -> None:
    one = verdicts_in_force({check: Verdict(answer) for check, answer in said.items()}, people, suspended)
    rows = [(contact, check, answer) for contact in ("a", "b") for check, answer in said.items()]
    frame = pl.DataFrame(rows, schema=["contact_id", "item", "verdict"], orient="row")
    many = frame_in_force(frame, {("a", check): answer for check, answer in people.items()}, suspended)
    assert many.columns == frame.columns
    of_a = {item: answer for contact, item, answer in many.iter_rows() if contact == "a"}
    assert of_a == {check: verdict.verdict for check, verdict in one.items()}
    of_b = {item: answer for contact, item, answer in many.iter_rows() if contact == "b"}
    assert of_b == {check: answer for check, answer in said.items() if check not in suspended}


def _zeroing() -> set[str]:
    return {entry.check for entry in (*CARD.fatal, *CARD.deductions)}
