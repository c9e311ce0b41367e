"""What waits for somebody and what they should know, for the page they begin their day on.

Nothing is sent anywhere: whoever signs in finds it, the soonest due first, each with the page where it is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import State
from bihuan.appeals.wording import deadline, named, results, title_of
from bihuan.appraisal.appealed import waiting_for_correction
from bihuan.inspection.appealing import asked_about
from bihuan.inspection.lists import evaluation_url
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.wording import subject_of
from bihuan.kit.clock import DAY, to_us
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.ui import values
from bihuan.workplace.drafts.models import CheckProposal

RECENT: Final = timedelta(days=7)
"""News is told this long."""
SHOWN: Final = 8
TO_READ: Final = 4


@dataclass(frozen=True)
class Duty:
    """A line: an icon, what it is, where it is done. `left_us` until it is due (None: no hurry), `near_us` the last part."""

    icon: str
    words: str
    url: str
    note: str = ""
    tone: str = ""
    left_us: int | None = None
    near_us: int = 0


def duties_of(user: Any, at: datetime) -> list[Duty]:
    """The account's lines: overdue and soon due first, news last; at most `SHOWN`."""
    person = getattr(user, "person", None)
    if person is None or not user.has_perm(Permission.SEE_OWN):
        return []
    found = [
        *_to_evaluate(user, person, at), *_to_decide(user, person, at), *_late(user, person, at), *_to_correct(user), *_proposals(user, at),
        *_to_read(user, person, at), *_own_appeals(person, at),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.left_us is None, one.left_us or 0))[:SHOWN]


def _to_evaluate(user: Any, person: Person, at: datetime) -> Iterator[Duty]:
    """The evaluations in somebody's own queue, as one line with the first that is due."""
    if not user.has_perm(Permission.EVALUATE):
        return
    own = Assignment.objects.open().held_by(person)
    told = own.aggregate(n=Count("pk"), due=Min("due_at"), late=Count("pk", filter=Q(due_at__lt=at)))
    if told["n"]:
        note = _("%(n)s overdue") % {"n": values.number(told["late"])} if told["late"] else ""
        words = _("Evaluate conversations: %(n)s waiting") % {"n": values.number(told["n"])}
        left = to_us(told["due"]) - to_us(at)
        yield Duty("clipboard-check", words, reverse("inspection:queue"), note, "bad" if left <= 0 else "", left, DAY)


def _to_decide(user: Any, person: Person, at: datetime) -> Iterator[Duty]:
    """Appeals this person decides; nobody is told whose they are before the blind view."""
    if user.has_perm(Permission.ADJUDICATE):
        for one in Appeal.objects.open().filter(adjudicator=person).by_due()[:SHOWN]:
            yield _clocked("gavel", _("Decide the appeal: %(what)s") % {"what": _what(one)}, one, at)


def _late(user: Any, person: Person, at: datetime) -> Iterator[Duty]:
    """For who oversees appeals: what is overdue at others, and what nobody could take."""
    if not user.has_perm(Permission.OVERSEE_APPEALS):
        return
    others = Appeal.objects.exclude(person=person).exclude(adjudicator=person)
    for one in others.overdue(at=at).select_related("adjudicator").by_due()[:SHOWN]:
        name = one.adjudicator.name if one.adjudicator else _("nobody")
        yield _clocked("scale", _("Overdue at %(name)s: %(what)s") % {"name": name, "what": _what(one)}, one, at)
    for one in others.open().filter(adjudicator=None, due_at__gt=at).by_due()[:SHOWN]:
        yield _clocked("user-share", _("Nobody independent is free: %(what)s") % {"what": _what(one)}, one, at)


def _own_appeals(person: Person, at: datetime) -> Iterator[Duty]:
    for one in Appeal.objects.open().filter(person=person).by_due()[:SHOWN]:
        words = _("Your appeal is open: %(what)s") % {"what": _what(one)}
        yield Duty("scale", words, _page(one), _("decided by %(due)s") % {"due": deadline(one.due_at)})
    closed = Appeal.objects.filter(person=person, state=State.DECIDED, closed_at__gte=at - RECENT)
    for one in closed.newest_first().prefetch_related("items__decision")[:SHOWN]:
        told = "、".join(word for word, _tone in results(one))
        yield Duty("circle-check", _("Your appeal is decided: %(what)s") % {"what": _what(one)}, _page(one), told)


def _to_read(user: Any, person: Person, at: datetime) -> Iterator[Duty]:
    """Released evaluations the person has not acknowledged, with the time left to appeal them as their page has it."""
    waiting = Evaluation.objects.in_force().filter(assignment__person=person.number, acknowledgement__isnull=True)
    rows = waiting.select_related("assignment").defer("tree").order_by("-released_at")[:TO_READ]
    for one in rows:
        asked = asked_about(one, user, at)
        until = asked.window.until if asked.may_appeal and asked.window else None
        note = _("may be appealed until %(until)s") % {"until": deadline(until)} if until else ""
        words = _("Read the evaluation: %(what)s") % {"what": subject_of(one.assignment)}
        yield Duty("clipboard-check", words, evaluation_url(one), note)


def _proposals(user: Any, at: datetime) -> Iterator[Duty]:
    if user.has_perm(Permission.PUBLISH_STANDARDS):
        for one in CheckProposal.objects.undecided().exclude(author=user)[:SHOWN]:
            words = _("Approve or decline: %(edition)s with %(check)s") % _named(one)
            yield Duty("target", words, reverse("workplace:check_proposal", args=[one.pk]))
    declined = CheckProposal.objects.filter(author=user, decline__declined_at__gte=at - RECENT)
    for one in declined.select_related("decline"):
        words = _("Declined: %(edition)s with %(check)s") % _named(one)
        yield Duty("x", words, reverse("workplace:check_proposal", args=[one.pk]), one.decline.reason, "bad")


def _to_correct(user: Any) -> Iterator[Duty]:
    """Upheld appeals against results whose record nobody has put right yet."""
    if user.has_perm(Permission.APPRAISE):
        for one in waiting_for_correction()[:SHOWN]:
            words = _("Correct the record, then compute the month again: %(what)s") % {"what": title_of(one.appeal)}
            yield Duty("database-import", words, _page(one.appeal))


def _clocked(icon: str, words: str, appeal: Appeal, at: datetime) -> Duty:
    left = to_us(appeal.due_at) - to_us(at)
    near = to_us(appeal.due_at) - to_us(appeal.remind_at)
    return Duty(icon, words, _page(appeal), "", "bad" if left <= 0 else "", left, near)


def _what(appeal: Appeal) -> str:
    return named(appeal)


def _page(appeal: Appeal) -> str:
    return reverse("appeals:appeal", args=[appeal.pk])


def _named(one: CheckProposal) -> dict[str, str]:
    return {"edition": f"{one.slug} {one.version}", "check": one.check_id}
