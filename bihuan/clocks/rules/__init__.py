"""Working time: calendars, sums and inverses, pauses, due times, and prefix tables for millions of spans. Pure."""

from bihuan.clocks.rules.calendar import Calendar, WorkSpan, public_holidays
from bihuan.clocks.rules.prefix import PrefixTable
from bihuan.clocks.rules.reckoning import (
    Due,
    Measured,
    Pause,
    add_working,
    due_after,
    earlier,
    elapsed,
    measured,
)

__all__ = [
    "Calendar",
    "Due",
    "Measured",
    "Pause",
    "PrefixTable",
    "WorkSpan",
    "add_working",
    "due_after",
    "earlier",
    "elapsed",
    "measured",
    "public_holidays",
]
