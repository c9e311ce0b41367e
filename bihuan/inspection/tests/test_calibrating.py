"""Calibration sessions: who may call, rate and close one; blind, once, and apart from everything that counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.archive.store import open_archive
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import gather_reviews, release_evaluations, submit_evaluation
from bihuan.inspection.actions.calibrating import close_calibration
from bihuan.inspection.actions.rating import (
    comment_in_rating,
    mark_in_rating,
    rate_item,
    submit_rating,
    uncomment_in_rating,
)
from bihuan.inspection.calibration.pool import Drawing
from bihuan.inspection.calibration.refusals import (
    CalibrationIsClosed,
    ContactNotSeen,
    DueInThePast,
    ExpertIsReference,
    KnownToRater,
    NothingToCalibrate,
    NothingToCompare,
    NotInTheGroup,
    RatedAlready,
    ServedByRater,
    SeveralRaters,
)
from bihuan.inspection.daily_sheet.sheets import sheet_of
from bihuan.inspection.facts import tell_record
from bihuan.inspection.models import Assignment, Calibration, Evaluation, Rating, RatingAnswer, RatingComment
from bihuan.inspection.queries import backlog_of
from bihuan.inspection.refusals import ChangedElsewhere, Incomplete, OutsideTheText, UnknownItem
from bihuan.inspection.review_rate import review_rate
from bihuan.inspection.tests.calibration_world import DRAWING, also, closed, made, rated, rated_by_all
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.models import Person
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
ANSWER_MORE = """INSERT INTO inspection_ratinganswer (rating_id, item, verdict, reason, evidence, answered_at)
                 SELECT id, 'x', 'met', '', '[]', now() FROM inspection_rating LIMIT 1"""
SEAT_MORE = """INSERT INTO inspection_calibrationseat (calibration_id, person_id, is_expert)
               SELECT c.id, p.id, false FROM inspection_calibration c, people_person p WHERE p.number = '1001'"""


@pytest.fixture
def session(lived: World, cast: Cast) -> Calibration:
    return made(cast)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_session_keeps_its_edition_record_seed_and_contacts(session: Calibration) -> None:
    assert session.edition_hash == edition_in_use(now().date()).hash
    assert session.manifest == open_archive().head().hash
    assert session.seed == DRAWING.seed
    assert session.contacts.count() == 4
    assert [seat.person.number for seat in session.seats.select_related("person")] == ["5001", "3001", "4001"]
    entry = Entry.objects.get(verb="calibration.made")
    assert entry.data["contacts"] == [one.contact_id for one in session.contacts.all()]


def test_the_same_seed_draws_the_same_contacts_again(session: Calibration, cast: Cast) -> None:
    drawn_first = [one.contact_id for one in session.contacts.all()]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # only a test may make it undone
        for table in ("calibrationcontact", "calibrationseat"):
            cursor.execute(f"DELETE FROM inspection_{table}")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [one.contact_id for one in made(cast).contacts.all()] == drawn_first


def test_S3_2_raters_and_expert_come_from_the_evaluation_group(lived: World, cast: Cast) -> None:
    for outsider in ("agent", "customer_representative", "technical_support", "administrator"):
        with pytest.raises(NotInTheGroup):
            made(cast, raters=[cast.person("inspector"), cast.person(outsider)])
        with pytest.raises(NotInTheGroup):
            made(cast, expert=cast.person(outsider))
    group = [cast.person(name) for name in ("inspector", "supervisor", "senior_agent")]
    session = made(cast, ["c00"], raters=group)
    assert session.seats.count() == 4


@pytest.mark.parametrize("role", ["agent", "senior_agent", "inspector", "trainer", "administrator", "stranger"])
def test_only_who_leads_the_group_calls_a_session(lived: World, cast: Cast, role: str) -> None:
    also(cast, "trainer", "inspector")
    with pytest.raises(NotAllowed):
        made(cast, by=role)


def test_nobody_calibrates_on_own_contacts(lived: World, cast: Cast) -> None:
    session = made(cast, Drawing(DAY, DAY, 30, 1), raters=[cast.person("inspector"), cast.person("senior_agent")])
    assert {one.person for one in session.contacts.all()} == {"1001"}
    with pytest.raises(ServedByRater):
        made(cast, ["c01"], raters=[cast.person("inspector"), cast.person("senior_agent")])


def test_contacts_somebody_judged_before_are_not_drawn_and_not_chosen(lived: World, cast: Cast) -> None:
    drawn()
    user = cast.user("inspector")
    work = mine(user)
    submit_evaluation(user, assignment=work, revision=answer_all(user, work).revision)
    session = made(cast, Drawing(DAY, DAY, 30, 1))
    assert work.contact_id not in {one.contact_id for one in session.contacts.all()}
    for known in (work.contact_id, session.contacts.first().contact_id):
        with pytest.raises(KnownToRater):
            made(cast, [known])
    with pytest.raises(NothingToCalibrate):
        made(cast)


def test_contacts_are_those_who_calls_the_session_may_see(lived: World, cast: Cast) -> None:
    with pytest.raises(ContactNotSeen):
        made(cast, ["nothing"])
    cast.people["supervisor"].leaderships.all().delete()
    with pytest.raises(ContactNotSeen):
        made(cast, ["c00"])
    with pytest.raises(NothingToCalibrate):
        made(cast)
    assert made(cast, by="manager", expert=cast.person("supervisor")).contacts.count() == 4


def test_a_session_needs_a_name_a_due_date_ahead_contacts_two_raters_and_an_expert_apart(
    lived: World, cast: Cast
) -> None:
    one = cast.person("inspector")
    for refusal, asked in (
        (InputError, {"name": " "}),
        (DueInThePast, {"due_at": now() - timedelta(minutes=1)}),
        (InputError, {"contacts": []}),
        (SeveralRaters, {"raters": [one, one]}),
        (ExpertIsReference, {"raters": [one, cast.person("manager")]}),
    ):
        with pytest.raises(refusal):
            made(cast, **asked)
    assert not Calibration.objects.exists()


def test_a_draft_is_ones_own_and_may_be_changed_until_it_is_submitted(session: Calibration, cast: Cast) -> None:
    contact, one, other = session.contacts.first(), cast.user("inspector"), cast.user("trainer")
    rate_item(one, contact=contact, item="polite_language", verdict="met")
    rate_item(one, contact=contact, item="polite_language", verdict="violated", reason="第二条")
    rate_item(other, contact=contact, item="polite_language", verdict="not_applicable", reason="无")
    assert {(a.rating.seat.person.number, a.verdict) for a in RatingAnswer.objects.all()} == {
        ("3001", "violated"),
        ("4001", "not_applicable"),
    }
    comment = comment_in_rating(one, contact=contact, message=2, start=0, end=2, words="开头好")
    uncomment_in_rating(other, contact=contact, comment=comment.pk)
    assert RatingComment.objects.count() == 1
    mark_in_rating(one, contact=contact, moment="resolution", message=3)
    assert Rating.objects.get(seat__person__number="3001").resolution == 3
    with pytest.raises(OutsideTheText):
        comment_in_rating(one, contact=contact, message=2, start=0, end=999, words="x")
    with pytest.raises(UnknownItem):
        rate_item(one, contact=contact, item="no_such", verdict="met")
    with pytest.raises(InputError):
        rate_item(one, contact=contact, item="polite_language", verdict="good")


def test_who_has_no_seat_rates_nothing(session: Calibration, cast: Cast) -> None:
    contact = session.contacts.first()
    for name in ("supervisor", "agent", "senior_agent", "administrator", "stranger"):
        with pytest.raises(NotAllowed):
            rate_item(cast.user(name), contact=contact, item="polite_language", verdict="met")
        with pytest.raises(NotAllowed):
            submit_rating(cast.user(name), contact=contact, revision=0)
    assert not Rating.objects.exists()


def test_a_rating_is_submitted_whole_and_once_and_two_raters_do_not_meet(session: Calibration, cast: Cast) -> None:
    contact, one = session.contacts.first(), cast.user("inspector")
    rate_item(one, contact=contact, item="polite_language", verdict="met")
    draft = Rating.objects.get()
    with pytest.raises(Incomplete):
        submit_rating(one, contact=contact, revision=draft.revision)
    done = rated(one, contact)
    assert done.total is not None
    with pytest.raises(RatedAlready):
        submit_rating(one, contact=contact, revision=done.revision)
    with pytest.raises(RatedAlready):
        rate_item(one, contact=contact, item="polite_language", verdict="violated", reason="x")
    assert rated(cast.user("trainer"), contact).pk != done.pk
    assert verbs().count("calibration.rated") == 2
    assert "total" not in Entry.objects.filter(verb="calibration.rated").first().data  # the next rater may read it


def test_another_window_that_changed_the_draft_wins_over_a_stale_submission(session: Calibration, cast: Cast) -> None:
    contact, one = session.contacts.first(), cast.user("inspector")
    with pytest.raises(ChangedElsewhere):
        submit_rating(one, contact=contact, revision=0)
    rate_item(one, contact=contact, item="polite_language", verdict="met")
    with pytest.raises(ChangedElsewhere):
        submit_rating(one, contact=contact, revision=0)


def test_closing_ends_the_session_for_everybody_and_says_what_is_missing(session: Calibration, cast: Cast) -> None:
    contact = session.contacts.first()
    rated(cast.user("inspector"), contact)
    with pytest.raises(NothingToCompare):
        close_calibration(cast.user("supervisor"), calibration=session)
    rated(cast.user("manager"), contact)
    for name in ("inspector", "trainer", "agent", "stranger"):
        with pytest.raises(NotAllowed):
            close_calibration(cast.user(name), calibration=session)
    close_calibration(cast.user("supervisor"), calibration=session)
    with pytest.raises(CalibrationIsClosed):
        close_calibration(cast.user("supervisor"), calibration=session)
    with pytest.raises(CalibrationIsClosed):
        rate_item(cast.user("trainer"), contact=contact, item="polite_language", verdict="met")
    assert Entry.objects.get(verb="calibration.closed").data == {"submitted": 2, "missing": 10}


def test_another_supervisor_does_not_close_it_but_who_plans_inspection_does(session: Calibration, cast: Cast) -> None:
    rated_by_all(session)
    other = also(cast, "senior_agent", "supervisor")
    with pytest.raises(NotAllowed):
        close_calibration(other, calibration=session)
    assert close_calibration(cast.user("manager"), calibration=session).is_closed


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE inspection_calibration SET name = 'x'",
        "UPDATE inspection_calibration SET closed_at = NULL, closed_by_id = NULL",
        "DELETE FROM inspection_calibrationseat",
        "UPDATE inspection_calibrationcontact SET person = 'x'",
        "UPDATE inspection_rating SET total = 1",
        "DELETE FROM inspection_rating",
        "UPDATE inspection_ratinganswer SET verdict = 'met'",
        "DELETE FROM inspection_ratinganswer",
        ANSWER_MORE,
        SEAT_MORE,
    ],
)
def test_the_database_changes_nothing_of_a_closed_session(lived: World, cast: Cast, act: str) -> None:
    closed(cast, contacts=["c00"])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_an_open_session_keeps_what_it_was_made_of(session: Calibration) -> None:
    for act in ("UPDATE inspection_calibration SET edition_hash = 'x'", "DELETE FROM inspection_calibrationcontact"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


def test_what_is_answered_in_a_calibration_enters_no_average_sheet_queue_result_or_record(
    lived: World, cast: Cast
) -> None:
    before = open_archive().head().hash
    closed(cast)
    user = cast.user("manager")
    assert not Evaluation.objects.exists()
    assert not Assignment.objects.exists()
    assert sheet_of(user, DAY, load_edition("recommended")).evaluations == []
    assert sheet_of(user, DAY, load_edition("recommended")).mean is None
    assert review_rate(30, (DAY, DAY)).n == 0
    for name in ("inspector", "trainer", "manager"):
        backlog = backlog_of(Person.objects.get(pk=cast.people[name].pk), now())
        assert (backlog.open, backlog.pool, backlog.done_today, backlog.to_release) == (0, 0, 0, 0)
    assert tell_record() == 0
    assert gather_reviews("system:test", week=DAY - timedelta(days=DAY.weekday())) == []
    assert open_archive().head().hash == before  # the record, and so every figure and result, is what it was


def test_a_contact_both_calibrated_and_drawn_counts_by_its_evaluation_alone(lived: World, cast: Cast) -> None:
    everything = Drawing(DAY, DAY, 30, 1)
    session = made(cast, everything)
    for contact in session.contacts.all()[:1]:
        rated(cast.user("inspector"), contact, {"polite_language": "violated"})
    drawn()
    user = cast.user("inspector")
    work = mine(user)
    done = submit_evaluation(user, assignment=work, revision=answer_all(user, work).revision)
    release_evaluations(user, evaluations=[done])
    tell_record()
    sheet = sheet_of(cast.user("supervisor"), DAY, load_edition("recommended"))
    assert [one.pk for one in sheet.evaluations] == [done.pk]
    assert sheet.mean in (None, done.total)
