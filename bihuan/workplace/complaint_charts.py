"""The complaint ledger as drawings: how many a day and how many of them valid, and what they were about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from bihuan.ui import formats, values
from bihuan.ui.charts import Bin, Histogram, Panel, Series
from bihuan.workplace.complaint_ledger import Complaint, cause_of

_DAY: Final = len("2026-10-12")


def charts_of(found: Sequence[Complaint], days: tuple[date, date]) -> tuple[Series, Histogram] | None:
    """By day and by cause; None where nobody complained."""
    return (_by_day(found, days), _by_cause(found)) if found else None


def _by_day(found: Sequence[Complaint], days: tuple[date, date]) -> Series:
    """Complaints without an opening time stand on no day; the table below still lists them."""
    first, last = days
    wanted = [(first + timedelta(days=at)).isoformat() for at in range((last - first).days + 1)]
    all_of = Counter(_day(one) for one in found)
    valid = Counter(_day(one) for one in found if one.row["valid"])
    summary = _("%(n)s complaints, %(valid)s of them valid") % {
        "n": formats.number(len(found)), "valid": formats.number(sum(bool(one.row["valid"]) for one in found))
    }  # fmt: skip
    return Series(
        "complaints-by-day",
        _("Complaints by day"),
        [day[5:] for day in wanted],
        (
            Panel(_("Complaints"), [all_of[day] for day in wanted], "bar", decimals=0),
            Panel(_("Decided to be valid"), [valid[day] for day in wanted], "bar", decimals=0),
        ),
        summary,
        _("Day"),
    )


def _day(one: Complaint) -> str:
    opened = one.row["opened_us"]
    return "" if opened is None else values.moment(opened)[:_DAY]


def _by_cause(found: Sequence[Complaint]) -> Histogram:
    told = Counter(cause_of(one) or _("no cause recorded") for one in found)
    ordered = told.most_common()
    summary = _("Most often: %(cause)s, %(n)s") % {"cause": ordered[0][0], "n": formats.number(ordered[0][1])}
    return Histogram(
        "complaints-by-cause",
        _("Complaints by cause"),
        [Bin(name, n) for name, n in ordered],
        summary,
        marks=[(place, formats.number(n)) for place, (_name, n) in enumerate(ordered)],
    )
