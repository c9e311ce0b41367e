"""The pages of evaluation: what is hidden when, who reaches what, what a save and a refusal answer."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import release_evaluations, return_assignment, submit_evaluation
from bihuan.inspection.models import Assignment, Draw, Evaluation
from bihuan.inspection.sampling.planning import planner_of
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine, second_inspector
from bihuan.kit.clock import now
from bihuan.people.models import RoleGrant, User
from bihuan.people.tests.cast import JOINED, Cast
from bihuan.standards.choosing import edition_in_use

pytestmark = pytest.mark.django_db
PAGES = ("queue", "evaluations", "plan", "sheet")


@pytest.fixture
def inspector(lived: World, cast: Cast) -> User:
    drawn()
    return cast.user("inspector")


def browser(user: User, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(name: str, thing) -> str:
    return reverse(f"inspection:{name}", args=[thing.pk])


def released(user: User) -> Evaluation:
    work = mine(user)
    done = submit_evaluation(user, assignment=work, revision=answer_all(user, work).revision)
    return release_evaluations(user, evaluations=[done])[0]


def saved(client: Client, work: Assignment, item: str = "polite_language", verdict: str = "met", **more: str):
    return client.post(
        address("answers", work), {"item": item, "verdict": verdict, **more}, headers={"hx-request": "true"}
    )


def test_the_desk_shows_neither_agent_nor_machine_nor_the_reason_of_the_draw_before_the_answer(inspector: User) -> None:
    work = mine(inspector)
    page = browser(inspector).get(address("assignment", work)).content.decode()
    assert work.person not in page
    assert "＊＊＊＊" in page
    assert "机器依据" not in page
    assert "与机器一致</span>" not in page
    assert "机器答案在你作答后显示" in page


def test_the_machines_answer_appears_with_the_saved_answer_and_only_for_that_item(inspector: User) -> None:
    work = mine(inspector)
    answer = saved(browser(inspector), work).content.decode()
    assert answer.count('class="row-flex xs soft ins-pair"') == 1
    assert "机器" in answer
    assert 'id="line-m2"' in answer  # the machine looked at it
    assert 'data-revision="1"' in answer


def test_what_one_look_of_the_machine_says_to_two_questions_shows_once_both_are_answered(inspector: User) -> None:
    """Impatience speaks to patient listening and to positive tone."""
    work, client, pair = mine(inspector), browser(inspector), 'class="row-flex xs soft ins-pair"'
    first = saved(client, work, "patient_listening").content.decode()
    assert first.split(pair)[1].split("</p>")[0].count("机器") == 0
    assert "一并作答后" in first
    both = saved(client, work, "positive_tone").content.decode()
    told = {part.split('"')[0]: part for part in both.split('id="item-')[1:]}
    assert set(told) == {"patient_listening", "positive_tone"}
    assert all("机器" in one.split(pair)[1].split("</p>")[0] for one in told.values())
    assert 'hx-swap-oob="true"' in told["patient_listening"]


def test_what_an_absent_inspector_submitted_is_released_by_who_plans_inspection(inspector: User, cast: Cast) -> None:
    work = mine(inspector)
    done = submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    queue, manager = reverse("inspection:queue"), browser(cast.user("manager"))
    assert address("evaluation", done) in manager.get(queue, {"show": "waiting"}).content.decode()
    other = browser(second_inspector(cast))
    assert address("evaluation", done) not in other.get(queue, {"show": "waiting"}).content.decode()
    other.post(reverse("inspection:releases"), {"whose": "all"})
    assert not Evaluation.objects.released().exists()
    page = manager.post(reverse("inspection:releases"), {"whose": "all"}, follow=True).content.decode()
    assert "已发布 1 份评价" in page
    assert Evaluation.objects.released().get() == done


def test_a_chosen_stretch_becomes_evidence_of_the_answer(inspector: User) -> None:
    work = mine(inspector)
    spans = json.dumps([{"message": 2, "start": 0, "end": 2}])
    assert 'ev ev-mine" data-check="polite_language"' in saved(
        browser(inspector), work, evidence=spans
    ).content.decode().replace("ev-mine ", "ev-mine")
    unreadable = saved(browser(inspector), work, evidence="{]")
    assert (unreadable.status_code, unreadable["HX-Redirect"]) == (422, address("assignment", work))


def test_whoever_lost_the_work_is_told_on_the_page(inspector: User, cast: Cast) -> None:
    work, client = mine(inspector), browser(inspector)
    return_assignment(inspector, assignment=work, reason="忙")
    refused = saved(client, work)
    assert (refused.status_code, refused["HX-Redirect"]) == (409, address("assignment", work))
    page = client.get(refused["HX-Redirect"]).content.decode()
    assert "请先领取" in page
    assert "这段会话待领取" in page


def test_moments_and_comments_are_saved_and_taken_away_again(inspector: User) -> None:
    work, client = mine(inspector), browser(inspector)
    marked = client.post(address("moments", work), {"moment": "first_response", "message": "2"}).content.decode()
    assert 'class="moment"' in marked
    again = client.post(address("moments", work), {"moment": "first_response"}).content.decode()
    assert 'class="moment"' not in again
    client.post(address("comments", work), {"message": "2", "start": "0", "end": "2", "words": "开头好"})
    comment = Evaluation.objects.get().comments.get()
    client.post(reverse("inspection:comment_removal", args=[work.pk, comment.pk]))
    assert not Evaluation.objects.get().comments.exists()


def test_S3_10_what_is_sent_again_because_the_answer_was_lost_is_kept_once(inspector: User) -> None:
    work, client = mine(inspector), browser(inspector)
    place = {"message": "2", "start": "0", "end": "2"}
    for _time in range(2):
        client.post(address("moments", work), {"moment": "first_response", "message": "2"})
        client.post(address("comments", work), {**place, "words": "开头好"})
        saved(client, work, evidence=json.dumps([{"message": 2, "start": 0, "end": 2}]))
    draft = Evaluation.objects.get()
    assert draft.first_response == 2
    assert [one.words for one in draft.comments.all()] == ["开头好"]
    assert [len(one.evidence) for one in draft.answers.all()] == [1]


def test_S3_10_evidence_is_taken_away_again_until_the_evaluation_is_submitted(inspector: User) -> None:
    work, client = mine(inspector), browser(inspector)
    two = json.dumps([{"message": 2, "start": 0, "end": 2}, {"message": 3, "start": 0, "end": 1}])
    page = saved(client, work, evidence=two).content.decode()
    assert page.count("data-drops") == 2
    saved(client, work, evidence=json.dumps([{"message": 3, "start": 0, "end": 1}]))
    assert [span["message"] for span in Evaluation.objects.get().answers.get().evidence] == [3]
    submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    before = Evaluation.objects.get().answers.get(item="polite_language").evidence
    assert saved(client, work, evidence=two).status_code == 409
    assert Evaluation.objects.get().answers.get(item="polite_language").evidence == before


def test_a_comment_is_kept_while_it_is_written_and_stays_one(inspector: User) -> None:
    """The page sends it at every pause; the answer names it, so that the next words take the place of the first."""
    work, client = mine(inspector), browser(inspector)
    place = {"message": "2", "start": "0", "end": "2"}
    first = client.post(address("comments", work), {**place, "words": "开头"})
    assert 'data-revision="1"' in first.content.decode()
    second = client.post(address("comments", work), {**place, "words": "开头好", "comment": first["X-Comment"]})
    assert second["X-Comment"] == first["X-Comment"]
    assert [one.words for one in Evaluation.objects.get().comments.all()] == ["开头好"]
    emptied = client.post(address("comments", work), {**place, "words": " ", "comment": first["X-Comment"]})
    assert emptied["X-Comment"] == ""
    assert not Evaluation.objects.get().comments.exists()
    assert (
        client.post(address("comments", work), {**place, "words": " "}, headers={"hx-request": "1"}).status_code == 422
    )


def test_an_answer_waits_for_its_reason_in_the_draft_and_not_on_the_page(inspector: User) -> None:
    work = mine(inspector)
    page = saved(browser(inspector), work, verdict="not_applicable").content.decode()
    assert "缺少理由" in page
    assert "缺少理由" in browser(inspector).get(address("assignment", work)).content.decode()
    assert Evaluation.objects.get().answers.get().verdict == "not_applicable"


def test_submitting_goes_on_to_the_next_conversation_and_tells_the_score(inspector: User) -> None:
    work, client = mine(inspector), browser(inspector)
    draft = answer_all(inspector, work)
    page = client.post(address("submission", work), {"revision": draft.revision, "seconds": "5"}, follow=True)
    assert page.redirect_chain[0][0] != address("assignment", work)
    assert "已提交：100.00 分" in page.content.decode()
    stale = client.post(address("submission", work), {"revision": draft.revision}, follow=True).content.decode()
    assert "孙楠 已提交这段会话的评价" in stale


def test_work_is_taken_given_back_and_handed_over_on_the_pages(inspector: User, cast: Cast) -> None:
    other = second_inspector(cast)
    work, client = mine(inspector), browser(inspector)
    client.post(address("return", work), {"reason": "认识客户"})
    browser(other).post(address("holding", work))
    work.refresh_from_db()
    assert work.holder == cast.person("trainer")
    assert "吴静 正在评价这段会话" in client.get(address("assignment", work)).content.decode()
    page = browser(other).post(reverse("inspection:deputies"), {"person": "4001", "deputy": "3001"}, follow=True)
    assert "已移交" in page.content.decode()


def test_the_agent_reads_what_was_released_and_acknowledges_it_with_a_reply(inspector: User) -> None:
    evaluation = released(inspector)
    agent = browser(User.objects.get(username=evaluation.assignment.person))
    listed = agent.get(reverse("inspection:evaluations")).content.decode()
    assert "1 份会话评价待阅读确认" in listed
    assert "我已阅读" in agent.get(address("evaluation", evaluation)).content.decode()
    done = agent.post(address("acknowledgement", evaluation), {"reply": "收到，谢谢"}, follow=True).content.decode()
    assert "收到，谢谢" in done
    assert "我已阅读" not in done


def test_releasing_shows_everything_submitted_to_its_agents(inspector: User) -> None:
    work = mine(inspector)
    submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    page = browser(inspector).post(reverse("inspection:releases"), follow=True).content.decode()
    assert "已发布 1 份评价" in page
    assert Evaluation.objects.released().count() == 1


@pytest.mark.parametrize("role", ["agent", "senior_agent", "trainer", "administrator", "technical_support"])
def test_other_roles_find_no_desk_no_queue_and_no_plan(inspector: User, cast: Cast, role: str) -> None:
    client, work = browser(cast.user(role)), mine(inspector)
    looked = [reverse("inspection:queue"), reverse("inspection:plan"), address("assignment", work)]
    assert [client.get(one).status_code for one in looked] == [404] * 3
    acted = [
        address("answers", work),
        address("submission", work),
        address("holding", work),
        reverse("inspection:draws"),
    ]
    assert [client.post(one).status_code for one in acted] == [404] * 4


def test_a_stranger_to_an_evaluation_sees_404_and_cannot_acknowledge(inspector: User, cast: Cast) -> None:
    evaluation = released(inspector)
    other = browser(cast.user("technical_support"))
    assert other.get(address("evaluation", evaluation)).status_code == 404
    assert other.post(address("acknowledgement", evaluation)).status_code == 404
    supervisor = browser(cast.user("supervisor"))
    assert supervisor.get(address("evaluation", evaluation)).status_code == 200
    assert supervisor.post(address("acknowledgement", evaluation)).status_code == 404


def test_who_may_read_scores_but_not_the_conversation_finds_no_link_that_leads_nowhere(
    inspector: User, cast: Cast
) -> None:
    evaluation = released(inspector)
    trainer, supervisor = browser(cast.user("trainer")), browser(cast.user("supervisor"))
    listed = trainer.get(reverse("inspection:evaluations")).content.decode()
    assert "100.00" in listed
    assert address("evaluation", evaluation) not in listed
    assert 'href=""' not in listed
    assert address("evaluation", evaluation) in supervisor.get(reverse("inspection:evaluations")).content.decode()


def test_plan_and_sheet_without_anything_say_what_to_do(lived: World, cast: Cast) -> None:
    RoleGrant.objects.filter(role="inspector").update(until=JOINED)
    client = browser(cast.user("manager"))
    plan = client.get(reverse("inspection:plan")).content.decode()
    assert "请先导入数据" in plan
    assert "授予质检专员角色" in plan
    sheet = client.get(reverse("inspection:sheet")).content.decode()
    assert "请在上方选择其他日期" in sheet
    assert f'href="{reverse("inspection:queue")}"' in sheet
    assert (
        f'href="{reverse("inspection:queue")}">去质检'
        not in browser(cast.user("supervisor")).get(reverse("inspection:sheet")).content.decode()
    )


def test_the_planner_counts_a_whole_days_contacts_and_not_those_that_came_late(inspector: User) -> None:
    day = Draw.objects.get()
    Draw.objects.create(
        day=day.day, number=1, edition_ref=day.edition_ref, edition_hash=day.edition_hash, manifest="m", seed=1,
        contacts=2, drawn=1, risk_drawn=0, drawn_at=now(),
    )  # fmt: skip
    assert planner_of({}, edition_in_use(DAY)).contacts == day.contacts * 30


def test_X12_every_page_with_a_score_shows_the_true_human_reviewed_rate(inspector: User) -> None:
    """One of thirty is released, another one submitted: the plan's progress counts both, the rate beside scores the first."""
    evaluation, work = released(inspector), mine(inspector)
    submit_evaluation(inspector, assignment=work, revision=answer_all(inspector, work).revision)
    client = browser(inspector)
    assert "6.7 %" in client.get(reverse("inspection:plan")).content.decode()
    sheet = client.get(reverse("inspection:sheet"), {"day": DAY.isoformat()}).content.decode()
    assert "10–20 %" in sheet
    pages = (reverse("inspection:evaluations"), address("evaluation", evaluation), reverse("workplace:contacts"))
    contact = reverse("workplace:contact", args=[evaluation.assignment.contact_id])
    lists = [f"{reverse('inspection:queue')}?show={tab}" for tab in ("submitted", "done")]
    for shown in (sheet, *(client.get(one).content.decode() for one in (*pages, *lists, contact))):
        assert "人工复核率" in shown
        assert "3.3 %" in shown
        assert "1 / 30" in shown


def test_S3_13_the_daily_score_sheet_lists_agents_and_inspectors_as_page_and_workbook(inspector: User) -> None:
    evaluation = released(inspector)
    client = browser(inspector)
    page = client.get(reverse("inspection:sheet")).content.decode()
    assert "孙楠" in page
    assert evaluation.assignment.person in page
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("inspection:workbook")).content))
    assert book.sheetnames == ["坐席", "质检专员", "评价结果", "当日"]
    rows = list(book["坐席"].values)
    assert rows[1][:5] == ({"1001": "张三", "1002": "李四"}[evaluation.assignment.person],
                           evaluation.assignment.person, "售后一组", 1, rows[1][4])  # fmt: skip


def test_the_planner_answers_how_many_evaluations_a_margin_needs(inspector: User) -> None:
    page = browser(inspector).get(reverse("inspection:plan"), {"contacts": "120", "margin": "3", "deviation": "15"})
    assert "<b>55</b>" in page.content.decode()
    odd = browser(inspector).get(reverse("inspection:plan"), {"contacts": "x", "margin": "-1", "deviation": "NaN"})
    assert odd.status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_inspector_answers_in_both_languages(inspector: User, name: str, language: str) -> None:
    released(inspector)
    assert browser(inspector, language).get(reverse(f"inspection:{name}")).status_code == 200


def test_the_desk_takes_a_fixed_number_of_queries(inspector: User, django_assert_max_num_queries) -> None:
    client, work = browser(inspector), mine(inspector)
    with django_assert_max_num_queries(26):
        client.get(address("assignment", work))


def test_X12_a_conversations_page_shows_what_people_found_beside_the_machine(inspector: User) -> None:
    client, address_of = browser(inspector), lambda contact: reverse("workplace:contact", args=[contact])
    drawn_ones = set(Assignment.objects.values_list("contact_id", flat=True))
    other = next(contact for contact in (f"c{at:02d}" for at in range(30)) if contact not in drawn_ones)
    assert "尚无人工评价" in client.get(address_of(other)).content.decode()
    evaluation = released(inspector)
    page = client.get(address_of(evaluation.assignment.contact_id)).content.decode()
    assert address("evaluation", evaluation) in page
    assert "100.00" in page


def test_a_draft_whose_edition_can_no_longer_be_read_goes_on_by_the_one_that_can(inspector: User) -> None:
    work = mine(inspector)
    draft = answer_all(inspector, work)
    Evaluation.objects.filter(pk=draft.pk).update(edition_hash="0" * 64)
    saved(browser(inspector), work)
    draft.refresh_from_db()
    assert draft.edition_hash != "0" * 64
    Evaluation.objects.filter(pk=draft.pk).update(edition_hash="0" * 64)
    page = browser(inspector).get(address("assignment", work))
    assert page.status_code == 200
