"""A calibration of the desk's world: the supervisor calls it, the manager is the expert, two inspectors rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bihuan.inspection.actions.calibrating import close_calibration, make_calibration
from bihuan.inspection.actions.rating import rate_item, submit_rating
from bihuan.inspection.calibration.pool import Drawing
from bihuan.inspection.calibration.terms import edition_of_session
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import Calibration, CalibrationContact, Rating, RatingAnswer
from bihuan.inspection.rules.form import questions_of
from bihuan.inspection.tests.desk_world import DAY, second_inspector
from bihuan.kit.clock import now
from bihuan.people.models import Person, RoleGrant, User
from bihuan.people.tests.cast import JOINED, Cast

DRAWING = Drawing(DAY, DAY, 4, 11)


def made(
    cast: Cast, contacts: Sequence[str] | Drawing = DRAWING, *, by: str = "supervisor", **more: object
) -> Calibration:
    """An open session; the trainer inspects too, the manager is the expert."""
    if not RoleGrant.objects.filter(person=cast.people["trainer"], role="inspector").exists():
        second_inspector(cast)
    asked: dict = {
        "name": "七月校准", "due_at": now() + timedelta(days=3), "expert": cast.person("manager"),
        "raters": [cast.person("inspector"), cast.person("trainer")], "contacts": contacts,
    }  # fmt: skip
    return make_calibration(cast.user(by), **{**asked, **more})


def rated(user: User, contact: CalibrationContact, words: Mapping[str, str] | None = None) -> Rating:
    """Every question met but for the named ones, submitted. The first answer is an act, the others are laid beside it."""
    known = questions_of(form_for(edition_of_session(contact.calibration))).values()
    first, *others = [question.id for question in known if not question.by_record]
    given = {id: (words or {}).get(id, "met") for id in (first, *others)}
    rate_item(user, contact=contact, item=first, verdict=given[first], reason=_reason(given[first]))
    draft = Rating.objects.get(contact=contact, seat=contact.calibration.seats.get(person__user=user))
    rows = [
        RatingAnswer(
            rating=draft,
            item=id,
            verdict=given[id],
            reason=_reason(given[id]),
            evidence=[],
            answered_at=draft.touched_at,
        )
        for id in others
    ]
    kept = ["verdict", "reason", "evidence", "answered_at"]
    RatingAnswer.objects.bulk_create(rows, update_conflicts=True, unique_fields=["rating", "item"], update_fields=kept)
    return submit_rating(user, contact=contact, revision=draft.revision)


def _reason(word: str) -> str:
    return "" if word == "met" else "见对话"


def rated_by_all(session: Calibration, words: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Every seat rates every contact; `words` of a staff number are that person's deviating answers."""
    for contact in session.contacts.all():
        for seat in session.seats.select_related("person"):
            person = Person.objects.get(pk=seat.person_id)
            rated(User.objects.get(pk=person.user_id), contact, (words or {}).get(person.number))


def closed(cast: Cast, words: Mapping[str, Mapping[str, str]] | None = None, **more: object) -> Calibration:
    session = made(cast, **more)  # type: ignore[arg-type]
    rated_by_all(session, words)
    return close_calibration(cast.user("supervisor"), calibration=session)


def also(cast: Cast, name: str, role: str) -> User:
    """One more role for somebody of the cast."""
    RoleGrant.objects.create(person=cast.people[name], role=role, since=JOINED)
    return cast.user(name)
