"""An inspector's day: a day is drawn, a conversation evaluated by keys alone, released, and read by its agent."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.site import Site

Visit = Callable[..., Page]


@pytest.fixture
def drawn(site: Site, visit: Visit) -> str:
    """The manager draws every day that waits and hands all work to the inspector; a conversation of the agent's."""
    page = visit("manager")
    page.goto("/inspection/plan/")
    while page.locator("form[action$='draws/'] button").count():
        page.locator("form[action$='draws/'] button").first.click()
        expect(page.locator(".toasts")).to_contain_text("已抽取并分配")
    inspector = site.accounts["inspector"].number
    for other in [one for one in _holders(site) if one != inspector]:
        page.locator("select[name=person]").select_option(other)
        page.locator("select[name=deputy]").select_option(inspector)
        page.locator("form[action$='deputies/'] button").click()
        expect(page.locator(".toasts")).to_contain_text("已移交")
    return _asked(site, "SELECT id::text FROM inspection_assignment WHERE person = %s AND done_at IS NULL ORDER BY day LIMIT 1",
                  site.accounts["agent"].number)[0]  # fmt: skip


def test_an_inspectors_day_from_the_draw_to_the_agents_reply(site: Site, visit: Visit, drawn: str) -> None:
    page = visit("inspector")
    page.goto("/inspection/queue/")
    page.locator("tbody tr").first.wait_for()
    _clean(page)
    page.goto(f"/inspection/assignments/{drawn}/")
    assert site.accounts["agent"].name not in page.locator(".ins-lines").inner_text()
    _clean(page)
    _answer_by_keys(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toasts")).to_contain_text("已提交")
    page.goto("/inspection/queue/?show=submitted")
    page.locator("form[action$='releases/'] button").click()
    expect(page.locator(".toasts")).to_contain_text("份评价")

    agent = visit("agent", theme="dark", width=390)
    agent.goto("/inspection/evaluations/")
    expect(agent.locator("main")).to_contain_text("待阅读确认")
    evaluation = _asked(site, "SELECT id::text FROM inspection_evaluation WHERE assignment_id = %s::uuid", drawn)[0]
    agent.goto(f"/inspection/evaluations/{evaluation}/")
    _clean(agent)
    agent.fill("input[name=reply]", "明白，下次先核实身份")
    agent.get_by_role("button", name="我已阅读").click()
    expect(agent.locator("main")).to_contain_text("明白，下次先核实身份")

    day = _asked(site, "SELECT day::text FROM inspection_assignment WHERE id = %s::uuid", drawn)[0]
    page.goto(f"/inspection/sheets/?day={day}")
    expect(page.locator("main")).to_contain_text(site.accounts["agent"].name)
    expect(page.locator("main")).to_contain_text("已确认")
    _clean(page)


def _answer_by_keys(page: Page) -> None:
    """Every item by key: the first violated with words, with evidence, key moments and a comment on the way."""
    for _step in range(2):
        page.keyboard.press("]")
    page.keyboard.press("f")
    page.locator(".moment").first.wait_for()
    page.keyboard.press("e")
    page.keyboard.press("2")
    page.locator("[name=reason]:focus").wait_for()
    page.keyboard.type("第二条泄露了信息")
    page.keyboard.press("Enter")
    expect(page.locator("#answered")).to_contain_text("已评 1 /")
    expect(page.locator(".ev-mine").first).to_be_visible()
    page.keyboard.press("c")
    page.locator("#comment textarea:focus").wait_for()
    page.keyboard.type("这里要留意")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".ins-comment").wait_for()
    asked = page.locator("form[data-item]").count()
    for done in range(2, asked + 1):
        page.keyboard.press("1")
        expect(page.locator("#answered")).to_contain_text(f"已评 {done} / {asked}")
    expect(page.locator("[data-submits]")).to_be_enabled()


def _clean(page: Page) -> None:
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _holders(site: Site) -> list[str]:
    return _asked(site, "SELECT DISTINCT p.number FROM inspection_assignment a JOIN people_person p ON p.id = a.holder_id"
                        " WHERE a.done_at IS NULL")  # fmt: skip


def _asked(site: Site, query: str, *values: str) -> list[str]:
    with psycopg.connect(site.env["DATABASE_URL"]) as connection:
        return [row[0] for row in connection.execute(query, values or None)]
