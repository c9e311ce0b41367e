"""The human review rate of several people or months at once (X12), on the record's contacts as every other page counts it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bihuan.appraisal.inputs import last_day
from bihuan.archive.reader import Reader
from bihuan.inspection.review_rate import ReviewRate, review_rates_of_months, review_rates_of_people


def rates_of_people(reader: Reader, persons: Collection[str], month: date) -> dict[str, ReviewRate]:
    """{staff number: rate} of a month."""
    if not persons:
        return {}
    days = month, last_day(month)
    rows = reader.relation("rollup", days=days, columns=["person"], where={"person": list(persons), "is_primary": True})
    counted = dict(rows.aggregate("person, count(*)", "person").fetchall())
    return review_rates_of_people({person: counted.get(person, 0) for person in persons}, days)


def rates_of_months(reader: Reader, person: str, months: Collection[date]) -> dict[date, ReviewRate]:
    """{first of the month: rate} of one person; the months in between are read too, once."""
    if not months:
        return {}
    days = min(months), last_day(max(months))
    rows = reader.relation("rollup", days=days, columns=["day"], where={"person": person, "is_primary": True})
    counted = dict(rows.aggregate("date_trunc('month', day)::DATE AS month, count(*)", "month").fetchall())
    return review_rates_of_months(person, {month: counted.get(month, 0) for month in months})
