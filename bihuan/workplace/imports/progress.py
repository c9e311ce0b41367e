"""How far an import is, written down often enough to be watched and seldom enough to cost nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bihuan.archive.sources.importer import Progress
from bihuan.kit.clock import now
from bihuan.workplace.imports.models import Import

IMPORT_SHARE: Final = 0.7
"""Of the time an import takes, reading and building; the derived tables are the rest."""
_EVERY: Final = timedelta(seconds=0.5)


class Teller:
    """Takes an importer's progress and keeps it with the import."""

    def __init__(self, row: Import) -> None:
        self._row = row
        self._told: datetime | None = None
        self._step = ""
        moment = now()
        Import.objects.filter(pk=row.pk, started_at=None).update(started_at=moment)

    def __call__(self, progress: Progress) -> None:
        moment = now()
        if self._told and progress.step == self._step and moment - self._told < _EVERY:
            return
        self._told, self._step = moment, progress.step
        Import.objects.filter(pk=self._row.pk).update(step=progress.step, rows=progress.rows, share=progress.share)

    def days(self, done: int, total: int) -> None:
        """Days of the derived tables."""
        share = IMPORT_SHARE + (1 - IMPORT_SHARE) * (done / total if total else 1.0)
        Import.objects.filter(pk=self._row.pk).update(step="figures", share=min(share, 1.0))
