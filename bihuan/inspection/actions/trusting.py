"""Moving checks: a named person up where the figures allow it, or down; figures alone down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bihuan.archive.store import open_archive
from bihuan.inspection.forms_of_editions import TIMED
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.known_editions import known_editions
from bihuan.inspection.models import Reckoning, TrustMove
from bihuan.inspection.refusals import MovedMeanwhile, NotTrusted, ReasonNeeded, StoppedByAppeals, UnknownItem
from bihuan.inspection.rules.trust import ORDER, Accuracy, Move, Standing, advance, settle, withdraw
from bihuan.inspection.trust.policy import fingerprint_of, start_of, trust_policy
from bihuan.inspection.trust.standing import (
    Stand,
    accuracy_read,
    accuracy_told,
    editions_used,
    is_due,
    reckoning_of,
    reviewed_days,
    sample_of,
    stands,
)
from bihuan.inspection.trust.tried import fairness_of
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.people.authority import Actor, require
from bihuan.people.models import Person, RoleGrant, User
from bihuan.people.rules.roles import Permission, Role, may
from bihuan.standards.rules.edition import Edition

PROCESS = "system:trust"
MOVERS = tuple(role for role in Role if may([role], Permission.MOVE_CHECKS))


@transaction.atomic
def raise_check(actor: User, *, edition: Edition, check: str, reason: str, before: str | None = None) -> TrustMove:
    """Move a check one standing up from `before`, where the mover saw it stand (None: from wherever it stands).

    Refused unless the lower bounds of its figures reach the floors, and unless the counterfactual suite found it fair
    before it counts; a check that appeals stopped does not come back. Of one that is measured no figures are asked.
    """
    person, stand = _asked(actor, edition, check, reason, before)
    if stand.stopped:
        raise StoppedByAppeals
    found = sample_of(edition, now()).accuracy(check)
    fair = fairness_of(edition).get(check, {}).get("fair")
    floors = trust_policy(edition).floors
    move = advance(stand.standing, found, floors, by=person.number, fair=fair, measured=check in TIMED)
    if not move.moved:
        raise NotTrusted.because(move.reasons)
    return _keep(edition, check, move, found, fair, person=person, reason=reason)


@transaction.atomic
def lower_check(actor: User, *, edition: Edition, check: str, reason: str, before: str | None = None) -> TrustMove:
    """Move a check one standing down from `before`, as in `raise_check`, whatever its figures say."""
    person, stand = _asked(actor, edition, check, reason, before)
    at = ORDER.index(stand.standing)
    move = withdraw(stand.standing, ORDER[max(at - 1, 0)], by=person.number)
    if not move.moved or stand.stopped:
        raise NotTrusted.because(move.reasons)
    found = sample_of(edition, now()).accuracy(check)
    return _keep(
        edition, check, move, found, fairness_of(edition).get(check, {}).get("fair"), person=person, reason=reason
    )


def tend_trust(at: datetime) -> Iterator[TrustMove]:
    """Settle every edition in use for which something new was released or found, or a new day began.

    The reviewed days that the edition has not judged yet are judged first: one that was published just now, or took effect
    today, knows little of the window before it.
    """
    archive = open_archive()
    for edition in editions_used(timezone.localdate(at)):
        if is_due(edition, at):
            ensure_judged(archive, edition, reviewed_days(edition, at), like=lambda: known_editions(archive.head()))
            yield from settle_checks(edition, at=at)


def settle_checks(edition: Edition, *, at: datetime | None = None) -> Iterator[TrustMove]:
    """Reckon, let the figures alone move checks down one after the other, and tell each move once it is kept.

    The reckoning is kept last, as the mark that all was done: a process killed between two moves leaves the rest where
    they stood, the next round goes on from there and moves none twice. As long as the edition has not judged all reviewed
    days its figures take nothing down.
    """
    at = at or now()
    sample = sample_of(edition, at)
    reckoning, whole = reckoning_of(sample, at), not sample.unjudged
    policy, fairness = trust_policy(edition), fairness_of(edition)
    for check, figures in reckoning.figures.items():
        fair = fairness.get(check, {}).get("fair")
        found = accuracy_read(figures)
        with transaction.atomic():
            _one_at_a_time()
            stand = stands(edition)[check]
            lent = start_of(edition, edition.checks[check])
            move = settle(
                stand.standing, found, policy.floors, fair=fair, lent=lent, whole=whole, measured=check in TIMED
            )
            row = None if stand.stopped or not move.moved else _keep(edition, check, move, found, fair)
        if row is not None:
            yield row
    keep_reckoning(reckoning)


def keep_reckoning(reckoning: Reckoning) -> None:
    """Once for the same basis."""
    names = ("first_day", "last_day", "contacts", "reviewed", "figures", "reckoned_at")
    told = {name: getattr(reckoning, name) for name in names}
    Reckoning.objects.get_or_create(edition=reckoning.edition, basis=reckoning.basis, defaults=told)


def _asked(actor: User, edition: Edition, check: str, reason: str, before: str | None) -> tuple[Person, Stand]:
    require(actor, Permission.MOVE_CHECKS)
    if not reason.strip():
        raise ReasonNeeded
    if check not in edition.checks:
        raise UnknownItem
    _one_at_a_time()
    person = actor.rights().person
    assert person is not None  # the permission came from this person's roles
    stand = stands(edition)[check]
    if before is not None and before != stand.standing:
        raise MovedMeanwhile
    return person, stand


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspection.trust'))")


def _keep(
    edition: Edition, check: str, move: Move, found: Accuracy, fair: bool | None, *, person: Person | None = None,
    reason: str = "",
) -> TrustMove:  # fmt: skip
    fingerprint = fingerprint_of(edition.checks[check])
    before = TrustMove.objects.filter(standard=edition.id, check_id=check, fingerprint=fingerprint).count()
    row = TrustMove.objects.create(
        standard=edition.id, check_id=check, fingerprint=fingerprint, sequence=before + 1, edition=edition.hash,
        before=move.before, after=move.after, moved_by=person, reason=reason.strip(), codes=list(move.reasons),
        cause=TrustMove.Cause.PERSON if person else TrustMove.Cause.FIGURES,
        figures={**accuracy_told(found), "fair": fair}, moved_at=now(),
    )  # fmt: skip
    _tell(row, person)
    return row


def _tell(row: TrustMove, person: Person | None) -> None:
    """The journal names who has to know: whoever may move checks."""
    up = ORDER.index(Standing(row.after)) > ORDER.index(Standing(row.before))
    day = timezone.localdate(row.moved_at)
    told = Person.objects.working(day).filter(
        pk__in=RoleGrant.objects.on(day).filter(role__in=MOVERS).values("person")
    )  # fmt: skip
    data: dict[str, Any] = {
        "check": row.check_id, "before": row.before, "after": row.after, "reason": row.reason, "codes": row.codes,
        "edition": row.edition, "told": sorted(told.values_list("number", flat=True)),
    }  # fmt: skip
    verb = "check.raised" if up else ("check.lowered" if person else "check.fell")
    actor: Actor = person.user if person and person.user else PROCESS
    record(actor=actor, verb=verb, subject=f"check:{row.check_id}", data=data)
