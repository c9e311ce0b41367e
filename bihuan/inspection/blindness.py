"""Who still owes a blind answer about which contact: until it is given, nobody else's answer is shown to them.

Every kind of duty is a function here that tells what one person owes; `queries.blind_contacts` unites them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.urls import reverse

from bihuan.appeals.queries import views_owed
from bihuan.inspection.forms_of_editions import edition_for
from bihuan.inspection.models import Assignment, CalibrationContact, Opinion, Rating, Review
from bihuan.inspection.models.sampling import AssignmentQuerySet
from bihuan.inspection.sampling.plans import is_blind
from bihuan.people.models import Person
from bihuan.people.models.rights import Rights
from bihuan.people.rules.roles import Permission, Role

EVALUATION, APPEAL, REVIEW, CALIBRATION = "evaluation", "appeal", "review", "calibration"


@dataclass(frozen=True)
class Owed:
    """A blind answer somebody owes about a contact. `person` (staff number) and `day` as far as they are known.

    `asked`: of this very person; else of whichever inspector will have the contact when it is evaluated.
    """

    contact_id: str
    duty: str
    desk: tuple[Any, ...]
    person: str = ""
    day: date | None = None
    asked: bool = True

    @property
    def hides_person(self) -> bool:
        """Whether not even who served may be known before: who decides an appeal looks without a name."""
        return self.duty == APPEAL

    @property
    def url(self) -> str:
        """Where the answer is given."""
        return reverse(_DESKS[self.duty], args=self.desk)


def inspects(rights: Rights) -> bool:
    """Whose work evaluating is. Who only oversees it sees what the machine found, and takes no blind conversation."""
    return Role.INSPECTOR in rights.roles and rights.may(Permission.EVALUATE)


def evaluations_owed(person: Person, rights: Rights) -> Iterator[Owed]:
    """Drawn conversations that nobody has evaluated, where the plan is blind: to who holds one, and to every inspector
    but the one it is about, for what lies in the pool or with a colleague today may be theirs tomorrow."""
    work = Assignment.objects.open().exclude(person=person.number)
    if not inspects(rights):
        work = work.held_by(person)
    blind = _blind_draws(work)
    for pk, draw, contact, served, day, holder in work.values_list(
        "pk", "draw_id", "contact_id", "person", "day", "holder_id"
    ):
        if draw in blind:
            yield Owed(contact, EVALUATION, (pk,), served, day, holder == person.pk)


def _blind_draws(work: AssignmentQuerySet) -> set[Any]:
    """Those of the draws by whose edition machine answers stay hidden: there are a few, of many thousand contacts."""
    first_of = work.order_by("draw_id", "pk").distinct("draw_id").select_related("draw")
    return {one.draw_id for one in first_of if is_blind(edition_for(one))}


def appeals_owed(judge: Person, rights: Rights) -> Iterator[Owed]:
    """Appeals about a conversation on which this person has not given the second view."""
    if not rights.may(Permission.ADJUDICATE):
        return
    owed = [one for one in views_owed(judge) if one.kind in ("verdict", "evaluation")]
    drawn = Assignment.objects.in_bulk([one.subject for one in owed if one.kind == "evaluation"])
    work = {str(key): one for key, one in drawn.items()}
    for one in owed:
        of = work.get(one.subject)
        contact, person, day = (of.contact_id, of.person, of.day) if of else (one.subject, one.person.number, None)
        yield Owed(contact, APPEAL, (one.pk,), person, day)


def reviews_owed(person: Person, rights: Rights) -> Iterator[Owed]:
    """Open re-evaluations on which this member of the group has given no opinion; barred ones never will."""
    if not rights.may(Permission.REVIEW_EVALUATIONS):
        return
    given = Opinion.objects.filter(review=OuterRef("pk"), rater=person)
    found = Review.objects.open().exclude(evaluation__evaluator=person).filter(~Exists(given))
    for one in found.exclude(evaluation__assignment__person=person.number).select_related("evaluation__assignment"):
        work = one.evaluation.assignment
        yield Owed(work.contact_id, REVIEW, (one.pk,), work.person, work.day)


def ratings_owed(person: Person, rights: Rights) -> Iterator[Owed]:
    """Contacts of open calibrations this person sits in and has not rated."""
    rated = Rating.objects.submitted().filter(contact=OuterRef("pk"), seat__person=person)
    seated = CalibrationContact.objects.filter(
        calibration__closed_at__isnull=True, calibration__seats__person=person
    ).filter(~Exists(rated))
    for one in seated:
        yield Owed(one.contact_id, CALIBRATION, (one.calibration_id, one.place), one.person, one.day)


SOURCES: Final[tuple[Callable[[Person, Rights], Iterator[Owed]], ...]] = (
    evaluations_owed,  # first: what is asked of this very person says better where to answer
    ratings_owed,
    reviews_owed,
    appeals_owed,  # last: where several are owed, the appeal's way hides most, the name too
)
_DESKS: Final = {
    EVALUATION: "inspection:assignment",
    APPEAL: "appeals:appeal",
    REVIEW: "inspection:review",
    CALIBRATION: "inspection:rating",
}
