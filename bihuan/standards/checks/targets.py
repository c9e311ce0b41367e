"""The edition's scoped targets (X1) for every contact of a batch: the most specific one for channel, level and context."""

from __future__ import annotations

from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer
from bihuan.standards.checks.facts import UNKNOWN_TIME
from bihuan.standards.checks.scan import Ints
from bihuan.standards.rules.edition import MICROS_OF_UNIT, Target

# A target for all channels is meant for people who wait at the screen or the phone; a letter needs one of its own.
OWN_TARGET_CHANNELS: Final = ("email",)


def limits(answer: Answer, metric: str) -> Ints:
    """Per contact the limit of `metric` (durations in µs, counts × 1000), `UNKNOWN_TIME` where the edition sets none.

    The check must declare the metric: verdicts are taken over between editions by what their checks declare.
    """
    if metric not in answer.check.targets:
        raise AssertionError(f"{answer.check.id} asks for the target of {metric} without declaring it")
    scopes, own = answer.scan.scopes
    targets = [_target(answer, metric, channel, level, context) for channel, level, context in scopes]
    table = np.array([UNKNOWN_TIME if target is None else _limit(target) for target in targets], dtype=np.int64)
    return table[own] if len(table) else own


def _target(answer: Answer, metric: str, channel: str | None, level: str | None, context: str | None) -> Target | None:
    if answer.edition is None:
        return None
    target = answer.edition.target(metric, channel=channel, level=level, context=context or "live")
    if channel in OWN_TARGET_CHANNELS and target is not None and target.channel != channel:
        return None
    return target


def _limit(target: Target) -> int:
    return target.limit.micros if target.limit.unit in MICROS_OF_UNIT else int(target.limit.value * 1000)
