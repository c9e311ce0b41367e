"""Calibration sessions: made by who leads the evaluation group, closed once, never changed after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.actions.scaling import raise_scale_alarms
from bihuan.inspection.calibration.pool import Drawing, chosen_contacts, drawn_contacts
from bihuan.inspection.calibration.refusals import (
    CalibrationIsClosed,
    DueInThePast,
    ExpertIsReference,
    NothingToCompare,
    NotInTheGroup,
    SeveralRaters,
)
from bihuan.inspection.forms_of_editions import form_for, machine_verdicts
from bihuan.inspection.models import Calibration, CalibrationContact, CalibrationSeat
from bihuan.inspection.rules.form import machine_answer, questions_of
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import Person, User, rights_of
from bihuan.people.queries import scope_of
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import Edition

SEVERAL = 2


@transaction.atomic
def make_calibration(
    actor: User,
    *,
    name: str,
    due_at: datetime,
    expert: Person,
    raters: Sequence[Person],
    contacts: Sequence[str] | Drawing,
) -> Calibration:
    """Open a session over drawn or named contacts that `actor` may see. The edition in use today is kept by its hash.

    Raters and expert come from the evaluation group (S3-2); none of them served or judged one of the contacts before.
    """
    require(actor, Permission.CALIBRATE)
    if not name.strip():
        raise InputError("A calibration needs a name.")
    at = now()
    if due_at <= at:
        raise DueInThePast
    seats = _seats(expert, raters)
    archive = open_archive()
    seen = Reader(archive, archive.head(), scope_of(actor))
    drawing = contacts if isinstance(contacts, Drawing) else None
    rows = (
        drawn_contacts(seen, contacts, seats)
        if isinstance(contacts, Drawing)
        else chosen_contacts(seen, contacts, seats)
    )
    if not rows:
        raise InputError("A calibration needs conversations.")
    edition = edition_in_use(at.astimezone(archive.zone).date())
    form_for(edition)  # refused where the edition scores no contacts
    session = Calibration.objects.create(
        name=name.strip(), edition_ref=edition.id, edition_hash=edition.hash, manifest=seen.manifest.hash,
        seed=drawing.seed if drawing else None, first_day=drawing.first if drawing else None,
        last_day=drawing.last if drawing else None, due_at=due_at, made_at=at, made_by=actor,
    )  # fmt: skip
    CalibrationSeat.objects.bulk_create(
        CalibrationSeat(calibration=session, person=person, is_expert=person == expert) for person in seats
    )
    _keep_contacts(session, edition, rows, Reader(archive, seen.manifest))
    record(
        actor=actor,
        verb="calibration.made",
        subject=f"calibration:{session.pk}",
        data={"name": session.name, "edition": edition.hash, "manifest": session.manifest, "seed": session.seed,
              "contacts": [row["contact_id"] for row in rows], "expert": expert.number,
              "raters": [person.number for person in raters]},
    )  # fmt: skip
    return session


@transaction.atomic
def close_calibration(actor: User, *, calibration: Calibration) -> Calibration:
    """End a session: from now on everybody in it sees everybody's answers, and nothing of it changes any more.

    By who made it, or who plans inspection. What is not submitted stays missing.
    """
    require(actor, Permission.CALIBRATE)
    row = locked_session(calibration)
    if row.made_by_id != actor.pk and not actor.rights().may(Permission.PLAN_INSPECTION):
        raise NotAllowed
    submitted = Count("ratings", filter=Q(ratings__submitted_at__isnull=False))
    told = list(row.contacts.annotate(told=submitted).values_list("told", flat=True))
    if max(told, default=0) < SEVERAL:
        raise NothingToCompare
    row.closed_at, row.closed_by = now(), actor
    row.save(update_fields=["closed_at", "closed_by"])
    record(
        actor=actor,
        verb="calibration.closed",
        subject=f"calibration:{row.pk}",
        data={"submitted": sum(told), "missing": len(told) * row.seats.count() - sum(told)},
    )
    raise_scale_alarms()
    return row


def locked_session(calibration: Calibration) -> Calibration:
    """The session as it is now, held against everybody else; refused when it is closed."""
    row = Calibration.objects.select_for_update().get(pk=calibration.pk)
    if row.is_closed:
        raise CalibrationIsClosed
    return row


def in_the_group(person: Person) -> bool:
    """Supervisors, senior agents and inspectors, who may look at evaluations again, are the evaluation group (S3-2)."""
    return person.user is not None and rights_of(person.user).may(Permission.REVIEW_EVALUATIONS)


def _seats(expert: Person, raters: Sequence[Person]) -> list[Person]:
    if expert in raters:
        raise ExpertIsReference
    if len(set(raters)) < SEVERAL:
        raise SeveralRaters
    seats = [expert, *dict.fromkeys(raters)]
    for person in seats:
        if not in_the_group(person):
            raise NotInTheGroup(name=person.name)
    return seats


def _keep_contacts(session: Calibration, edition: Edition, rows: Sequence[Mapping[str, Any]], reader: Reader) -> None:
    CalibrationContact.objects.bulk_create(
        CalibrationContact(
            calibration=session, place=place, contact_id=row["contact_id"], day=row["day"], person=row["person"],
            channel=row["channel"] or "", category=row["category"] or "", opened_at=row["opened_at"],
            by_record=_by_record(edition, reader, row["contact_id"]),
        )
        for place, row in enumerate(rows, 1)
    )  # fmt: skip


def _by_record(edition: Edition, reader: Reader, contact: str) -> dict[str, str]:
    """What logged times decide, the same for every rater."""
    verdicts = machine_verdicts(reader, edition.hash, contact)
    told = {
        question.id: machine_answer(question, verdicts)
        for question in questions_of(form_for(edition)).values()
        if question.by_record
    }
    return {item: verdict.verdict for item, verdict in told.items() if verdict is not None}
