"""A manager sees how far checks are trusted, opens one down to where people disagree, and moves it; everybody reads it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.accessible import faults

pytestmark = pytest.mark.browser

REASON = "新话术上线，先观察两周"
PHONE = 390


def test_a_check_is_opened_and_taken_down_by_keyboard(visit: Any) -> None:
    page = visit("manager")
    page.goto("/inspection/trust/")
    shown = page.locator("main").inner_text()
    for words in ("检查可信度", "随机抽检已评", "公平性"):
        assert words in shown
    assert faults(page) == []

    page.get_by_role("link", name="问候语", exact=True).click()
    page.wait_for_url("**/inspection/trust/checks/greeting/**")
    assert "人机结论不一致的会话" in page.locator("main").inner_text()
    before = page.locator(".trust-move button[value=down]").inner_text()
    page.locator("#trust-reason").focus()
    page.keyboard.type(REASON)
    down = page.locator(".trust-move button[value=down]")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(REASON)
    shown = page.locator("main").inner_text()
    assert before.removeprefix("下调为") in shown
    assert faults(page) == []

    agent = visit("agent")
    agent.goto("/inspection/trust/checks/greeting/")
    assert REASON in agent.locator("main").inner_text()
    assert agent.locator(".trust-move").count() == 0


def test_pages_of_trust_are_accessible_in_both_themes_and_fit_a_phone(visit: Any) -> None:
    page = visit("manager", width=PHONE)
    for address in (
        "/inspection/trust/",
        "/inspection/trust/checks/closing_thanks/",
        "/inspection/trust/checks/first_response/",
    ):
        assert page.goto(address).status == 200, address
        assert faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE, address
