"""What an edition lends the metrics: targets by scope, windows, decimals. No number of it stands in code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final

from bihuan.kit import clock
from bihuan.kit.errors import DefinitionError, Issue, Level

SCOPE_COLUMNS: Final = (
    "channel", "level", "category", "queue", "business_line", "team", "post", "agent_class", "day", "context",
)  # fmt: skip
"""Columns a target may be scoped by; only what came afterwards has a `context`."""

_UNITS: Final = {"us": 1, "s": clock.SECOND, "min": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY}
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(us|s|min|h|d)")


@dataclass(frozen=True)
class ScopedTarget:
    """A value and the rows it holds for; no scope means every row. Durations are microseconds."""

    value: int
    where: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True)
class MetricParams:
    """Everything a figure depends on beyond the record. Compared by value.

    `targets` are ordered: of the scopes a row matches the one with most columns holds, the earlier named among equals
    (X1). `decimals` is by unit. `edition` names the verdicts to read.
    """

    confidence: Decimal
    decimals: Mapping[str, int]
    numbers: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, tuple[ScopedTarget, ...]] = field(default_factory=dict)
    edition: str | None = None

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> MetricParams:
        """From plain YAML or JSON: `confidence`, `decimals {unit: n}`, `numbers {name: amount}`,
        `targets {name: amount | [{value, where, source}]}`, `edition`. An amount is a whole number or text such as
        `30s`, `10min`, `72h`, `7d`.

        Raises:
            DefinitionError: with every issue found.
        """
        issues: list[Issue] = []
        known = {"confidence", "decimals", "numbers", "targets", "edition"}
        issues += [_issue(name, "is not a metric parameter") for name in sorted(set(values) - known)]
        numbers = {name: _amount(value, f"numbers.{name}", issues) for name, value in _part(values, "numbers").items()}
        targets = {name: _targets(value, f"targets.{name}", issues) for name, value in _part(values, "targets").items()}
        confidence = _confidence(values.get("confidence"), issues)
        decimals = {unit: _decimals(value, unit, issues) for unit, value in _part(values, "decimals").items()}
        if issues:
            raise DefinitionError(issues)
        return cls(confidence, decimals, numbers, targets, values.get("edition"))

    def to_mapping(self) -> dict[str, Any]:
        """What `from_mapping` makes the same parameters of."""
        targets = {
            name: [{"value": one.value, "where": dict(one.where), "source": one.source} for one in scoped]
            for name, scoped in self.targets.items()
        }
        return {
            "confidence": str(self.confidence), "decimals": dict(self.decimals), "numbers": dict(self.numbers),
            "targets": targets, "edition": self.edition,
        }  # fmt: skip

    @cached_property
    def text(self) -> str:
        """Equal exactly where the parameters are, whatever order they were given in."""
        return json.dumps(self.to_mapping(), sort_keys=True)

    def target(self, name: str) -> tuple[ScopedTarget, ...]:
        """Most specific first; empty where the edition names none."""
        return tuple(sorted(self.targets.get(name, ()), key=_specificity))


def _specificity(target: ScopedTarget) -> tuple[int, bool]:
    """Sorts the most specific scope first; of two as specific, one for a channel outranks the other."""
    return -len(target.where), all(name != "channel" for name, _ in target.where)


def _part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return values.get(name) or {}


def _issue(place: str, message: str) -> Issue:
    return Issue(Level.ERROR, place, message)


def _amount(value: Any, place: str, issues: list[Issue]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    text = str(value).strip()
    if text.isdigit():
        return int(text)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        issues.append(_issue(place, f"{value!r} is neither a whole number nor an amount of time such as 30s or 7d"))
        return 0
    return int(Decimal(found[1]) * _UNITS[found[2]])


def _targets(value: Any, place: str, issues: list[Issue]) -> tuple[ScopedTarget, ...]:
    entries = value if isinstance(value, list | tuple) else [{"value": value}]
    return tuple(_target(entry, f"{place}[{at}]", issues) for at, entry in enumerate(entries))


def _target(entry: Any, place: str, issues: list[Issue]) -> ScopedTarget:
    if not isinstance(entry, Mapping):
        entry = {"value": entry}
    where = entry.get("where") or {}
    issues += [_issue(place, f"{name!r} is no column to scope by") for name in where if name not in SCOPE_COLUMNS]
    scope = tuple((name, str(wanted)) for name, wanted in sorted(where.items()))
    return ScopedTarget(_amount(entry.get("value"), place, issues), scope, str(entry.get("source", "")))


def _confidence(value: Any, issues: list[Issue]) -> Decimal:
    try:
        confidence = Decimal(str(value))
    except InvalidOperation:
        confidence = Decimal(0)
    if not 0 < confidence < 1:
        issues.append(_issue("confidence", "must lie between 0 and 1, for example 0.95"))
    return confidence


def _decimals(value: Any, unit: str, issues: list[Issue]) -> int:
    text = str(value)
    if not text.isdigit():
        issues.append(_issue(f"decimals.{unit}", f"{value!r} is no number of decimals"))
        return 0
    return int(text)
