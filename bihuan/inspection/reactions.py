"""What inspection answers to the journal: a decided appeal about an evaluation becomes a new version of it."""

from __future__ import annotations

from typing import Final

from bihuan.appeals.models import Appeal
from bihuan.inspection.actions import take_over_appeal
from bihuan.inspection.actions.versions import EVALUATION
from bihuan.journal.models import Entry
from bihuan.journal.reacting import Reaction

ACTOR: Final = "system:appeals"


def _decided(entry: Entry) -> None:
    if entry.data["kind"] == EVALUATION:
        appeal = Appeal.objects.select_related("person").get(pk=entry.subject.removeprefix("appeal:"))
        take_over_appeal(ACTOR, appeal=appeal)


DECIDED: Final = Reaction("inspection.appeals", ("appeal.decided",), _decided)
