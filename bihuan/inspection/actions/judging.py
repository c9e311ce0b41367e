"""Judging: ask for days to be judged, and judge them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from bihuan.archive.manifest import day_of
from bihuan.archive.store import open_archive
from bihuan.inspection.judging import is_judged, judge_days
from bihuan.inspection.known_editions import known_editions
from bihuan.inspection.models.judging import JudgingRun
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import Actor, account, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.choosing import choose_edition, edition_by_hash

PROCESS = "system:judging"

Progress = Callable[[date | None, int], None]


@transaction.atomic
def request_judging(actor: Actor, *, edition: str, first: date | None, last: date | None) -> JudgingRun:
    """Ask for the days from `first` to `last` to be judged by an edition; nothing is judged yet.

    Without days: the records that have no times.
    """
    require(actor, Permission.JUDGE)
    if (first is None) != (last is None):
        raise InputError("One of the two days is missing.", hint="Give --from and --to together.")
    if first is not None and last is not None and last < first:
        raise InputError("The last day lies before the first.", hint="Give --from and --to in order.")
    loaded = choose_edition(edition)
    run = JudgingRun.objects.create(
        edition_ref=edition,
        edition_hash=loaded.hash,
        engine=ENGINE_VERSION,
        first_day=first,
        last_day=last,
        requested_by=account(actor),
        requested_at=now(),
    )
    record(
        actor=actor,
        verb="judging.requested",
        subject=f"judging_run:{run.pk}",
        data={"edition": loaded.hash, "from": str(first or ""), "to": str(last or "")},
    )
    return run


def request_judging_anew(actor: Actor, *, edition: str, since: date, until: date | None = None) -> JudgingRun | None:
    """Ask for every day that the record holds from `since` on, to `until` where given, to be judged by an edition; None
    where it holds none."""
    last = until or date.max
    days = (day_of(key) for key in open_archive().head().files("contacts"))
    held = [day for day in days if day is not None and since <= day <= last]
    return request_judging(actor, edition=edition, first=min(held), last=max(held)) if held else None


def carry_out_judging(run: JudgingRun, *, progress: Progress | None = None, again: bool = False) -> JudgingRun:
    """Judge the run's days one by one; may be killed and started again at any day.

    What other editions' verdicts tell already is taken over. `again` judges judged days too, every check of them.

    Each day is one write of the record, so a day is either judged whole or not at all, and never twice.
    """
    edition = edition_by_hash(run.edition_hash, run.edition_ref)
    archive = open_archive()
    JudgingRun.objects.filter(pk=run.pk).update(days_done=0, contacts_done=0)
    head = archive.head()
    due = [day for day in run.days if again or not is_judged(head, edition, day)]
    judged = judge_days(archive, edition, due, like=() if again else known_editions(head))
    for day in run.days:
        done = next(judged)[1] if day in due else 0
        JudgingRun.objects.filter(pk=run.pk).update(
            days_done=F("days_done") + 1, contacts_done=F("contacts_done") + done
        )
        if progress:
            progress(day, done)
    return _finish(run, at=now(), manifest=archive.head().hash)


@transaction.atomic
def _finish(run: JudgingRun, *, at: datetime, manifest: str) -> JudgingRun:
    run.refresh_from_db()
    run.finished_at, run.manifest = at, manifest
    run.save(update_fields=["finished_at", "manifest"])
    record(
        actor=run.requested_by or PROCESS,
        verb="judging.finished",
        subject=f"judging_run:{run.pk}",
        data={"edition": run.edition_hash, "contacts": run.contacts_done, "manifest": manifest},
    )
    return run
