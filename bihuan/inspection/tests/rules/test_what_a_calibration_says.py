"""What a closed calibration says: agreement per item and as a whole, each rater beside the expert, what is missing and why."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.inspection.rules.agreement import exact_agreement, weighted_kappa
from bihuan.inspection.rules.calibration import (
    AC,
    ALPHA,
    ANSWERS,
    KAPPA,
    Clustered,
    Floors,
    Rated,
    Result,
    compared,
    drawn,
)
from bihuan.inspection.rules.estimate import NO_OVERLAP, NO_VARIATION, ONE_RATER, TOO_FEW, Redraw
from bihuan.inspection.rules.intraclass import intraclass
from bihuan.inspection.rules.ratings import Ratings

REDRAW = Redraw(draws=300, seed=20260101, confidence=0.95)
FLOORS = Floors(kappa=0.6, alpha=0.667, one_sided=0.9)
ITEMS = ("polite", "restate", "identity")
RATERS = ("r1", "r2", "r3")


def session(contacts: int = 12, *, wrong: float = 0.15, raters=RATERS, seed: int = 7) -> list[Rated]:
    """An expert and raters who err now and then; r1 errs twice as often and gives three points less."""
    rnd = Random(seed)
    found = []
    for contact in range(contacts):
        truth = {item: rnd.choice(["met", "met", "violated", "not_applicable"]) for item in ITEMS}
        total = 70 + rnd.random() * 30
        found.append(Rated(contact, "expert", truth, total))
        for rater in raters:
            odds = wrong * (2 if rater == "r1" else 1)
            given_ = {item: rnd.choice(ANSWERS) if rnd.random() < odds else word for item, word in truth.items()}
            found.append(Rated(contact, rater, given_, total - 3 * (rater == "r1") + rnd.random()))
    return found


def result_of(rated: list[Rated], raters=RATERS, items=ITEMS) -> Result:
    return compared(rated, expert="expert", raters=raters, items=items, floors=FLOORS, redraw=REDRAW)


def test_the_expert_is_the_reference_and_never_one_of_the_raters_whose_agreement_is_measured() -> None:
    truth = ["met", "violated"] * 4
    given_ = ["met" if contact % 3 else right for contact, right in enumerate(truth)]
    words = {"expert": truth, "r1": given_, "r2": given_}
    rated = [Rated(c, who, {"polite": word}, 90.0) for who, row in words.items() for c, word in enumerate(row)]
    found = result_of(rated, ("r1", "r2"), ("polite",)).items["polite"]
    assert found.exact.value == 1
    assert found.with_expert.value == pytest.approx(np.mean([a == b for a, b in zip(truth, given_, strict=True)]))


def test_of_one_item_the_figures_are_those_of_the_coefficients_themselves() -> None:
    rated = session()
    rows = [[one.answers["polite"] for one in rated if one.contact == c and one.rater != "expert"] for c in range(12)]
    found = result_of(rated).items["polite"]
    assert found.exact == exact_agreement(Ratings.of(rows, ANSWERS), REDRAW)


def test_weighted_kappa_leaves_not_applicable_out_and_counts_cannot_tell_as_half_way() -> None:
    words = [
        ("violated", "met"),
        ("met", "met"),
        ("violated", "violated"),
        ("not_applicable", "met"),
        ("cannot_tell", "met"),
    ]
    rated = [
        Rated(c, who, {"polite": word}, None)
        for c, pair in enumerate(words)
        for who, word in zip(("r1", "r2"), pair, strict=True)
    ]
    scale = {"violated": 0, "cannot_tell": 1, "met": 2}
    rows = [[scale[one], scale[other]] for one, other in words if "not_applicable" not in (one, other)]
    expected = weighted_kappa(Ratings.of(rows, (0, 1, 2)), REDRAW, "linear")
    found = result_of(rated, ("r1", "r2"), ("polite",)).items["polite"].kappa
    assert (found.value, found.n) == (pytest.approx(expected.value), 4)


def test_a_stricter_rater_shows_a_bias_below_zero_with_an_interval_that_leaves_out_zero() -> None:
    r1, r2, _r3 = result_of(session()).raters
    assert r1.bias.value == pytest.approx(-2.5, abs=0.3)
    assert r1.bias.high is not None
    assert r1.bias.high < 0
    assert r2.bias.value == pytest.approx(0.5, abs=0.3)
    assert r1.exact.value < r2.exact.value
    assert r1.contacts == 12


def test_totals_that_move_together_have_a_high_intraclass_correlation() -> None:
    assert result_of(session()).totals.value > 0.9


def test_a_contact_that_one_rater_did_not_submit_still_tells_of_the_others_totals() -> None:
    """Each of three raters leaves out other contacts, so that nobody's are complete."""
    gaps = [one for one in session() if one.rater == "expert" or one.contact % 3 != int(one.rater[1]) - 1]
    found = result_of(gaps).totals
    assert (found.n, found.value > 0.9) == (12, True)


def test_of_each_item_the_intraclass_correlation_takes_the_answers_as_steps() -> None:
    steps = {"violated": 0.0, "cannot_tell": 1.0, "met": 2.0}
    rated = session()
    rows = [
        [steps.get(one.answers["polite"], np.nan) for one in rated if one.contact == c and one.rater != "expert"]
        for c in range(12)
    ]
    found = result_of(rated).items["polite"].icc
    assert found.value == pytest.approx(intraclass(np.array(rows), REDRAW).value)
    assert found.low <= found.value <= found.high
    assert result_of(rated).whole.icc.value is not None


def test_a_pair_without_a_kappa_of_its_own_does_not_spare_the_item_its_floor() -> None:
    """r2 and r3 share contacts they both call met; with r1, who calls them at random, both disagree."""
    words = [("met", "met", "met")] * 4 + [
        ("violated", "met", None),
        ("met", "violated", None),
        ("violated", None, "met"),
    ]
    rated = [
        Rated(c, who, {"polite": word}, None)
        for c, row in enumerate(words) for who, word in zip(RATERS, row, strict=True) if word
    ]  # fmt: skip
    found = result_of(rated, items=("polite",)).items["polite"]
    assert found.kappa.value is not None
    assert found.pairs == (2, 3)
    assert KAPPA in found.below


def test_what_is_missing_is_missing_with_its_reason() -> None:
    one = result_of(session(raters=("r1",)), ("r1",))
    assert {one.whole.exact.reason, one.whole.kappa.reason, one.whole.alpha.reason, one.whole.ac.reason} == {ONE_RATER}
    assert one.whole.with_expert.value is not None
    apart = [Rated(0, "r1", {"polite": "met"}, 90.0), Rated(1, "r2", {"polite": "met"}, 90.0)]
    found = result_of(apart, ("r1", "r2"), ("polite",))
    assert found.items["polite"].alpha.reason == NO_OVERLAP
    assert found.raters[0].bias.reason == NO_OVERLAP
    same = result_of(
        [Rated(c, r, {"polite": "met"}, 90.0) for c in range(4) for r in ("expert", *RATERS)], items=("polite",)
    )
    assert same.items["polite"].kappa.reason == NO_VARIATION
    assert same.items["polite"].exact.value == 1
    assert same.totals.reason == NO_VARIATION
    assert result_of([]).whole.exact.value is None


def test_one_contact_has_figures_but_no_interval_however_many_answers_it_holds() -> None:
    found = result_of(session(contacts=1, wrong=0.5)).whole
    assert found.exact.value is not None
    assert (found.exact.low, found.exact.reason) == (None, TOO_FEW)


def test_intervals_of_the_whole_form_redraw_contacts_not_answers() -> None:
    """Items of a contact that all agree or all disagree: as wide as few contacts make it, whatever the number of items."""
    items = [f"i{at}" for at in range(20)]
    rated = [
        Rated(c, rater, dict.fromkeys(items, "met" if c % 2 or rater == "r1" else "violated"), None)
        for c in range(8) for rater in ("r1", "r2")
    ]  # fmt: skip
    whole = result_of(rated, ("r1", "r2"), items).whole.exact
    assert whole.value == 0.5
    assert whole.high - whole.low > 0.5


def test_a_coefficient_below_its_floor_is_named_and_AC1_decides_where_nearly_all_answers_are_the_same() -> None:
    rnd = Random(3)
    loose = [Rated(c, r, {"polite": rnd.choice(("met", "violated"))}, None) for c in range(20) for r in RATERS]
    assert set(result_of(loose, items=("polite",)).items["polite"].below) == {KAPPA, ALPHA}
    passed = [
        Rated(c, r, {"polite": "violated" if (c, r) == (0, "r1") else "met"}, None) for c in range(20) for r in RATERS
    ]
    found = result_of(passed, items=("polite",)).items["polite"]
    assert found.alpha.value < FLOORS.alpha
    assert found.one_sided
    assert found.below == ()
    split = [
        Rated(c, r, {"polite": "met" if (c + int(r[1])) % 3 else "violated"}, None) for c in range(20) for r in RATERS
    ]
    strict = compared(
        split, expert="expert", raters=RATERS, items=("polite",), floors=Floors(0.6, 0.667, 0.5), redraw=REDRAW
    )
    assert strict.items["polite"].below == (AC,)


@given(st.sets(st.text(min_size=1, max_size=4), max_size=20), st.integers(0, 25), st.integers(0, 10**9))
def test_a_draw_can_be_repeated_and_holds_each_contact_once(contacts, most, seed) -> None:
    found = drawn(list(contacts), most, seed=seed)
    assert found == drawn(sorted(contacts, reverse=True), most, seed=seed)
    assert len(set(found)) == len(found) == min(most, len(contacts))
    assert set(found) <= contacts


def test_another_seed_draws_other_contacts() -> None:
    contacts = [f"c{at}" for at in range(200)]
    assert drawn(contacts, 8, seed=1) != drawn(contacts, 8, seed=2)


def test_every_contact_of_a_cluster_is_redrawn_with_it() -> None:
    weights = Clustered(5, 1, 0.95, (4, 4, 9), True).weights(3)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, [0, 2]].sum(axis=1) == 2).all()
