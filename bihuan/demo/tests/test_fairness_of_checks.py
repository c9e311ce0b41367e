"""Shipped checks at the edition's own limits over a busy day of the demo, and a check of one's own that leans."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
import yaml

from bihuan.demo.bank import load_bank
from bihuan.demo.cast import Cast
from bihuan.demo.life import live
from bihuan.demo.plan import Rules
from bihuan.demo.tests.conftest import DAY, RULES, ZONE
from bihuan.inspection.fairness.suite import limits_of, suite_of
from bihuan.inspection.rules.counterfactuals import Talks
from bihuan.inspection.rules.fairness import Fairness, unfair_items
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.rules.edition import Edition

EDITION = load_edition("recommended")
ASKED_BY_NAME = {"surname"}  # an address by a transcribed name of three characters is missed; it counts in no score
SELDOM = {"complaint_steps", "three_confirmations"}  # apply to too few of the day's conversations to be told
BUSY = 6.0


@pytest.fixture(scope="module")
def talks(cast: Cast) -> Talks:
    """A day of some 3,400 conversations: enough for a check that applies to every tenth, under every exchange."""
    tables = live(DAY, cast, Rules(RULES.agents, BUSY, RULES.seed), load_bank("seen"), ZONE).tables
    return Talks(**{name: _frame(tables[name]) for name in ("contacts", "messages", "events")})


@pytest.fixture(scope="module")
def tried(talks: Talks) -> dict[str, Fairness]:
    return {one.item: one for one in suite_of(EDITION, talks, limits_of(EDITION))}


def test_no_shipped_check_that_counts_hangs_on_a_name_an_address_a_region_or_a_number(
    tried: dict[str, Fairness],
) -> None:
    assert set(tried) == set(EDITION.checks)
    assert set(unfair_items(tried.values())) == ASKED_BY_NAME
    assert not any(EDITION.checks[check].counts for check in ASKED_BY_NAME)


def test_of_most_checks_the_limits_themselves_can_be_told_on_so_many_conversations(
    tried: dict[str, Fairness],
) -> None:
    least = limits_of(EDITION).least
    untold = {item for item, one in tried.items() if any(lean.flips.n < least for lean in one.leans)}
    assert untold == SELDOM
    assert all(one.fair is None for item, one in tried.items() if item in SELDOM)


def test_a_check_of_ones_own_that_leans_is_caught_and_named(talks: Talks) -> None:
    leaning = _with_own({"sir": {"words": ["先生"]}}, "sir")
    found = {one.item: one for one in suite_of(leaning, talks, limits_of(leaning))}
    (lean,) = unfair_items([found["own"]])["own"]
    assert (lean.kind, lean.value) == ("address", "先生" if (lean.shift.value or 0) > 0 else "女士")
    assert lean.flips.n >= limits_of(leaning).least
    assert found["greeting"].fair


def _with_own(conditions: dict[str, Any], met: str) -> Edition:
    """The edition with two checks: the greeting, and one of one's own."""
    document = yaml.safe_load((LIBRARY / "recommended.yaml").read_text(encoding="utf-8"))
    examples = [{"verdict": "met", "messages": ["A: 先生您好"]}, {"verdict": "violated", "messages": ["A: 您好"]}]
    own = {
        "label": {"zh": "自定", "en": "Own"}, "severity": "minor", "source": "house",
        "definition": {"conditions": conditions, "met": met, "examples": examples},
    }  # fmt: skip
    kept = {key: document[key] for key in ("format", "calendar", "rounding")}
    numbers = {name: document["numbers"][name] for name in ("fairness", "statistics")}
    checks = {"greeting": document["checks"]["greeting"], "own": own}
    head = {"id": "mine", "version": "1", "title": {"zh": "自定", "en": "Mine"}}
    return parse_edition(yaml.safe_dump({**head, **kept, "numbers": numbers, "checks": checks}, allow_unicode=True))


def _frame(table: Any) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
