"""Which days of the record are judged, by which edition: what an inspector begins the day with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.manifest import Manifest, day_key
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.judging import is_judged
from bihuan.inspection.models import JudgingRun
from bihuan.standards.rules.edition import Edition
from bihuan.ui.tables import Column


@dataclass(frozen=True)
class DayCoverage:
    """One day of the record: its contacts, and whether the edition in use judged it as it stands now."""

    day: date
    contacts: int
    state: str
    others: int

    @property
    def word(self) -> str:
        words = {
            "met": _("judged"),
            "insufficient": _("judged before the record changed"),
            "pending": _("not judged yet"),
        }
        return words[self.state]


def days_covered(manifest: Manifest, edition: Edition, first: date, last: date) -> list[DayCoverage]:
    """Every day of the span that holds contacts, newest first."""
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    held = manifest.files("contacts")
    return [_covered(manifest, edition, day) for day in days if day_key(day) in held]


def _covered(manifest: Manifest, edition: Edition, day: date) -> DayCoverage:
    key, mine = day_key(day), verdicts_of(edition.hash)
    prefix = verdicts_of("")
    others = sum(name.startswith(prefix) and name != mine and key in days for name, days in manifest.tables.items())
    return DayCoverage(day, manifest.files("contacts")[key].rows, _state_of(manifest, edition, day), others)


def _state_of(manifest: Manifest, edition: Edition, day: date) -> str:
    if is_judged(manifest, edition, day):
        return "met"
    return "insufficient" if day_key(day) in manifest.files(verdicts_of(edition.hash)) else "pending"


def unfinished_runs() -> list[JudgingRun]:
    """Judging that was asked for and is not done, newest first."""
    return list(JudgingRun.objects.filter(finished_at__isnull=True)[:5])


def _state(row: DayCoverage) -> Any:
    return row.state


COVERAGE: Final = (
    Column("day", gettext_lazy("Day"), "day"),
    Column("contacts", gettext_lazy("Contacts"), "number"),
    Column("state", gettext_lazy("Edition in use"), template="workplace/cells/coverage.html", get=_state),
    Column("others", gettext_lazy("Other editions"), "number"),
)
