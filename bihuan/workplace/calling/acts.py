"""The only writers of call-backs: the week's list, kept once drawn, and the calls."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from bihuan.archive.reader import Reader
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.authority import Actor, require
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.edition import Edition
from bihuan.workplace.callbacks import callbacks_of
from bihuan.workplace.calling.models import LEAST, MOST, Call, CallBack


class ReachedAlready(Refusal):
    """A customer is asked once."""

    message = _("This customer was reached already; nobody calls them twice.")


class OwnConversation(Refusal):
    """Nobody asks about themselves."""

    message = _("Somebody else asks about a conversation you served yourself.")


@transaction.atomic
def keep_list(actor: Actor, *, reader: Reader, edition: Edition, day: date) -> list[CallBack]:
    """Keep the list of the week of a day as it is drawn now; returns what is new on it. Safe to repeat."""
    require(actor, Permission.EVALUATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('workplace.callbacks'))")
    found = callbacks_of(reader, edition, day)
    at, month = now(), found.week[0].replace(day=1)
    fresh = [
        CallBack(month=month, week=found.week[0], customer=row["customer_key"], contact_id=row["contact_id"], drawn_at=at)
        for row in found.rows if row["kept"] is None
    ]  # fmt: skip
    CallBack.objects.bulk_create(fresh)
    if fresh:
        told = {"week": found.week[0].isoformat(), "drawn": len(fresh)}
        record(actor=actor, verb="workplace_callbacks.drawn", subject=f"week:{found.week[0]}", data=told)
    return fresh


@transaction.atomic
def record_call(
    actor: User, *, callback: CallBack, reader: Reader, reached: bool, solved: bool | None = None,
    tone: int | None = None, clarity: int | None = None, words: str = "",
) -> Call:  # fmt: skip
    """Keep what a call brought. Who was not reached may be called again; who was, is not.

    Raises InputError where a reached customer's main answer is missing or a rating is none, OwnConversation for who served.
    """
    require(actor, Permission.EVALUATE)
    row = CallBack.objects.select_for_update().get(pk=callback.pk)
    if row.calls.filter(reached=True).exists():
        raise ReachedAlready
    if _served_by(reader, row.contact_id) & {actor.get_username()}:
        raise OwnConversation
    said = _said(reached, solved, (tone, clarity))
    call = Call.objects.create(
        callback=row, reached=reached, words=words.strip(), called_by=actor, called_at=now(), **said
    )
    data = {"contact": row.contact_id, "reached": reached, "solved": call.solved}
    record(actor=actor, verb="workplace_callback.called", subject=f"callback:{row.pk}", data=data)
    return call


def kept_or_refused(contact_id: str, week: date) -> CallBack:
    """The kept call-back of a conversation; NotAllowed where the week's list does not hold it."""
    found = CallBack.objects.filter(contact_id=contact_id, week=week).first()
    if found is None:
        raise NotAllowed
    return found


def _said(reached: bool, solved: bool | None, ratings: tuple[int | None, int | None]) -> dict[str, Any]:
    """What a customer answered; nothing where nobody was reached."""
    if not reached:
        return {"solved": None, "tone": None, "clarity": None}
    if solved is None:
        raise InputError(_("Say whether the matter is really solved."))
    if any(one is not None and not LEAST <= one <= MOST for one in ratings):
        raise InputError(_("Ratings go from 1 to 5."))
    return {"solved": solved, "tone": ratings[0], "clarity": ratings[1]}


def _served_by(reader: Reader, contact_id: str) -> set[str]:
    rows = reader.table("rollup", columns=["person"], where={"contact_id": contact_id})
    return set(rows["person"].to_pylist()) - {None}
