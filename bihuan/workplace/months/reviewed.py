"""The true human-reviewed rate (X12): of the contacts behind a score, how many people have evaluated themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.queries import reader_of
from bihuan.archive.manifest import day_of
from bihuan.inspection.queries import reviewed_contacts
from bihuan.kit.numbers import divided
from bihuan.ui import formats


@dataclass(frozen=True)
class Behind:
    """`until` is the month's last day in the record; `reviewed` contacts have a released human evaluation (X12)."""

    until: date | None
    reviewed: int


@dataclass(frozen=True)
class Reviewed:
    """`n` of `of` contacts carry a released evaluation by a person."""

    n: int
    of: int

    @property
    def share(self) -> Decimal | None:
        """In percent; None where there is no contact."""
        return divided(self.n * 100, self.of, 1)

    @property
    def counts(self) -> str:
        return f"{formats.number(self.n)} / {formats.number(self.of)}"

    @property
    def words(self) -> str:
        """The rate in one line, to stand beside a score."""
        return f"{gettext('Human review rate')} {formats.percent(self.share, 1)} · {self.counts}"


def record_behind(kept: ResultSet) -> Behind:
    """How far the record behind the results went, and what of the month people have evaluated by now."""
    reader, last = reader_of(kept), last_day(kept.month)
    held = [day for key in reader.manifest.files("contacts") if (day := day_of(key)) and kept.month <= day <= last]
    return Behind(max(held, default=None), reviewed_contacts(kept.month, last))


def reviewed_of(result: Result) -> Reviewed:
    """Of the contacts behind one person's result."""
    month = result.set.month
    return Reviewed(reviewed_contacts(month, last_day(month), persons=[result.person]), result.contacts)


def reviewed_between(first: date, last: date, of: int, *, persons: Collection[str] | None = None) -> Reviewed:
    """Of the contacts of these days, of everybody or of these persons."""
    return Reviewed(reviewed_contacts(first, last, persons=persons), of)
