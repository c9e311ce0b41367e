"""The page of the model judge: off, on, at work, failing; for who may judge; the key nowhere; the verdict on the contact's page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.inspection.actions.model_judging import ask_model
from bihuan.inspection.tests.desk_world import DAY
from bihuan.inspection.tests.model_stub import KEY, answering, failing
from bihuan.inspection.tests.model_world import GOOD, SYSTEM, Scene, asking_folder, scene
from bihuan.people.tests.cast import Cast, make_cast

__all__ = ["asking_folder", "scene"]
ADDRESS = "/inspection/model/"


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def in_use(scene: Scene, monkeypatch) -> Scene:
    """The edition that asks is the one in use."""
    for place in ("inspection.actions.model_judging", "inspection.model_judge.state", "workplace.reading"):
        monkeypatch.setattr(f"bihuan.{place}.edition_in_use", lambda day: scene.edition, raising=False)
    return scene


def page(cast: Cast, who: str = "administrator", **headers: str) -> str:
    client = Client()
    client.force_login(cast.user(who))
    answer = client.get(ADDRESS, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_off_the_page_says_how_it_is_turned_on(in_use: Scene, cast: Cast, monkeypatch) -> None:
    monkeypatch.delenv("BIHUAN_JUDGE_URL")
    told = page(cast)
    assert "未启用" in told
    assert "BIHUAN_JUDGE_KEY_FILE" in told
    assert "立即评判" not in told


def test_settings_that_cannot_be_used_are_said(in_use: Scene, cast: Cast) -> None:
    in_use.set(RETRIES="often")
    assert "BIHUAN_JUDGE_RETRIES" in page(cast)


def test_on_the_page_tells_model_budget_queue_questions_and_days(in_use: Scene, cast: Cast) -> None:
    in_use.stub.script = [answering("acted", (3, GOOD), tokens=250)]
    in_use.ask()
    told = page(cast)
    for words in ("stub-1", "额度 1,000，已用 0 %", "主动跟进", "客服有没有主动跟进？", "观察", "立即评判"):
        assert words in told
    assert KEY not in told


def test_a_failure_since_the_last_answer_stands_above_everything(in_use: Scene, cast: Cast) -> None:
    in_use.stub.script = [failing(401)]
    ask_model(SYSTEM, days=[DAY], edition=in_use.ref, timing=in_use.clock.timing)
    told = page(cast)
    assert "最近一次请求失败" in told
    assert "密钥被拒绝 · HTTP 401" in told
    assert 'hx-trigger="every 5s"' in told
    part = page(cast, HX_Request="true")
    assert "model-answers" in part
    assert "<html" not in part


def test_a_round_may_be_asked_for_and_waits_once(in_use: Scene, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.user("inspector"))
    for _ in range(2):
        assert client.post(f"{ADDRESS}rounds/").status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="inspection.model").count() == 1


@pytest.mark.parametrize("who", ["agent", "supervisor", "trainer", "stranger"])
def test_who_may_not_judge_sees_no_such_page(in_use: Scene, cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(cast.user(who))
    assert client.get(ADDRESS).status_code == 404
    assert client.post(f"{ADDRESS}rounds/").status_code == 404


def test_the_contacts_page_shows_the_models_verdict_with_its_quote(in_use: Scene, cast: Cast) -> None:
    in_use.stub.script = [answering("acted", (3, GOOD))]
    in_use.ask()
    client = Client()
    client.force_login(cast.user("inspector"))
    told = client.get("/contacts/c00/").content.decode()
    assert "模型判断：主动跟进" in told
    shown = re.findall(r'<span[^>]*data-check="[^"]*\bfollows_up\b[^"]*"[^>]*>([^<]*)<', told)
    assert "".join(shown) == GOOD  # other checks may mark a part of it too
