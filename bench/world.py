"""The record every step measures: one department of 1,000 agents over 90 days, of a size that can be chosen."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bihuan.demo.cast import Cast, make_cast
from bihuan.demo.plan import Rules, plan_day

AGENTS: Final = 1_000
DAYS: Final = 90
SEED: Final = 7
END: Final = date(2026, 10, 31)
MONTH: Final = date(2026, 10, 1)
ZONE: Final = ZoneInfo("Asia/Shanghai")
EDITION: Final = "recommended"
FULL: Final = 2_000_000
REPEAT_WINDOW_US: Final = 7 * 86_400 * 1_000_000
# Talks of the demo hold some twelve messages; two rounds more bring them to fifteen.
MORE_ROUNDS: Final = 2
_SAMPLED: Final = 7
_SAMPLE_SCALE: Final = 0.1


def all_days() -> list[date]:
    return [END - timedelta(days=back) for back in range(DAYS)]


@cache
def cast() -> Cast:
    return make_cast(AGENTS, SEED, END)


def rules_for(contacts: int) -> Rules:
    """The world whose 90 days hold about so many contacts, judged by every seventh day of a small one."""
    small = Rules(AGENTS, _SAMPLE_SCALE, SEED, MORE_ROUNDS)
    people = cast()
    sampled = [len(plan_day(day, people, small)) for day in all_days()[::_SAMPLED]]
    expected = sum(sampled) / len(sampled) * DAYS / _SAMPLE_SCALE
    return Rules(AGENTS, contacts / expected, SEED, MORE_ROUNDS)
