"""Runs the examples that stand beside a check: an edition whose checks fail their own examples says so when it is linted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import Check, Example
from bihuan.standards.checks.engine import Engine
from bihuan.standards.rules.edition import Edition


@dataclass(frozen=True)
class Trial:
    """An example and what the check really said; `number` counts the check's examples from 1."""

    check: str
    number: int
    example: Example
    verdict: str
    reason: str

    @property
    def passed(self) -> bool:
        return self.verdict == self.example.verdict


def trials(edition: Edition, checks: Sequence[Check]) -> Iterator[Trial]:
    """Every example of the checks, judged under the edition."""
    for check in checks:
        if not check.examples:
            continue
        engine = Engine.for_edition(edition, only=[check.id])
        table = engine.judge(Batch.of_many([example.contact for example in check.examples]))
        for number, (example, verdict, reason) in enumerate(
            zip(check.examples, table["verdict"].to_list(), table["reason"].to_list(), strict=True), 1
        ):
            yield Trial(check.id, number, example, verdict, reason)
