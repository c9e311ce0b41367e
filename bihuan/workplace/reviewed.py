"""How many contacts of a month were judged by people."""

from __future__ import annotations

from bihuan.appraisal.inputs import last_day
from bihuan.appraisal.models import ResultSet
from bihuan.appraisal.queries import reader_of


def reviewed_contacts(kept: ResultSet) -> int:
    """Contacts with a released human evaluation in the record the results rest on (X12)."""
    reader, days = reader_of(kept), (kept.month, last_day(kept.month))
    if not sum(file.rows for file in reader.manifest.between("evaluations", days)):
        return 0
    return len(set(reader.table("evaluations", days=days, columns=["contact_id"])["contact_id"].to_pylist()))
