"""What an edition lends the metrics: its targets, windows, decimals and confidence, in the metrics' own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from bihuan.metrics.params import MetricParams, ScopedTarget
from bihuan.standards.lending import from_json, lent, number_of
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Edition, Number, Target

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
LIVE: Final = "live"
OTHERS: Final = "other_departments"
"""Where a complaint may take longer because others must act (X11)."""
_FOLLOW_UPS: Final[Mapping[str, str]] = {
    "follow_up_first": "follow_up.first_within", "follow_up_closed": "follow_up.closed_within",
}  # fmt: skip
PERCENT_DECIMALS: Final = 2  # an edition rounds a share as a percentage; figures are fractions
_NUMBERS: Final = ("short_abandon", "fcr_window", "fcr_early_window", "repeat_window")
_VOLUMES: Final[Mapping[str, str]] = {"new": "volume.new_agent_daily", "mature": "volume.mature_agent_daily_low"}
_DECIMALS: Final[Mapping[str, str]] = {
    "share": "share", "seconds": "duration", "points": "score", "nps": "nps", "count": "count", "contacts": "count",
}  # fmt: skip


def metric_params(edition: Edition, kept: Mapping[str, Any] | None = None) -> MetricParams:
    """Everything a figure depends on beyond the record, under this edition.

    Where it is silent, windows and decimals are lent, never a target; `kept` are those that were lent to stored results
    (`lending.to_json`), which hold whatever the lender says by now.
    """
    number = _reader(edition, kept or {})
    return MetricParams(
        confidence=number("statistics.confidence").share,
        decimals={unit: _decimals(number, kind) for unit, kind in _DECIMALS.items()},
        numbers={name: _amount(number(f"metrics.{name}")) for name in _NUMBERS},
        targets={
            **{name: tuple(_scoped(edition, name)) for name in _TARGETS},
            "service_level": tuple(_scoped(edition, "queue_time")),
            **_volume(edition),
            **_follow_ups(edition),
        },
        edition=edition.hash,
    )


def lent_params(edition: Edition) -> dict[str, Number]:
    """The numbers of `metric_params` that another edition lends."""
    kinds = {f"rounding.{kind}" for kind in _DECIMALS.values()}
    return lent(edition, ["statistics.confidence", *(f"metrics.{name}" for name in _NUMBERS), *sorted(kinds)])


def _reader(edition: Edition, kept: Mapping[str, Any]) -> Callable[[str], Number]:
    held = from_json(kept)
    return lambda path: held.get(path) or number_of(edition, path)


def _decimals(number: Callable[[str], Number], kind: str) -> int:
    decimals = number(f"rounding.{kind}").whole
    return decimals + PERCENT_DECIMALS if kind == "share" else decimals


def _scoped(edition: Edition, metric: str) -> Iterator[ScopedTarget]:
    contexts = (LIVE, OTHERS) if metric == "complaint_resolution_time" else (LIVE,)
    for target in edition.targets:
        if target.metric == metric and target.context in contexts:
            yield ScopedTarget(_amount(target.limit), tuple(_where(target)), target.source)


def _where(target: Target) -> Iterable[tuple[str, str]]:
    if target.channel:
        yield "channel", target.channel
    if target.level:
        yield "level", target.level
    if target.context != LIVE:
        yield "context", target.context


def _volume(edition: Edition) -> dict[str, tuple[ScopedTarget, ...]]:
    found = [(name, edition.number(path)) for name, path in _VOLUMES.items()]
    scoped = [ScopedTarget(n.whole, (("agent_class", name),), n.source) for name, n in found if n is not None]
    return {"daily_volume": tuple(scoped)}


def _follow_ups(edition: Edition) -> dict[str, tuple[ScopedTarget, ...]]:
    """The limits of S2-10; without them a promise alone binds."""
    found = {name: edition.number(path) for name, path in _FOLLOW_UPS.items()}
    return {name: (ScopedTarget(n.micros, (), n.source),) for name, n in found.items() if n is not None}


def _amount(number: Number) -> int:
    """Durations in microseconds, everything else as it stands."""
    if number.unit in MICROS_OF_UNIT:
        return number.micros
    if number.value != number.value.to_integral_value():
        raise ValueError(f"{number.place}: {number.value} is no whole number")
    return int(Decimal(number.value))
