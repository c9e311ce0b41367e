"""A calibration: called by the supervisor, rated blind by keys alone by three people, closed, compared side by side."""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.site import Site

Visit = Callable[..., Page]
RATERS = ("inspector", "manager")


@pytest.fixture
def called(site: Site, visit: Visit) -> str:
    """A session of two conversations; the supervisor who calls it is the expert."""
    page = visit("supervisor")
    page.goto("/inspection/calibrations/")
    _clean(page)
    page.get_by_role("link", name="发起校准").click()
    page.fill("input[name=name]", "浏览器里的校准")
    page.select_option("select[name=expert]", label=_label(site, "supervisor"))
    for role in RATERS:
        page.get_by_label(_label(site, role)).check()
    page.fill("input[name=most]", "2")
    _clean(page)
    page.get_by_role("button", name="发起", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("校准已发起")
    _clean(page)
    return page.url


def test_a_calibration_from_the_call_to_the_answers_side_by_side(site: Site, visit: Visit, called: str) -> None:
    _rates(visit("inspector"), called, first="2")
    manager = visit("manager")
    _rates(manager, called, first="1")
    manager.goto(called)
    expect(manager.locator("main")).to_contain_text("2 / 2")
    assert "语气生硬" not in manager.locator("main").inner_text()

    expert = visit("supervisor")
    _rates(expert, called, first="1")
    expert.goto(called)
    expert.get_by_role("button", name="结束本次校准").click()
    expect(expert.locator("#close-session")).to_contain_text("答案已全部提交")
    _clean(expert)
    expert.get_by_role("button", name="确认结束").click()
    expect(expert.locator(".toasts")).to_contain_text("本次校准已结束")
    expect(expert.locator("main")).to_contain_text("Krippendorff α")
    _clean(expert)
    _gone_is_nothing(site, called)

    expert.locator(".cal-cell a", has_text="1 项不同").first.click()
    expect(expert.locator(".cal-voices").first).to_contain_text("语气生硬")
    expect(expert.locator(".item.is-split")).to_have_count(1)
    _clean(expert)
    phone = visit("inspector", theme="dark", width=390)
    for address in (called, expert.url, "/inspection/calibrations/?show=closed", "/inspection/scale/"):
        phone.goto(address)
        _clean(phone)
    expert.goto("/inspection/scale/")
    expect(expert.locator("main")).to_contain_text("评分人")
    _clean(expert)


def _rates(page: Page, called: str, *, first: str) -> None:
    """Every item of both conversations by key; the first of each as told, with words where it is violated."""
    page.goto(called)
    page.get_by_role("link", name="评下一段").click()
    for place in range(2):
        page.locator("form.is-now").wait_for()
        expect(page.locator("main")).not_to_contain_text(re.compile("机器(?!人)"))  # a bot may have spoken
        if place == 0:
            _clean(page)
        asked = page.locator("form[data-item]").count()
        for done in range(1, asked + 1):
            page.keyboard.press(first if done == 1 else "1")
            if done == 1 and first == "2":
                page.locator("[name=reason]:focus").wait_for()
                page.keyboard.type("语气生硬")
                page.keyboard.press("Enter")
            expect(page.locator("#answered")).to_contain_text(f"已评 {done} / {asked}")
        expect(page.locator("[data-submits]")).to_be_enabled()
        before = page.url
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, before=before: url != before)
        expect(page.locator(".toasts")).to_contain_text("已提交")


def _gone_is_nothing(site: Site, called: str) -> None:
    """What was answered is in no evaluation and in no queue."""
    session = called.rstrip("/").rsplit("/", 1)[-1]
    with psycopg.connect(site.env["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT count(*) FROM inspection_assignment a JOIN inspection_evaluation e ON e.assignment_id = a.id"
            " JOIN inspection_calibrationcontact c ON c.contact_id = a.contact_id AND c.calibration_id = %s::uuid"
            " WHERE e.started_at > (SELECT made_at FROM inspection_calibration WHERE id = %s::uuid)",
            (session, session),
        ).fetchone()
    assert found == (0,)


def _label(site: Site, role: str) -> str:
    account = site.accounts[role]
    return f"{account.name} {account.number}"


def _clean(page: Page) -> None:
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
