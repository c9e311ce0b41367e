"""Giving an appeal to an independent adjudicator: by rule, or by a named person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from bihuan.appeals.actions.locking import locked_open
from bihuan.appeals.models import Appeal, SecondView
from bihuan.appeals.queries import candidates, objection_to, parties_of
from bihuan.appeals.refusals import (
    OBJECTIONS,
    NotIndependent,
)
from bihuan.appeals.rules import (
    State,
    choose,
)
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError
from bihuan.people.authority import Actor, require
from bihuan.people.models import Person, User
from bihuan.people.rules.roles import Permission

ACTOR: Final = "system:appeals"
SHORTEST_REASON: Final = 4
"""Characters: a few words; a dot is no reason."""


def assign_by_rule(appeal: Appeal, *, at: datetime) -> Person | None:
    """Give an appeal to the independent adjudicator with the least work; None where there is nobody yet.

    Part of the caller's transaction, which holds the appeal's lock.
    """
    on = timezone.localdate(at)
    chosen = choose(candidates(on), parties_of(appeal, on))
    if chosen is None:
        return None
    person = Person.objects.get(number=chosen.number)
    _assign(ACTOR, appeal, person, at, reason="")
    return person


def take_back(appeal: Appeal, *, objection: str) -> None:
    """Take an appeal from an adjudicator who may no longer decide it, so that it counts as nobody's until one is found.

    Part of the caller's transaction, which holds the appeal's lock; a second view that was given is kept.
    """
    before = appeal.adjudicator.number if appeal.adjudicator else ""
    appeal.adjudicator, appeal.assigned_at, appeal.state = None, None, State.SUBMITTED
    appeal.save(update_fields=["adjudicator", "assigned_at", "state"])
    told: dict[str, Any] = {"adjudicator": "", "before": before, "reason": objection}
    record(actor=ACTOR, verb="appeal.unassigned", subject=f"appeal:{appeal.pk}", data=told)


@transaction.atomic
def assign_adjudicator(actor: Actor, *, appeal: Appeal, person: Person, reason: str) -> Appeal:
    """A named person hands an open appeal to another independent adjudicator, who then gives an own blind view."""
    require(actor, Permission.OVERSEE_APPEALS)
    row = locked_open(appeal)
    at = now()
    on = timezone.localdate(at)
    issue = objection_to(person, row, on)
    if not issue and isinstance(actor, User) and person.user_id == actor.pk:
        issue = "has_read"
    if issue:
        raise NotIndependent(OBJECTIONS[issue], name=person.name)
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputError(_("Say why, in a few words."))
    _assign(actor, row, person, at, reason=reason.strip())
    return row


def _assign(actor: Actor, appeal: Appeal, person: Person, at: datetime, *, reason: str) -> None:
    before = appeal.adjudicator.number if appeal.adjudicator else ""
    has_viewed = SecondView.objects.filter(item__appeal=appeal, given_by=person).exists()
    appeal.adjudicator, appeal.assigned_at = person, at
    appeal.state = State.VIEWED if has_viewed else State.SUBMITTED
    appeal.save(update_fields=["adjudicator", "assigned_at", "state"])
    told: dict[str, Any] = {"adjudicator": person.number, "before": before, "reason": reason}
    record(actor=actor, verb="appeal.assigned", subject=f"appeal:{appeal.pk}", data=told)
