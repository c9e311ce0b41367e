"""What the pages of the weekly re-evaluation show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.scope import Scope
from bihuan.inspection.desk import Desk, Row, open_desk
from bihuan.inspection.models import Opinion, Review
from bihuan.inspection.rules.review import majority
from bihuan.inspection.sampling.plans import sampling_number
from bihuan.inspection.wording import OUTCOMES, REASONS, said, subject_of
from bihuan.people.models import Person
from bihuan.people.rules.roles import Permission
from bihuan.ui.paging import Page
from bihuan.ui.tables import Column, Sorting, Table

REVIEWS: Final = (
    Column("subject", gettext_lazy("Topic"), get=lambda one: subject_of(one.evaluation.assignment), url=lambda one: review_url(one)),
    Column("week", gettext_lazy("Week from"), "day"),
    Column("reasons", gettext_lazy("Why again"), get=lambda one: " · ".join(said(REASONS, key) for key in one.reasons)),
    Column(
        "first", gettext_lazy("First score"), "number", decimals=2,
        get=lambda one: None if one.is_blind else one.evaluation.total,
        reason=lambda one: _("Hidden until your own answer is given") if one.is_blind else "",
    ),
    Column("opinions", gettext_lazy("Opinions"), "number", get=lambda one: len(one.opinions.all())),
    Column("outcome", gettext_lazy("Outcome"), get=lambda one: said(OUTCOMES, one.outcome or "open")),
    Column("after", gettext_lazy("Score after"), "number", get=lambda one: one.result.total if one.result else None, decimals=2),
)  # fmt: skip


def review_url(review: Review) -> str:
    return reverse("inspection:review", args=[review.pk])


def reviews_table(shown: str, query: Mapping[str, str], person: Person) -> Table:
    """Re-evaluations that are open, or decided, newest week first; first scores once `person` has given an opinion."""
    rows = Review.objects.decided() if shown == "decided" else Review.objects.open()
    page = Page.from_query(query, rows.count())
    found = rows.in_order().select_related("evaluation__assignment", "result").prefetch_related("opinions")
    listed = list(found[page.offset : page.offset + page.per_page])
    for one in listed:
        one.is_blind = _asks(one, person)
    return Table(
        REVIEWS, listed, Sorting(), query, page, row_url=review_url,
        empty_title=_("No re-evaluation here"),
        empty_advice=_("Every week disputed evaluations, those of agents with many complaints, and full marks come here."),
    )  # fmt: skip


def _asks(review: Review, person: Person) -> bool:
    """Whether this person's own opinion is still awaited: all but who evaluated first or is evaluated owe one."""
    evaluation = review.evaluation
    is_barred = evaluation.evaluator_id == person.pk or evaluation.assignment.person == person.number
    return not (review.is_decided or is_barred or any(one.rater_id == person.pk for one in review.opinions.all()))


@dataclass(frozen=True)
class Line:
    """One question before the group: everybody's answers, and what most of them say."""

    row: Row
    opinions: Sequence[tuple[str, str, str]]  # rater, verdict, reason
    decided: str
    chosen: str = ""
    reason: str = ""

    @property
    def split(self) -> bool:
        """Whether the raters and the first answer are not of one mind."""
        first = self.row.answer.verdict if self.row.answer else ""
        return len({first, *(verdict for _, verdict, _ in self.opinions)}) > 1


@dataclass(frozen=True)
class Session:
    """A re-evaluation as one member of the group may see it: others' answers only after one's own (`given`)."""

    review: Review
    desk: Desk
    person: Person
    entered: Mapping[str, tuple[str, str]]
    leads: bool = False

    @cached_property
    def opinions(self) -> list[Opinion]:
        return list(self.review.opinions.select_related("rater"))

    @property
    def given(self) -> bool:
        return any(one.rater_id == self.person.pk for one in self.opinions)

    @property
    def barred(self) -> bool:
        """Who evaluated first, or is evaluated, takes no part."""
        evaluation = self.review.evaluation
        return evaluation.evaluator_id == self.person.pk or evaluation.assignment.person == self.person.number

    @property
    def asks(self) -> bool:
        """Whether this member's own opinion is still awaited."""
        return not (self.review.is_decided or self.given or self.barred)

    @property
    def least(self) -> int:
        return sampling_number(self.desk.edition, "review_raters").whole

    @property
    def may_decide(self) -> bool:
        return self.leads and self.given and not self.review.is_decided and len(self.opinions) >= self.least

    @cached_property
    def parts(self) -> list[tuple[Any, list[Line]]]:
        """(section, lines) of what people answer."""
        asked = [(part, [row for row in part.rows if not row.question.by_record]) for part in self.desk.parts]
        return [(part, [self._line(row) for row in rows]) for part, rows in asked if rows]

    def _line(self, row: Row) -> Line:
        key = row.question.id
        told = [(one.rater.name, *one.answers[key]) for one in self.opinions if key in one.answers]
        first = row.answer.verdict if row.answer else ""
        kept = self.review.result.answers.filter(item=key).first() if self.review.result else None
        decided = kept.verdict if kept else majority(first, [verdict for _, verdict, _ in told])
        chosen, reason = self.entered.get(key, ("", ""))
        return Line(row, told, decided, chosen, reason)


def session_of(user: Any, review: Review, person: Person, entered: Mapping[str, tuple[str, str]]) -> Session | None:
    """The session for a member of the group; the re-evaluation itself opens the conversation to them, masked and blind."""
    desk = open_desk(
        user, review.evaluation.assignment, review.evaluation, blind=not review.is_decided, scope=Scope.all()
    )
    if desk is None:
        return None
    session = Session(review, desk, person, entered, user.has_perm(Permission.LEAD_REVIEWS))
    return replace(session, desk=replace(desk, bare=True)) if session.asks else session
