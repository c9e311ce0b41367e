"""The daily score sheet on paper (S3-13): of a day, an agent, an inspector; masked as the page; signed; never markup."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World, contact, course
from bihuan.inspection.actions import add_comment, answer_item, release_evaluations, submit_evaluation
from bihuan.inspection.models import Evaluation
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast
from bihuan.ui.tests.pdf_reading import Read, read_pdf

pytestmark = pytest.mark.django_db
REASON = "#import *语气* $生硬$ @主管 😀 电话13812345678"


@pytest.fixture
def evaluated(lived: World, cast: Cast) -> Evaluation:
    """One released evaluation with a violated item, a comment on the emoji of the third message."""
    drawn()
    inspector = cast.user("inspector")
    work = mine(inspector)
    answer_all(inspector, work, violated=["polite_language"])
    answer_item(inspector, assignment=work, item="polite_language", verdict="violated", reason=REASON)
    add_comment(inspector, assignment=work, message=3, start=0, end=5, words="催促得好，见 = 标题")
    draft = work.evaluations.get()
    return release_evaluations(
        inspector, evaluations=[submit_evaluation(inspector, assignment=work, revision=draft.revision)]
    )[0]


def asked(user: User, **query: str):
    client = Client(headers={"accept-language": query.pop("language", "zh-hans")})
    client.force_login(user)
    return client.get(reverse("inspection:document"), {"day": DAY.isoformat(), **query})


def printed(user: User, **query: str) -> Read:
    answer = asked(user, **query)
    assert answer["Content-Type"] == "application/pdf"
    return read_pdf(answer.content)


def test_S3_13_the_sheet_of_a_day_lists_agents_inspectors_and_evaluations_with_lines_to_sign(
    evaluated: Evaluation, cast: Cast
) -> None:
    found = printed(cast.user("inspector"))
    for words in ("日评分表2026-07-01", "坐席", "质检专员", evaluated.assignment.contact_id, "主管日期打印", "1/1"):
        assert words in found.text
    assert evaluated.edition_hash[:12] in found.text
    assert found.boxes == 0


def test_X12_the_sheet_tells_the_true_human_share_of_the_day_and_of_the_agents_own_contacts(
    evaluated: Evaluation, cast: Cast
) -> None:
    person = evaluated.assignment.person
    assert "人工复核率3.3%(1/30·档案全部会话)·计划10–20%" in printed(cast.user("inspector")).text
    assert "人工复核率6.7%(1/15·档案全部会话)·计划10–20%" in printed(cast.user("inspector"), agent=person).text


def test_X12_page_workbook_and_paper_count_on_the_same_contacts_of_the_record(
    lived: World, evaluated: Evaluation, cast: Cast
) -> None:
    """A test call is no work of the sample, yet a contact of the record: every page counts it, so the sheet does too."""
    person = evaluated.assignment.person
    lived.tell(
        contacts=[contact("trial", 20_000, 20_090, effective=False, ineffective_reason="test")],
        events=course(("accepted", 20_001, person), ("closed", 20_090, person), contact_id="trial"),
    )
    lived.refresh()
    inspector = cast.user("inspector")
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(inspector)
    for query, counts in (({}, "1 / 31"), ({"agent": person}, "1 / 16")):
        told = {"day": DAY.isoformat(), **query}
        words = f"{counts} · 档案全部会话"
        assert words in client.get(reverse("inspection:sheet"), told).content.decode()
        assert words.replace(" ", "") in printed(inspector, **query).text
        book = openpyxl.load_workbook(BytesIO(client.get(reverse("inspection:workbook"), told).content))
        facts = dict(book["当日"].iter_rows(values_only=True))
        assert words in facts["人工复核率"]


@pytest.mark.parametrize("by", ["agent", "inspector"])
def test_S3_13_the_sheet_of_one_person_shows_every_item_with_answer_points_reason_and_comments(
    evaluated: Evaluation, cast: Cast, by: str
) -> None:
    number = evaluated.assignment.person if by == "agent" else evaluated.evaluator.number
    found = printed(cast.user("inspector"), **{by: number})
    assert "礼貌用语S3-4违反0/20" in found.text
    assert "耐心倾听S3-4满足20/20" in found.text
    assert "#3“〔U+1F600〕已经为您”—催促得好，见=标题" in found.text
    assert found.boxes == 0


def test_reasons_are_words_never_markup_and_personal_data_in_them_is_masked(evaluated: Evaluation, cast: Cast) -> None:
    found = printed(cast.user("inspector"), agent=evaluated.assignment.person)
    assert "#import*语气*$生硬$@主管〔U+1F600〕电话" in found.text
    assert "13812345678" not in found.text
    assert b"13812345678" not in asked(cast.user("inspector"), agent=evaluated.assignment.person).content


def test_the_sheet_of_another_agent_holds_nothing_of_this_one(evaluated: Evaluation, cast: Cast) -> None:
    other = {"1001": "1002", "1002": "1001"}[evaluated.assignment.person]
    assert evaluated.assignment.contact_id not in printed(cast.user("inspector"), agent=other).text


def test_a_supervisor_prints_what_is_released_about_the_own_team_alone(evaluated: Evaluation, cast: Cast) -> None:
    assert evaluated.assignment.contact_id in printed(cast.user("supervisor")).text


@pytest.mark.parametrize("role", ["agent", "trainer", "stranger"])
def test_who_may_not_see_the_page_prints_no_sheet(evaluated: Evaluation, cast: Cast, role: str) -> None:
    assert asked(cast.user(role)).status_code == 404


def test_the_sheet_reads_english_too_and_survives_nonsense_in_the_address(evaluated: Evaluation, cast: Cast) -> None:
    assert "Dailyscoresheet" in printed(cast.user("inspector"), language="en").text
    answer = asked(cast.user("inspector"), agent='"\r\n#😀', inspector="\x00")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'inline; filename="2026-07-01-score-sheet.pdf"'


def test_the_page_leads_to_paper_and_workbook_of_what_it_shows(evaluated: Evaluation, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("inspector"))
    page = client.get(reverse("inspection:sheet"), {"day": DAY.isoformat(), "agent": "1001"}).content.decode()
    for name in ("document", "workbook"):
        assert f"{reverse(f'inspection:{name}')}?day=2026-07-01&amp;agent=1001&amp;inspector=" in page


def test_X12_the_rate_counts_what_is_released_whoever_may_read_more_than_that(
    evaluated: Evaluation, cast: Cast
) -> None:
    work = mine(cast.user("inspector"))
    submit_evaluation(
        cast.user("inspector"), assignment=work, revision=answer_all(cast.user("inspector"), work).revision
    )
    inspector, supervisor = (printed(cast.user(name)).text for name in ("inspector", "supervisor"))
    assert "人工复核率3.3%(1/30·档案全部会话)" in inspector  # the second is submitted and binds nobody yet
    assert "人工复核率3.3%(1/30·档案全部会话)" in supervisor
    assert work.contact_id in inspector
    assert work.contact_id not in supervisor
