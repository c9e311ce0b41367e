"""What an edition says about appeals, and its working days; where it is silent, the shipped one to start with lends."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from bihuan.appeals.rules import Terms, WorkingDays
from bihuan.clocks.rules.calendar import Calendar
from bihuan.kit.errors import InputError
from bihuan.standards.choosing import USUAL, edition_in_use
from bihuan.standards.editions import load_edition
from bihuan.standards.lending import number_of
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Calendar as Days
from bihuan.standards.rules.edition import Edition

_WHOLE_DAY: Final = "00:00-24:00"  # deadlines count days, so every working day is worked whole


def edition_of(digest: str, day: date) -> Edition:
    """The edition of this hash, else (its file is gone or has changed) the one in use on the day."""
    try:
        return find_edition(digest)
    except InputError:
        return edition_in_use(day)


def terms_of(edition: Edition) -> Terms:
    """The figures of `numbers.appeals`."""
    return Terms(
        window=number_of(edition, "appeals.window").whole,
        decided_within=number_of(edition, "appeals.decided_within").whole,
        remind_before=number_of(edition, "appeals.remind_before").whole,
        precision_floor=number_of(edition, "appeals.precision_floor").share,
        least_reviewed=number_of(edition, "appeals.least_reviewed").whole,
        confidence=float(number_of(edition, "statistics.confidence").share),
    )


def working_days(edition: Edition, year: int) -> WorkingDays:
    """The department's working days around `year`: the year before to the year after are known."""
    return _working_days(edition.calendar, year)


@lru_cache(maxsize=32)
def _working_days(days: Days, year: int) -> WorkingDays:
    country = days.country or load_edition(USUAL).calendar.country
    years = range(year - 1, year + 2)
    calendar = Calendar.of(days.zone.key, {days.working_week: (_WHOLE_DAY,)}, country=country, years=years)
    return WorkingDays(calendar, days.cutover_hour)
