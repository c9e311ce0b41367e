"""What of the demo's days the record already holds, by its list of files alone: asked at every start, so it reads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bihuan.archive.manifest import day_key
from bihuan.archive.store import Archive

_VERDICTS = "verdicts@"


def missing_days(archive: Archive, days: Iterable[date]) -> list[date]:
    """Those of the days that the record does not hold, in the order given."""
    held = archive.head().files("contacts")
    return [day for day in days if day_key(day) not in held]


def are_whole(archive: Archive, days: Iterable[date]) -> bool:
    """Is each of the days in the record, rolled up, and judged under one edition?

    Whether the roll-up and the verdicts are the newest there could be is for the worker to see.
    """
    wanted = {day_key(day) for day in days}
    head = archive.head()
    judged = (set(files) for name, files in head.tables.items() if name.startswith(_VERDICTS))
    held = (set(head.files(name)) for name in ("contacts", "rollup"))
    return all(wanted <= files for files in held) and any(wanted <= files for files in judged)
