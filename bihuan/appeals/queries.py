"""Reads of appeals: what waits for whom, what holds after a decision, and how often first answers were overturned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, F, Max, Q, Value

from bihuan.appeals.kinds import Matter, UnknownKind, kind_named
from bihuan.appeals.models import Appeal, AppealItem, CheckSuspension, Decision, Reminder
from bihuan.appeals.policy import edition_of, terms_of, working_days
from bihuan.appeals.rules import (
    CLOSED,
    OPEN,
    OVERTURNED,
    Candidate,
    Parties,
    State,
    Terms,
    WorkingDays,
    closes_at,
    objection,
)
from bihuan.metrics.intervals import wilson
from bihuan.people.models import Leadership, Membership, Person, RoleGrant
from bihuan.people.rules.roles import Permission, Role, may
from bihuan.standards.rules.edition import Edition

ADJUDICATORS: Final = tuple(role for role in Role if may([role], Permission.ADJUDICATE))
OVERSEERS: Final = tuple(role for role in Role if may([role], Permission.OVERSEE_APPEALS))
BY: Final = ("item", "check", "rater")


@dataclass(frozen=True)
class Window:
    """Whether answers may be appealed: until when, under which terms, and which items were appealed before."""

    until: datetime
    terms: Terms
    working: WorkingDays
    spent: frozenset[str]
    pending: Appeal | None

    def is_open(self, at: datetime) -> bool:
        return at < self.until


def window_of(kind: str, matter: Matter, *, at: datetime) -> Window:
    """The window of a matter. `spent` are items decided before, `pending` is its open appeal."""
    edition = edition_of(matter.edition, at.date())
    terms, working = terms_of(edition), working_days(edition, matter.told_at.year)
    about = Appeal.objects.about(kind, matter.subject).filter(person__number=matter.person)
    decided = AppealItem.objects.filter(appeal__in=about.filter(state=State.DECIDED))
    return Window(
        until=closes_at(matter.told_at, terms.window, working),
        terms=terms,
        working=working,
        spent=frozenset(decided.values_list("key", flat=True)),
        pending=about.open().first(),
    )


def candidates(on: date) -> list[Candidate]:
    """Everybody who may decide appeals on a day, with how many wait for them and which teams they lead."""
    people = Person.objects.working(on).filter(pk__in=_holding(ADJUDICATORS, on))
    waiting = dict(
        Appeal.objects.open().values_list("adjudicator").annotate(waiting=Count("pk")).values_list("adjudicator", "waiting")
    )  # fmt: skip
    leads: dict[int, set[str]] = defaultdict(set)
    for person, team in Leadership.objects.on(on).values_list("person", "team__key"):
        leads[person].add(team)
    overseeing = set(_holding(OVERSEERS, on))
    return [
        Candidate(one.number, waiting.get(one.pk, 0), frozenset(leads[one.pk]), one.pk in overseeing) for one in people
    ]


def overseers(on: date) -> list[Person]:
    """Who watches over appeals on a day."""
    return list(Person.objects.working(on).filter(pk__in=_holding(OVERSEERS, on)))


def parties_of(appeal: Appeal, on: date) -> Parties:
    """Whom the appeal touches: the teams are the one served in and the one the appellant is in now."""
    now_in = Membership.objects.on(on).filter(person=appeal.person).values_list("team__key", flat=True)
    raters = {*appeal.items.exclude(first_rater="").values_list("first_rater", flat=True), *_hands_of(appeal)}
    return Parties(appeal.person.number, frozenset(raters), frozenset({appeal.team, *now_in} - {""}))


def objection_to(person: Person, appeal: Appeal, on: date) -> str:
    """Why this person may not decide this appeal on a day: a code of `rules.objection`, or `no_right`; "" if nothing."""
    candidate = next((one for one in candidates(on) if one.number == person.number), None)
    return "no_right" if candidate is None else objection(candidate, parties_of(appeal, on))


def _hands_of(appeal: Appeal) -> Collection[str]:
    """Who else had a hand in what is appealed, as its kind knows."""
    try:
        kind = kind_named(appeal.kind)
    except UnknownKind:  # switched off for now: the items alone tell
        return ()
    return kind.raters(appeal.subject) if kind.raters else ()


def view_owed(user: Any, kind: str, subject: str) -> Appeal | None:
    """The open appeal about this subject on which the account still owes its blind second view."""
    person = getattr(user, "person", None)
    if person is None:
        return None
    return Appeal.objects.about(kind, subject).filter(adjudicator=person, state=State.SUBMITTED).first()


def views_owed(person: Person) -> list[Appeal]:
    """Open appeals of whatever kind on which this person still owes the blind second view."""
    return list(Appeal.objects.filter(adjudicator=person, state=State.SUBMITTED).select_related("person").by_due())


def decisions_on(kind: str, subject: str) -> dict[str, Decision]:
    """Decisions about a subject by item."""
    found = Decision.objects.filter(item__appeal__kind=kind, item__appeal__subject=subject)
    return {row.item.key: row for row in found.select_related("item__appeal", "decided_by")}


def pending_on(kind: str, subject: str) -> dict[str, Appeal]:
    """Open appeals about a subject by item."""
    items = AppealItem.objects.filter(appeal__in=Appeal.objects.about(kind, subject).open())
    return {item.key: item.appeal for item in items.select_related("appeal")}


def answers_that_hold(
    kind: str, subjects: Iterable[str] | None = None, *, until: datetime | None = None
) -> dict[tuple[str, str], str]:
    """{(subject, item): answer} of every decided item, dismissed ones too: these win over what was answered first.

    With `until`, as it stood at that moment: decisions never change, so a result computed then can be made again.
    """
    found = Decision.objects.filter(item__appeal__kind=kind)
    if until is not None:
        found = found.filter(decided_at__lte=until)
    if subjects is not None:
        found = found.filter(item__appeal__subject__in=list(subjects))
    rows = found.values_list("item__appeal__subject", "item__key", "answer")
    return {(subject, key): answer for subject, key, answer in rows}


def suspended_checks(edition: str, *, until: datetime | None = None) -> dict[str, CheckSuspension]:
    """Checks of an edition (by hash) that stopped counting because too few of their accusations are rightful."""
    found = CheckSuspension.objects.filter(edition=edition)
    if until is not None:
        found = found.filter(suspended_at__lte=until)
    return {row.check_id: row for row in found}


@dataclass(frozen=True)
class Suspended:
    """A check that stopped counting, and what its edition calls it."""

    row: CheckSuspension
    label: Mapping[str, str]


def suspensions(on: date) -> list[Suspended]:
    """All of them, the latest first."""
    rows = list(CheckSuspension.objects.all())
    editions = {digest: edition_of(digest, on) for digest in {row.edition for row in rows}}
    return [Suspended(row, _label_of(editions[row.edition], row.check_id)) for row in rows]


def _label_of(edition: Edition, check: str) -> Mapping[str, str]:
    setting = edition.checks.get(check)
    return setting.label.to_json() if setting else {"zh": check, "en": check}


@dataclass(frozen=True)
class Rate:
    """How many decided answers there were and how many did not stand, with Wilson's interval of the share.

    `kind` is told by item alone: a check's verdict and an inspector's answer may go by the same name.
    """

    key: str
    label: Mapping[str, str]
    n: int
    overturned: int
    low: float
    high: float
    kind: str = ""

    @property
    def share(self) -> float:
        return self.overturned / self.n


def overturn_rates(by: str, *, confidence: float) -> list[Rate]:
    """Overturn rates by `item`, `check` or `rater` (key "" is the machine), most overturned first."""
    column = {"item": "key", "check": "check_id", "rater": "first_rater"}[by]
    decided = AppealItem.objects.filter(decision__isnull=False)
    if by == "check":
        decided = decided.exclude(check_id="")
    hit = Count("pk", filter=Q(decision__outcome__in=OVERTURNED))
    kind = F("appeal__kind") if by == "item" else Value("")
    rows = list(
        decided.annotate(of_kind=kind)
        .values(column, "of_kind")
        .annotate(n=Count("pk"), overturned=hit, newest=Max("pk"))
        .values_list(column, "n", "overturned", "newest", "of_kind")
        .order_by()
    )
    labels = _labels(by, rows)
    low, high = wilson([row[2] for row in rows], [row[1] for row in rows], confidence)
    made = [
        Rate(key, labels.get(key, {}), n, overturned, float(low[at]), float(high[at]), of_kind)
        for at, (key, n, overturned, _newest, of_kind) in enumerate(rows)
    ]
    return sorted(made, key=lambda rate: (-rate.overturned, -rate.n, rate.key, rate.kind))


def reviewed_accusations(kind: str, accusing: str) -> list[tuple[str, str, int, int]]:
    """(edition, check, decided, overturned) of the accusations that were appealed and decided."""
    items = AppealItem.objects.filter(appeal__kind=kind, first_answer=accusing, decision__isnull=False)
    hit = Count("pk", filter=Q(decision__outcome__in=OVERTURNED))
    counted = items.exclude(check_id="").values("appeal__edition", "check_id").annotate(n=Count("pk"), overturned=hit)
    return list(counted.values_list("appeal__edition", "check_id", "n", "overturned").order_by("check_id"))


def counts_for(user: Any) -> dict[str, int]:
    """How many stand on each list of the account: own ones, those to decide, all open ones, closed ones."""
    person = getattr(user, "person", None)
    seen = Appeal.objects.visible_to(user)
    return {
        "mine": seen.filter(person=person).count(),
        "deciding": seen.filter(adjudicator=person, state__in=OPEN).count(),
        "all": seen.filter(state__in=OPEN).count(),
        "closed": seen.filter(state__in=CLOSED).count(),
    }


def reminders_of(user: Any) -> list[Reminder]:
    """What the account was reminded of and is still open, the latest stage of each appeal, what is due first on top."""
    found = Reminder.objects.filter(person=getattr(user, "person", None), appeal__state__in=OPEN)
    newest = {row.appeal_id: row for row in found.select_related("appeal").order_by("sent_at")}
    return sorted(newest.values(), key=lambda row: row.appeal.due_at)


def _labels(by: str, rows: Sequence[tuple[str, int, int, int, str]]) -> dict[str, Mapping[str, str]]:
    """What each key is called: as the newest appeal has it, or the rater's name."""
    if by == "rater":
        named = Person.objects.filter(number__in=[row[0] for row in rows]).values_list("number", "name")
        return {number: {"zh": name, "en": name} for number, name in named}
    items = AppealItem.objects.in_bulk([row[3] for row in rows])
    return {row[0]: items[row[3]].label for row in rows}


def _holding(roles: Sequence[Role], on: date) -> Any:
    return RoleGrant.objects.on(on).filter(role__in=roles).values_list("person", flat=True)
