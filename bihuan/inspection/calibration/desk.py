"""The evaluation desk over one contact of a calibration: the same page and form, without machine and without anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.calibration.terms import edition_of_session
from bihuan.inspection.desk import Desk, Row
from bihuan.inspection.models import Calibration, CalibrationContact, CalibrationSeat, Rating
from bihuan.inspection.rules.form import Question
from bihuan.people.models import Person
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.verdict import Verdict


@dataclass(frozen=True)
class RatingDesk(Desk):
    """A contact of a session with one rater's own rating of it (None before the first answer)."""

    work: Any
    evaluation: Any

    @cached_property
    def edition(self) -> Edition:
        return edition_of_session(self.work.calibration)

    @property
    def edition_gone(self) -> bool:
        return self.work.calibration.edition_hash != self.edition.hash

    @property
    def blind(self) -> bool:
        return True

    def row(self, question: Question) -> Row:
        """No machine answer, ever; only what logged times had decided when the session was made."""
        told = self.work.by_record.get(question.id) if question.by_record else None
        return Row(question, self.answers.get(question.id), Verdict(told) if told else None, hidden=False)

    def address(self, name: str, *more: int) -> str:
        return reverse(f"inspection:rating_{name}", args=[self.work.calibration_id, self.work.place, *more])


@dataclass(frozen=True)
class Seated:
    """A session as one seat sees it while it is open: the contacts, and how far one's own work is."""

    session: Calibration
    seat: CalibrationSeat

    @cached_property
    def contacts(self) -> list[tuple[CalibrationContact, Rating | None]]:
        """Each contact with one's own rating."""
        own = {one.contact_id: one for one in self.seat.ratings.defer("tree")}
        return [(contact, own.get(contact.pk)) for contact in self.session.contacts.all()]

    @cached_property
    def waiting(self) -> list[CalibrationContact]:
        return [contact for contact, rating in self.contacts if rating is None or rating.submitted_at is None]

    @property
    def done(self) -> int:
        return len(self.contacts) - len(self.waiting)

    @property
    def next_url(self) -> str:
        """The next contact without one's submitted answers, else the session's page."""
        if not self.waiting:
            return reverse("inspection:calibration", args=[self.session.pk])
        return rating_url(self.waiting[0])


def rating_url(contact: CalibrationContact) -> str:
    return reverse("inspection:rating", args=[contact.calibration_id, contact.place])


def seated(session: Calibration, person: Person | None) -> Seated | None:
    """The seat of a person in a session; None for who has none."""
    seat = session.seats.filter(person=person).first() if person else None
    return Seated(session, seat) if seat else None


def open_rating(contact: CalibrationContact, rating: Rating | None) -> RatingDesk | None:
    """The desk for who has a seat: the session itself opens the conversation, masked and blind. None where the record
    lost it."""
    archive = open_archive()
    reader = Reader(archive, archive.head())
    record = reader.contact(contact.contact_id)
    return None if record is None else RatingDesk(contact, rating, record, reader)


def rating_of(seat: CalibrationSeat, contact: CalibrationContact) -> Rating | None:
    """One's own rating of a contact with its answers."""
    return seat.ratings.filter(contact=contact).prefetch_related("answers", "comments").first()
