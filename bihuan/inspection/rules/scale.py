"""Raters' scales: what alarms, and what a score would be from a rater of mean severity. Never in place of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.severity import Severity

SEVERITY, DRIFT = "severity", "drift"
LOWEST, HIGHEST = 0.0, 100.0

# why a score has no adjusted one beside it; short codes that pages translate
NO_SCORE: Final = "no_score"
FATAL: Final = "fatal"
OF_GROUP: Final = "of_group"
UNKNOWN_SCALE: Final = "unknown_scale"


@dataclass(frozen=True)
class Alarm:
    """A rater whose severity, or whose move in a period, passed its limit; the interval leaves out zero."""

    rater: str
    kind: str
    period: str
    estimate: Estimate
    limit: float


@dataclass(frozen=True)
class Scales:
    """What the model found, ready to be asked. `levels` {rater: {period: points}}, like the severities, are told against
    the `reference`, the expert of calibrations; without one against the mean rater."""

    severity: Severity
    levels: Mapping[str, Mapping[str, float]]
    reference: str = ""

    @classmethod
    def of(cls, severity: Severity, reference: str | None = None) -> Scales:
        """`severity` was told against the same `reference`; its adjusted scores are always against the mean rater."""
        known = [one for one in severity.scores if one.adjusted is not None]
        shifts = [(one.scored, one.raw - (one.adjusted or 0.0)) for one in known]
        own = [shift for scored, shift in shifts if scored.rater == reference]
        zero = sum(own) / len(own) if own else 0.0
        levels: dict[str, dict[str, float]] = {}
        for scored, shift in shifts:
            levels.setdefault(scored.rater, {})[scored.period] = shift - zero
        ordered = {rater: dict(sorted(found.items())) for rater, found in levels.items()}
        return cls(severity, ordered, reference if own and reference else "")

    def adjusted(self, raw: float, rater: str, period: str) -> float | None:
        """The score on the scale of the reference, within the form's points; None where the rater's scale is unknown.

        In a period without shared contacts the rater's severity over all of them stands in.
        """
        estimate = self.severity.raters.get(rater)
        if estimate is None or estimate.value is None:
            return None
        shift = self.levels.get(rater, {}).get(period, estimate.value)
        return min(max(raw - shift, LOWEST), HIGHEST)


def alarms(severity: Severity, *, period: str, severity_limit: float, drift_limit: float) -> list[Alarm]:
    """Who is too strict or too lenient now, and who moved: the estimate passes the limit and its interval leaves out zero."""
    found = [
        Alarm(rater, SEVERITY, period, estimate, severity_limit)
        for rater, estimate in sorted(severity.raters.items())
        if estimate.value is not None and abs(estimate.value) >= severity_limit and _is_sure(estimate)
    ]
    return found + [Alarm(one.rater, DRIFT, one.period, one.change, drift_limit) for one in severity.alarms]


def _is_sure(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0 or estimate.high < 0)
