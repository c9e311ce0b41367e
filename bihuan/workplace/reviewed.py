"""What a month's page tells of the record behind its results: how far it goes, and what people judged of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.queries import reader_of
from bihuan.archive.manifest import day_of


@dataclass(frozen=True)
class Behind:
    """`until` is the month's last day in the record; `reviewed` contacts have a released human evaluation (X12)."""

    until: date | None
    reviewed: int


def record_behind(kept: ResultSet) -> Behind:
    """Of the record as it was when the results were computed."""
    reader, last = reader_of(kept), last_day(kept.month)
    held = [day for key in reader.manifest.files("contacts") if (day := day_of(key)) and kept.month <= day <= last]
    days, reviewed = (kept.month, last), 0
    if sum(file.rows for file in reader.manifest.between("evaluations", days)):
        reviewed = len(set(reader.table("evaluations", days=days, columns=["contact_id"])["contact_id"].to_pylist()))
    return Behind(max(held, default=None), reviewed)
