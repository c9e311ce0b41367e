"""Which target a figure is held against, and whether it is met. Targets come from the edition alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure
from bihuan.standards.rules.edition import MICROS_OF_UNIT, PERCENT, Edition, Number, Target

_NAMES: Final[Mapping[str, str]] = {
    "csat_top2": "positive_rate",
    "complaint_rate": "complaint_rate",
    "nps": "nps",
    "first_contact_resolution": "first_contact_resolution",
    "customer_frt_mean": "customer_first_response_time",
    "customer_frt_p50": "customer_first_response_time",
    "customer_frt_p90": "customer_first_response_time",
    "agent_frt_mean": "first_response_time",
    "agent_frt_p50": "first_response_time",
    "agent_frt_p90": "first_response_time",
    "queue_time_mean": "queue_time",
    "queue_time_p90": "queue_time",
    "average_response_time": "response_time",
    "response_time_p90": "response_time",
    "hand_over_time": "hand_over_time",
    "complaint_resolution_time": "complaint_resolution_time",
}
"""metric → the name under which an edition sets its target."""

_CHECKED: Final[Mapping[str, tuple[str, str]]] = {"response_time_within": ("response_time", "least_share")}
"""metric → (check, parameter) where an edition sets the level in a check."""


@dataclass(frozen=True)
class Goal:
    """A target in the metric's own unit (a share between 0 and 1, seconds); the limit itself is met."""

    limit: Decimal
    at_most: bool
    source: str

    def is_met_by(self, value: Decimal) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit


def goal_of(edition: Edition, metric: str, where: Mapping[str, str] | None = None) -> Goal | None:
    """The one target that holds for everything the filters let through.

    None where the edition sets none, and where it differs between the channels or levels that are mixed here: a mean over
    chat and e-mail is held against neither's limit.
    """
    if metric in _CHECKED:
        check, name = _CHECKED[metric]
        number = edition.checks[check].numbers.get(name) if check in edition.checks else None
        return None if number is None else Goal(number.share, False, number.source)
    target = _single(edition, _NAMES.get(metric, ""), where or {})
    return None if target is None else Goal(_limit(metric, target.limit), target.at_most, target.source)


def judged(figure: Figure, goal: Goal | None) -> tuple[bool | None, bool]:
    """(met, sure): met is None where there is nothing to judge; not sure where the interval includes the target."""
    if goal is None or figure.value is None:
        return None, True
    met = goal.is_met_by(figure.value)
    if figure.low is None or figure.high is None:
        return met, True
    return met, not figure.low <= goal.limit <= figure.high


def surely_missed(figure: Figure | None, goal: Goal | None) -> bool:
    """The target is missed and chance does not explain it."""
    return figure is not None and judged(figure, goal) == (False, True)


def _single(edition: Edition, name: str, where: Mapping[str, str]) -> Target | None:
    channel, level = where.get("channel"), where.get("level")
    live = [one for one in edition.targets if one.metric == name and one.context == "live"]
    mixed = [one for one in live if _may_hold(one.channel, channel) and _may_hold(one.level, level)]
    limits = {one.limit.value * MICROS_OF_UNIT.get(one.limit.unit, 1) for one in mixed}
    if len(limits) > 1 and (
        any(one.channel and not channel for one in mixed) or any(one.level and not level for one in mixed)
    ):
        return None
    return edition.target(name, channel=channel, level=level)


def _may_hold(scoped: str | None, filtered: str | None) -> bool:
    return scoped is None or filtered is None or scoped == filtered


def _limit(metric: str, number: Number) -> Decimal:
    if number.unit == PERCENT and CATALOG[metric].unit == "share":
        return number.share
    return number.seconds if number.unit in MICROS_OF_UNIT else number.value
