"""The ranking as a drawing: who lies how far apart, and whose interval crosses the line of the best."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from bihuan.ui import formats
from bihuan.ui.charts import Ladder, Rung
from bihuan.workplace.months.page import Line, Month
from bihuan.workplace.months.result_words import interval_words

LEAST: Final = 3
"""Fewer are read faster from their rows."""


def spread_of(month: Month) -> Ladder | None:
    """Everybody with a rank, best first; None for who sees too few others."""
    lines = [line for line in month.lines if line.result.rank is not None and line.result.total is not None]
    if len(lines) < LEAST or not month.sees_others:
        return None
    cut = month.above_the_cut if month.cut else None
    return Ladder(
        "spread",
        _("Totals side by side"),
        [_rung(line) for line in lines],
        _summary(lines),
        _("Total and %(interval)s") % {"interval": interval_words(month.edition)},
        cut=cut if cut and cut < len(lines) else None,
        cut_text=_("best %(share)s") % {"share": formats.share(month.policy.top_share, 0)},
    )


def _rung(line: Line) -> Rung:
    one = line.result
    assert one.total is not None
    return Rung(one.name, one.total, one.low, one.high, line.is_unsure)


def _summary(lines: list[Line]) -> str:
    words = _("%(n)s people from %(low)s to %(high)s")
    totals = [line.result.total for line in lines]
    low, high = (formats.number(end, 1) for end in (min(totals), max(totals)))  # type: ignore[type-var]
    return words % {"n": len(lines), "low": low, "high": high}
