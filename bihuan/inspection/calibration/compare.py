"""One contact of a closed calibration: every rater's answers side by side, with their comments and spans in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.calibration.desk import RatingDesk
from bihuan.inspection.models import CalibrationContact, CalibrationSeat, Rating, RatingAnswer
from bihuan.inspection.places import Place
from bihuan.inspection.rules.form import Question, questions_of
from bihuan.inspection.transcript import Mark, marks_of
from bihuan.standards.rules.tree import Evidence
from bihuan.ui.values import language


@dataclass(frozen=True)
class Remark:
    """A comment with the name of who wrote it."""

    pk: int
    message: int | None
    event: int | None
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Voice:
    """One seat's answer to one item; None where nothing was submitted."""

    seat: CalibrationSeat
    answer: RatingAnswer | None

    @property
    def spans(self) -> list[Evidence]:
        return [Evidence.from_json(span) for span in self.answer.evidence] if self.answer else []


@dataclass(frozen=True)
class ComparedItem:
    """An item with everybody's answer."""

    question: Question
    voices: Sequence[Voice]

    @property
    def label(self) -> str:
        return self.question.label.said(language()) or self.question.id

    @property
    def split(self) -> bool:
        """Whether those who answered are not of one mind."""
        return len({one.answer.verdict for one in self.voices if one.answer}) > 1


@dataclass(frozen=True)
class ComparedDesk(RatingDesk):
    """The conversation with everybody's marks and comments; whose it was stays hidden."""

    seats: Sequence[CalibrationSeat] = ()
    ratings: Sequence[Rating] = ()

    @cached_property
    def comments(self) -> list[Any]:
        names = {seat.pk: seat.person.name for seat in self.seats}
        return [
            Remark(one.pk, one.message, one.event, one.start, one.end, f"{names[rating.seat_id]}：{one.words}")
            for rating in self.ratings
            for one in rating.comments.all()
        ]

    @cached_property
    def items(self) -> list[ComparedItem]:
        """Items on which raters differ first, else in the order of the form."""
        asked = [one for one in questions_of(self.form).values() if not one.by_record]
        return sorted((self._item(one) for one in asked), key=lambda item: not item.split)

    @property
    def splits(self) -> int:
        return sum(item.split for item in self.items)

    @cached_property
    def heads(self) -> list[tuple[CalibrationSeat, Rating | None]]:
        """Every seat with what it submitted."""
        told = {rating.seat_id: rating for rating in self.ratings}
        return [(seat, told.get(seat.pk)) for seat in self.seats]

    def _item(self, question: Question) -> ComparedItem:
        return ComparedItem(question, [Voice(seat, self._answer(rating, question.id)) for seat, rating in self.heads])

    def _answer(self, rating: Rating | None, item: str) -> RatingAnswer | None:
        found = rating.answers.all() if rating else ()
        return next((one for one in found if one.item == item), None)

    def _marks(self) -> dict[Place, list[Mark]]:
        found: dict[Place, list[Mark]] = {}
        for item in self.items:
            for voice in item.voices:
                for place, mark in marks_of(item.question.id, "", voice.spans, mine=True):
                    found.setdefault(place, []).append(mark)
        return found


def compared_desk(contact: CalibrationContact) -> ComparedDesk | None:
    """For everybody in the session once it is closed; None where the record lost the conversation."""
    archive = open_archive()
    reader = Reader(archive, archive.head())
    record = reader.contact(contact.contact_id)
    if record is None:
        return None
    told = Rating.objects.submitted().filter(contact=contact).prefetch_related("answers", "comments")
    seats = list(contact.calibration.seats.select_related("person"))
    return ComparedDesk(contact, None, record, reader, seats=seats, ratings=list(told))
