"""What was settled about people's evaluations, in the words of the machine's checks: it counts in their place (X19)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef

from bihuan.appeals.models import Decision
from bihuan.appeals.queries import answers_that_hold
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import Answer, Evaluation, Review
from bihuan.inspection.rules.form import questions_of
from bihuan.inspection.rules.truth import settled_checks
from bihuan.standards.rules.edition import Edition

EVALUATION: Final = "evaluation"
"""The kind of appeal about people's evaluations; its subject is the assignment, whatever version is in force."""
Answers = Mapping[tuple[str, str], str]


def settled_answers(edition: Edition, until: datetime) -> Answers:
    """{(contact, check): answer} by a moment: all items of an evaluation that the group looked at again (S3-13), and the
    items that an appeal decided, told by the questions of this edition.

    What was settled never changes, so it is gathered once for each further decision and remembered.
    """
    if not edition.scorecards:
        return {}
    reviews = Review.objects.filter(decided_at__lte=until).aggregate(n=Count("pk"), at=Max("decided_at"))
    appeals = Decision.objects.filter(item__appeal__kind=EVALUATION, decided_at__lte=until)
    told = appeals.aggregate(n=Count("pk"), at=Max("decided_at"))
    if not reviews["n"] and not told["n"]:
        return {}
    key = (edition.hash, *reviews.values(), *told.values())
    if key not in _remembered:
        while len(_remembered) >= REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[key] = _gathered(edition, until)
    return _remembered[key]


REMEMBERED: Final = 32
_remembered: dict[tuple[object, ...], Answers] = {}


def _gathered(edition: Edition, until: datetime) -> Answers:
    items = _looked_at_again(edition, until)
    for contact, answers in _appealed(edition, until).items():
        items.setdefault(contact, {}).update(answers)
    questions = tuple(questions_of(form_for(edition)).values())
    return {
        (contact, check): word
        for contact, answers in items.items()
        for check, word in settled_checks(questions, answers).items()
    }


def _looked_at_again(edition: Edition, until: datetime) -> dict[str, dict[str, str]]:
    looked_at = Review.objects.filter(evaluation__assignment=OuterRef("assignment"), decided_at__lte=until)
    settled = Evaluation.objects.in_force(until).filter(Exists(looked_at), edition_ref=edition.id)
    given = Answer.objects.filter(evaluation__in=settled, given_by=Answer.Giver.PERSON)
    items: dict[str, dict[str, str]] = {}
    for contact, item, word in given.values_list("evaluation__assignment__contact_id", "item", "verdict"):
        items.setdefault(contact, {})[item] = word
    return items


def _appealed(edition: Edition, until: datetime) -> dict[str, dict[str, str]]:
    decided = {(UUID(work), item): word for (work, item), word in answers_that_hold(EVALUATION, until=until).items()}
    about = Evaluation.objects.in_force(until).filter(
        edition_ref=edition.id, assignment__in={work for work, _ in decided}
    )
    contacts = dict(about.values_list("assignment_id", "assignment__contact_id"))
    items: dict[str, dict[str, str]] = {}
    for (work, item), word in decided.items():
        if work in contacts:
            items.setdefault(contacts[work], {})[item] = word
    return items
