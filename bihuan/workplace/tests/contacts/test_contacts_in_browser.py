"""The conversation pages in a real browser: readable to everybody in both themes, linked, usable by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bihuan.people.tests.cast import Cast
from tests.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(answering: Any, cast: Cast, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address as the manager; fails at the end when the page complained about anything."""
    if not (Path(settings.HOME) / "vendor" / "node_modules").is_dir():
        pytest.skip("the browser assets are not installed: python -m bihuan.ui.assets")
    client, complaints = Client(), []
    client.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": answering.url}
    contexts = []

    def visit(address: str, width: int = 1440) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(answering.url + address, wait_until="load")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def test_axe_finds_nothing_in_either_theme(window: Callable[..., Any]) -> None:
    addresses = ("/contacts/?from=2026-03-11&to=2026-03-11&q=发票", "/contacts/leak/", "/contacts/undated-a/")
    found = {address: faults(window(address)) for address in addresses}
    assert [(place, fault) for place, listed in found.items() for fault in listed] == []


def test_a_verdict_lights_its_words_tabs_and_keys_work_and_nothing_scrolls_sideways(window: Callable[..., Any]) -> None:
    page = window("/contacts/leak/")
    page.hover('li[data-check="personal_data_leak"]')
    assert "is-lit" in page.get_attribute('.ev[data-check~="personal_data_leak"] >> nth=0', "class")
    page.click('.tabs.desktop a[href="#score"]')
    assert page.is_visible("#score table")
    assert not page.is_visible("#verdicts ul >> nth=0")
    page.click('[data-opens="reveal"]')
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("Escape")
    page.locator(".bh-head h1").click()
    page.keyboard.press("j")
    page.wait_for_url("**/contacts/**")
    phone = window("/contacts/leak/", width=390)
    assert not phone.is_visible("#verdicts")
    phone.click('.tabs.phone a[href="#verdicts"]')
    assert phone.is_visible("#verdicts")
    assert not phone.is_visible("#talk")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_the_library_is_walked_and_searched_by_keys_alone(window: Callable[..., Any]) -> None:
    page = window("/contacts/?from=2026-03-11&to=2026-03-11")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("发票")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=%E5%8F%91%E7%A5%A8**")
    for _ in range(2):
        page.keyboard.press("j")
    opened = page.get_attribute("tr.is-cursor", "data-url")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{opened}")
    page.keyboard.press("u")
    page.wait_for_url("**/contacts/?**")


def test_a_view_is_saved_opened_deleted_and_brought_back_without_a_mouse(window: Callable[..., Any]) -> None:
    page = window("/contacts/?from=2026-03-05&to=2026-03-11&rating=2")
    page.focus('a[href^="/contact-views/new/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact-views/new/**")
    assert page.evaluate("document.activeElement.name") == "name"
    assert faults(page) == []
    page.keyboard.type("两分")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/?rating=2**")
    assert page.inner_text('.ct-views [aria-current="true"]') == "两分"
    page.keyboard.press("Escape")
    page.goto(page.url.split("/contacts/")[0] + "/contact-views/")
    assert faults(page) == []
    page.click("text=改名或共享")
    page.click("text=删除")
    page.wait_for_url("**/contact-views/?removed=**")
    assert page.evaluate("document.activeElement.textContent.trim()") == "撤销"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已恢复“两分”")
    assert page.locator("tbody tr").count() == 1
