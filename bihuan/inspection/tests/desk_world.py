"""A day of thirty chats, two agents, two inspectors: what the tests of the desk stand on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from bihuan.archive.tests.record_world import World, chat, contact, course
from bihuan.inspection.actions import answer_item, claim_assignment, draw_sample
from bihuan.inspection.forms_of_editions import edition_named, form_for
from bihuan.inspection.models import Assignment, Draw, Evaluation
from bihuan.inspection.rules.form import questions_of
from bihuan.people.models import Person, RoleGrant, User
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.standards.choosing import edition_in_use

DAY = date(2026, 7, 1)
SYSTEM = "system:test"
TEXTS = (
    "我的订单还没到",
    "您好，我是工号1001，请稍等",
    "😀已经为您催促物流",
    "请问还有其他可以帮您吗？感谢您的来电，再见",
)


def lived_day(root: Path, contacts: int = 30) -> World:
    """Thirty chats of one day, served in turn by 1001 and 1002."""
    world = World(root)
    rows: dict[str, list[dict]] = {"contacts": [], "messages": [], "events": []}
    for at in range(contacts):
        key, agent, start = f"c{at:02d}", ("1001", "1002")[at % 2], at * 600
        words = chat(
            ("customer", start),
            (agent, start + 5),
            (agent, start + 60),
            (agent, start + 70),
            contact_id=key,
            kind="text",
        )
        rows["messages"] += [
            row | {"text": text.replace("1001", agent)} for row, text in zip(words, TEXTS, strict=True)
        ]
        rows["contacts"].append(contact(key, start, start + 90, outcome="solved", customer_key=key, category="refund"))
        rows["events"] += course(("accepted", start + 1, agent), ("closed", start + 90, agent), contact_id=key)
    world.tell(**rows)
    world.staff(*({"agent_key": one, "person": one, "name": one, "team": "east"} for one in ("1001", "1002")))
    world.refresh()
    return world


def second_inspector(cast: Cast) -> User:
    """The trainer inspects too."""
    RoleGrant.objects.create(person=cast.people["trainer"], role="inspector", since=JOINED)
    return cast.user("trainer")


def drawn(day: date = DAY) -> Draw:
    return draw_sample(SYSTEM, day=day)


def mine(user: User) -> Assignment:
    """An open piece of this account's work, taken from the pool if need be."""
    person = Person.objects.get(user=user)
    found = Assignment.objects.open().held_by(person).first()
    return found or claim_assignment(user, assignment=Assignment.objects.in_pool().first())


def answer_all(user: User, work: Assignment, *, violated: Iterable[str] = (), na: Iterable[str] = ()) -> Evaluation:
    """Every question met, but for the named ones."""
    edition = edition_in_use(work.day)
    for question in questions_of(form_for(edition_named(edition.hash, edition.id))).values():
        if not question.by_record:
            word = "violated" if question.id in violated else ("not_applicable" if question.id in na else "met")
            reason = "" if word == "met" else "见对话"
            answer_item(user, assignment=work, item=question.id, verdict=word, reason=reason, seconds=0)
    return work.evaluations.get(submitted_at=None)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def this_week() -> date:
    """The Monday of the week in which a test releases what it releases."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
