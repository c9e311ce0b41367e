"""The only writers of the journal: `record` inside an act's transaction, `seal` behind the writers."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from bihuan.journal.models import Entry, Seal, Unsealed
from bihuan.journal.queries import line_of
from bihuan.journal.rules import GENESIS, clean, digest_of, is_verb
from bihuan.kit.clock import now

_SEALER: Final = 0x626A5F7365616C  # the sealer's advisory lock: there is never a second one
_BATCH: Final = 5000


class NoTransactionError(RuntimeError):
    """An entry must commit or vanish together with the act it tells of."""


def record(
    *, actor: AbstractBaseUser | AnonymousUser | str, verb: str, subject: str, data: dict[str, Any] | None = None
) -> Entry:
    """Write one line in the caller's transaction. `actor` is an account or the name of a process (`system:seed`).

    Raises NoTransactionError outside a transaction, ValueError for a verb that is not `part_thing.past_verb`.
    """
    if not connection.in_atomic_block:
        raise NoTransactionError(verb)
    if not is_verb(verb):
        raise ValueError(f"not a journal verb: {verb!r}")
    moment = now()
    name = actor if isinstance(actor, str) else actor.get_username()
    return Entry.objects.create(
        recorded_at=moment,
        actor=clean(name),
        verb=verb,
        subject=clean(subject),
        data=clean(data or {}),
        day=timezone.localdate(moment),
    )


def seal(*, limit: int = _BATCH) -> int:
    """Chain up to `limit` committed entries in the order of their ids; returns how many.

    Writers are never waited for: an entry whose transaction is still open joins the chain after its commit, behind
    entries with higher ids. A second sealer running at the same time returns 0.
    """
    with transaction.atomic():
        if not _alone():
            return 0
        waiting = list(Unsealed.objects.select_related("entry").order_by("entry_id")[:limit])
        if not waiting:
            return 0
        Seal.objects.bulk_create(_chained([item.entry for item in waiting]))
        Unsealed.objects.filter(entry_id__in=[item.entry_id for item in waiting]).delete()
    return len(waiting)


def _alone() -> bool:
    """Take the sealer's lock until the transaction ends; False when somebody holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER])
        row = cursor.fetchone()
    return bool(row and row[0])


def _chained(entries: list[Entry]) -> list[Seal]:
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number, last.digest) if last else (0, GENESIS)
    moment = now()
    # A clock set back must not move a link into a day whose head is already exported.
    day = max(timezone.localdate(moment), last.sealed_on) if last else timezone.localdate(moment)
    seals = []
    for entry in entries:
        number += 1
        digest = digest_of(number, previous, line_of(entry))
        seals.append(
            Seal(number=number, entry=entry, previous=previous, digest=digest, sealed_at=moment, sealed_on=day)
        )
        previous = digest
    return seals
