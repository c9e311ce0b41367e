"""An inspector's released evaluation may be appealed item by item by who it is about: the kind `evaluation` of appeals.

Its subject is the drawn contact, so that a further version of the evaluation is the same matter: what was decided once
is not asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.appeals.kinds import VERDICT_CHOICES, Item, Kind, Matter, Span
from bihuan.appeals.models import Appeal, Decision
from bihuan.appeals.queries import Window, decisions_on, pending_on, window_of
from bihuan.appeals.wording import OUTCOMES, TONES
from bihuan.archive.scope import Scope
from bihuan.inspection.actions.versions import EVALUATION
from bihuan.inspection.desk import Desk, desk_without_answers
from bihuan.inspection.forms_of_editions import edition_of_evaluation, form_for
from bihuan.inspection.hands import hands_on
from bihuan.inspection.models import Answer, Assignment, Evaluation
from bihuan.inspection.rules.form import ASKED, ITEM, Question, questions_of
from bihuan.inspection.wording import CHANNELS, kept_topic, said, said_topic
from bihuan.people.rules.roles import Permission
from bihuan.standards.checks.personal_data import mask
from bihuan.standards.rules.edition import Label
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import CANNOT_TELL, NOT_APPLICABLE, VIOLATED

COSTS: Final = (VIOLATED, CANNOT_TELL)
"""What takes points or coverage; an item that was left out as not applicable may be worth points too."""


def find(subject: str) -> Matter | None:
    """The evaluation in force of a drawn contact, with the answers that speak against who served it."""
    evaluation = in_force_of(subject)
    return None if evaluation is None else matter_of(evaluation)


def in_force_of(subject: str) -> Evaluation | None:
    """The version that counts; None where nothing was released."""
    try:
        key = UUID(subject)
    except ValueError:
        return None
    found = Evaluation.objects.in_force().filter(assignment=key)
    return found.select_related("assignment__draw", "evaluator").defer("tree").first()


def matter_of(evaluation: Evaluation) -> Matter | None:
    """None where the edition's text is gone: no further version could be scored by it."""
    edition, work = edition_of_evaluation(evaluation), evaluation.assignment
    told_at = _told_at(evaluation)
    if edition is None or told_at is None:
        return None
    questions = questions_of(form_for(edition))
    return Matter(
        subject=str(work.pk),
        title=kept_topic(work.category, work.channel),
        person=work.person,
        team=work.team,
        told_at=told_at,
        edition=edition.hash,
        items=tuple(_items(evaluation, questions)),
    )


def raters(subject: str) -> Collection[str]:
    """Who had a hand in any answer about the conversation: none of them judges again."""
    work = Assignment.objects.filter(pk=UUID(subject)).first()
    return hands_on(work.contact_id) if work else ()


def context(subject: str) -> dict[str, Any]:
    """The conversation without anybody's answers, marks and comments, and without the agent's name."""
    desk = _desk(subject)
    return {} if desk is None else {"desk": desk, "channel": said(CHANNELS, desk.work.channel)}


def quote(subject: str, span: Span) -> str | None:
    """The words of a span, masked; None where the conversation has no such place."""
    desk = _desk(subject)
    row = next((one for one in desk.record.messages if one["seq"] == span.message), None) if desk else None
    if row is None:
        return None
    text = mask(row["text"] or "")
    if span.start is None or span.end is None:
        return text
    return text[span.start : span.end] if 0 <= span.start < span.end <= len(text) else None


def url(subject: str) -> str:
    """The page of the version in force."""
    evaluation = in_force_of(subject)
    return reverse("inspection:evaluation", args=[evaluation.pk]) if evaluation else reverse("inspection:evaluations")


EVALUATION_KIND: Final = Kind(
    name=EVALUATION,
    label=gettext_lazy("Inspector's evaluation"),
    find=find,
    template="inspection/_appeal_matter.html",
    context=context,
    quote=quote,
    url=url,
    stylesheets=("inspection/inspection.css",),
    raters=raters,
    opens=gettext_lazy("Open the evaluation"),
    says=lambda title, edition: said_topic(title),
)


@dataclass(frozen=True)
class Asked:
    """What was or may be asked about one evaluation, for its page."""

    subject: str
    window: Window | None
    decided: Mapping[str, Decision]
    pending: Mapping[str, Appeal]
    opens: frozenset[UUID]
    at: datetime
    left: frozenset[str] = frozenset()

    @property
    def may_appeal(self) -> bool:
        """The reader may appeal at least one answer now."""
        return bool(self.left) and self.window is not None and not self.pending and self.window.is_open(self.at)

    @property
    def address(self) -> str:
        return reverse("appeals:making", args=[EVALUATION, self.subject])

    @property
    def marks(self) -> dict[str, tuple[str, str, str, str]]:
        """(words, tone, address, reason) of each item that was, is or may be appealed."""
        found = {key: (_("Appeal"), "act", f"{self.address}?item={key}", "") for key in self._appealable}
        found |= {key: (_("Appeal open"), "accent", self._page(row.pk), "") for key, row in self.pending.items()}
        return found | {key: self._decided(row) for key, row in self.decided.items()}

    @property
    def _appealable(self) -> Collection[str]:
        return self.left if self.may_appeal else ()

    def _decided(self, row: Decision) -> tuple[str, str, str, str]:
        words = _("Appeal: %(outcome)s") % {"outcome": OUTCOMES[row.outcome]}
        return words, TONES[row.outcome], self._page(row.item.appeal_id), row.reason

    def _page(self, pk: UUID) -> str:
        return reverse("appeals:appeal", args=[pk]) if pk in self.opens else ""


def asked_about(evaluation: Evaluation, user: Any, at: datetime) -> Asked:
    """What the page of a released evaluation tells about appeals; the newest version alone may be appealed."""
    subject = str(evaluation.assignment_id)
    decided, pending = decisions_on(EVALUATION, subject), pending_on(EVALUATION, subject)
    keys = {row.item.appeal_id for row in decided.values()} | {row.pk for row in pending.values()}
    opens = frozenset(Appeal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    person = getattr(user, "person", None)
    mine = person is not None and evaluation.assignment.person == person.number and user.has_perm(Permission.APPEAL)
    matter = find(subject) if mine and evaluation.released_at is not None else None
    if matter is None:
        return Asked(subject, None, decided, pending, opens, at)
    window = window_of(EVALUATION, matter, at=at)
    left = frozenset(item.key for item in matter.items if item.key not in window.spent)
    newest = in_force_of(subject)
    is_newest = newest is not None and newest.pk == evaluation.pk
    return Asked(subject, window, decided, pending, opens, at, left if is_newest else frozenset())


def _told_at(evaluation: Evaluation) -> datetime | None:
    """When the person could first read these answers; what an appeal itself changed opens no new window."""
    if not hasattr(evaluation, "made_by_appeal"):
        return evaluation.released_at
    earlier = Evaluation.objects.released().filter(assignment=evaluation.assignment_id, made_by_appeal__isnull=True)
    newest = earlier.order_by("-version").first()
    return newest.released_at if newest else evaluation.released_at


def _items(evaluation: Evaluation, questions: Mapping[str, Question]) -> Iterator[Item]:
    answers = {one.item: one for one in evaluation.answers.filter(given_by=Answer.Giver.PERSON)}
    hands = _hands(evaluation)
    for key, question in questions.items():
        answer = answers.get(key)
        if (
            question.kind == ASKED
            or answer is None
            or answer.verdict not in (*COSTS, *((NOT_APPLICABLE,) if question.kind == ITEM else ()))
        ):
            continue
        spans = [Evidence.from_json(one) for one in answer.evidence]
        places = tuple(Span(one.message, one.start, one.end) for one in spans if one.message is not None)
        reason = Label(answer.reason, answer.reason)
        yield Item(key, question.label, answer.verdict, VERDICT_CHOICES, reason, places, rater=hands[key])


def _hands(evaluation: Evaluation) -> dict[str, str]:
    """Who gave each answer as it stands: the evaluator of the version that first had it so."""
    versions = Evaluation.objects.released().filter(
        assignment=evaluation.assignment_id, version__lte=evaluation.version
    )
    found: dict[str, str] = {}
    before: dict[str, str] = {}
    for one in versions.select_related("evaluator").prefetch_related("answers").defer("tree").order_by("version"):
        present = {answer.item: answer.verdict for answer in one.answers.all()}
        found |= {key: one.evaluator.number for key, word in present.items() if before.get(key) != word}
        before = present
    return found


def _desk(subject: str) -> Desk | None:
    evaluation = in_force_of(subject)
    return None if evaluation is None else desk_without_answers(evaluation.assignment, Scope.all())
