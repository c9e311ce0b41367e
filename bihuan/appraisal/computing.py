"""Months computed in the background: asked for by a person, carried out by a worker, watched on a page."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.inputs import Progress
from bihuan.appraisal.models import Computation
from bihuan.appraisal.replaying import comparable, replay_month
from bihuan.archive.store import open_archive
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, Refusal
from bihuan.people.authority import Actor, account, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.choosing import edition_by_hash
from bihuan.standards.rules.edition import Edition

PROCESS = "system:appraisal"


@transaction.atomic
def request_computation(
    actor: Actor, *, month: date, edition: Edition, against: Edition | None = None, scheme: str = ""
) -> Computation:
    """Ask for a month's results, or, `against` the edition in use, for a replay that keeps none.

    What was asked for and is not finished is answered again, so that a second click computes nothing twice.
    """
    require(actor, Permission.APPRAISE)
    chosen = comparable(against, edition, scheme).before if against else ""
    asked = {
        "month": month, "edition_hash": edition.hash, "against_hash": against.hash if against else "", "scheme": chosen,
    }  # fmt: skip
    waiting = Computation.objects.select_for_update().filter(**asked, finished_at=None).first()
    if waiting:
        return waiting
    made = Computation.objects.create(
        **asked,
        edition_ref=edition.id,
        against_ref=against.id if against else "",
        requested_at=now(),
        requested_by=account(actor),
    )
    verb = "replay.requested" if against else "results.requested"
    data = {"month": f"{month:%Y-%m}", "edition": edition.hash, "against": made.against_hash}
    record(actor=actor, verb=verb, subject=f"computation:{made.pk}", data=data)
    return made


def carry_out(computation: Computation) -> Computation:
    """Compute it; safe to start again after a kill. A refusal is kept as the answer and not tried again."""
    if computation.is_finished:
        return computation
    outcome: dict[str, object]
    try:
        outcome = _replayed(computation) if computation.against_hash else _appraised(computation)
    except (InputError, Refusal) as error:
        outcome = {"refusal": str(error)}
    Computation.objects.filter(pk=computation.pk).update(**outcome, finished_at=now())
    computation.refresh_from_db()
    return computation


def latest(month: date, *, edition: str, against: str, scheme: str) -> Computation | None:
    """The newest replay of a month by these editions' hashes, finished or not."""
    asked = Computation.objects.filter(month=month, edition_hash=edition, against_hash=against, scheme=scheme)
    return asked.order_by("-requested_at").first()


def running(month: date) -> Computation | None:
    """The appraisal of a month that somebody is waiting for."""
    return Computation.objects.filter(month=month, against_hash="", finished_at=None).order_by("-requested_at").first()


def _appraised(computation: Computation) -> dict[str, object]:
    kept = appraise_month(
        computation.requested_by or PROCESS,
        month=computation.month,
        edition=edition_by_hash(computation.edition_hash, computation.edition_ref),
        edition_ref=computation.edition_ref,
        progress=_told(computation),
    )
    return {"result_set": kept, "manifest": kept.manifest}


def _replayed(computation: Computation) -> dict[str, object]:
    other = edition_by_hash(computation.edition_hash, computation.edition_ref)
    present = edition_by_hash(computation.against_hash, computation.against_ref)
    compared = comparable(present, other, computation.scheme)
    moves = replay_month(computation.month, compared, progress=_told(computation))
    return {"moves": [move.to_json() for move in moves], "manifest": open_archive().head().hash}


def _told(computation: Computation) -> Progress:
    def told(stage: str, done: int, total: int) -> None:
        Computation.objects.filter(pk=computation.pk).update(stage=stage, done=done, total=total)

    return told
