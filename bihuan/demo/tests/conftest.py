"""A small department, lived once."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bihuan.demo.bank import load_bank
from bihuan.demo.cast import Cast, make_cast
from bihuan.demo.life import DayOfLife, live
from bihuan.demo.plan import Rules

END = date(2026, 10, 31)
DAY = date(2026, 10, 21)
ZONE = ZoneInfo("Asia/Shanghai")
RULES = Rules(agents=24, scale=1.0, seed=5)


@pytest.fixture(scope="session")
def cast() -> Cast:
    return make_cast(RULES.agents, RULES.seed, END)


@pytest.fixture(scope="session")
def day(cast: Cast) -> DayOfLife:
    return live(DAY, cast, RULES, load_bank("seen"), ZONE)
