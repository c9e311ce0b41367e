"""What people answer beside the scorecard: how right tickets are classified and how complete the record is (S2-6)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import release_evaluations, submit_evaluation
from bihuan.inspection.appealing import _items
from bihuan.inspection.facts import evaluation_rows
from bihuan.inspection.filed import filed_of
from bihuan.inspection.forms_of_editions import form_for
from bihuan.inspection.items.people import PeoplesAnswers
from bihuan.inspection.items.statistics import limits_of
from bihuan.inspection.models import Evaluation
from bihuan.inspection.refusals import Incomplete
from bihuan.inspection.rules.form import ASKED, questions_of
from bihuan.inspection.tests.desk_world import answer_all, drawn, mine
from bihuan.inspection.tests.trust_world import MET, VIOLATED, Case, reviewed
from bihuan.metrics.intervals import wilson
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
EDITION = load_edition("recommended")
TICKET, RECORD = "ticket_category", "record_complete"


@pytest.fixture
def inspector(lived: World, cast: Cast) -> User:
    drawn()
    return cast.user("inspector")


def test_S2_6_the_form_asks_for_them_last_and_no_machine_answers_them() -> None:
    last = form_for(EDITION)[-1]
    assert (last.id, [one.id for one in last.questions], last.weight) == (ASKED, [TICKET, RECORD], None)
    assert {(one.kind, one.source, one.checks, one.points) for one in last.questions} == {(ASKED, "S2-6", (), None)}


def test_S2_6_they_are_answered_and_kept_and_move_no_score(inspector: User) -> None:
    work = mine(inspector)
    draft = answer_all(inspector, work, violated=[TICKET, RECORD])
    done = submit_evaluation(inspector, assignment=work, revision=draft.revision)
    assert done.total == 100
    release_evaluations(inspector, evaluations=[done])
    told = {row["item"]: row for row in evaluation_rows(Evaluation.objects.get())}
    assert [(told[item]["answer"], told[item]["points_milli"]) for item in (TICKET, RECORD)] == [(VIOLATED, None)] * 2
    assert {one.item for one in _items(Evaluation.objects.get(), questions_of(form_for(EDITION)))} == set()


def test_S2_6_an_evaluation_without_them_is_not_whole(inspector: User) -> None:
    work = mine(inspector)
    draft = answer_all(inspector, work)
    draft.answers.filter(item=TICKET).delete()
    with pytest.raises(Incomplete):
        submit_evaluation(inspector, assignment=work, revision=draft.revision)


def test_S2_6_their_shares_are_told_with_n_and_interval_apart_from_what_is_scored(lived: World, cast: Cast) -> None:
    """96 of 120 tickets were classified rightly, and of the others nothing is known about the record."""
    right, wrong = Case(96, {}, {TICKET: MET, RECORD: MET}), Case(24, {}, {TICKET: VIOLATED, RECORD: "cannot_tell"})
    days = {row.assignment.day for row in reviewed(EDITION, [right, wrong], cast.people["inspector"])}
    answers = PeoplesAnswers(cast.user("manager"), EDITION, (min(days), max(days)), limits_of(EDITION))
    told = {one.item: one for one in answers.report.items}
    low, high = (float(end) for end in wilson(96, 120, 0.95))
    ticket, record = told[TICKET].share_met, told[RECORD].share_met
    assert (ticket.value, ticket.n) == (pytest.approx(0.8), 120)
    assert [ticket.low, ticket.high] == pytest.approx([low, high])
    assert (record.value, record.n, told[RECORD].counts["cannot_tell"]) == (None, 96, 24)  # too few to tell a share
    assert not {TICKET, RECORD} & set(answers.scored)


def test_S2_6_the_desk_and_the_edition_say_that_they_are_in_no_score(inspector: User, settings) -> None:
    settings.ROOT_URLCONF = "bihuan.config.urls"
    client = Client(headers={"accept-language": "en"})
    client.force_login(inspector)
    desk = client.get(f"/inspection/assignments/{mine(inspector).pk}/").content.decode()
    assert desk.count("in no score") == 3  # the section and its two questions
    assert "Ticket classified correctly" in client.get("/standards/recommended/").content.decode()


def test_S2_6_whoever_judges_the_record_sees_what_was_filed_masked_and_what_is_not_in_it(
    inspector: User, settings
) -> None:
    settings.ROOT_URLCONF = "bihuan.config.urls"
    client = Client(headers={"accept-language": "en"})
    client.force_login(inspector)
    work = mine(inspector)
    page = client.get(f"/inspection/assignments/{work.pk}/").content.decode()
    assert "What the record holds" in page
    assert "<dt>Customer&#x27;s number</dt><dd><bdi>" in page


def test_S2_6_what_was_filed_is_told_field_by_field_and_an_empty_one_as_empty() -> None:
    contact = {
        "channel": "chat", "business_line": None, "category": "refund", "level": "L1", "subject": "电话13912776058",
        "outcome": "solved", "customer_surname": "张", "customer_key": "C0012323",
    }  # fmt: skip
    with override("en"):
        told = dict(filed_of(contact))
    assert told["Subject"].startswith("电话139****")
    assert (told["Customer"], told["Customer's number"]) == ("张**", "C0****23")
    assert (told["Category"], told["Outcome"], told["Business line"]) == ("Refund and return", "Solved", "")
    with override("en"):
        foreign = dict(filed_of(contact | {"category": "电话13912776058", "business_line": "电话13912776058"}))
    assert not any("13912776058" in value for value in foreign.values())
