"""Showing what is masked: for a reason, for a while, and never without a line in the journal (S2-6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop as _

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import User
from bihuan.people.queries import scope_of
from bihuan.people.rules.roles import Permission
from bihuan.workplace.models import Revelation

LASTS: Final = timedelta(minutes=10)
"""Long enough to compare a number with the customer's papers, too short to leave a screen open (no source gives one)."""
SHORTEST_REASON: Final = 4
"""Characters: an order number or a few words; a dot is no reason."""


class ContactOutOfSight(NotAllowed):
    """There is no such conversation for this account."""


@transaction.atomic
def reveal_contact(actor: User, *, contact_id: str, reason: str) -> Revelation:
    """Let `actor` read one conversation unmasked until `LASTS` from now; the journal keeps who, which one and why.

    Raises NotAllowed without the permission or the right to see it, InputError for an empty reason.
    """
    if not actor.has_perm(Permission.REVEAL_PERSONAL_DATA):
        raise NotAllowed
    if Reader(open_archive(), scope=scope_of(actor)).contact(contact_id) is None:
        raise ContactOutOfSight
    why = " ".join(reason.replace("\x00", " ").split())
    if len(why) < SHORTEST_REASON:
        raise InputError(_("Say why the original is needed, in a few words."))
    moment = now()
    row = Revelation.objects.create(
        contact_id=contact_id, reason=why, revealed_by=actor, revealed_at=moment, until=moment + LASTS
    )
    record(
        actor=actor,
        verb="workplace_contact.revealed",
        subject=f"contact:{contact_id}",
        data={"reason": why, "until": row.until.isoformat()},
    )
    return row
