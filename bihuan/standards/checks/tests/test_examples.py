"""Every check gets its own examples right; examples are data beside the declaration or the edition's definition."""

from __future__ import annotations

import pytest

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import Check, Example
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import load_edition

EDITION = load_edition("recommended")
CHECKS = checks_of(EDITION)
CASES = [
    pytest.param(check, example, id=f"{check.id}-{number}-{example.verdict}")
    for check in CHECKS.values()
    for number, example in enumerate(check.examples)
]
ENGINES = {id: Engine.for_edition(EDITION, only=[id]) for id in CHECKS}


@pytest.mark.parametrize(("check", "example"), CASES)
def test_a_check_gets_its_own_example_right(check: Check, example: Example) -> None:
    row = ENGINES[check.id].judge(Batch.of_one(example.contact)).row(0, named=True)
    assert row["verdict"] == example.verdict, row
    if example.reason:
        assert row["reason"].partition("?")[0] == example.reason
    if row["verdict"] in ("met", "violated"):
        assert row["evidence"], "a decision names its evidence"


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_every_check_has_positive_and_negative_examples(check: Check) -> None:
    assert {example.verdict for example in check.examples} >= {"met", "violated"}
