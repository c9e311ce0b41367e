"""The sampling plan an edition sets, as the rules take it."""

from __future__ import annotations

from decimal import Decimal

from bihuan.inspection.rules.review import ReviewPlan
from bihuan.kit.numbers import MILLI
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition, Number
from bihuan.standards.rules.sampling import SamplingPlan
from bihuan.standards.rules.sampling_risk import RiskPlan


def sampling_number(edition: Edition, name: str) -> Number:
    """A number of the edition's sampling plan; where it is silent, the one of the shipped edition."""
    return number_of(edition, f"sampling.{name}")


def sampling_plan(edition: Edition) -> SamplingPlan:
    """How the daily sample is drawn (S3-10)."""
    return SamplingPlan(
        low=sampling_number(edition, "daily_share_low").share,
        high=sampling_number(edition, "daily_share_high").share,
        least_per_stratum=sampling_number(edition, "least_per_stratum").whole,
        afternoon_from=sampling_number(edition, "afternoon_from").whole,
        evening_from=sampling_number(edition, "evening_from").whole,
        seed=sampling_number(edition, "seed").whole,
    )


def risk_plan(edition: Edition) -> RiskPlan:
    """Which contacts show a sign of trouble."""
    return RiskPlan(
        most=sampling_number(edition, "risk_most").share,
        rating_at_most=sampling_number(edition, "risk_rating_at_most").whole,
        complaints_from=sampling_number(edition, "risk_complaints_from").whole,
        silence_from_us=sampling_number(edition, "risk_silence_from").micros,
        full_milli=int(sampling_number(edition, "risk_full_marks").value * MILLI),
        seed=sampling_number(edition, "seed").whole,
    )


def is_blind(edition: Edition) -> bool:
    """Whether the machine's answers stay hidden until the person has answered."""
    return bool(sampling_number(edition, "blind").value)


def confidence_of(edition: Edition) -> Decimal:
    """The confidence intervals are told with, between 0 and 1; where the edition is silent, the shipped one's."""
    return number_of(edition, "statistics.confidence").share


def review_plan(edition: Edition) -> ReviewPlan:
    """Which evaluations of a week the group looks at again (S3-13)."""
    return ReviewPlan(
        disagreements_from=sampling_number(edition, "review_disagreements").whole,
        complaints_from=sampling_number(edition, "risk_complaints_from").whole,
        full_marks=sampling_number(edition, "risk_full_marks").value,
        most=sampling_number(edition, "review_most").whole,
        seed=sampling_number(edition, "seed").whole,
    )
