"""An import as its page shows it: words for its state, counts per table, the first refused rows, pace and time left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext

from bihuan.archive.linking import UNLINKED
from bihuan.workplace.imports.models import DISCARDABLE, Import, ImportState
from bihuan.workplace.imports.rejects import Reject, read_rejects
from bihuan.workplace.imports.sources import source_titles
from bihuan.workplace.imports.words import STATES, link_said, reason_said, said, step_said, tables_said

_SHOWN_REJECTS: Final = 20
_FULL: Final = 100
_MINUTE: Final = 60


@dataclass(frozen=True)
class ImportPage:
    """One import at a moment."""

    row: Import
    at: datetime

    @property
    def state(self) -> str:
        return str(STATES[self.row.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.row.state][1]

    @property
    def step(self) -> str:
        return step_said(self.row.step)

    @property
    def percent(self) -> int:
        return round(self.row.share * _FULL)

    @property
    def pace(self) -> str:
        """Rows so far, a second, and the time left, in words."""
        rate, left = self.row.rate(self.at), self.row.seconds_left(self.at)
        parts = [gettext("%(rows)s rows") % {"rows": f"{self.row.rows:,}"}] if self.row.rows else []
        parts += [gettext("%(rate)s a second") % {"rate": f"{rate:,}"}] if rate else []
        return " · ".join(parts + ([_left(left)] if left is not None else []))

    @property
    def problem(self) -> str:
        return "\n".join(said(line) for line in self.row.problem.split("\n"))

    @property
    def hint(self) -> str:
        return said(self.row.hint)

    @property
    def mapping(self) -> str:
        """What the source is called, or the file that described it."""
        return source_titles().get(self.row.source, self.row.source) or self.row.mapping_name

    @property
    def outcome(self) -> dict[str, Any]:
        return self.row.outcome

    @property
    def is_preview(self) -> bool:
        return self.row.summary is None

    @property
    def may_land(self) -> bool:
        return self.row.state == ImportState.CHECKED

    @property
    def may_resume(self) -> bool:
        return self.row.state == ImportState.FAILED

    @property
    def may_discard(self) -> bool:
        return self.row.state in DISCARDABLE

    @property
    def tables(self) -> list[tuple[str, int, int]]:
        """Table in words, rows new to the record, rows it knew."""
        counted = self.outcome.get("tables", {})
        return [
            (label, counted[name]["new"], counted[name]["known"])
            for name, label in tables_said().items()
            if name in counted
        ]

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """Rows the mapping skips on purpose."""
        return [(reason_said(code), count) for code, count in self.outcome.get("skipped", {}).items()]

    @property
    def links(self) -> list[tuple[str, int]]:
        """How the reviews of the file found their conversations at that time, and why some found none."""
        return [(link_said(how), count) for how, count in self.outcome.get("links", {}).items()]

    @property
    def unlinked(self) -> int:
        return sum(count for how, count in self.outcome.get("links", {}).items() if how in UNLINKED)

    @property
    def refused(self) -> list[tuple[str, int]]:
        """Reasons with how many rows each cost, most first."""
        counts = self.outcome.get("rejected", {})
        return [(reason_said(code), count) for code, count in sorted(counts.items(), key=lambda pair: -pair[1])]

    @property
    def refused_total(self) -> int:
        return sum(count for _reason, count in self.refused)

    @cached_property
    def first_refused(self) -> list[tuple[Reject, str]]:
        return [(one, reason_said(one.reason)) for one in read_rejects(self.row, most=_SHOWN_REJECTS)]

    @property
    def span(self) -> tuple[str, str, int] | None:
        """First and last dated day and how many; None where nothing is dated."""
        days = sorted(day for day in self.outcome.get("days", ()) if day != "undated")
        return (days[0], days[-1], len(days)) if days else None

    @property
    def undated(self) -> bool:
        return "undated" in self.outcome.get("days", ())


def rows_of(found: Iterable[Import]) -> list[ImportPage]:
    """Lines of the list."""
    return [ImportPage(row, row.uploaded_at) for row in found]


def _left(seconds: int) -> str:
    if seconds < _MINUTE:
        return gettext("about %(count)s s left") % {"count": seconds}
    return gettext("about %(count)s min left") % {"count": -(-seconds // _MINUTE)}
