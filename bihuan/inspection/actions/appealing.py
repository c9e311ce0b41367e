"""What a decided appeal does to an evaluation: a new version with the answers that hold, and never a change of the old."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from bihuan.appeals.models import Appeal, AppealItem
from bihuan.appeals.rules import OVERTURNED, Outcome
from bihuan.inspection.actions.versions import Changed, locked_in_force, next_version
from bihuan.inspection.forms_of_editions import edition_of_evaluation
from bihuan.inspection.models import AppealOutcome, Assignment
from bihuan.inspection.models.appealing import EDITION_GONE
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import Actor
from bihuan.standards.rules.tree import Evidence


@transaction.atomic
def take_over_appeal(actor: Actor, *, appeal: Appeal) -> AppealOutcome:
    """Carry a decided appeal into the evaluation it is about; one that was carried out stays as it is.

    Overturned answers replace those of the version in force, which the group may have made meanwhile; where it says the
    same already, or every answer stood, no version is made; nor where the text it was scored by is gone, which is told.
    """
    work = Assignment.objects.select_for_update().get(pk=appeal.subject)
    known = AppealOutcome.objects.filter(appeal=appeal).first()
    if known is not None:
        return known
    newest = locked_in_force(work)
    items = list(appeal.items.select_related("decision__decided_by__user"))
    overturned = [item for item in items if item.decision.outcome in OVERTURNED]
    present = {one.item: one.verdict for one in newest.answers.all()}
    changes = {one.key: _change(one) for one in overturned if present.get(one.key) != one.decision.answer}
    why = EDITION_GONE if changes and edition_of_evaluation(newest) is None else ""
    result = None
    if changes and not why:
        decider = overturned[0].decision.decided_by
        reason = _reasons([one for one in overturned if one.key in changes])
        result = next_version(newest, changes=changes, decider=decider, reason=reason, since=appeal.submitted_at)
    made = AppealOutcome.objects.create(appeal=appeal, evaluation=newest, result=result, why=why, taken_over_at=now())
    told = {"appeal": str(appeal.pk), "changed": sorted(changes), "result": str(result.pk) if result else None}
    told |= {"why": why} if why else {}
    record(actor=actor, verb="evaluation.appealed", subject=f"evaluation:{newest.pk}", data=told)
    return made


def _change(item: AppealItem) -> Changed:
    """The decided answer with the decision's reason; what the appellant pointed to is its evidence where they won."""
    decision = item.decision
    won = decision.outcome == Outcome.UPHOLD
    places = [Evidence(span["message"], span.get("start"), span.get("end")).to_json() for span in item.evidence]
    return Changed(decision.answer, decision.reason, places if won else [])


def _reasons(items: Sequence[AppealItem]) -> str:
    """Each reason once, in the order of the items."""
    return "\n".join(dict.fromkeys(item.decision.reason for item in items))
