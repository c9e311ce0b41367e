"""How much comes in and when: weekdays, hours, and a promotion of three to five times the usual (S2-4)."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

PER_AGENT: Final = 30  # contacts an agent on duty takes on a usual day of this department
WEEKDAY: Final = (1.06, 1.02, 1.0, 0.99, 1.03, 0.92, 0.88)
# share of a day's contacts by hour of the clock; the desk is open from 8 to 23
HOURS: Final = (0, 0, 0, 0, 0, 0, 0, 0, 3, 6, 9, 10, 8, 7, 8, 9, 8, 6, 5, 7, 6, 4, 2, 0)
# days of the year with a promotion and their factor
PROMOTIONS: Final = {(11, 10): 3.0, (11, 11): 4.6, (11, 12): 3.4, (6, 18): 4.2, (9, 9): 3.1}
DUTY_SHARE: Final = 5 / 7


def volume(day: date, agents: int, scale: float, rng: np.random.Generator) -> int:
    """Contacts that arrive on a day."""
    usual = agents * DUTY_SHARE * PER_AGENT * WEEKDAY[day.weekday()] * scale
    return max(1, int(usual * PROMOTIONS.get((day.month, day.day), 1.0) * rng.normal(1.0, 0.05)))


def load(day: date) -> float:
    """How hard the day presses: 1 on a usual one."""
    return PROMOTIONS.get((day.month, day.day), 1.0)


def arrivals(count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Seconds after midnight of `count` arrivals, in order."""
    share = np.array(HOURS, dtype=float)
    hours = rng.choice(24, count, p=share / share.sum())
    return np.sort(hours * 3600 + rng.integers(0, 3600, count))
