"""When contacts come: the usual number of each half-hour of each weekday, what a roster is planned by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.archive.manifest import day_of
from bihuan.ui import formats
from bihuan.ui.charts import Heat
from bihuan.workplace import wording
from bihuan.workplace.reading import View

SHOWN: Final = ("contacts", "served_contacts", "effective_contacts")
"""Volumes; of anything rarer a half-hour holds too few."""
LEAST_DAYS: Final = 28
"""Four of each weekday: below that one unusual day is the whole cell."""
WEEKDAYS: Final = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
_CLOCK: Final = slice(11, 16)
_HALF_HOURS: Final = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30))

Cells = Mapping[tuple[int, str], Decimal]


def volume_pattern(view: View, name: str) -> Heat | None:
    """The mean of each half-hour × weekday over the period, but at least its last four weeks; None for other metrics.

    Divided by the days the record holds, so that a record of three weeks is not told as quieter than it was.
    """
    if name not in SHOWN:
        return None
    asked = view.filters if view.filters.days >= LEAST_DAYS else view.filters.reaching_back(LEAST_DAYS)
    table = view.figures((name,), by=("day", "half_hour"), filters=asked)
    counts: Counter[tuple[int, str]] = Counter()
    for figure in table:
        day, step = figure.keys["day"], figure.keys["half_hour"]
        if day and step and figure.value is not None:
            counts[date.fromisoformat(day).weekday(), step[_CLOCK]] += int(figure.value)
    days = _days_held(view, asked.period)
    told = {cell: Decimal(count) / days[cell[0]] for cell, count in counts.items() if days[cell[0]]}
    return _heat(name, told, days, _steps(told)) if told else None


def _days_held(view: View, period: tuple[date, date]) -> Counter[int]:
    """How many of each weekday the record holds in the period."""
    held = filter(None, map(day_of, view.people_reader.manifest.files("contacts")))
    return Counter(day.weekday() for day in held if period[0] <= day <= period[1])


def _steps(told: Cells) -> Sequence[str]:
    """Every half-hour from the first with contacts to the last."""
    known = sorted({step for _weekday, step in told})
    return _HALF_HOURS[_HALF_HOURS.index(known[0]) : _HALF_HOURS.index(known[-1]) + 1]


def _heat(name: str, told: Cells, days: Mapping[int, int], steps: Sequence[str]) -> Heat:
    cells = [[told.get((at, step), Decimal(0)) if days.get(at) else None for step in steps] for at in range(7)]
    return Heat(
        "pattern",
        gettext("Usual day by half-hour and weekday"),
        [str(word) for word in WEEKDAYS],
        steps,
        cells,
        summary=_busiest(told),
        unit=wording.unit_of(name),
        step_label=str(wording.DIMENSIONS["half_hour"]),
    )


def _busiest(told: Cells) -> str:
    (weekday, step), most = max(told.items(), key=lambda one: (one[1], -one[0][0], one[0][1]))
    words: dict[str, Any] = {"weekday": WEEKDAYS[weekday], "step": step, "count": formats.number(most, 1)}
    return gettext("Busiest: %(weekday)s from %(step)s, on average %(count)s") % words
