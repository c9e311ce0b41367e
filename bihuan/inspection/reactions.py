"""What inspection answers to the journal: a decided appeal about an evaluation becomes a new version of it; a published
edition judges the days of the record on which it holds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Min

from bihuan.appeals.models import Appeal
from bihuan.inspection.actions import request_judging_anew, take_over_appeal
from bihuan.inspection.actions.judging import PROCESS
from bihuan.inspection.actions.versions import EVALUATION
from bihuan.inspection.tasks import judge_run
from bihuan.journal.models import Entry
from bihuan.journal.reacting import Reaction
from bihuan.standards.models import Edition

ACTOR: Final = "system:appeals"


def _decided(entry: Entry) -> None:
    if entry.data["kind"] == EVALUATION:
        appeal = Appeal.objects.select_related("person").get(pk=entry.subject.removeprefix("appeal:"))
        take_over_appeal(ACTOR, appeal=appeal)


DECIDED: Final = Reaction("inspection.appeals", ("appeal.decided",), _decided)


def _published(entry: Entry) -> None:
    edition = Edition.objects.standing().filter(hash=entry.subject.removeprefix("edition:")).first()
    if edition is None:  # withdrawn since: nothing new shall rest on it
        return
    since, until = date.fromisoformat(entry.data["from"]), _last_day(edition)
    run = request_judging_anew(PROCESS, edition=edition.hash, since=since, until=until)
    if run is not None:
        judge_run.defer(run_id=str(run.pk))


def _last_day(edition: Edition) -> date | None:
    """The day before a later publication of the same edition takes its place; None where none does.

    A chain that was there before this reaction holds every publication ever made, and one that waited for a worker
    several: each judges the days that are its own.
    """
    later = Edition.objects.standing().filter(slug=edition.slug, pk__gt=edition.pk)
    first = later.aggregate(first=Min("effective_from"))["first"]
    return None if first is None else first - timedelta(days=1)


PUBLISHED: Final = Reaction("inspection.editions", ("standards_edition.published",), _published)
