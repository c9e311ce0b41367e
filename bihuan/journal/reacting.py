"""Reactions: a part answers what another part's acts wrote into the journal, in their order and once in effect.

A lower part never calls a higher one; it records an entry. A reaction follows the sealed chain, whose numbers have no
gaps and never change places, and moves its cursor in the transaction of what it does: killed at any moment, it has
done an entry's work whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from bihuan.journal.actions import record
from bihuan.journal.models import Entry, ReactionCursor, Seal
from bihuan.kit.clock import now

ACTOR: Final = "system:reactions"
MOST: Final = 500
"""Entries one reaction works through in one round, so that no round takes for ever."""

PAUSES: Final = (
    timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
)  # fmt: skip
"""How long an entry waits after each failed try; what fails after the last is set aside, for one broken entry must not block
all that come after it. Long enough together that what another service was lacking for an hour is done once it is back."""


@dataclass(frozen=True)
class Reaction:
    """`react` is called with each entry of the `verbs`; `name` keeps its place in the chain and is never reused."""

    name: str
    verbs: tuple[str, ...]
    react: Callable[[Entry], None]


_REACTIONS: dict[str, str] = {}


def register_path(name: str, path: str) -> None:
    """Called once by the part that reacts, when the application is ready; imported at the first round."""
    _REACTIONS[name] = path


def reactions() -> list[Reaction]:
    """All there are, in the order of their names."""
    return [import_string(_REACTIONS[name]) for name in sorted(_REACTIONS)]


def carry_out_reactions() -> int:
    """One round of every reaction; returns how many entries were answered.

    A reaction that fails keeps its place and tries again after growing `PAUSES`; then the journal says which entry it gave
    up and it goes on. The others go on before the failure is raised.
    """
    done, failures = 0, []
    for reaction in reactions():
        try:
            done += carry_out(reaction)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("reactions failed", failures)
    return done


def carry_out(reaction: Reaction, *, most: int = MOST, at: datetime | None = None) -> int:
    """Answer what came since the last time; returns how many entries: none while a failed one pauses, none where a second
    worker is at it. `at`: the moment that pauses are told by, else now."""
    ReactionCursor.objects.get_or_create(name=reaction.name)
    done, moment = 0, at or now()
    while done < most and _answer_next(reaction, moment):
        done += 1
    return done


def _answer_next(reaction: Reaction, at: datetime) -> bool:
    """False where nothing is left to answer by now. Raises what the reaction raised, once the failed try is counted."""
    found, failure = _tried_next(reaction, at)
    if failure is not None:
        raise failure
    return found


@transaction.atomic
def _tried_next(reaction: Reaction, at: datetime) -> tuple[bool, Exception | None]:
    cursor = ReactionCursor.objects.select_for_update(skip_locked=True).filter(name=reaction.name).first()
    if cursor is None or (cursor.again_at is not None and at < cursor.again_at):
        return False, None
    end = Seal.objects.aggregate(end=Max("number"))["end"] or 0
    ahead = Seal.objects.filter(number__gt=cursor.number, number__lte=end, entry__verb__in=reaction.verbs)
    found = ahead.select_related("entry").order_by("number").first()
    failure = _failure(reaction, found.entry) if found is not None else None
    if failure is not None and cursor.tries < len(PAUSES):
        cursor.again_at, cursor.tries = at + PAUSES[cursor.tries], cursor.tries + 1
        cursor.save(update_fields=["tries", "again_at"])
        return True, failure
    if found is not None and failure is not None:
        _give_up(reaction, found.entry, failure)
    place = found.number if found else end  # what concerns nobody is not read again at every round
    if place != cursor.number:
        cursor.number, cursor.tries, cursor.again_at = place, 0, None
        cursor.save(update_fields=["number", "tries", "again_at"])
    return found is not None, None


def _failure(reaction: Reaction, entry: Entry) -> Exception | None:
    """What the reaction raised; then nothing of what it did is kept."""
    try:
        with transaction.atomic():
            reaction.react(entry)
    except Exception as failure:
        return failure
    return None


def _give_up(reaction: Reaction, entry: Entry, failure: Exception) -> None:
    told = {"reaction": reaction.name, "entry": entry.pk, "verb": entry.verb, "error": type(failure).__name__}
    record(actor=ACTOR, verb="reaction.failed", subject=f"entry:{entry.pk}", data=told)
