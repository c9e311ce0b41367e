"""Who is among the best where the score cannot tell: a supervisor's written reason decides (X16, X17).

The reason is about the figures it was written on. A newer version of the month that says the same keeps it; one that says
otherwise asks anew, and the old reason stays to be read. A provisional month decides nothing, whatever was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from bihuan.appraisal.appealed import subject_of
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.queries import set_in_use
from bihuan.appraisal.rules.ranking import Standing
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed, Refusal
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.queries import Sight, scope_of
from bihuan.people.rules.roles import Permission


class Separable(Refusal):
    message = _("The interval does not cross the line: here the score alone decides.")


class HasFatalItem(Refusal):
    message = _("A month with a fatal item is not among the best, whatever the reason (X17).")


class NoReason(Refusal):
    message = _("Without a written reason nothing is decided.")


class OwnResult(Refusal):
    message = _("Nobody decides about their own result.")


class NotWhatHolds(Refusal):
    message = _("These figures no longer hold. Open the newest version of the month and decide there.")


class StillProvisional(Refusal):
    message = _(
        "This month is provisional and decides nothing: a reason can be written once it rests on checks that count."
    )


@transaction.atomic
def write_cut_reason(actor: User, *, result: Result, is_in: bool, reason: str) -> CutReason:
    """Keep why a person whom the score cannot place is in or out; what was written before stays below it."""
    require(actor, Permission.EXPLAIN_RESULTS)
    if not scope_of(actor, sight=Sight.FIGURES).admits(person=result.person, team=result.team):
        raise NotAllowed
    person = actor.rights().person
    assert person is not None  # the permission came from this person's roles
    refusal = refusal_to(result, person.number, is_in=is_in, reason=reason)
    if refusal is not None:
        raise refusal
    made = CutReason.objects.create(
        subject=subject_of(result), result=result, is_in=is_in, reason=reason.strip(), written_by=person, written_at=now(),
    )  # fmt: skip
    told = {"subject": made.subject, "in": is_in, "reason": made.reason}
    record(actor=actor, verb="result.cut_reasoned", subject=f"result:{result.pk}", data=told)
    return made


def refusal_to(result: Result, number: str, *, is_in: bool, reason: str) -> Refusal | None:
    """Why this person may not decide so, if anything speaks against it."""
    if result.person == number:
        return OwnResult()
    if result.standing != Standing.NOT_SEPARABLE:
        return Separable()
    if set_in_use(result.set.month) != result.set:
        return NotWhatHolds()
    if result.set.is_provisional:
        return StillProvisional()
    if is_in and result.fatal_contacts:
        return HasFatalItem()
    return None if reason.strip() else NoReason()


def may_write(user: Any, result: Result) -> bool:
    """Is the form on this result's page for this account?"""
    if result.standing != Standing.NOT_SEPARABLE or not user.has_perm(Permission.EXPLAIN_RESULTS):
        return False
    person = user.rights().person
    sees = scope_of(user, sight=Sight.FIGURES).admits(person=result.person, team=result.team)
    return sees and refusal_to(result, person.number, is_in=False, reason="-") is None


def cut_reasons_on(result: Result) -> list[CutReason]:
    """What was written about this person's month in whatever version, newest first; none where the score decides by now."""
    if result.standing != Standing.NOT_SEPARABLE:
        return []
    found = CutReason.objects.filter(subject=subject_of(result)).select_related("written_by", "result__set")
    return list(found.defer("result__tree", "result__days", "result__period").order_by("-written_at", "-pk"))


def holding(result: Result, written: Iterable[CutReason]) -> CutReason | None:
    """The newest reason, newest first, where it was written on these very figures and nothing about them is provisional."""
    newest = next(iter(written), None)
    if newest is None or result.set.is_provisional or newest.result.set.is_provisional:
        return None
    return newest if _figures(newest.result) == _figures(result) else None


def reasons_that_hold(kept: ResultSet, results: Sequence[Result]) -> dict[UUID, CutReason]:
    """{result: the reason that decides it} for results of the set; one query where anybody is not separable."""
    for one in results:
        one.set = kept  # known here: no query for each
    unsure = {subject_of(one): one for one in results if one.standing == Standing.NOT_SEPARABLE}
    if not unsure:
        return {}
    rows = CutReason.objects.filter(subject__in=unsure).select_related("written_by", "result__set")
    newest: dict[str, CutReason] = {}
    for row in rows.defer("result__tree", "result__days", "result__period").order_by("written_at", "pk"):
        newest[row.subject] = row
    return {unsure[subject].pk: row for subject, row in newest.items() if holding(unsure[subject], [row]) is not None}


def _figures(of: Result) -> tuple[Any, ...]:
    return (of.set.edition_hash, of.total, of.rank, of.rank_best, of.rank_worst, of.standing, of.fatal_contacts)
