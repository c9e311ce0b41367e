"""Working time of millions of spans at once: W(end) − W(start) over a table of cumulative sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bihuan.clocks.rules.calendar import DAY_SECONDS, Calendar, instant
from bihuan.kit.ids import content_hash

Micros = npt.NDArray[np.int64]


class OutsideTable(ValueError):
    """A moment lies before the first or after the last day of the table."""


@dataclass(frozen=True, eq=False)
class PrefixTable:
    """Interval `i` runs from `starts[i]` to `ends[i]`; before it `before[i]` µs were worked since `first_us`.

    Rising, disjoint, int64 µs; the three arrays can be written out for an as-of join. `hash` names table and bounds:
    equal hashes measure equally. Moments from `first_us` to `last_us`, both included, can be measured.
    """

    starts: Micros
    ends: Micros
    before: Micros
    first_us: int
    last_us: int
    hash: str

    @classmethod
    def of(cls, calendar: Calendar, first: date, last: date) -> PrefixTable:
        """The table for the days `first` through `last` in the calendar's zone."""
        low, high = instant(first, 0, calendar.zone), instant(last, DAY_SECONDS, calendar.zone)
        cut = [(max(begin, low), min(stop, high)) for begin, stop in calendar.intervals(first, last)]
        kept = [(begin, stop) for begin, stop in cut if begin < stop]
        starts = np.array([begin for begin, _stop in kept], dtype=np.int64)
        ends = np.array([stop for _begin, stop in kept], dtype=np.int64)
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(ends - starts)])[:-1] if kept else starts
        return cls(starts, ends, before, low, high, content_hash([low, high, kept]))

    def worked_until(self, moments: Micros) -> Micros:
        """W: working µs from the table's beginning to each moment (µs). Raises OutsideTable."""
        if moments.size and (int(moments.min()) < self.first_us or int(moments.max()) > self.last_us):
            raise OutsideTable(f"only {self.first_us} to {self.last_us} can be measured")
        if not self.starts.size:
            return np.zeros_like(moments)
        index = np.searchsorted(self.starts, moments, side="right") - 1
        place = np.maximum(index, 0)
        inside = np.minimum(moments, self.ends[place]) - self.starts[place]
        return np.where(index < 0, 0, self.before[place] + inside).astype(np.int64)

    def elapsed(self, starts: Micros, ends: Micros) -> Micros:
        """Working µs of each span; negative where a span runs backwards."""
        return self.worked_until(ends) - self.worked_until(starts)
