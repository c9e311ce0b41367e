"""An agent appeals a verdict, an inspector judges blind by keyboard and decides, the agent reads the reason."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from tests.accessible import faults

pytestmark = pytest.mark.browser

CLAIM = "机器人已经问候过，我说明了已读前文"
NOTE = "开场由机器人完成"
REASON = "坐席接手时已有问候，视同完成"
PHONE = 390
EVALUATED = """
import sys
import django
django.setup()
from bihuan.inspection.actions import answer_item, release_evaluations, submit_evaluation
from bihuan.inspection.forms_of_editions import edition_for, form_for
from bihuan.inspection.models import Assignment
from bihuan.inspection.queries import inspectors
from bihuan.inspection.rules.form import questions_of
from bihuan.kit.clock import now
from bihuan.people.models import User

agent, known = sys.argv[1:]
other = next(one for one in inspectors(now()) if one.number != known)
work = Assignment.objects.open().filter(person=agent, evaluations__isnull=True).order_by("-day").first()
Assignment.objects.filter(pk=work.pk).update(holder=other, held_since=now())
user = User.objects.get(username=other.number)
against = 2
for question in questions_of(form_for(edition_for(work))).values():
    if not question.by_record:
        word = "violated" if against and question.kind == "item" else "met"
        against -= word == "violated"
        answer_item(user, assignment=work, item=question.id, verdict=word, reason="没有做到" if word != "met" else "")
draft = submit_evaluation(user, assignment=work, revision=work.evaluations.get().revision)
print(release_evaluations(user, evaluations=[draft])[0].pk)
"""


def test_an_appeal_from_the_submission_to_the_decision(visit: Any, site: Any) -> None:
    agent = visit("agent")
    talk = _appealable(agent)
    agent.locator(".ct-mark a.btn").first.click()
    agent.wait_for_url(re.compile(r"/appeals/new/verdict/"))
    appeal, label = _submit(agent)
    assert CLAIM in agent.locator(".ap-side").inner_text()
    agent.goto(talk)
    assert "申诉中" in agent.locator("#verdicts").inner_text()

    decider = visit("inspector") if _waits_for(site, appeal, "inspector") else _handed_over(visit, site, appeal)
    decider.goto(talk)  # the page with the first answers leads to the blind view
    decider.wait_for_url(f"**{appeal}")
    shown = decider.locator("main").inner_text()
    assert label in shown
    assert CLAIM not in shown
    assert site.accounts["agent"].name not in shown
    assert faults(decider) == []
    _view_by_keyboard(decider)
    assert CLAIM in decider.locator("main").inner_text()
    assert faults(decider) == []
    _decide_by_keyboard(decider)

    agent.goto(appeal)
    told = agent.locator(".ap-side").inner_text()
    assert REASON in told
    assert "申诉成立" in told
    agent.goto(talk)
    assert REASON in agent.locator("#verdicts").inner_text()
    assert agent.locator(f"#verdicts a[href='{appeal}']").count() == 1


def test_an_appeal_against_an_evaluation_comes_back_as_a_new_version(visit: Any, site: Any) -> None:
    address = _evaluated_by_another_inspector(site)
    agent = visit("agent")
    agent.goto("/")
    assert "待确认评价" in agent.locator(".duties").inner_text()
    agent.goto(address)
    first = agent.locator(".score-main").inner_text()
    agent.locator(".ins-appeal a.btn").first.click()
    agent.wait_for_url(re.compile(r"/appeals/new/evaluation/"))
    assert faults(agent) == []
    appeal, label = _submit(agent)
    agent.goto(address)
    assert "申诉中" in agent.locator(".ins-scroll").inner_text()

    decider = visit("inspector") if _waits_for(site, appeal, "inspector") else _handed_over(visit, site, appeal)
    decider.goto(address)  # the first answers lead to the blind view
    decider.wait_for_url(f"**{appeal}")
    shown = decider.locator("main").inner_text()
    assert label in shown
    assert CLAIM not in shown
    assert faults(decider) == []
    _view_by_keyboard(decider)
    assert CLAIM in decider.locator("main").inner_text()
    _decide_by_keyboard(decider)

    assert site.command("journal", "react").returncode == 0  # what the worker does every few seconds
    agent.goto(appeal)
    agent.locator(".bh-head a.btn", has_text="打开评价").click()
    told = agent.locator("main").inner_text()
    assert REASON in told
    assert "v2" in told
    assert agent.locator(".score-main").inner_text() != first
    assert faults(agent) == []


def test_pages_of_appeals_are_accessible_in_both_themes_and_fit_a_phone(visit: Any) -> None:
    page = visit("manager", width=PHONE)
    for address in ("/appeals/", "/appeals/?list=closed", "/appeals/rates/", "/appeals/rates/?by=rater"):
        assert page.goto(address).status == 200, address
        assert faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE, address


def _evaluated_by_another_inspector(site: Any) -> str:
    """A conversation of the agent with two answers against them, released; the address of its page."""
    who = site.accounts["agent"].number, site.accounts["inspector"].number
    done = subprocess.run([sys.executable, "-c", EVALUATED, *who], env=site.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return f"/inspection/evaluations/{done.stdout.strip()}/"


def _appealable(agent: Any) -> str:
    """A conversation of the agent with something to appeal."""
    agent.goto("/contacts/?verdict=violated")
    rows = agent.locator("table tbody tr a[href*='/contacts/']")
    found = [rows.nth(at).get_attribute("href") for at in range(rows.count())]
    for address in dict.fromkeys(one.partition("?")[0] for one in found):
        agent.goto(address)
        if agent.locator(".ct-mark a.btn").count():
            return str(address)
    raise AssertionError("no conversation of the agent can be appealed")


def _submit(agent: Any) -> tuple[str, str]:
    """Choose the answer that was linked, cite a message, send; the appeal's address and what the item is called."""
    plea = agent.locator(".ap-plea:has(.ap-pick input:checked)")
    assert plea.count() == 1
    label = plea.locator(".ap-pick span").first.inner_text()
    agent.evaluate("""() => {
        const bubble = document.querySelector(".msg .bubble"), range = document.createRange();
        const text = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT).nextNode();
        range.setStart(text, 0); range.setEnd(text, 2);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    plea.locator("[data-cites]").click()
    assert re.fullmatch(r"#\d+:0-2", plea.locator("input[name$=evidence]").input_value())
    plea.locator(".ap-answers label").first.click()
    plea.locator("textarea").fill(CLAIM)
    agent.locator(".ap-acts button").click()
    agent.wait_for_url(re.compile(r"/appeals/[0-9a-f-]{36}/"))
    return re.search(r"/appeals/[0-9a-f-]{36}/", agent.url).group(0), label  # type: ignore[union-attr] # just waited for


def _waits_for(site: Any, appeal: str, role: str) -> bool:
    return bool(site.signed_in(role).get(site.url + appeal, timeout=60).status_code == 200)


def _handed_over(visit: Any, site: Any, appeal: str) -> Any:
    """The other inspector got it: a manager hands it to the one whose password the test knows."""
    manager = visit("manager")
    manager.goto(appeal)
    manager.click("[data-opens=hand-over]")
    manager.select_option("#hand-over-person", site.accounts["inspector"].number)
    manager.fill("#hand-over-reason", "休假顶替")
    manager.click("#hand-over button[type=submit]")
    manager.wait_for_load_state()
    return visit("inspector")


def _view_by_keyboard(decider: Any) -> None:
    decider.keyboard.press("1")
    decider.keyboard.press("Tab")
    decider.keyboard.type(NOTE)
    decider.keyboard.press("Tab")
    decider.keyboard.press("Enter")
    decider.wait_for_selector(".ap-outcomes")


def _decide_by_keyboard(decider: Any) -> None:
    decider.keyboard.press("1")
    decider.keyboard.press("Tab")
    decider.keyboard.type(REASON)
    decider.keyboard.press("Tab")
    decider.keyboard.press("Enter")
    decider.wait_for_selector(".ap-pairs .bh-tag.is-met")
