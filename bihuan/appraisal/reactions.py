"""What appraisal answers to the journal: a decided appeal about a result is noted, and the month computed again."""

from __future__ import annotations

from typing import Final

from bihuan.appeals.models import Appeal
from bihuan.appraisal.appealed import KIND, note_appeal
from bihuan.appraisal.tasks import hand_over
from bihuan.journal.models import Entry
from bihuan.journal.reacting import Reaction

ACTOR: Final = "system:appeals"


def _decided(entry: Entry) -> None:
    if entry.data["kind"] != KIND:
        return
    appeal = Appeal.objects.get(pk=entry.subject.removeprefix("appeal:"))
    noted = note_appeal(ACTOR, appeal=appeal)
    if noted is not None and noted.computation is not None:
        hand_over(noted.computation)


DECIDED: Final = Reaction("appraisal.appeals", ("appeal.decided",), _decided)
