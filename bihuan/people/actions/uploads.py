"""Rosters handed in on a page: a trial first, then the landing."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bihuan.kit.clock import now
from bihuan.people.actions.roster import RosterOutcome, import_roster
from bihuan.people.models import RosterUpload, User
from bihuan.people.refusals import LandedAlready

_LONGEST_NAME = 200


@transaction.atomic
def try_roster(actor: User, *, name: str, data: bytes, on: date) -> RosterUpload:
    """Keep the file with what it would do; nothing else changes. Raises InputError where it is no roster."""
    trial = import_roster(actor, data=data, on=on, dry_run=True)
    return RosterUpload.objects.create(
        name=name[-_LONGEST_NAME:], content=data, uploaded_by=actor, trial=trial.to_json()
    )


@transaction.atomic
def land_roster(actor: User, *, upload: RosterUpload, on: date) -> RosterOutcome:
    """Carry out a roster that was tried; once."""
    row = RosterUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if row.landed_at is not None:
        raise LandedAlready
    outcome = import_roster(actor, data=bytes(row.content), on=on)
    row.landed, row.landed_by, row.landed_at = outcome.to_json(), actor, now()
    row.save(update_fields=["landed", "landed_by", "landed_at"])
    return outcome
