"""Few human scores and all machine scores together: right on average, honest about doubt, and never the worse for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.inspection.rules.inference import Sample, combine

SETTING = {"confidence": 0.95, "least": 10}
SIZE = 3000


def population(generator: np.random.Generator, noise: float = 6.0, bias: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """True scores of a month's contacts, and a machine that is off by `bias` and noisy."""
    human = np.clip(80 + 12 * generator.standard_normal(SIZE), 0, 100)
    machine = np.clip(human + bias + noise * generator.standard_normal(SIZE), 0, 100)
    return human, machine


def drawn(generator, human, machine, probability) -> Sample:
    chosen = generator.random(SIZE) < probability
    return Sample(human[chosen], machine[chosen], probability[chosen])


def repeated(times: int, *, tuned: bool, noise: float = 6.0, unequal: bool = True):
    generator = np.random.default_rng(20260101)
    for _ in range(times):
        human, machine = population(generator, noise)
        likely = np.where(machine < 80, 0.05, 0.015) if unequal else np.full(SIZE, 0.03)
        yield human.mean(), combine(drawn(generator, human, machine, likely), machine, **SETTING, tuned=tuned)


@pytest.mark.parametrize("tuned", [True, False])
@pytest.mark.parametrize("unequal", [True, False])
def test_X12_the_mean_of_few_human_and_all_machine_scores_is_unbiased_and_its_interval_holds(tuned, unequal) -> None:
    errors, held = [], []
    for truth, found in repeated(400, tuned=tuned, unequal=unequal):
        errors.append(found.joint.value - truth)
        held.append(found.joint.low <= truth <= found.joint.high)
    assert abs(np.mean(errors)) < 3.5 * np.std(errors) / np.sqrt(len(errors))
    assert 0.925 <= np.mean(held) <= 0.975


def test_a_good_machine_narrows_the_interval_and_its_own_mean_is_off_by_its_bias() -> None:
    held = []
    for truth, found in repeated(100, tuned=True):
        assert found.joint.high - found.joint.low < 0.75 * (found.human.high - found.human.low)
        assert found.machine.value - truth > 3
        assert (found.machine.low, found.machine.high, found.machine.n) == (None, None, SIZE)
        held.append(found.bias.low < found.machine.value - truth < found.bias.high)
    assert np.mean(held) > 0.9


def test_a_useless_machine_is_tuned_away() -> None:
    generator = np.random.default_rng(2)
    human, _ = population(generator)
    machine = 100 * generator.random(SIZE)
    found = combine(drawn(generator, human, machine, np.full(SIZE, 0.05)), machine, **SETTING)
    assert found.power < 0.2
    untuned = combine(drawn(generator, human, machine, np.full(SIZE, 0.05)), machine, **SETTING, tuned=False)
    assert untuned.joint.high - untuned.joint.low > 1.5 * (untuned.human.high - untuned.human.low)


SMALL = st.integers(0, 2**32 - 1)


@settings(max_examples=80, deadline=None)
@given(seed=SMALL, noise=st.floats(0, 60), n=st.integers(12, 80))
def test_tuned_it_is_never_wider_than_people_alone(seed, noise, n) -> None:
    """Beyond one degree of freedom, which the tuning costs."""
    generator = np.random.default_rng(seed)
    human = generator.integers(0, 101, n).astype(float)
    machine = human + noise * generator.standard_normal(n)
    found = combine(Sample(human, machine, generator.uniform(0.05, 0.5, n)), machine, **SETTING)
    if found.joint.low is not None and found.human.low is not None:
        assert found.joint.high - found.joint.low <= 1.12 * (found.human.high - found.human.low)


def test_equal_probabilities_and_an_open_whole_give_the_formula_of_the_papers() -> None:
    """θ = λ·mean(f of all) + mean(y - λ·f), λ = cov(y, f) ÷ ((1 + n/N)·var(f)): PPI++, example of the mean."""
    generator = np.random.default_rng(4)
    human = generator.normal(70, 10, 50)
    machine, others = human + generator.normal(2, 5, 50), generator.normal(72, 11, 400)
    found = combine(Sample(human, machine, np.full(50, 0.1)), others, **SETTING, whole="open")
    power = np.cov(human, machine, ddof=0)[0, 1] / (machine.var() + 50 / 400 * others.var())
    assert found.power == pytest.approx(power)
    assert found.joint.value == pytest.approx(power * others.mean() + (human - power * machine).mean())
    plain = combine(Sample(human, machine, np.full(50, 0.1)), others, **SETTING, whole="open", tuned=False)
    deviation = np.sqrt((human - machine).var(ddof=1) / 50 + others.var() / 400)
    assert (plain.joint.high - plain.joint.low) / 2 == pytest.approx(2.0096 * deviation, rel=1e-3)  # t of 49, 97.5 %


def test_it_is_the_answer_of_the_authors_package() -> None:
    oracle = pytest.importorskip("ppi_py")
    generator = np.random.default_rng(4)
    human = generator.normal(70, 10, 500)
    machine, others = human + generator.normal(2, 5, 500), generator.normal(72, 11, 4000)
    low, high = oracle.ppi_mean_ci(human, machine, others, alpha=0.05, lam=1)
    mine = combine(Sample(human, machine, np.full(500, 0.1)), others, **SETTING, whole="open", tuned=False).joint
    assert (mine.low, mine.high) == (pytest.approx(float(low[0]), abs=0.01), pytest.approx(float(high[0]), abs=0.01))


def test_when_every_contact_was_reviewed_nothing_is_left_to_chance() -> None:
    human = np.arange(20.0)
    found = combine(Sample(human, human[::-1].copy(), np.ones(20)), human[::-1].copy(), **SETTING)
    assert (found.joint.value, found.joint.low, found.joint.high) == pytest.approx((9.5, 9.5, 9.5))


def test_few_human_scores_leave_the_machine_alone_and_say_so() -> None:
    found = combine(Sample(np.ones(9), np.ones(9), np.full(9, 0.1)), np.full(90, 77.0), **SETTING)
    assert (found.joint.value, found.joint.reason, found.human.reason) == (None, "too_few", "too_few")
    assert (found.machine.value, found.power) == (77.0, None)


def test_scores_that_do_not_vary_give_a_mean_without_an_interval() -> None:
    """Twenty times full marks is no proof that every contact earns them."""
    found = combine(Sample(np.full(20, 100.0), np.full(20, 100.0), np.full(20, 0.1)), np.full(200, 100.0), **SETTING)
    assert (found.joint.value, found.joint.low, found.joint.reason) == (100.0, None, "no_variation")


def test_without_machine_scores_people_stand_alone() -> None:
    found = combine(Sample(np.arange(20.0), np.arange(20.0), np.full(20, 0.1)), np.array([]), **SETTING)
    assert (found.human.value, found.joint.reason, found.machine.reason) == (
        9.5,
        "no_machine_scores",
        "no_machine_scores",
    )


def test_columns_of_unlike_length_or_impossible_draws_are_errors() -> None:
    with pytest.raises(ValueError, match="same contacts"):
        Sample(np.ones(3), np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="inclusion probability"):
        Sample(np.ones(1), np.ones(1), np.zeros(1))
