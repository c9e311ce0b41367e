"""Background work of the workplace."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.standards.choosing import edition_in_use
from bihuan.workplace.calling.acts import keep_list
from bihuan.workplace.editions.comparisons import carry_out_comparison
from bihuan.workplace.editions.models import EditionComparison
from bihuan.workplace.imports.acts import QUEUE, TASK, carry_out
from bihuan.workplace.imports.models import Import
from bihuan.workplace.reading import newest_day
from bihuan.workplace.staff_following import follow_staff


@app.periodic(cron="* * * * *", periodic_id="workplace.follow_staff")
@app.task(name="workplace.follow_staff", queueing_lock="workplace.follow_staff")
def follow_staff_changes(timestamp: int) -> bool:
    """Rosters, settled keys, moves and posts reach the figures within a minute."""
    return follow_staff()


@app.periodic(cron="35 * * * *", periodic_id="workplace.callbacks")
@app.task(name="workplace.callbacks", queueing_lock="workplace.callbacks", retry=3)
def keep_callbacks(timestamp: int) -> int:
    """Keep whom the newest week of the record calls back; returns how many came onto the list."""
    archive = open_archive()
    reader = Reader(archive, archive.head())
    if not reader.manifest.files("contacts"):
        return 0
    day = newest_day(list(reader.manifest.files("contacts")))
    return len(keep_list("system:clock", reader=reader, edition=edition_in_use(day), day=day))


@app.task(name=TASK, queue=QUEUE)
def carry_out_import(import_id: str) -> None:
    """Check a file or bring it in; safe to start again after a kill."""
    carry_out(Import.objects.get(pk=import_id))


@app.task(name="workplace.compare_editions", queue="judging", retry=3)
def compare_editions(comparison_id: str) -> None:
    """Judge a draw of conversations by two editions; safe to start again after a kill."""
    carry_out_comparison(EditionComparison.objects.get(pk=comparison_id))
