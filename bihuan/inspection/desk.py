"""Everything the evaluation desk and the page of an evaluation show of one conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.archive.reader import ContactRecord, Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import open_archive
from bihuan.inspection.filed import filed_of
from bihuan.inspection.forms_of_editions import edition_for, edition_of_evaluation, form_for, machine_verdicts
from bihuan.inspection.models import Answer, Assignment, Evaluation, Sighting
from bihuan.inspection.places import FIRST_RESPONSE, RESOLUTION, Place, moment_place, place_of
from bihuan.inspection.rules.form import (
    Given,
    Question,
    Section,
    alike,
    machine_answer,
    missing,
    needs_reason,
    questions_of,
)
from bihuan.inspection.sampling.plans import is_blind
from bihuan.inspection.transcript import (
    Line,
    Mark,
    Sight,
    event_clock,
    event_words,
    lines_at,
    lines_of,
    marks_of,
    places_changed,
)
from bihuan.people.models import Person
from bihuan.people.queries import scope_of
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import Verdict
from bihuan.ui.values import language


@dataclass(frozen=True)
class Row:
    """A question of the form with what was answered. `machine` is None while it is hidden or has nothing to say.

    `waits_for` names the questions to answer as well before it shows: one look of the machine speaks to all of them.
    """

    question: Question
    answer: Answer | None
    machine: Verdict | None
    hidden: bool
    waits_for: Sequence[str] = ()

    @property
    def label(self) -> str:
        return self.question.label.said(language()) or self.question.id

    @property
    def wants_reason(self) -> bool:
        """Answered, but not whole without words."""
        return self.answer is not None and needs_reason(self.answer.verdict) and not self.answer.reason

    @property
    def agreed(self) -> bool | None:
        """Whether person and machine say the same; None where one of them says nothing."""
        if self.answer is None or self.machine is None or self.question.by_record:
            return None
        return self.answer.verdict == self.machine.verdict

    @property
    def spans(self) -> list[Evidence]:
        return [Evidence.from_json(span) for span in self.answer.evidence] if self.answer else []

    @property
    def machine_places(self) -> list[Evidence]:
        """Messages and events the machine's answer rests on, each once."""
        found = self.machine.evidence if self.machine else ()
        placed = {place_of(span): span for span in found if (span.message, span.event) != (None, None)}
        return [placed[place] for place in sorted(placed)]

    @property
    def cost(self) -> str:
        """What the question is worth, in words."""
        if self.question.kind == "fatal":
            return _("zeroes the form")
        if self.question.kind == "asked":
            return _("in no score")
        points = self.question.points or Decimal(0)
        return _("%(points)s points") % {"points": f"{points.normalize():f}".replace("-", "−")}


@dataclass(frozen=True)
class Part:
    """A section of the form with its rows."""

    section: Section
    rows: Sequence[Row]

    @property
    def label(self) -> str:
        return self.section.label.said(language())

    @property
    def answered(self) -> int:
        return sum(row.answer is not None for row in self.rows if not row.question.by_record)

    @property
    def asked(self) -> int:
        return sum(not row.question.by_record for row in self.rows)

    @property
    def weight(self) -> str:
        return "" if self.section.weight is None else f"{self.section.weight.normalize():f} %"


@dataclass(frozen=True)
class Desk:
    """One drawn conversation as somebody may see it, with one evaluation of it (None before the first answer)."""

    work: Assignment
    evaluation: Evaluation | None
    record: ContactRecord
    reader: Reader
    blind_to_person: bool = True
    bare: bool = False  # without anybody's marks and comments

    @cached_property
    def edition(self) -> Edition:
        """The edition evaluated by; where its text is gone, the one in use lends its words (`edition_gone`)."""
        own = edition_of_evaluation(self.evaluation) if self.evaluation else None
        return own or edition_for(self.work)

    @property
    def edition_gone(self) -> bool:
        """The text evaluated by was never published and has changed since; score and answers stand as they were kept."""
        return self.evaluation is not None and self.evaluation.edition_hash != self.edition.hash

    @property
    def drawn_by_gone(self) -> bool:
        """The text the conversation was drawn and judged by has changed since; the form is that of the edition in use."""
        return self.work.draw.edition_hash != self.edition.hash

    @cached_property
    def form(self) -> tuple[Section, ...]:
        return form_for(self.edition)

    @cached_property
    def filed(self) -> Sequence[tuple[str, str]]:
        """What was filed about the conversation, field by field; an empty value where nothing was."""
        return filed_of(self.record.contact)

    @property
    def blind(self) -> bool:
        """Whether machine answers stay hidden until the person has answered."""
        is_open = self.evaluation is None or self.evaluation.submitted_at is None
        return is_blind(self.edition) if is_open or self.evaluation is None else self.evaluation.blind

    @cached_property
    def was_seen(self) -> bool:
        """Whether whoever evaluates had seen the machine's answers before the plan hid them: it does not count as blind."""
        if self.evaluation is None:
            return is_blind(self.edition) and Sighting.exists_of(self.work.holder, self.work.contact_id)
        return is_blind(self.edition) and not self.evaluation.blind

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return {one.item: one for one in self.evaluation.answers.all()} if self.evaluation else {}

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        return machine_verdicts(self.reader, self._judged_by, self.work.contact_id)

    @property
    def _judged_by(self) -> str:
        return self.evaluation.edition_hash if self.evaluation else self.edition.hash

    @cached_property
    def parts(self) -> list[Part]:
        return [Part(section, [self.row(question) for question in section.questions]) for section in self.form]

    def row(self, question: Question) -> Row:
        answer = self.answers.get(question.id)
        finished = self.evaluation is not None and self.evaluation.submitted_at is not None
        if not self.blind or finished or question.by_record:
            return Row(question, answer, machine_answer(question, self.verdicts), hidden=False)
        others = [key for key in questions_of(self.form) if key in self._alike[question.id] - self.answers.keys()]
        if answer is None or others:
            labels = [questions_of(self.form)[key].label.said(language()) or key for key in others]
            return Row(question, answer, None, hidden=True, waits_for=labels)
        return Row(question, answer, machine_answer(question, self.verdicts), hidden=False)

    @cached_property
    def _alike(self) -> dict[str, frozenset[str]]:
        return alike(self.form)

    def rows_beside(self, item: str) -> list[Row]:
        """Questions answered before whose machine's answer this one's answer brings to light."""
        beside = self._alike.get(item, frozenset())
        return [row for row in self.rows if row.question.id in beside and row.answer is not None and not row.hidden]

    def address(self, name: str, *more: int) -> str:
        """Where the page saves answers, moments and comments of this conversation."""
        return reverse(f"inspection:{name}", args=[self.work.pk, *more])

    def row_of(self, item: str) -> Row:
        return self.row(questions_of(self.form)[item])

    @cached_property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]

    @property
    def missing(self) -> list[str]:
        return missing(self.form, {key: Given(one.verdict, one.reason) for key, one in self.answers.items()})

    @property
    def asked(self) -> int:
        return sum(part.asked for part in self.parts)

    @property
    def answered(self) -> int:
        return self.asked - len(self.missing)

    @property
    def revision(self) -> int:
        return self.evaluation.revision if self.evaluation else 0

    @property
    def agreement(self) -> tuple[int, int]:
        """(items where person and machine agree, items both answered)."""
        told = [row.agreed for row in self.rows if row.agreed is not None]
        return sum(told), len(told)

    @cached_property
    def comments(self) -> list[Any]:
        return list(self.evaluation.comments.all()) if self.evaluation else []

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.record, self.sight)

    def lines_since(self, before: Sight) -> list[Line]:
        """Those that look different by now: of a long conversation a save sends no more."""
        return lines_at(self.record, self.sight, places_changed(before, self.sight))

    @cached_property
    def person(self) -> Person | None:
        return Person.objects.filter(number=self.work.person).first()

    @cached_property
    def sight(self) -> Sight:
        """What is marked and hidden on the conversation."""
        comments: dict[Place, list[Any]] = {}
        for one in () if self.bare else self.comments:
            comments.setdefault(place_of(one), []).append(one)
        named = None if self.bare else self.evaluation
        return Sight(
            marks={} if self.bare else self._marks(),
            comments=comments,
            hidden=self._hidden() if self.blind_to_person else (),
            agent="" if self.blind_to_person else (self.person.name if self.person else self.work.person),
            first_response=moment_place(named, FIRST_RESPONSE),
            resolution=moment_place(named, RESOLUTION),
        )

    def _marks(self) -> dict[Place, list[Mark]]:
        found: dict[Place, list[Mark]] = {}
        for row in (one for one in self.rows if not one.question.by_record):
            spans = [*marks_of(row.question.id, "", row.spans, mine=True)]
            if row.machine is not None:
                spans += marks_of(row.question.id, row.machine.verdict, row.machine.evidence, mine=False)
            for place, one in spans:
                found.setdefault(place, []).append(one)
        return found

    def where(self, span: Any) -> str:
        """A place in words: a stretch of a message by its number, an event by its time and what it was."""
        if span.message is not None:
            return f"#{span.message}" if span.start is None else f"#{span.message} · {span.start}–{span.end}"
        row = next((one for one in self.record.events if one["seq"] == span.event), None)
        return " ".join((event_clock(row), event_words(row))).strip() if row else ""

    def _hidden(self) -> list[str]:
        """The agent's number and name, and the given name alone where it is long enough to mean nobody else."""
        keys = {row["agent_key"] for row in self.record.rollup if row["agent_key"]} | {self.work.person}
        name = self.person.name if self.person else ""
        given = [name[1:]] if len(name) > 2 else []
        return sorted((word for word in (*keys, name, *given) if len(word) > 1), key=len, reverse=True)


def open_desk(
    user: Any, work: Assignment, evaluation: Evaluation | None, *, blind: bool = True, scope: Scope | None = None
) -> Desk | None:
    """The desk for an account; None where it may not see the conversation, or the record lost it.

    `scope` stands in for the account's own where a duty opens this one conversation to it.
    """
    archive = open_archive()
    reader = Reader(archive, archive.head(), scope_of(user) if scope is None else scope)
    record = reader.contact(work.contact_id)
    return None if record is None else Desk(work, evaluation, record, reader, blind)


def desk_without_answers(work: Assignment, scope: Scope) -> Desk | None:
    """The conversation alone, as somebody reads it who shall judge anew: nobody's answers, no name of the agent."""
    archive = open_archive()
    reader = Reader(archive, archive.head(), scope)
    record = reader.contact(work.contact_id)
    return None if record is None else Desk(work, None, record, reader, bare=True)
