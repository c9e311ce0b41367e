"""Checks that two editions put to the record in the same way: what one's judging found, the other's would find."""

from __future__ import annotations

from typing import Any

from bihuan.standards.checks.authored.asking import is_asked
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.rules.edition import Edition


def alike(edition: Edition, other: Edition) -> frozenset[str]:
    """Ids of `edition`'s checks whose verdicts on the same record by the same engine are the same under `other`.

    Questions to a model are left out: who answers them stands in no edition.
    """
    theirs = checks_of(other)
    return frozenset(
        id
        for id, check in checks_of(edition).items()
        if id in theirs
        and not _is_put_to_a_model(edition, id)
        and _rests_on(edition, check) == _rests_on(other, theirs[id])
    )


def _is_put_to_a_model(edition: Edition, check: str) -> bool:
    setting = edition.checks.get(check)
    return setting is not None and is_asked(setting.definition)


def _rests_on(edition: Edition, check: Check) -> tuple[Any, ...]:
    """All of an edition that the check's verdicts can depend on: its wording, its thresholds, the targets it asks for."""
    setting = edition.checks.get(check.id)
    targets = [
        (
            target.metric,
            target.at_most,
            target.limit.value,
            target.limit.unit,
            target.channel,
            target.level,
            target.context,
        )
        for target in edition.targets
        if target.metric in check.targets
    ]
    numbers = [edition.number(path) for path in check.numbers]
    asked = (targets, [number and (number.value, number.unit) for number in numbers])
    return (setting.definition, dict(setting.params), *asked) if setting else (None, {}, *asked)
