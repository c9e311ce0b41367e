"""The evaluation form of an edition: which questions a person answers, and when the answers are whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bihuan.standards.rules.edition import Asked, Dimension, Edition, Item, Label
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED, Verdict

COMPLIANCE: Final = "compliance"
ASKED: Final = "asked"
FATAL, DEDUCTION, ITEM = "fatal", "deduction", "item"


@dataclass(frozen=True)
class Question:
    """One line of the form. `checks` are what the machine looks at for it; `points` of the form, or taken off.

    `by_record`: decided by logged times alone, which nobody need judge again.
    """

    id: str
    kind: str
    label: Label
    source: str
    checks: tuple[str, ...]
    points: Decimal | None = None
    by_record: bool = False


@dataclass(frozen=True)
class Section:
    """Questions under one heading; `weight` in percent, None for what zeroes or deducts."""

    id: str
    label: Label
    questions: tuple[Question, ...]
    weight: Decimal | None = None


@dataclass(frozen=True)
class Given:
    """An answer as it stands in a draft."""

    verdict: str
    reason: str = ""


COMPLIANCE_LABEL: Final = Label("合规", "Compliance")
ASKED_LABEL: Final = Label("另行统计", "Told apart")


def form_of(edition: Edition, *, timed: Collection[str], scorecard: str | None = None) -> tuple[Section, ...]:
    """Compliance first, then the dimensions that are scored per contact (X6), last what is asked beside the score (S2-6).
    `timed`: checks that only read times."""
    card = edition.scorecard(scorecard)
    compliance = (
        *(_check(edition, entry.check, FATAL, None, entry.source) for entry in card.fatal),
        *(_check(edition, entry.check, DEDUCTION, -entry.points.value, "") for entry in card.deductions),
    )
    of_contacts = [dimension for dimension in card.dimensions if dimension.per == "contact"]
    first = (Section(COMPLIANCE, COMPLIANCE_LABEL, compliance),) if compliance else ()
    last = (Section(ASKED, ASKED_LABEL, tuple(_asked(one) for one in card.asks)),) if card.asks else ()
    return (*first, *(_dimension(dimension, timed) for dimension in of_contacts), *last)


def questions_of(form: Sequence[Section]) -> dict[str, Question]:
    """Every question by its id, in the order of the form."""
    return {question.id: question for section in form for question in section.questions}


def alike(form: Sequence[Section]) -> dict[str, frozenset[str]]:
    """{question: the other questions people answer for which the machine looks at one of the same checks}.

    What the machine says to one of them tells part of what it says to the others.
    """
    asked = [one for one in questions_of(form).values() if not one.by_record]
    return {
        one.id: frozenset(other.id for other in asked if other.id != one.id and set(other.checks) & set(one.checks))
        for one in asked
    }


def machine_answer(question: Question, verdicts: Mapping[str, Verdict]) -> Verdict | None:
    """What the machine's verdicts say to a question: the gravest of its checks; None where it looks at none.

    One violated check violates; a check that cannot tell leaves the whole open; what is not applicable says nothing.
    """
    found = [verdicts[check] for check in question.checks if check in verdicts]
    if not found:
        return None
    for word in (VIOLATED, CANNOT_TELL, MET, NOT_APPLICABLE):
        fitting = [verdict for verdict in found if verdict.verdict == word]
        if fitting:
            evidence = tuple(span for verdict in fitting for span in verdict.evidence)
            return Verdict(word, fitting[0].reason, evidence)
    return None


def needs_reason(verdict: str) -> bool:
    """N/A and violated are never given without words: one takes points out of the form, the other off the agent."""
    return verdict in (NOT_APPLICABLE, VIOLATED)


def missing(form: Sequence[Section], answers: Mapping[str, Given]) -> list[str]:
    """Ids of the questions that still need an answer, or the reason for it; empty: may be submitted."""
    return [
        question.id
        for question in questions_of(form).values()
        if not question.by_record and not _is_whole(answers.get(question.id))
    ]


def _is_whole(given: Given | None) -> bool:
    return given is not None and (bool(given.reason.strip()) or not needs_reason(given.verdict))


def _check(edition: Edition, check: str, kind: str, points: Decimal | None, source: str) -> Question:
    setting = edition.checks[check]
    return Question(check, kind, setting.label, source or setting.source, (check,), points)


def _asked(one: Asked) -> Question:
    return Question(one.id, ASKED, one.label, one.source, ())


def _dimension(dimension: Dimension, timed: Collection[str]) -> Section:
    questions = tuple(_item(item, timed) for item in dimension.items)
    return Section(dimension.id, dimension.label, questions, dimension.weight.value)


def _item(item: Item, timed: Collection[str]) -> Question:
    checks = tuple(feed.check for feed in item.feeds)
    by_record = bool(checks) and all(check in timed for check in checks)
    return Question(item.id, ITEM, item.label, item.points.source, checks, item.points.value, by_record)
