"""The record follows the staff: whose keys are whose, and in which team, post and class, as people say now."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.archive.definitions import making_of
from bihuan.archive.reader import Reader
from bihuan.archive.rollup import refresh
from bihuan.archive.schemas import STAFF
from bihuan.archive.store import Archive, open_archive
from bihuan.archive.writer import write_staff
from bihuan.people.facts import staff_table
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.metric_params import metric_params
from bihuan.workplace.reading import newest_day

_ORDER = [(column, "ascending") for column in ("agent_key", "from_us", "source")]


def follow_staff(archive: Archive | None = None, *, progress: Callable[[int, int], None] | None = None) -> bool:
    """Bring the record's staff to what people are today and rebuild the days this changes; False where nothing did.

    Rosters, settled keys, moves and posts reach figures this way, and so do a new version's definitions and another
    repeat window; safe to repeat, and cheap where nothing changed.
    """
    record = archive or open_archive()
    staff = staff_table(cutover_hour=record.cutover_hour).sort_by(_ORDER)
    head = record.head()
    held = Reader(record, head).table(STAFF.name).select(staff.column_names).sort_by(_ORDER)
    window = metric_params(edition_in_use(newest_day(list(head.files("contacts"))))).numbers["repeat_window"]
    if staff.equals(held.cast(staff.schema)) and making_of(head.files("rollup").values()).is_of(window):
        return False
    write_staff(record, staff)
    refresh(record, repeat_window_us=window, progress=progress)
    return True
