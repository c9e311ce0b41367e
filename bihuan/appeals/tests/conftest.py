"""Fixtures of this part: the cast, a kind of appeal that knows two answers, and acts made short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bihuan.appeals import kinds
from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal
from bihuan.appeals.kinds import Choice, Item, Kind, Matter, Span
from bihuan.appeals.models import Appeal
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.kit.clock import now
from bihuan.people.models import Person, RoleGrant, User
from bihuan.people.naming import sort_key
from bihuan.people.tests.cast import JOINED, Cast, make_cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Label

CHOICES = (
    Choice("met", Label("满足", "Met"), "met"),
    Choice("violated", Label("违反", "Violated"), "bad"),
    Choice("not_applicable", Label("不适用", "Not applicable")),
)


@dataclass
class Case:
    """A subject that may be appealed, and what a test says about it."""

    person: str
    told_at: datetime
    team: str = "east"
    raters: Mapping[str, str] = field(default_factory=dict)
    title: str = "退款咨询"


@dataclass
class Cases:
    """The kind of these tests: subjects by name. `counted` are accusations by check."""

    known: dict[str, Case] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)

    def find(self, subject: str) -> Matter | None:
        case = self.known.get(subject)
        if case is None:
            return None
        items = tuple(
            Item(key, Label(zh, en), "violated", CHOICES, Label("没有问候", "No greeting"), (Span(1, 0, 2),), key, case.raters.get(key, ""))
            for key, zh, en in (("greeting", "开场问候", "Greeting"), ("empathy", "共情", "Empathy"))
        )  # fmt: skip
        edition = load_edition("recommended").hash
        return Matter(subject, case.title, case.person, case.team, case.told_at, edition, items)

    def quote(self, subject: str, span: Span) -> str | None:
        return "您好" if span.message == 1 else None

    def accusations(self, edition: str, checks: Sequence[str]) -> Mapping[str, int]:
        return {check: self.counted.get(check, 0) for check in checks}


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast with a second inspector."""
    made = make_cast()
    add_inspector(made)
    return made


def add_inspector(cast: Cast, number: str = "3002", name: str = "林芳") -> Person:
    user = User.objects.create(username=number, password="!")
    person = Person.objects.create(number=number, name=name, sort_key=sort_key(name), joined=JOINED, user=user)
    RoleGrant.objects.create(person=person, role="inspector", since=JOINED)
    cast.people[f"inspector {number}"] = person
    return person


@pytest.fixture
def cases() -> Iterator[Cases]:
    """Registered as the kind `case` for the time of a test, with one conversation of the agent told an hour ago."""
    made = Cases({"talk": Case("1001", now() - timedelta(hours=1))})
    kind = Kind(
        name="case", label="Case", find=made.find, template="appeals/_steps.html", context=lambda subject: {},
        quote=made.quote, url=lambda subject: f"/contacts/{subject}/", accusing="violated",
        accusations=made.accusations,
    )  # fmt: skip
    kinds.register(kind)
    yield made
    kinds._KINDS.pop("case")


def plea(key: str = "greeting", **said: Any) -> Plea:
    return Plea(**{"key": key, "claimed": "met", "reason": "第一句就问候了", "evidence": (Span(1),), **said})


def submitted(cast: Cast, subject: str = "talk", *pleas: Plea) -> Appeal:
    return submit_appeal(cast.user("agent"), kind="case", subject=subject, pleas=pleas or (plea(),))


def viewed(cast: Cast, appeal: Appeal, answer: str = "met") -> Appeal:
    """The blind second view given by whoever the appeal waits for."""
    answers = {item.key: Viewed(answer) for item in appeal.items.all()}
    return give_second_view(adjudicator_of(appeal), appeal=appeal, answers=answers)


def adjudicator_of(appeal: Appeal) -> User:
    appeal.refresh_from_db()
    assert appeal.adjudicator is not None
    return User.objects.get(username=appeal.adjudicator.number)


@pytest.fixture
def decided(cast: Cast, cases: Cases) -> Appeal:
    """An appeal that was upheld."""
    appeal = viewed(cast, submitted(cast))
    rulings = {item.key: Ruling(Outcome.UPHOLD, "第一条消息确有问候") for item in appeal.items.all()}
    return decide_appeal(adjudicator_of(appeal), appeal=appeal, rulings=rulings)
