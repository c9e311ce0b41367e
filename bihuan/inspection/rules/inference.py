"""A mean from few human scores and the machine's scores of all contacts: prediction-powered inference.

Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), "Prediction-powered inference", Science 382; with the power tuning
of Angelopoulos, Duchi & Zrnic (2023), "PPI++". The machine's mean is corrected by what people find it to be off by, so the
answer is right however bad the machine is, and the narrower the better the machine is. Rows are weighted by one ÷ inclusion
probability (the difference estimator of Särndal, Swensson & Wretman 1992, section 6.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import special

from bihuan.inspection.rules.estimate import NO_VARIATION, TOO_FEW, Estimate, Floats

Whole = Literal["closed", "open"]

NO_MACHINE: Final = "no_machine_scores"


@dataclass(frozen=True)
class Sample:
    """The contacts people scored: their scores, the machine's of the same contacts, and inclusion probabilities."""

    human: Floats
    machine: Floats
    probability: Floats

    def __post_init__(self) -> None:
        if not len(self.human) == len(self.machine) == len(self.probability):
            raise ValueError("human, machine and probability are of the same contacts")
        if len(self.probability) and not ((self.probability > 0) & (self.probability <= 1)).all():
            raise ValueError("an inclusion probability lies in (0, 1]")


@dataclass(frozen=True)
class Combined:
    """The joint estimate beside its two sources.

    `power` is how much of the machine is used: 0 nothing, 1 all. `bias` is how far the machine's scores lie above the
    human ones of the same contacts. The machine's own mean counts every contact, so no chance of drawing is in it: it
    has no interval, and may be off by `bias`.
    """

    joint: Estimate
    human: Estimate
    machine: Estimate
    bias: Estimate
    power: float | None


def combine(
    sample: Sample,
    machine_of_all: Floats,
    *,
    confidence: float,
    least: int,
    whole: Whole = "closed",
    tuned: bool = True,
) -> Combined:
    """The mean score with its interval from both sources, and from each apart.

    `closed`: the mean of exactly these contacts (a person's month), from which the sample was drawn; a full sample leaves
    no doubt. `open`: the mean of the stream they come from, with the sampled contacts not among `machine_of_all`, as in
    the papers. `tuned` chooses the power that gives the smallest variance (PPI++), else it is 1 (PPI). Below `least`
    human scores there is no figure but the machine's.
    """
    n = len(sample.human)
    if n < max(least, _LEAST):
        short = Estimate.unknown(TOO_FEW, n)
        return Combined(short, short, _machine(machine_of_all), short, None)
    human = _weighted_mean(sample, sample.human, whole, confidence)
    bias = _weighted_mean(sample, sample.machine - sample.human, whole, confidence)
    if not len(machine_of_all):
        return Combined(Estimate.unknown(NO_MACHINE, n), human, Estimate.unknown(NO_MACHINE), bias, None)
    power = _power(sample, machine_of_all, whole) if tuned else 1.0
    joint = _joint(sample, machine_of_all, power, whole, confidence, n - 1 - tuned)
    return Combined(joint, human, _machine(machine_of_all), bias, power)


def mean_of(values: Floats, probability: Floats, *, confidence: float) -> Estimate:
    """The mean of a closed whole from a sample of it, each value weighted by one ÷ its inclusion probability.

    The interval is Student's on the linearised variance; what was sure to be drawn adds no doubt, so it is corrected for a
    finite population. No figure of nothing; no interval of one value, nor of values that do not vary.
    """
    if not len(values):
        return Estimate.unknown(TOO_FEW)
    if len(values) == 1:
        return Estimate(float(values[0]), n=1, reason=TOO_FEW)
    return _weighted_mean(Sample(values, values, probability), values, "closed", confidence)


_LEAST: Final = 3
"""Fewer scores leave no degree of freedom once the power is tuned."""


def _machine(scores: Floats) -> Estimate:
    return Estimate(float(scores.mean()), n=len(scores)) if len(scores) else Estimate.unknown(NO_MACHINE)


def _joint(
    sample: Sample, machine_of_all: Floats, power: float, whole: Whole, confidence: float, freedom: int
) -> Estimate:
    left = sample.human - power * sample.machine
    weights = 1 / sample.probability
    value = power * float(machine_of_all.mean()) + float(weights @ left / weights.sum())
    variance = _variance(sample, left, whole, len(left) - 1 - freedom)
    if whole == "open":
        variance += power**2 * float(machine_of_all.var()) / len(machine_of_all)
    return _interval(value, variance, freedom, confidence, len(left))


def _weighted_mean(sample: Sample, values: Floats, whole: Whole, confidence: float) -> Estimate:
    weights = 1 / sample.probability
    variance = _variance(sample, values, whole, 0)
    return _interval(float(weights @ values / weights.sum()), variance, len(values) - 1, confidence, len(values))


def _variance(sample: Sample, values: Floats, whole: Whole, fitted: int) -> float:
    """Of the weighted mean of the values, by linearisation; NaN where they do not vary, which proves nothing."""
    if np.ptp(values) <= _NOTHING * (1 + float(np.abs(values).max())):
        return 0.0 if whole == "closed" and bool((sample.probability == 1).all()) else float("nan")
    weights = 1 / sample.probability
    off = values - weights @ values / weights.sum()
    n = len(values)
    return float((_doubt(sample, whole) * off**2).sum() / weights.sum() ** 2) * n / (n - 1 - fitted)


_NOTHING: Final = 1e-9


def _doubt(sample: Sample, whole: Whole) -> Floats:
    """What each squared deviation weighs; in a closed whole a contact that was sure to be drawn adds no doubt."""
    squared = 1 / sample.probability**2
    return squared * (1 - sample.probability) if whole == "closed" else squared


def _power(sample: Sample, machine_of_all: Floats, whole: Whole) -> float:
    """The power with the smallest variance, between 0 and 1 (PPI++, with the weights of the design)."""
    weights = 1 / sample.probability
    doubt = _doubt(sample, whole)
    off_machine = sample.machine - weights @ sample.machine / weights.sum()
    off_human = sample.human - weights @ sample.human / weights.sum()
    together = float((doubt * off_machine * off_human).sum())
    alone = float((doubt * off_machine**2).sum())
    if whole == "open":
        alone += float(machine_of_all.var()) / len(machine_of_all) * float(weights.sum()) ** 2
    return min(max(together / alone, 0.0), 1.0) if alone > _NOTHING else 0.0


def _interval(value: float, variance: float, freedom: int, confidence: float, n: int) -> Estimate:
    if not np.isfinite(variance):
        return Estimate(value, n=n, reason=NO_VARIATION)
    half = float(special.stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(variance))
    return Estimate(value, value - half, value + half, n)
