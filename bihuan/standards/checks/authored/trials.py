"""Runs the examples that stand beside a check: an edition whose checks fail their own examples says so when it is linted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bihuan.standards.checks.authored.asking import is_asked
from bihuan.standards.checks.authored.finding import meant_by
from bihuan.standards.checks.authored.judging import NO_ENCODER
from bihuan.standards.checks.authored.meaning import encoder
from bihuan.standards.checks.authored.reading import definition_of
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import Check, Example
from bihuan.standards.checks.engine import Engine
from bihuan.standards.rules.edition import CheckSetting, Edition


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


def untried(setting: CheckSetting | None) -> str:
    """Why examples cannot be tried here, as a code (`model`: only a model answers, `no_encoder`: meaning cannot be compared
    without its wheel); empty where they can."""
    if setting is None or setting.definition is None:
        return ""
    if is_asked(setting.definition):
        return "model"
    conditions = definition_of(setting).conditions
    meant = any(meant_by(name, conditions) for name in conditions)
    return NO_ENCODER if meant and encoder() is None else ""


def trials(edition: Edition, checks: Sequence[Check]) -> Iterator[Trial]:
    """Every example of the checks, judged under the edition; none of those in `untried`."""
    for check in checks:
        if not check.examples or untried(edition.checks.get(check.id)):
            continue
        engine = Engine.for_edition(edition, only=[check.id])
        table = engine.judge(Batch.of_many([example.contact for example in check.examples]))
        for number, (example, verdict, reason) in enumerate(
            zip(check.examples, table["verdict"].to_list(), table["reason"].to_list(), strict=True), 1
        ):
            yield Trial(check.id, number, example, verdict, reason)
