"""Ratings of a calibration that meet: the same rater twice, two raters at once, and a session closed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions.calibrating import close_calibration
from bihuan.inspection.actions.rating import rate_item, submit_rating
from bihuan.inspection.calibration.terms import edition_of_session
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.models import CalibrationContact, Rating
from bihuan.inspection.rules.form import questions_of
from bihuan.inspection.tests.calibration_world import made, rated
from bihuan.journal.models import Entry
from bihuan.kit.errors import Refusal
from bihuan.people.models import User
from bihuan.people.tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts) -> list[str]:
    """Run acts in threads that start together; "" for each that worked, else the refusal's name."""
    start = Barrier(len(acts))

    def run(act) -> str:
        try:
            start.wait(10)
            act()
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def ready(user: User, contact: CalibrationContact) -> int:
    """A whole draft; its revision."""
    for question in questions_of(form_for(edition_of_session(contact.calibration))).values():
        if not question.by_record:
            rate_item(user, contact=contact, item=question.id, verdict="met")
    return Rating.objects.get(contact=contact, seat__person__user=user).revision


def test_of_one_rater_who_submits_in_two_windows_one_wins_and_the_other_is_told(lived: World) -> None:
    cast = make_cast()
    contact, user = made(cast).contacts.first(), cast.user("inspector")
    revision = ready(user, contact)
    told = at_once([lambda: submit_rating(user, contact=contact, revision=revision)] * 2)
    assert told == ["", "RatedAlready"]
    assert Rating.objects.submitted().count() == 1
    assert Entry.objects.filter(verb="calibration.rated").count() == 1


def test_two_windows_that_begin_at_once_make_one_draft(lived: World) -> None:
    cast = make_cast()
    contact, user = made(cast).contacts.first(), cast.user("inspector")
    items = ("polite_language", "positive_tone")
    told = at_once([lambda item=item: rate_item(user, contact=contact, item=item, verdict="met") for item in items])
    assert told == ["", ""]
    assert {one.item for one in Rating.objects.get().answers.all()} == set(items)


def test_two_raters_submit_the_same_contact_at_once_and_both_count(lived: World) -> None:
    cast = make_cast()
    contact = made(cast).contacts.first()
    acts = []
    for name in ("inspector", "trainer"):
        user = cast.user(name)
        revision = ready(user, contact)
        acts.append(lambda user=user, revision=revision: submit_rating(user, contact=contact, revision=revision))
    assert at_once(acts) == ["", ""]
    assert Rating.objects.submitted().count() == 2


def test_what_is_submitted_while_the_session_closes_is_in_it_or_refused(lived: World) -> None:
    cast = make_cast()
    session = made(cast)
    contact, user = session.contacts.first(), cast.user("inspector")
    for name in ("manager", "trainer"):
        rated(cast.user(name), contact)
    revision, leader = ready(user, contact), cast.user("supervisor")
    told = at_once(
        [
            lambda: submit_rating(user, contact=contact, revision=revision),
            lambda: close_calibration(leader, calibration=session),
        ]
    )
    submitted = Entry.objects.get(verb="calibration.closed").data["submitted"]
    assert told in (["", ""], ["", "CalibrationIsClosed"])
    assert submitted == Rating.objects.submitted().count() == (3 if told == ["", ""] else 2)
