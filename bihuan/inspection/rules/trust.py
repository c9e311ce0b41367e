"""How far the verdicts of a check are trusted, and what it may therefore do: observe, assist, or count.

Precision and recall come from the random human sample alone, every row weighted by one ÷ its inclusion probability, so
that risk-targeted contacts do not distort them. A person moves a check up; figures alone move it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import numpy as np
from scipy import special

from bihuan.inspection.rules.estimate import TOO_FEW, Estimate, Floats, effective_size
from bihuan.metrics.intervals import wilson
from bihuan.standards.rules.verdict import CANNOT_TELL, VIOLATED

Method = Literal["wilson", "clopper_pearson"]

NEVER_FLAGGED: Final = "never_flagged"
NEVER_VIOLATED: Final = "never_violated"


@dataclass(frozen=True)
class Reviewed:
    """One contact of the random sample: the machine's verdict, the human's, and the probability of being drawn."""

    machine: str
    human: str
    probability: float


@dataclass(frozen=True)
class Accuracy:
    """Of what the check flags, how much is a fault (`precision`); of the faults, how many it flags (`recall`)."""

    precision: Estimate
    recall: Estimate
    reviewed: int


def accuracy_of(
    rows: Sequence[Reviewed], *, least: int, confidence: float, method: Method = "wilson", fault: str = VIOLATED
) -> Accuracy:
    """Precision and recall of a check for the verdict `fault`, each None with a reason below `least` rows of its kind.

    Where the human cannot tell there is no truth, and the row is left out; "not applicable" is no fault. Where the
    machine cannot tell it flags nothing, which costs recall. ValueError: a probability outside (0, 1].
    """
    known = [row for row in rows if row.human != CANNOT_TELL]
    if any(not 0 < row.probability <= 1 for row in known):
        raise ValueError("an inclusion probability lies in (0, 1]")
    flagged = [row for row in known if row.machine == fault]
    faults = [row for row in known if row.human == fault]
    precision = _share(flagged, [row.human == fault for row in flagged], least, NEVER_FLAGGED, confidence, method)
    recall = _share(faults, [row.machine == fault for row in faults], least, NEVER_VIOLATED, confidence, method)
    return Accuracy(precision, recall, len(known))


def _share(
    rows: Sequence[Reviewed], hits: Sequence[bool], least: int, none: str, confidence: float, method: Method
) -> Estimate:
    if not rows:
        return Estimate.unknown(none)
    if len(rows) < least:
        return Estimate.unknown(TOO_FEW, len(rows))
    return weighted_share(
        np.asarray(hits, dtype=float), np.array([1 / row.probability for row in rows]), confidence, method
    )


def weighted_share(hits: Floats, weights: Floats, confidence: float, method: Method = "wilson") -> Estimate:
    """A design-weighted share with an interval on the effective number of rows (Korn & Graubard 1998).

    The effective number is share × (1 - share) ÷ the linearised variance of the weighted share, at most the rows there
    are; where all rows say the same it is Kish's (Σw)² ÷ Σw² (1965).
    """
    share = min(float(weights @ hits / weights.sum()), 1.0)  # two ways to add up weights differ in the last bit
    n = effective_size(share, hits, weights, weights**2, len(hits))
    if method == "wilson":
        low, high = (float(bound) for bound in wilson(share * n, n, confidence))
    else:
        low, high = _clopper_pearson(share * n, n, confidence)
    return Estimate(share, low, high, len(hits))


def _clopper_pearson(hits: float, n: float, confidence: float) -> tuple[float, float]:
    """The exact interval (Clopper & Pearson 1934), with numbers that need not be whole."""
    tail = (1 - confidence) / 2
    low = float(special.betaincinv(hits, n - hits + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return low, high


class Standing(StrEnum):
    """What a check's verdicts do: only recorded, shown to inspectors, or counted in scores."""

    OBSERVED = "observed"
    ASSISTING = "assisting"
    COUNTING = "counting"


ORDER: Final = (Standing.OBSERVED, Standing.ASSISTING, Standing.COUNTING)

# reasons of a move or of its refusal
NOBODY_NAMED: Final = "nobody_named"
UNKNOWN_PRECISION: Final = "precision_unknown"
UNKNOWN_RECALL: Final = "recall_unknown"
LOW_PRECISION: Final = "precision_below_floor"
LOW_RECALL: Final = "recall_below_floor"
UNFAIR: Final = "unfair"
ALREADY_THERE: Final = "already_there"
BY_DECISION: Final = "by_decision"


@dataclass(frozen=True)
class Floor:
    """The least an edition asks for a standing; a recall of None is not asked for."""

    precision: float
    recall: float | None = None


@dataclass(frozen=True)
class Floors:
    """Floors of the two standings that have one."""

    assisting: Floor
    counting: Floor

    def of(self, standing: Standing) -> Floor | None:
        return {Standing.ASSISTING: self.assisting, Standing.COUNTING: self.counting}.get(standing)


@dataclass(frozen=True)
class Move:
    """From where to where, by whom (empty: by itself), and why, or why not."""

    before: Standing
    after: Standing
    by: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        return self.before != self.after


def advance(
    standing: Standing, accuracy: Accuracy, floors: Floors, *, by: str, fair: bool | None = None, measured: bool = False
) -> Move:
    """A named person moves a check one standing up, where the lower bounds reach the floor: then they are known to.

    `fair` is the outcome of the counterfactual suite; a check that is not known to be fair does not come to count. One
    that is `measured` reads logged times and judges nothing: no figures are asked of it, only that it was not found unfair.
    """
    if standing == ORDER[-1]:
        return Move(standing, standing, by, (ALREADY_THERE,))
    wanted = ORDER[ORDER.index(standing) + 1]
    reasons = () if measured else _short_of(wanted, accuracy, floors, surely=True)
    if wanted == Standing.COUNTING and (fair is False if measured else not fair):
        reasons = (*reasons, UNFAIR)
    if not by.strip():
        reasons = (*reasons, NOBODY_NAMED)
    return Move(standing, standing if reasons else wanted, by, reasons or (BY_DECISION,))


def settle(
    standing: Standing,
    accuracy: Accuracy,
    floors: Floors,
    *,
    fair: bool | None = None,
    lent: Standing = Standing.OBSERVED,
    whole: bool = True,
    measured: bool = False,
) -> Move:
    """What figures alone do: a check whose figure falls below its floor, or is no longer known, stops by itself.

    It goes down to the highest standing whose floor it keeps. `lent` is the standing the edition gives without any figures:
    for want of figures nothing falls below it, for bad ones it does. Where the figures are not those of the `whole` sample,
    because part of it waits for the machine's verdicts, none of them takes anything down. A check found unfair (`fair` False)
    stops counting; one whose fairness was not looked at again (None) stays. Of a check that is `measured` nothing else counts.
    """
    after = standing
    reasons: tuple[str, ...] = ()
    while short := _short_of(after, accuracy, floors, surely=False, fair=fair):
        if measured or not whole:
            short = tuple(reason for reason in short if reason == UNFAIR)
        elif ORDER.index(after) <= ORDER.index(lent):
            short = tuple(reason for reason in short if reason not in _UNKNOWN)
        if not short:
            break
        reasons = (*reasons, *(reason for reason in short if reason not in reasons))
        after = ORDER[ORDER.index(after) - 1]
    return Move(standing, after, "", reasons)


_UNKNOWN: Final = frozenset({UNKNOWN_PRECISION, UNKNOWN_RECALL})


def withdraw(standing: Standing, to: Standing, *, by: str) -> Move:
    """A named person takes a check down, whatever its figures say."""
    if not by.strip():
        return Move(standing, standing, by, (NOBODY_NAMED,))
    if ORDER.index(to) >= ORDER.index(standing):
        return Move(standing, standing, by, (ALREADY_THERE,))
    return Move(standing, to, by, (BY_DECISION,))


def reviews_lacking(figure: Estimate, floor: float, *, least: int, confidence: float) -> int | None:
    """How many more reviewed rows of its kind a figure needs, if they answer as those before, until its lower bound
    reaches the floor; 0 where it does. None: at this share no number of reviews will do."""
    if figure.low is not None and figure.low >= floor and figure.n >= least:
        return 0
    if figure.value is None:
        return max(least - figure.n, 1)
    if figure.value <= floor:
        return None
    low, high = max(figure.n, least), _MOST_REVIEWS
    if _low(figure.value, high, confidence) < floor:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _low(figure.value, middle, confidence) >= floor else (middle + 1, high)
    return max(low - figure.n, 1)


_MOST_REVIEWS: Final = 100_000


def _low(share: float, n: int, confidence: float) -> float:
    return float(wilson(share * n, n, confidence)[0])


def _short_of(
    standing: Standing, accuracy: Accuracy, floors: Floors, *, surely: bool, fair: bool | None = None
) -> tuple[str, ...]:
    """What the figures lack for a standing; `surely` compares lower bounds instead of the figures."""
    floor = floors.of(standing)
    if floor is None:
        return ()
    reasons = [
        reason
        for figure, least, unknown, low in (
            (accuracy.precision, floor.precision, UNKNOWN_PRECISION, LOW_PRECISION),
            (accuracy.recall, floor.recall, UNKNOWN_RECALL, LOW_RECALL),
        )
        if (reason := _shortfall(figure.low if surely else figure.value, least, unknown, low))
    ]
    if standing == Standing.COUNTING and fair is False:
        reasons.append(UNFAIR)
    return tuple(reasons)


def _shortfall(figure: float | None, least: float | None, unknown: str, low: str) -> str:
    if least is None:
        return ""
    if figure is None:
        return unknown
    return low if figure < least else ""
