"""Carrying out a roster: good rows land, bad rows come back with their reason, the same file twice is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bihuan.journal.actions import record
from bihuan.kit.errors import Refusal
from bihuan.kit.ids import content_id
from bihuan.people.actions.keys import settle_key
from bihuan.people.actions.rights import grant_role
from bihuan.people.actions.staff import assign_post, hire_person, leave, move_person, rename_person, set_class
from bihuan.people.actions.teams import lead_team, open_team
from bihuan.people.authority import Actor, require
from bihuan.people.models import ClassHolding, Leadership, Membership, Person, PostHolding, RoleGrant, StaffKey, Team
from bihuan.people.roster_files import read_rows
from bihuan.people.rules.roles import Permission, Role
from bihuan.people.rules.roster import RosterRow, RowIssue, read_head, read_row


@dataclass
class RosterOutcome:
    """What an import did (or, dry, would do): staff numbers added and changed, rows unchanged, issues, new teams."""

    dry: bool
    rows: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    teams: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    issues: list[RowIssue] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows did not land; one row may have several issues."""
        return len({issue.line for issue in self.issues})

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"rejected": self.rejected}


def import_roster(
    actor: Actor,
    *,
    data: bytes,
    on: date,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> RosterOutcome:
    """Read a file and carry it out. `on` is when changes of people already here take effect, unless a row says so.

    Raises InputError where the file is no roster. `progress` gets rows done and rows in all.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    cells = read_rows(data)
    head = read_head(cells[0])
    outcome = RosterOutcome(dry=dry_run, ignored=list(head.unknown), issues=list(head.issues))
    if head.issues:
        return outcome
    with transaction.atomic():
        seen: set[str] = set()
        for line, row in enumerate(cells[1:], start=2):
            if any(cell.strip() for cell in row):
                _take(actor, outcome, read_row(head, row, line), seen, on)
            if progress:
                progress(line - 1, len(cells) - 1)
        if dry_run:
            transaction.set_rollback(True)
        elif outcome.added or outcome.changed:
            counts = {"added": len(outcome.added), "changed": len(outcome.changed), "rejected": outcome.rejected}
            record(actor=actor, verb="people_roster.imported", subject="roster", data=counts)
    return outcome


def _take(actor: Actor, outcome: RosterOutcome, row: RosterRow | list[RowIssue], seen: set[str], on: date) -> None:
    """One row, whole or not at all."""
    outcome.rows += 1
    if isinstance(row, list):
        outcome.issues += row
        return
    if row.number in seen:
        outcome.issues.append(RowIssue(row.line, "", "number_twice", row.number))
        return
    seen.add(row.number)
    try:
        with transaction.atomic():
            landing = _Landing(actor, row, on)
            word = landing.land()
    except Refusal as refusal:
        outcome.issues.append(RowIssue(row.line, "", "refused", gettext(refusal.message) % refusal.params))
        return
    outcome.teams += landing.teams
    if word == "unchanged":
        outcome.unchanged += 1
    else:
        (outcome.added if word == "added" else outcome.changed).append(row.number)


class JoinedMissing(Refusal):
    """A new person needs the day of joining."""

    message = _("The day of joining is missing.")


class _Landing:
    """One row against what the house knows of that person; counts what it changed."""

    def __init__(self, actor: Actor, row: RosterRow, on: date) -> None:
        self.actor, self.row, self.on = actor, row, on
        self.changes = 0
        self.teams: list[str] = []

    def land(self) -> str:
        """`added`, `changed` or `unchanged`."""
        person = Person.objects.filter(number=self.row.number).first()
        added = person is None
        person = self._hire() if person is None else self._adapt(person)
        self._lead(person)
        self._grant(person)
        self._settle(person)
        if self.row.left is not None and person.left != self.row.left:
            leave(self.actor, person=person, on=self.row.left)
            self.changes += 1
        return "added" if added else "changed" if self.changes else "unchanged"

    def _hire(self) -> Person:
        row = self.row
        if row.joined is None:
            raise JoinedMissing
        return hire_person(
            self.actor,
            number=row.number,
            name=row.name,
            joined=row.joined,
            team=self._team(row.team) if row.team else None,
            post=row.post,
            step=row.step,
            agent_class=row.agent_class or "new",
            roles=row.roles or (Role.AGENT,),
        )

    def _adapt(self, person: Person) -> Person:
        row, day = self.row, self._day(person)
        if row.name != person.name:
            rename_person(self.actor, person=person, name=row.name)
            self.changes += 1
        if person.left is not None:
            return person
        team = self._team(row.team) if row.team else None
        if team and not Membership.objects.on(day).filter(person=person, team=team).exists():
            move_person(self.actor, person=person, team=team, on=day)
            self.changes += 1
        post = PostHolding.objects.on(day).filter(person=person, post=row.post)
        if row.post and not (post.filter(step=row.step) if row.step else post).exists():
            assign_post(self.actor, person=person, post=row.post, step=row.step, on=day)
            self.changes += 1
        held = ClassHolding.objects.on(day).filter(person=person, agent_class=row.agent_class)
        if row.agent_class and not held.exists():
            set_class(self.actor, person=person, agent_class=row.agent_class, on=day)
            self.changes += 1
        return person

    def _lead(self, person: Person) -> None:
        day = self._day(person)
        for name in self.row.leads if person.left is None else ():
            team = self._team(name)
            if not Leadership.objects.touching(day, None).filter(person=person, team=team).exists():
                lead_team(self.actor, person=person, team=team, since=day)
                self.changes += 1

    def _grant(self, person: Person) -> None:
        day = self._day(person)
        for role in self.row.roles if person.left is None else ():
            if not RoleGrant.objects.touching(day, None).filter(person=person, role=role).exists():
                grant_role(self.actor, person=person, role=role, since=day)
                self.changes += 1

    def _settle(self, person: Person) -> None:
        for source, key in self.row.keys:
            if not StaffKey.objects.filter(person=person, source=source, key=key).exists():
                settle_key(self.actor, source=source, key=key, person=person)
                self.changes += 1

    def _day(self, person: Person) -> date:
        """When the row's changes take effect: its own day, else the import's, never before joining."""
        return max(self.row.effective or self.on, person.joined)

    def _team(self, name: str) -> Team:
        """The team of that name or key; a roster may name one that is new."""
        team = Team.objects.filter(name=name).first() or Team.objects.filter(key=name).first()
        if team is None:
            team = open_team(self.actor, key=slugify(name, allow_unicode=True)[:40] or content_id(name)[:8], name=name)
            self.teams.append(name)
        return team
