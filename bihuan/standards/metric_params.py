"""What an edition lends the metrics: its targets, windows, decimals and confidence, in the metrics' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from bihuan.metrics.params import MetricParams, ScopedTarget
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Edition, Number, Target

SILENT: Final = "recommended"
"""The edition that lends a figure where another is silent; a target is never lent, only windows and decimals."""

_TARGETS: Final = (
    "customer_first_response_time",
    "first_response_time",
    "response_time",
    "queue_time",
    "rings",
    "simple_resolution_time",
    "hand_over_time",
    "complaint_resolution_time",
)
PERCENT_DECIMALS: Final = 2  # an edition rounds a share as a percentage; figures are fractions
_NUMBERS: Final = ("short_abandon", "fcr_window", "fcr_early_window", "repeat_window")
_VOLUMES: Final[Mapping[str, str]] = {"new": "volume.new_agent_daily", "mature": "volume.mature_agent_daily_low"}
_DECIMALS: Final[Mapping[str, str]] = {
    "share": "share", "seconds": "duration", "points": "score", "nps": "nps", "count": "count", "contacts": "count",
}  # fmt: skip


def metric_params(edition: Edition) -> MetricParams:
    """Everything a figure depends on beyond the record, under this edition."""
    house = load_edition(SILENT)
    confidence = _number(edition, house, "statistics.confidence")
    return MetricParams(
        confidence=confidence.share,
        decimals={unit: _decimals(edition, house, kind) for unit, kind in _DECIMALS.items()},
        numbers={name: _amount(_number(edition, house, f"metrics.{name}")) for name in _NUMBERS},
        targets={
            **{name: tuple(_scoped(edition, name)) for name in _TARGETS},
            "service_level": tuple(_scoped(edition, "queue_time")),
            **_volume(edition),
        },
        edition=edition.hash,
    )


def _number(edition: Edition, house: Edition, path: str) -> Number:
    number = edition.number(path) or house.number(path)
    if number is None:
        raise KeyError(path)
    return number


def _decimals(edition: Edition, house: Edition, kind: str) -> int:
    decimals = (edition.rounding.get(kind) or house.rounding[kind]).whole
    return decimals + PERCENT_DECIMALS if kind == "share" else decimals


def _scoped(edition: Edition, metric: str) -> Iterator[ScopedTarget]:
    for target in edition.targets:
        if target.metric == metric and target.context == "live":
            yield ScopedTarget(_amount(target.limit), tuple(_where(target)), target.source)


def _where(target: Target) -> Iterable[tuple[str, str]]:
    if target.channel:
        yield "channel", target.channel
    if target.level:
        yield "level", target.level


def _volume(edition: Edition) -> dict[str, tuple[ScopedTarget, ...]]:
    found = [(name, edition.number(path)) for name, path in _VOLUMES.items()]
    scoped = [ScopedTarget(n.whole, (("agent_class", name),), n.source) for name, n in found if n is not None]
    return {"daily_volume": tuple(scoped)}


def _amount(number: Number) -> int:
    """Durations in microseconds, everything else as it stands."""
    if number.unit in MICROS_OF_UNIT:
        return number.micros
    if number.value != number.value.to_integral_value():
        raise ValueError(f"{number.place}: {number.value} is no whole number")
    return int(Decimal(number.value))
