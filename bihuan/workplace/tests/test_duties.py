"""Deadlines and reminders reach people: what waits for them stands on the page they begin with, the soonest first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal
from bihuan.appeals.models import Appeal, Reminder
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appeals.sweeping import sweep
from bihuan.appeals.wording import deadline
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import (
    acknowledge_evaluation,
    release_evaluations,
    submit_evaluation,
    take_over_appeal,
)
from bihuan.inspection.models import Assignment, Evaluation
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import answer_all, drawn, mine, second_inspector
from bihuan.kit.clock import now
from bihuan.people.models import RoleGrant, User
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.duties import Duty, duties_of

pytestmark = pytest.mark.django_db
ITEM = "polite_language"


@pytest.fixture
def cast(lived: World, settings) -> Cast:  # noqa: F811 - the fixture
    settings.ROOT_URLCONF = "bihuan.config.urls"
    made = make_cast()
    second_inspector(made)
    drawn()
    return made


@pytest.fixture
def evaluation(cast: Cast) -> Evaluation:
    inspector = cast.user("inspector")
    work = mine(inspector)
    done = submit_evaluation(
        inspector, assignment=work, revision=answer_all(inspector, work, violated=[ITEM, "positive_tone"]).revision
    )
    return release_evaluations(inspector, evaluations=[done])[0]


@pytest.fixture
def agent(evaluation: Evaluation) -> User:
    return User.objects.get(username=evaluation.assignment.person)


@pytest.fixture
def appeal(evaluation: Evaluation, agent: User) -> Appeal:
    plea = Plea(ITEM, "met", "第一句就道歉了")
    return submit_appeal(agent, kind="evaluation", subject=str(evaluation.assignment_id), pleas=[plea])


def judge_of(appeal: Appeal) -> User:
    appeal.refresh_from_db()
    assert appeal.adjudicator is not None
    return User.objects.get(username=appeal.adjudicator.number)


def words(user: User, at: datetime | None = None) -> list[str]:
    return [one.words for one in duties_of(User.objects.get(pk=user.pk), at or now())]


def clocked(user: User, at: datetime | None = None) -> list[Duty]:
    """What must be done in time, beside the user's own queue of evaluations."""
    told = duties_of(User.objects.get(pk=user.pk), at or now())
    return [one for one in told if one.left_us is not None and one.url != reverse("inspection:queue")]


def home(user: User) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return str(client.get("/").content.decode())


def test_an_inspectors_own_queue_waits_on_their_home_with_what_is_overdue(cast: Cast) -> None:
    inspector = cast.user("inspector")
    own = Assignment.objects.open().held_by(inspector.person)
    first = own.in_order()[0].due_at
    (before,) = [one for one in duties_of(inspector, now()) if one.url == reverse("inspection:queue")]
    assert (before.words, before.note, before.tone) == (f"待评会话：{own.count()} 段", "", "")
    (after,) = [one for one in duties_of(inspector, first + timedelta(days=40)) if one.url == before.url]
    assert (after.note, after.tone) == (f"{own.count()} 段已逾期", "bad")
    assert not [one for one in duties_of(cast.user("agent"), now()) if one.url == before.url]


def test_the_agent_reads_what_was_released_and_how_long_it_may_be_appealed(evaluation: Evaluation, agent: User) -> None:
    page = home(agent)
    assert "待确认评价" in page
    assert "可申诉至" in page
    assert reverse("inspection:evaluation", args=[evaluation.pk]) in page
    acknowledge_evaluation(agent, evaluation=evaluation)
    assert "待确认评价" not in home(agent)


def test_home_tells_the_deadline_that_the_evaluations_page_and_the_act_go_by(
    evaluation: Evaluation, agent: User
) -> None:
    """A version that an appeal made opens no new window, and one without anything left to appeal has no deadline."""
    two = [Plea(item, "met", "语气一直客气") for item in (ITEM, "positive_tone")]
    subject = str(evaluation.assignment_id)
    appeal = submit_appeal(agent, kind="evaluation", subject=subject, pleas=two[:1])
    judge = judge_of(appeal)
    give_second_view(judge, appeal=appeal, answers={ITEM: Viewed("met")})
    decide_appeal(judge, appeal=appeal, rulings={ITEM: Ruling(Outcome.UPHOLD, "看过对话，确有致歉")})
    take_over_appeal("system:test", appeal=Appeal.objects.get(pk=appeal.pk))
    long_after = appeal.window_until + timedelta(minutes=1)
    told = [one for one in duties_of(agent, now()) if one.icon == "clipboard-check"]
    assert [one.note for one in told] == [f"可申诉至 {deadline(appeal.window_until)}"]
    assert [one.note for one in duties_of(agent, long_after) if one.icon == "clipboard-check"] == [""]


def test_after_the_window_nobody_is_told_they_may_appeal(evaluation: Evaluation, agent: User) -> None:
    assert [one.note for one in duties_of(agent, now() + timedelta(days=30))] == [""]


def test_the_adjudicator_has_a_clock_and_is_not_told_whose_appeal_it_is(appeal: Appeal, agent: User) -> None:
    judge = judge_of(appeal)
    (duty,) = clocked(judge)
    assert 0 < duty.near_us < duty.left_us
    page = home(judge)
    assert "待裁定申诉" in page
    assert appeal.person.name not in page.split("待裁定申诉")[1].split("</li>")[0]


def test_the_sweep_reminds_before_it_is_due_and_tells_the_overseers_once_it_is_overdue(
    appeal: Appeal, cast: Cast
) -> None:
    judge, manager = judge_of(appeal), cast.user("manager")
    assert sweep(at=appeal.remind_at - timedelta(seconds=1))["reminded"] == 0
    assert sweep(at=appeal.remind_at)["reminded"] == 1
    assert [(row.stage, row.person.number) for row in Reminder.objects.all()] == [("near", judge.username)]
    assert not [line for line in words(manager, appeal.remind_at) if "逾期" in line or "Overdue" in line]
    sweep(at=appeal.due_at)
    assert {row.person.number for row in Reminder.objects.filter(stage="overdue")} == {judge.username, manager.username}
    late = clocked(judge, appeal.due_at)[0]
    assert (late.tone, late.left_us) == ("bad", 0)
    assert any(duty.tone == "bad" and duty.left_us == 0 for duty in duties_of(manager, appeal.due_at))
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(judge)
    assert "应于" in client.get(reverse("appeals:appeals")).content.decode()


def test_an_appeal_whose_adjudicator_loses_the_right_is_given_to_another_and_both_homes_say_so(
    appeal: Appeal, cast: Cast
) -> None:
    first = judge_of(appeal)
    RoleGrant.objects.filter(person__user=first).update(until=timezone.localdate())
    assert sweep(at=now())["assigned"] == 1
    second = judge_of(appeal)
    assert second != first
    assert not clocked(first)
    assert clocked(second)


def test_the_agent_follows_the_own_appeal_until_it_is_decided(appeal: Appeal, agent: User) -> None:
    assert "我的申诉处理中" in home(agent)
    judge = judge_of(appeal)
    give_second_view(judge, appeal=appeal, answers={ITEM: Viewed("met")})
    decide_appeal(judge, appeal=appeal, rulings={ITEM: Ruling(Outcome.UPHOLD, "看过对话，确有致歉")})
    page = home(agent)
    assert "我的申诉已裁定" in page
    assert "申诉成立" in page
    assert not clocked(judge)
    assert not [line for line in duties_of(agent, now() + timedelta(days=8)) if line.icon == "circle-check"]


@pytest.mark.parametrize("who", ["stranger", "customer_representative", "administrator"])
def test_who_has_nothing_to_do_is_not_told_anything(cast: Cast, appeal: Appeal, who: str) -> None:
    assert duties_of(cast.user(who), now()) == []
