"""The day's means as a drawing: whose evaluations were low, and how sure that is."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from bihuan.inspection.daily_sheet.sheets import Sheet
from bihuan.ui import formats
from bihuan.ui.charts import Ladder, Rung

LEAST: Final = 3
"""Fewer are read faster from their rows."""


def means_of(sheet: Sheet) -> Ladder | None:
    """Agents by mean, lowest first; None where a drawing would show too few."""
    known = [line for line in sheet.agents if line.mean is not None]
    if len(known) < LEAST:
        return None
    rungs = [Rung(line.name, line.mean, line.low, line.high) for line in known if line.mean is not None]
    summary = _("%(n)s agents, the lowest mean %(low)s, the highest %(high)s") % {
        "n": len(rungs), "low": formats.number(rungs[0].value, 1), "high": formats.number(rungs[-1].value, 1)
    }  # fmt: skip
    return Ladder("sheet-means", _("Mean score by agent"), rungs, summary, _("Mean score and its interval"))
