"""Making an appeal and taking it back: by the person concerned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from bihuan.appeals.actions.assigning import SHORTEST_REASON, assign_by_rule
from bihuan.appeals.actions.locking import locked_open, person_of
from bihuan.appeals.kinds import Item, Kind, Matter, Span, kind_named
from bihuan.appeals.models import Appeal, AppealItem
from bihuan.appeals.queries import Window, window_of
from bihuan.appeals.refusals import (
    AppealedAlready,
    NothingAppealed,
    OpenAlready,
    WindowClosed,
)
from bihuan.appeals.rules import (
    State,
    closes_at,
    reminded_from,
)
from bihuan.appeals.wording import deadline
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.authority import require
from bihuan.people.models import User
from bihuan.people.rules.roles import Permission


@dataclass(frozen=True)
class Plea:
    """What the appellant says about one item: the answer that should hold, why, and where it shows."""

    key: str
    claimed: str
    reason: str
    evidence: tuple[Span, ...] = ()


def submit_appeal(actor: User, *, kind: str, subject: str, pleas: Sequence[Plea]) -> Appeal:
    """Appeal against answers about oneself; an independent adjudicator is chosen at once.

    Raises NotAllowed to anybody else than the person concerned, WindowClosed, OpenAlready, AppealedAlready,
    NothingAppealed, and InputError for a plea that says nothing or points nowhere.
    """
    require(actor, Permission.APPEAL)
    asked, at = kind_named(kind), now()
    matter = asked.find(subject)
    if matter is None or matter.person != person_of(actor).number:
        raise NotAllowed
    window = window_of(kind, matter, at=at)
    _refuse_closed(window, pleas, at)
    items = {item.key: item for item in matter.items}
    for plea in pleas:
        _check_plea(asked, subject, items.get(plea.key), plea)
    try:
        with transaction.atomic():
            appeal = _create(actor, asked, matter, window, at)
            AppealItem.objects.bulk_create(
                [_row(appeal, place, items[plea.key], plea) for place, plea in enumerate(pleas)]
            )
            told = {"kind": kind, "subject": subject, "items": [plea.key for plea in pleas]}
            record(actor=actor, verb="appeal.submitted", subject=f"appeal:{appeal.pk}", data=told)
            assign_by_rule(appeal, at=at)
    except IntegrityError as clash:
        raise OpenAlready from clash
    return appeal


@transaction.atomic
def withdraw_appeal(actor: User, *, appeal: Appeal) -> Appeal:
    """The appellant takes an open appeal back; the first answers stand and may be appealed again within the window."""
    require(actor, Permission.APPEAL)
    if appeal.person_id != person_of(actor).pk:
        raise NotAllowed
    row = locked_open(appeal)
    row.state, row.closed_at = State.WITHDRAWN, now()
    row.save(update_fields=["state", "closed_at"])
    record(actor=actor, verb="appeal.withdrawn", subject=f"appeal:{row.pk}", data={"kind": row.kind})
    return row


def _refuse_closed(window: Window, pleas: Sequence[Plea], at: datetime) -> None:
    if not pleas:
        raise NothingAppealed
    if not window.is_open(at):
        raise WindowClosed(until=deadline(window.until))
    if window.pending is not None:
        raise OpenAlready
    if any(plea.key in window.spent for plea in pleas):
        raise AppealedAlready


def _check_plea(kind: Kind, subject: str, item: Item | None, plea: Plea) -> None:
    if item is None:
        raise InputError(_("This answer cannot be appealed."))
    if plea.claimed == item.answer or plea.claimed not in {choice.code for choice in item.choices}:
        raise InputError(_("Say which answer should hold instead."))
    if len(plea.reason.strip()) < SHORTEST_REASON:
        raise InputError(_("Say why, in a few words."))
    if any(kind.quote(subject, span) is None for span in plea.evidence):
        raise InputError(_("There is no such place in the conversation."))


def _create(actor: User, kind: Kind, matter: Matter, window: Window, at: datetime) -> Appeal:
    due = closes_at(at, window.terms.decided_within, window.working)
    return Appeal.objects.create(
        kind=kind.name,
        subject=matter.subject,
        title=matter.title,
        person=person_of(actor),
        team=matter.team,
        edition=matter.edition,
        told_at=matter.told_at,
        window_until=window.until,
        submitted_at=at,
        submitted_by=actor,
        due_at=due,
        remind_at=reminded_from(due, window.terms.remind_before, window.working),
    )


def _row(appeal: Appeal, place: int, item: Item, plea: Plea) -> AppealItem:
    return AppealItem(
        appeal=appeal,
        position=place,
        key=item.key,
        check_id=item.check,
        label=item.label.to_json(),
        choices=[choice.to_json() for choice in item.choices],
        first_answer=item.answer,
        first_reason=item.reason.to_json(),
        first_evidence=[span.to_json() for span in item.evidence],
        first_rater=item.rater,
        claimed=plea.claimed,
        reason=plea.reason.strip(),
        evidence=[span.to_json() for span in plea.evidence],
    )
