"""Where each rule is cited: the metrics, editions and checks that carry it out, read from their declarations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from bihuan.metrics.catalog import CATALOG
from bihuan.standards.checks.registry import CHECKS
from bihuan.standards.editions import load_edition, shipped
from bihuan.standards.rules.unread import UNREAD

_ID: Final = re.compile(r"\b(S\d-\d+|X\d+)\b")


@dataclass(frozen=True)
class Cited:
    """Names of metrics, ids of shipped editions and of checks that name a rule as their source."""

    metrics: list[str] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


@cache
def citations() -> dict[str, Cited]:
    """{rule: where it is cited}; declarations do not change while a process lives."""
    found: dict[str, Cited] = defaultdict(Cited)
    for metric in CATALOG.values():
        for rule in dict.fromkeys(metric.sources):
            found[rule].metrics.append(metric.name)
    for name in shipped():
        for rule in dict.fromkeys(_sources(_read_of(load_edition(name).document))):
            found[rule].editions.append(name)
    for check in CHECKS.values():
        for rule in sorted(_ids(getattr(check, "source", ""), getattr(check, "sources", ()))):
            found[rule].checks.append(check.id)
    return dict(found)


def _read_of(document: Any) -> dict[str, Any]:
    """An edition without the numbers that stand in it but that nothing reads yet: they show no rule at work."""
    numbers = {
        section: {name: number for name, number in held.items() if f"{section}.{name}" not in UNREAD}
        for section, held in document.get("numbers", {}).items()
    }
    return {**document, "numbers": numbers}


def _sources(value: Any) -> Iterator[str]:
    if isinstance(value, dict) or hasattr(value, "items"):
        for key, inner in value.items():
            yield from _ID.findall(inner) if key == "source" and isinstance(inner, str) else _sources(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _sources(inner)


def _ids(*texts: Any) -> set[str]:
    return {
        found
        for text in texts
        for found in _ID.findall(" ".join(text) if isinstance(text, tuple | list) else str(text))
    }
