"""What inspection answers to the journal: a decided appeal about an evaluation becomes a new version of it; a published
edition judges the record from the day on which it takes effect.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone

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
    if edition is None or not _is_newest(edition):  # withdrawn or replaced since: nothing new shall rest on it
        return
    run = request_judging_anew(PROCESS, edition=edition.hash, since=date.fromisoformat(entry.data["from"]))
    if run is not None:
        judge_run.defer(run_id=str(run.pk))


def _is_newest(edition: Edition) -> bool:
    """Whether no later publication of the same edition is in force by now.

    A chain that was there before this reaction holds every publication ever made.
    """
    later = Edition.objects.in_force_on(timezone.localdate()).filter(slug=edition.slug, pk__gt=edition.pk)
    return not later.exists()


PUBLISHED: Final = Reaction("inspection.editions", ("standards_edition.published",), _published)
