"""What the page of one appeal shows to whom: nobody who owes a blind view is shown an answer before it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from bihuan.appeals.kinds import Kind, Span, kind_named
from bihuan.appeals.models import Appeal, AppealItem, Decision, SecondView
from bihuan.appeals.queries import candidates, parties_of
from bihuan.appeals.rules import State, objection
from bihuan.appeals.wording import OUTCOMES, STATES, TONES, said
from bihuan.kit.clock import to_us
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.standards.rules.verdict import VERDICTS

_UNKNOWN: Final[Mapping[str, Any]] = {"label": {}, "tone": "idle"}


@dataclass(frozen=True)
class Answer:
    """An answer as it is drawn; one of the four verdicts has its own mark."""

    code: str
    word: str
    tone: str

    @property
    def is_verdict(self) -> bool:
        return self.code in VERDICTS


def answer_of(choices: Sequence[Mapping[str, Any]], code: str) -> Answer:
    """The answer of this code; its code as word where the choices no longer know it."""
    found = next((choice for choice in choices if choice["code"] == code), {**_UNKNOWN, "code": code})
    return Answer(code, said(found["label"]) or code, "" if found["tone"] == "idle" else found["tone"])


@dataclass(frozen=True)
class Quote:
    """Words a side points to, masked."""

    message: int
    text: str


@dataclass(frozen=True)
class ItemLine:
    """One appealed item with everything known about it; what must stay hidden is not in here."""

    item: AppealItem
    number: int
    choices: Sequence[Answer]
    first: Answer | None = None
    first_quotes: Sequence[Quote] = ()
    claimed: Answer | None = None
    quotes: Sequence[Quote] = ()
    second: SecondView | None = None
    second_answer: Answer | None = None
    decision: Decision | None = None
    holds: Answer | None = None

    @property
    def label(self) -> str:
        return said(self.item.label)

    @property
    def first_reason(self) -> str:
        return said(self.item.first_reason)

    @property
    def outcome(self) -> str:
        return str(OUTCOMES[self.decision.outcome]) if self.decision else ""

    @property
    def outcome_tone(self) -> str:
        return TONES[self.decision.outcome] if self.decision else ""

    @property
    def others(self) -> list[Answer]:
        """What an amendment may choose from."""
        taken = {self.item.first_answer, self.item.claimed}
        return [choice for choice in self.choices if choice.code not in taken]


@dataclass(frozen=True)
class Step:
    """A stage of the appeal: when it was reached, None for what is still to come."""

    word: str
    at: datetime | None
    current: bool = False


@dataclass(frozen=True)
class AppealPage:
    """One appeal as `user` may see it at a moment."""

    appeal: Appeal
    user: Any
    at: datetime

    @property
    def kind(self) -> Kind:
        return kind_named(self.appeal.kind)

    @cached_property
    def person(self) -> Person | None:
        return getattr(self.user, "person", None)

    @property
    def is_mine(self) -> bool:
        return self.person is not None and self.appeal.person_id == self.person.pk

    @property
    def is_adjudicator(self) -> bool:
        return self.person is not None and self.appeal.adjudicator_id == self.person.pk

    @property
    def owes_view(self) -> bool:
        return self.is_adjudicator and self.appeal.state == State.SUBMITTED

    @property
    def owes_decision(self) -> bool:
        return self.is_adjudicator and self.appeal.state == State.VIEWED

    @property
    def may_open(self) -> bool:
        """The page of what is appealed shows the first answers, and is there for who may see it."""
        return not self.owes_view and (self.is_mine or self.user.has_perm(Permission.SEE_ALL_CONTACTS))

    @property
    def may_withdraw(self) -> bool:
        return self.is_mine and self.appeal.is_open

    @property
    def may_assign(self) -> bool:
        return self.appeal.is_open and not self.is_mine and self.user.has_perm(Permission.OVERSEE_APPEALS)

    @property
    def url(self) -> str:
        """The page of what is appealed."""
        return self.kind.url(self.appeal.subject)

    @property
    def state(self) -> str:
        return str(STATES[self.appeal.state])

    @property
    def left_us(self) -> int:
        return to_us(self.appeal.due_at) - to_us(self.at)

    @property
    def near_us(self) -> int:
        return to_us(self.appeal.due_at) - to_us(self.appeal.remind_at)

    @cached_property
    def matter(self) -> Mapping[str, Any]:
        """What the kind's own template needs."""
        return self.kind.context(self.appeal.subject)

    @cached_property
    def lines(self) -> list[ItemLine]:
        items = self.appeal.items.select_related("decision__decided_by").prefetch_related("second_views__given_by")
        return [self._line(number, item) for number, item in enumerate(items, 1)]

    @property
    def steps(self) -> list[Step]:
        closed, viewed = self.appeal.closed_at, self._viewed_at
        ends = {State.WITHDRAWN: _("Withdrawn"), State.LAPSED: _("Ended without decision")}
        end = ends.get(State(self.appeal.state), _("Decision"))
        return [
            Step(_("Submitted"), self.appeal.submitted_at),
            Step(_("Second view"), viewed, self.appeal.state == State.SUBMITTED),
            Step(end, closed, self.appeal.state == State.VIEWED),
        ]

    @property
    def possible_adjudicators(self) -> list[Person]:
        """Whom an overseer may hand the appeal to: independent, and not already the one."""
        on = self.at.date()
        parties = parties_of(self.appeal, on)
        free = [one.number for one in candidates(on) if not objection(one, parties)]
        people = Person.objects.filter(number__in=free).exclude(adjudications=self.appeal)
        return list(people.exclude(user=self.user).by_name())

    @cached_property
    def _viewed_at(self) -> datetime | None:
        return max((line.second.given_at for line in self.lines if line.second is not None), default=None)

    def _line(self, number: int, item: AppealItem) -> ItemLine:
        choices = [answer_of(item.choices, choice["code"]) for choice in item.choices]
        if self.owes_view:
            return ItemLine(item, number, choices)
        second = next(
            (view for view in item.second_views.all() if view.given_by_id == self.appeal.adjudicator_id), None
        )
        if self.appeal.is_open and not self.is_adjudicator:
            second = None
        decision = getattr(item, "decision", None)
        return ItemLine(
            item,
            number,
            choices,
            first=answer_of(item.choices, item.first_answer),
            first_quotes=self._quotes(item.first_evidence),
            claimed=answer_of(item.choices, item.claimed),
            quotes=self._quotes(item.evidence),
            second=second,
            second_answer=answer_of(item.choices, second.answer) if second else None,
            decision=decision,
            holds=answer_of(item.choices, decision.answer) if decision else None,
        )

    def _quotes(self, spans: Sequence[Mapping[str, Any]]) -> list[Quote]:
        told = [(span["message"], self.kind.quote(self.appeal.subject, Span.from_json(span))) for span in spans]
        return [Quote(message, text) for message, text in told if text]
