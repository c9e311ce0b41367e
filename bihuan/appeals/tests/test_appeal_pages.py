"""Pages of appeals: who reaches what, what is hidden until the blind view, how errors come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.appeals.models import Appeal
from bihuan.appeals.tests.conftest import Cases, adjudicator_of, plea, submitted, viewed
from bihuan.appeals.web.lists import lines
from bihuan.kit.clock import now
from bihuan.people.tests.cast import Cast
from bihuan.ui.paging import Page

SignIn = Callable[[str], Client]
PICKED = {
    "item-greeting-picked": "on",
    "item-greeting-claimed": "met",
    "item-greeting-reason": "第一句就问候了",
    "item-greeting-evidence": "#1, #1:0-2",
}
HIDDEN = ("没有问候", "第一句就问候了", "张三")
"""The first reason, what the appellant says, and who it is."""


@pytest.fixture
def signed_in(cast: Cast) -> SignIn:
    def sign_in(who: str) -> Client:
        client = Client(headers={"Accept-Language": "zh-CN"})
        client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _page(appeal: Appeal, act: str = "appeal") -> str:
    return reverse(f"appeals:{act}", args=[appeal.pk])


def test_an_agent_appeals_on_the_page(signed_in: SignIn, cases: Cases) -> None:
    agent, address = signed_in("agent"), reverse("appeals:making", args=["case", "talk"])
    form = _text(agent.get(f"{address}?item=greeting"))
    assert "开场问候" in form
    assert form.count("checked") == 1
    answer = agent.post(address, PICKED)
    appeal = Appeal.objects.get()
    assert answer.headers["Location"] == _page(appeal)
    assert [span["start"] for span in appeal.items.get().evidence] == [None, 0]
    assert "第一句就问候了" in _text(agent.get(_page(appeal)))
    assert "退款咨询" in _text(agent.get(reverse("appeals:appeals")))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"item-greeting-picked": ""}, "请至少选择一项申诉"),
        ({"item-greeting-reason": ""}, "请用几个字说明理由"),
        ({"item-greeting-claimed": "violated"}, "请选择您认为正确的结论"),
        ({"item-greeting-evidence": "somewhere"}, "请填写消息编号"),
        ({"item-greeting-evidence": "#9"}, "对话中没有这个位置"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    signed_in: SignIn, cases: Cases, changed: dict[str, str], says: str
) -> None:
    told = {**PICKED, **changed}
    answer = signed_in("agent").post(reverse("appeals:making", args=["case", "talk"]), told)
    assert (answer.status_code, says in _text(answer)) == (422, True)
    assert told["item-greeting-reason"] in _text(answer)
    assert not Appeal.objects.exists()


def test_an_open_appeal_leads_to_itself(signed_in: SignIn, cases: Cases, cast: Cast) -> None:
    appeal = submitted(cast)
    address = reverse("appeals:making", args=["case", "talk"])
    assert _page(appeal) in _text(signed_in("agent").get(address))
    assert signed_in("agent").post(address, PICKED).status_code == 409


@pytest.mark.parametrize("who", ["senior_agent", "supervisor", "manager", "inspector"])
def test_nobody_else_is_offered_an_appeal(signed_in: SignIn, cases: Cases, who: str) -> None:
    assert signed_in(who).get(reverse("appeals:making", args=["case", "talk"])).status_code == 404


def test_the_adjudicators_page_holds_no_first_answer_until_the_view_is_kept(
    signed_in: SignIn, cases: Cases, cast: Cast
) -> None:
    appeal = submitted(cast)
    inspector = signed_in("inspector")
    for address in (_page(appeal), reverse("appeals:appeals")):
        assert [word for word in HIDDEN if word in _text(inspector.get(address))] == []
    item = appeal.items.get()
    assert inspector.post(_page(appeal, "view"), {}).status_code == 422
    inspector.post(_page(appeal, "view"), {f"item-{item.pk}-answer": "met"})
    shown = _text(inspector.get(_page(appeal)))
    assert [word for word in HIDDEN if word not in shown] == []


def test_a_decision_on_the_page_is_read_by_the_appellant(signed_in: SignIn, cases: Cases, cast: Cast) -> None:
    appeal = viewed(cast, submitted(cast))
    item, inspector = appeal.items.get(), signed_in("inspector")
    form = {f"item-{item.pk}-outcome": "amend", f"item-{item.pk}-answer": "violated", f"item-{item.pk}-reason": "看过"}
    wrong = inspector.post(_page(appeal, "decision"), form)
    assert (wrong.status_code, "维持原判" in _text(wrong)) == (422, True)
    done = inspector.post(_page(appeal, "decision"), form | {f"item-{item.pk}-answer": "not_applicable"})
    assert done.status_code == 302
    told = _text(signed_in("agent").get(_page(appeal)))
    assert "改判" in told
    assert "不适用" in told
    again = inspector.post(_page(appeal, "decision"), form | {f"item-{item.pk}-outcome": "dismiss"})
    assert (again.status_code, "有人先您一步" in _text(again)) == (409, True)


def test_the_appellant_does_not_read_the_view_before_the_decision(signed_in: SignIn, cases: Cases, cast: Cast) -> None:
    appeal = viewed(cast, submitted(cast), "not_applicable")
    assert "不适用" not in _text(signed_in("agent").get(_page(appeal)))


@pytest.mark.parametrize(
    "who", ["senior_agent", "supervisor", "trainer", "administrator", "inspector 3002", "stranger"]
)
@pytest.mark.parametrize("act", ["appeal", "view", "decision", "withdrawal", "assignment"])
def test_for_others_an_appeal_does_not_exist(signed_in: SignIn, cases: Cases, cast: Cast, who: str, act: str) -> None:
    address = _page(submitted(cast), act)
    client = signed_in(who)
    answer = client.get(address) if act == "appeal" else client.post(address, {})
    assert answer.status_code == 404


@pytest.mark.parametrize(("who", "act"), [("manager", "view"), ("manager", "decision"), ("agent", "view"), ("agent", "decision")])  # fmt: skip
def test_who_sees_an_appeal_does_not_therefore_decide_it(
    signed_in: SignIn, cases: Cases, cast: Cast, who: str, act: str
) -> None:
    appeal = viewed(cast, submitted(cast))
    item = appeal.items.get()
    form = {
        f"item-{item.pk}-{name}": value
        for name, value in (("answer", "met"), ("outcome", "uphold"), ("reason", "看过"))
    }
    assert signed_in(who).post(_page(appeal, act), form).status_code in {404, 409}
    appeal.refresh_from_db()
    assert appeal.state == "viewed"


def test_a_manager_hands_over_and_the_agent_withdraws(signed_in: SignIn, cases: Cases, cast: Cast) -> None:
    appeal = submitted(cast)
    manager = signed_in("manager")
    assert "林芳" in _text(manager.get(_page(appeal)))
    refused = manager.post(_page(appeal, "assignment"), {"person": "2001", "reason": "休假顶替"})
    assert (refused.status_code, "直属主管" in _text(refused)) == (409, True)
    assert manager.post(_page(appeal, "assignment"), {"person": "3002", "reason": "休假顶替"}).status_code == 302
    assert adjudicator_of(appeal).username == "3002"
    assert signed_in("agent").post(_page(appeal, "withdrawal")).status_code == 302
    assert "已撤回" in _text(signed_in("agent").get(_page(appeal)))


def test_overturn_rates_name_raters_to_overseers_only(signed_in: SignIn, cases: Cases, decided: Appeal) -> None:
    rates = reverse("appeals:rates")
    assert "开场问候" in _text(signed_in("inspector").get(rates))
    assert signed_in("inspector").get(f"{rates}?by=rater").status_code == 404
    assert "机器" in _text(signed_in("manager").get(f"{rates}?by=rater"))
    assert signed_in("agent").get(rates).status_code == 404


def test_a_long_list_is_read_page_by_page(cast: Cast, cases: Cases) -> None:
    for number in range(3):
        cases.known[f"more {number}"] = cases.known["talk"]
        submitted(cast, f"more {number}")
    manager = cast.user("manager")
    pages = [lines(Appeal.objects.visible_to(manager), "all", None, now(), Page(at, 3, per_page=2)) for at in (1, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert {line.appeal.subject for page in pages for line in page} == {"more 0", "more 1", "more 2"}


def test_a_list_takes_a_fixed_number_of_queries(signed_in: SignIn, cases: Cases, cast: Cast) -> None:
    manager, counts = signed_in("manager"), []
    for number in range(3):
        cases.known[f"more {number}"] = cases.known["talk"]
        submitted(cast, f"more {number}", plea(), plea("empathy"))
        with CaptureQueriesContext(connection) as made:
            manager.get(f"{reverse('appeals:appeals')}?list=all")
        counts.append(len(made))
    assert len(set(counts)) == 1
