"""Who acts, and the appeal under its lock."""

from __future__ import annotations

from bihuan.appeals.models import Appeal
from bihuan.appeals.refusals import (
    AppealClosed,
)
from bihuan.kit.errors import NotAllowed
from bihuan.people.models import Person, User


def person_of(actor: User) -> Person:
    person: Person | None = getattr(actor, "person", None)
    if person is None:
        raise NotAllowed
    return person


def locked_open(appeal: Appeal) -> Appeal:
    row = Appeal.objects.select_for_update(of=("self",)).select_related("person").get(pk=appeal.pk)
    if not row.is_open:
        raise AppealClosed
    return row
