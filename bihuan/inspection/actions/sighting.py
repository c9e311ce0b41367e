"""Keep who saw a conversation's verdicts, so that nobody is later said to have judged it blind."""

from __future__ import annotations

from typing import Any

from bihuan.inspection.models import Sighting
from bihuan.kit.clock import now
from bihuan.people.models.rights import rights_of
from bihuan.people.rules.roles import Permission


def note_sighting(user: Any, *, contact_id: str) -> None:
    """For who may evaluate, and for nobody else. A read, not an act: it has no line in the journal."""
    rights = rights_of(user)
    if rights.person is not None and rights.may(Permission.EVALUATE):
        row = Sighting(person=rights.person, contact_id=contact_id, seen_at=now())
        Sighting.objects.bulk_create([row], ignore_conflicts=True)
